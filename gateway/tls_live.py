"""Certificates of listeners that are replaced while the node runs.

The files are looked at every few seconds, and at SIGHUP. A new chain is loaded into a fresh context, which the next
handshakes use; connections that stand are not touched. What cannot be used changes nothing and is told.
"""

import ssl
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import attrs
import structlog
import trio
from cryptography import x509

from gateway.setting_types import ListenAddress
from gateway.settings import InvalidSetting
from gateway.tls import make_context
from gateway.tls_chain import Chain, check_chain
from gateway.tls_peer import Authorities, Authority
from gateway.tls_trust import Registered, side_by_side
from protocol.ocpp.client_certificate import key_mark

LOOK_EVERY = 5.0  # seconds

log = structlog.get_logger(__name__)
_limit = trio.CapacityLimiter(1)


@attrs.frozen
class Replaced:
    """What became of new files. `error` None: they are in use; else the old ones still are. `not_after`: of those."""

    listener: str
    error: str | None
    not_after: datetime


@attrs.frozen
class _Loaded:
    context: ssl.SSLContext
    authorities: Authorities
    chains: tuple[Chain, ...]
    own: tuple[Authority, ...]  # of the file
    left_out: tuple[Registered, ...]


Seen = tuple[object, ...]
Tell = Callable[[Replaced], None]


class LiveTls:
    """The TLS of one listener. `context` and `authorities` are those in use now."""

    def __init__(self, setting: str, address: ListenAddress, tell: Tell = lambda replaced: None) -> None:
        """Raises InvalidSetting when the files cannot be used. Blocking, a few file operations."""
        self._setting, self._address, self._tell = setting, address, tell
        self._trusted: tuple[Registered, ...] = ()  # of tenants, the first registered first
        self._seen = _seen(address)
        self._changing: Seen | None = None
        self._loaded = self._load()
        self.error: str | None = None

    @property
    def context(self) -> ssl.SSLContext:
        return self._loaded.context

    @property
    def authorities(self) -> Authorities:
        return self._loaded.authorities

    @property
    def own(self) -> tuple[Authority, ...]:
        """The authorities of the client-ca file."""
        return self._loaded.own

    @property
    def left_out(self) -> tuple[Registered, ...]:
        """Authorities of tenants that are not in use, since somebody else had their name first."""
        return self._loaded.left_out

    @property
    def takes_certificates(self) -> bool:
        """Whether stations may show any: security profile 3."""
        return 3 in self._address.profiles

    @property
    def not_after(self) -> datetime:
        """When the first of the server's certificates stops to count."""
        return min(chain.not_after for chain in self._loaded.chains)

    def trouble(self, now: datetime) -> str | None:
        """What keeps stations away, in words; None when nothing."""
        if now > self.not_after:
            why = f"; the new files cannot be used: {self.error}" if self.error else ""
            return f"{self._address}: its certificate expired at {self.not_after:%Y-%m-%d %H:%M}Z{why}"
        return None

    async def look(self) -> None:
        """Takes up what has changed in the files."""
        seen = await trio.to_thread.run_sync(_seen, self._address, limiter=_limit)
        if seen == self._seen:
            self._changing = None
        elif seen == self._changing:  # whoever writes them is done, with the key too
            await self.replace(seen)
        else:
            self._changing = seen

    async def trust(self, trusted: Sequence[Registered]) -> None:
        """Authorities of tenants from now on, the first registered first: a name is the first one's."""
        if self.takes_certificates and tuple(trusted) != self._trusted:
            before, self._trusted = self._trusted, tuple(trusted)
            if not await self._take():
                self._trusted = before

    async def replace(self, seen: Seen | None = None) -> None:
        """Loads the files again, whether they changed or not, and says what came of it."""
        self._seen = seen if seen is not None else await trio.to_thread.run_sync(_seen, self._address, limiter=_limit)
        if await self._take():
            log.info("certificates_replaced", listener=str(self._address), valid_until=self.not_after.isoformat())
        self._tell(Replaced(str(self._address), self.error, self.not_after))

    async def _take(self) -> bool:
        try:
            loaded = await trio.to_thread.run_sync(self._load, limiter=_limit)
            now = datetime.now(UTC)
            bad = next((chain for chain in loaded.chains if now > chain.not_after or now < chain.not_before), None)
            if bad is not None and now <= self.not_after:
                span = f"{bad.not_before:%Y-%m-%d %H:%M}Z to {bad.not_after:%Y-%m-%d %H:%M}Z"
                raise InvalidSetting(self._setting, str(self._address), f"{bad.subject} counts from {span} only")
        except (InvalidSetting, OSError, ValueError) as error:
            self.error = str(error)
            log.error(
                "certificates_not_replaced", listener=str(self._address), error=self.error,
                advice="the old ones stay in use; correct the files, they are looked at again",
            )  # fmt: skip
            return False
        self._tell_left_out(loaded.left_out)
        self._loaded, self.error = loaded, None
        return True

    def _tell_left_out(self, left_out: Sequence[Registered]) -> None:
        for each in left_out:
            if each not in self._loaded.left_out:
                name = each[1].certificate.subject.rfc4514_string()
                log.warning(
                    "authority_left_out", listener=str(self._address), tenant=str(each[1].tenant_id), name=name,
                    advice="another tenant, or the client-ca file, has an authority of that name with another key",
                )  # fmt: skip

    def _load(self) -> _Loaded:
        own = self._authorities_in_file()
        kept, left_out = side_by_side(own, self._trusted)
        context = make_context(self._setting, self._address, [pem for pem, _ in kept])
        assert context is not None  # only listeners with TLS have one of these
        authorities = Authorities([*own, *(authority for _, authority in kept)])
        chains = tuple(check_chain(chain) for chain, _ in self._address.certificates)
        return _Loaded(context, authorities, chains, tuple(own), tuple(left_out))

    def _authorities_in_file(self) -> list[Authority]:
        path = self._address.client_ca
        if path is None:
            return []
        try:
            found = x509.load_pem_x509_certificates(path.read_bytes())
            for each in found:
                key_mark(each)  # by which it is told from others of its name
            return [Authority(None, each) for each in found]
        except (ValueError, x509.InvalidVersion) as error:
            raise InvalidSetting(self._setting, str(self._address), f"cannot use client-ca={path}: {error}") from None


async def watch(listeners: Iterable[LiveTls], every: float = LOOK_EVERY) -> None:
    """Looks at the files until cancelled."""
    ours = list(listeners)
    while ours:
        await trio.sleep(every)
        for each in ours:
            await each.look()


def _seen(address: ListenAddress) -> Seen:
    paths = [path for pair in address.certificates for path in pair]
    if address.client_ca is not None:
        paths.append(address.client_ca)
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError as error:
        return error.errno
    return found.st_mtime_ns, found.st_size, found.st_ino
