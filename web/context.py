"""What the web layer is given at start: everything it may use, and nothing else."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import attrs
from cryptography import x509

from actors.station.face import Stations
from storage.web.tenants import Tenant
from web.files.server import Files
from web.live.hub import LiveHub

T = TypeVar("T")


class Reads(Protocol):
    """The database as role voltyard_web. Implemented by storage/pool.py (Pool)."""

    async def run_as_tenant(self, tenant: UUID, work: Callable[[Any], Awaitable[T]], /) -> T:
        """`work(connection)` in one transaction that sees exactly this tenant. Raises StoreUnavailable."""


class PasswordHashes(Protocol):
    """How station passwords are made and kept. Implemented by storage/passwords.py (Passwords)."""

    def generate(self) -> str:
        """A new random password, fit for every OCPP version."""

    def hash_generated(self, password: str) -> str:
        """What to keep of a password that `generate` made."""

    async def hash_chosen(self, password: str) -> str:
        """What to keep of a password that a person chose; slow by design, in a limited thread."""

    async def verify(self, stored: str, candidates: Sequence[bytes]) -> bool:
        """Whether one of them is the one kept as `stored`. Raises StoreUnavailable when too many wait for a verdict."""


@attrs.frozen
class Facts:
    """The settings this layer needs, already checked."""

    public_url: str = "http://127.0.0.1:8080"
    product_version: str = "0.1.0"
    max_body_bytes: int = 1024 * 1024
    body_timeout: float = 20.0
    command_timeout: float = 30.0         # default of ?timeout=
    longest_command_timeout: float = 600.0
    store_retry_after: int = 5            # seconds, with every 503
    metrics_here: bool = True             # False when /metrics has a listener of its own
    live_connections: int = 500
    stuck_after: float = 30.0             # seconds without a byte taken, after which a connection is given up
    live_idle: float = 30.0               # seconds between our pings on /live


def utc_now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


async def _nobodys(tenant_id: UUID, certificate: x509.Certificate) -> bool:
    return False


@attrs.frozen
class Context:
    """Joined in gateway/node.py; tests give their own."""

    reads: Reads
    find_tenant: Callable[[str], Awaitable[Tenant | None]]  # by slug: storage/web/tenants.py with the node's pool
    stations: Stations
    admin_token: str = attrs.field(repr=False)
    passwords: PasswordHashes
    metrics_render: Callable[[], bytes]
    readiness: Callable[[], Awaitable[list[str]]]  # what is missing, in words; empty when ready
    live: LiveHub
    facts: Facts = Facts()
    clock: Callable[[], datetime] = utc_now
    files: Files | None = None  # the file server; without it no firmware and no logs
    security_changed: Callable[[], None] = lambda: None  # who is revoked or trusted was changed: act on it now
    name_taken: Callable[[UUID, x509.Certificate], Awaitable[bool]] = _nobodys  # an authority's: by another's
    left_out: Callable[[UUID], frozenset[str]] = lambda tenant_id: frozenset()  # fingerprints that are not in use
    seal: Callable[[str, UUID], bytes] | None = None  # (secret, id of its row): how a secret for another system is kept
    unseal: Callable[[bytes, UUID], str] | None = None  # the secret again; raises storage.sealing.CannotOpen
    forwards_changed: Callable[[], None] = lambda: None
