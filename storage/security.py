"""What handshakes must know beyond a station's row: who is revoked, which authorities and owners count, of all tenants.

Kept in memory, so that a storm of reconnects asks nothing; `refresh` brings what is new.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import attrs
import orjson
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT, StoreUnavailable
from protocol.events.types import EventData, make
from storage import errors
from storage.pool import Pool
from storage.sql import sql

_OVERLAP = timedelta(minutes=5)  # clocks of those who write differ, and a transaction may end late


@attrs.frozen
class TrustedAuthority:
    """A tenant's authority for its stations' certificates, PEM. `fingerprint`: of our own issuing ones another mark."""

    tenant_id: UUID
    fingerprint: str
    certificate: str
    added_at: datetime


class SecurityBook:
    """Reads as `voltyard_node`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._revoked: set[tuple[UUID, str, str]] = set()
        self._since: datetime | None = None
        self._organizations: dict[UUID, frozenset[str]] = {}
        self.authorities: tuple[TrustedAuthority, ...] = ()

    @property
    def count(self) -> int:
        """How many certificates are revoked."""
        return len(self._revoked)

    def revoked(self, tenant_id: UUID, issuer_hash: str, serial: str) -> bool:
        """Whether that certificate counts no more."""
        return (tenant_id, issuer_hash, serial) in self._revoked

    def organizations(self, tenant_id: UUID) -> frozenset[str]:
        """Operator names that certificates of this tenant's stations must bear one of; empty: not checked."""
        return self._organizations.get(tenant_id, frozenset())

    async def refresh(self) -> None:
        """Brings what is new. Raises StoreUnavailable; then all is as before."""
        try:
            found = await self._pool.fetch(sql("security_revoked"), self._since)
            authorities = await self._pool.fetch(sql("security_authorities"))
            policies = await self._pool.fetch(sql("security_policies"))
        except (errors.StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StoreUnavailable(f"cannot read who is revoked: {error}") from error
        self._revoked |= {(row["tenant_id"], row["issuer_hash"], row["serial"]) for row in found}
        newest = max((row["revoked_at"] for row in found), default=None)
        if newest is not None:
            self._since = newest - _OVERLAP
        self.authorities = tuple(TrustedAuthority(**dict(row)) for row in authorities)
        self._organizations = {row["tenant_id"]: frozenset(row["organizations"]) for row in policies}

    async def settle_password(self, station_id: UUID, used: str | None) -> bool:
        """A station came with the password kept as `used` while another one was on its way to it: that one counts.

        None: it came without one, on profile 0. A new one counts at once. An old one ends the wait for the new one
        after a minute, since the change may be under way. True when something changed. Raises StoreUnavailable.
        """
        try:
            return await self._pool.fetchval(sql("security_settle_password"), station_id, used) is not None
        except (errors.StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StoreUnavailable(f"cannot settle a password: {error}") from error

    async def tell(self, events: Sequence[EventData], tenant_id: UUID = DEFAULT_TENANT) -> None:
        """Events that belong to no station's frame. Raises StoreUnavailable."""
        rows = []
        for event in events:
            kind, subject, data = make(event)
            rows.append((tenant_id, uuid7(), kind, subject, orjson.loads(data)))
        try:
            for row in rows:
                await self._pool.execute(sql("refusal_event_insert"), *row)
        except (errors.StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StoreUnavailable(f"cannot write an event: {error}") from error
