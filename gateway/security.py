"""Keeps a node's listeners up to date: who is revoked, which authorities count, which certificates are new.

What is revoked acts on connections that stand, too. Security events of stations are counted and, when critical, logged.
"""

import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
import trio
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from actors.ports import StoreUnavailable
from gateway.metrics import Metrics
from gateway.ocpp_listener import OcppListeners
from gateway.tls_live import Replaced
from gateway.tls_peer import Authority
from gateway.tls_trust import Names, Registered
from protocol.events.envelope import Event
from protocol.events.security import ListenerCertificate, SecurityEvent
from protocol.ocpp.client_certificate import fingerprint, key_mark
from storage.outbox import Bus
from storage.security import SecurityBook, TrustedAuthority

REVOKED = "voltyard.certificate.revoked.v1"
_EVERY = 30.0  # seconds between looks without a word from anybody
_WAITING = 100  # tidings that could not be written yet

log = structlog.get_logger(__name__)


class SecurityWatch:
    """Subscribes before the dispatcher starts; the listeners come later. `run` works until cancelled."""

    def __init__(self, book: SecurityBook, bus: Bus, metrics: Metrics, listening: Sequence[OcppListeners]) -> None:
        self._book = book
        self._metrics = metrics
        self._listening = listening
        self._woken = trio.Event()
        self._untold: list[ListenerCertificate] = []
        self._read: dict[TrustedAuthority, Authority | None] = {}  # None: it cannot be read
        self._threads = trio.CapacityLimiter(1)
        bus.subscribe("security", self._hear, durable=False, types=(REVOKED, SecurityEvent.type))
        metrics.gauge_from("voltyard_revoked_certificates", "Certificates that count no more", lambda: book.count)

    def wake(self) -> None:
        """Something has changed: look now. Cheap, never waits."""
        self._woken.set()

    async def run(self) -> None:
        """Looks every half minute, and when woken; with SIGHUP also at the files of certificates."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._hangups)
            while True:
                self._woken = trio.Event()
                await self.look()
                with trio.move_on_after(_EVERY):
                    await self._woken.wait()

    async def look(self) -> None:
        """Brings what is new to the listeners. While the database is away, all stays as it was known."""
        try:
            await self._book.refresh()
            untold, self._untold = self._untold, []
            try:
                await self._book.tell(untold)
            except StoreUnavailable:
                self._untold = [*untold, *self._untold][:_WAITING]
                raise
        except StoreUnavailable as error:
            log.warning("security_not_refreshed", error=str(error))
        trusted = await self._trusted()
        for listeners in self._listening:
            gone = listeners.close_revoked(self._book.revoked)
            if gone:
                log.info("closed_for_revoked_certificates", connections=gone)
            for tls in listeners.tls:
                await tls.trust(trusted)
            gone = listeners.close_untrusted()
            if gone:
                log.info("closed_for_untrusted_authorities", connections=gone)

    async def name_taken(self, tenant_id: UUID, certificate: x509.Certificate) -> bool:
        """Whether another tenant, or a listener's file, has an authority of that name with another key.

        No more than yes or no is said of others. Raises StoreUnavailable.
        """
        await self._book.refresh()
        names = Names(own for listeners in self._listening for tls in listeners.tls for own in tls.own)
        for _, authority in await self._trusted():
            names.take(authority)
        return not names.take(Authority(tenant_id, certificate))

    def left_out(self, tenant_id: UUID) -> frozenset[str]:
        """Fingerprints of a tenant's authorities that some listener cannot trust, since their name is another's."""
        return frozenset(
            fingerprint(authority.certificate)
            for listeners in self._listening for tls in listeners.tls for _, authority in tls.left_out
            if authority.tenant_id == tenant_id
        )  # fmt: skip

    def replaced(self, what: Replaced) -> None:
        """New certificates of a listener are in use, or could not be taken."""
        told = ListenerCertificate(
            listener=what.listener, replaced=what.error is None, not_after=what.not_after, error=what.error
        )
        self._untold = [*self._untold, told][-_WAITING:]
        self.wake()

    async def _trusted(self) -> list[Registered]:
        """The tenants', the first registered first; what is new is read in a thread."""
        new = [each for each in self._book.authorities if each not in self._read]
        if new:
            found = await trio.to_thread.run_sync(_parsed, new, limiter=self._threads)
            self._read = {each: self._read[each] for each in self._book.authorities if each in self._read} | found
        pairs = ((each.certificate, self._read.get(each)) for each in self._book.authorities)
        return [(pem, authority) for pem, authority in pairs if authority is not None]

    async def _hear(self, event: Event) -> None:
        if event.type == REVOKED:
            await self.look()
            return
        data = event.data
        assert isinstance(data, SecurityEvent)  # the subscription names two types
        self._metrics.security_events.labels("yes" if data.critical else "no").inc()
        if data.critical:
            log.warning("critical_security_event", station=data.station, event_type=data.event, info=data.info)

    async def _hangups(self) -> None:
        with trio.open_signal_receiver(signal.SIGHUP) as received:
            async for _ in received:
                log.info("certificates_asked_for", hint="SIGHUP: the files of certificates are loaded again")
                for listeners in self._listening:
                    for tls in listeners.tls:
                        await tls.replace()


def certificate_trouble(listening: Sequence[OcppListeners], now: Callable[[], datetime]) -> Callable[[], list[str]]:
    """For `/readyz`: listeners whose certificate has expired, so that no station can connect."""

    def missing() -> list[str]:
        at = now()
        found = [tls.trouble(at) for listeners in listening for tls in listeners.tls]
        return [each for each in found if each is not None]

    return missing


def _parsed(new: Sequence[TrustedAuthority]) -> dict[TrustedAuthority, Authority | None]:
    """Runs in a thread."""
    found: dict[TrustedAuthority, Authority | None] = {}
    for each in new:
        try:
            certificate = x509.load_pem_x509_certificate(each.certificate.encode())
            key_mark(certificate)
            certificate.subject.rfc4514_string()
            found[each] = Authority(each.tenant_id, certificate)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
            log.error("authority_not_readable", tenant=str(each.tenant_id), error=str(error))
            found[each] = None
    return found
