"""Keeps a node's listeners up to date: who is revoked, which authorities count, which certificates are new.

What is revoked acts on connections that stand, too. Security events of stations are counted and, when critical, logged.
"""

import signal
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
import trio
from cryptography import x509

from actors.ports import StoreUnavailable
from gateway.metrics import Metrics
from gateway.ocpp_listener import OcppListeners
from gateway.tls_live import Replaced
from gateway.tls_peer import Authority
from protocol.events.envelope import Event
from protocol.events.security import ListenerCertificate, SecurityEvent
from protocol.ocpp.client_certificate import fingerprint
from storage.outbox import Bus
from storage.security import SecurityBook

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
        self._refused: frozenset[str] = frozenset()  # authorities that cannot be read
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
        trusted = self._trusted()
        for listeners in self._listening:
            gone = listeners.close_revoked(self._book.revoked)
            if gone:
                log.info("closed_for_revoked_certificates", connections=gone)
            for tls in listeners.tls:
                await tls.trust(trusted)

    def replaced(self, what: Replaced) -> None:
        """New certificates of a listener are in use, or could not be taken."""
        told = ListenerCertificate(
            listener=what.listener, replaced=what.error is None, not_after=what.not_after, error=what.error
        )
        self._untold = [*self._untold, told][-_WAITING:]
        self.wake()

    def _trusted(self) -> list[tuple[str, Authority]]:
        found: list[tuple[str, Authority]] = []
        bad = set()
        for each in self._book.authorities:
            try:
                certificate = x509.load_pem_x509_certificate(each.certificate.encode())
            except ValueError as error:
                bad.add(each.fingerprint)
                if each.fingerprint not in self._refused:
                    log.error("authority_not_readable", tenant=str(each.tenant_id), error=str(error))
                continue
            found.append((each.certificate, Authority(each.tenant_id, certificate)))
        self._refused = frozenset(bad)
        return sorted(found, key=lambda pair: (str(pair[1].tenant_id), fingerprint(pair[1].certificate)))

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
