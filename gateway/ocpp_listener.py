"""The OCPP listeners of a node: they accept, hand sockets to the doorkeeper, and hold the links until they end."""

import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import attrs
import structlog
import trio

from actors.ports import Store
from actors.station.face import Ending, Stations
from gateway.files import raise_file_limit, room_for_connections
from gateway.handshake import Doorkeeper, Place, Security, Shown, Verifier
from gateway.link import StationLink
from gateway.metrics import Metrics
from gateway.refusals import Refusals
from gateway.setting_types import ListenAddress
from gateway.settings import Settings, variable
from gateway.sockets import StdSocket, accept, open_listener, prepare
from gateway.sweeper import Sweeper
from gateway.tls_live import LiveTls, Replaced, watch
from protocol.ocpp.handshake import ListenerFacts

_SETTING = variable("ocpp_listen")
_GROUP, _GROUPS = 200, 40  # links closed together, so that not all stations redial at once; and how often at most
_PAUSE = (0.05, 0.2)  # seconds between groups
_SECURING = 128  # TLS handshakes in progress beyond which no more are begun while the loop is behind
_TICK = 0.01
_BEHIND = 0.03  # seconds
_SETTLE = 2.0  # seconds beyond the closing deadline for actors to record the endings

log = structlog.get_logger(__name__)


@asynccontextmanager
async def ocpp_listeners(
    settings: Settings,
    store: Store,
    stations: Stations,
    passwords: Verifier,
    refusals: Refusals,
    metrics: Metrics,
    *,
    tenants: Callable[[str], bool] = lambda slug: slug == "default",
    security: Security | None = None,
    replaced: Callable[[Replaced], None] = lambda what: None,
) -> AsyncIterator["OcppListeners"]:
    """Listens while the block runs; at its end links that are still open are cut.

    Raises InvalidSetting before anything is accepted when an address or a certificate cannot be used. For an orderly
    stop call `stop_accepting` and `close_all` inside the block. `replaced` hears of certificates that were exchanged
    while it runs, or could not be.
    """
    listeners = OcppListeners(settings, store, stations, passwords, refusals, metrics, tenants, security, replaced)
    listeners.open()
    try:
        async with trio.open_nursery() as nursery:
            listeners.start(nursery)
            yield listeners
            nursery.cancel_scope.cancel()
    finally:
        listeners.stop_accepting()


class OcppListeners:
    """Made by `ocpp_listeners`. `addresses` are those really listened at, ports chosen by the system included."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        stations: Stations,
        passwords: Verifier,
        refusals: Refusals,
        metrics: Metrics,
        tenants: Callable[[str], bool],
        security: Security | None,
        replaced: Callable[[Replaced], None],
    ) -> None:
        limit = raise_file_limit(settings.file_limit)
        self.room = room_for_connections(limit, settings.max_connections)
        self.addresses: tuple[ListenAddress, ...] = ()
        self._settings = settings
        self._metrics = metrics
        self._sweeper = Sweeper()
        self._links: dict[StationLink, str] = {}
        self._shown: dict[StationLink, tuple[Shown, LiveTls]] = {}  # of profile 3: with which certificate, where
        self._replaced = replaced
        self.tls: tuple[LiveTls, ...] = ()
        self._handshaking = 0
        self._accepting: list[trio.CancelScope] = []  # one a listening socket
        self._stopping = False
        self._listening: list[tuple[StdSocket, Place]] = []
        self._emptied = trio.Event()
        self._doorkeeper = Doorkeeper(
            settings, store, stations, passwords, refusals, metrics, self._sweeper, tenants=tenants, full=self._is_full,
            security=security,
        )  # fmt: skip
        metrics.gauge_from("voltyard_handshakes", "Handshakes in progress", lambda: self._handshaking)
        admission = self._doorkeeper.admission
        metrics.gauge_from("voltyard_handshakes_waiting", "Handshakes in line", lambda: admission.waiting)
        metrics.counts_from("voltyard_links_by_version", "Stations connected", self._by_version)

    def __len__(self) -> int:
        """How many stations are connected."""
        return len(self._links)

    @property
    def accepting(self) -> bool:
        return not self._stopping

    def open(self) -> None:
        """Opens every socket, or none and raises InvalidSetting."""
        live = [(at, LiveTls(_SETTING, at, self._replaced) if at.tls else None) for at in self._settings.ocpp_listen]
        self.tls = tuple(each for _, each in live if each is not None)
        addresses = []
        try:
            for address, tls in live:
                sockets = open_listener(_SETTING, address)
                self._listening += [(sock, Place(ListenerFacts(address.profiles), tls)) for sock in sockets]
                addresses.append(attrs.evolve(address, port=sockets[0].getsockname()[1]))
        except BaseException:
            self.stop_accepting()
            raise
        self.addresses = tuple(addresses)

    def start(self, nursery: trio.Nursery) -> None:
        nursery.start_soon(self._sweeper.run)
        nursery.start_soon(watch, self.tls)
        for sock, place in self._listening:
            nursery.start_soon(self._accept_from, sock, place, nursery)

    async def _accept_from(self, listener: StdSocket, place: Place, nursery: trio.Nursery) -> None:
        scope = trio.CancelScope()
        self._accepting.append(scope)
        with scope, contextlib.suppress(trio.ClosedResourceError):
            while True:
                while self._handshaking + len(self._links) >= self.room + _GROUP:  # noqa: ASYNC110 - rare and not urgent
                    await trio.sleep(0.1)  # meanwhile they wait in the kernel's queue
                if place.tls is not None:
                    await self._keep_up()
                taken = await accept(listener)
                if not taken:
                    self._metrics.accept_failures.inc()
                for sock, (peer, _) in taken:
                    self._metrics.accepted.inc()
                    nursery.start_soon(self._serve, sock, peer, place, nursery)

    async def _keep_up(self) -> None:
        """In a storm those who are in go on first: what waits in the kernel's queue has no deadline yet.

        Else all of thousands would share the processor and be done, or too late, together. Those who hold a handshake
        open without a word cost nothing, and so hold nobody back.
        """
        while self._doorkeeper.securing >= _SECURING:
            before = trio.current_time()
            await trio.sleep(_TICK)
            if trio.current_time() - before < _TICK + _BEHIND:
                return

    async def _serve(self, sock: StdSocket, peer: str, place: Place, nursery: trio.Nursery) -> None:
        self._handshaking += 1
        try:
            prepare(sock)
            attached = await self._doorkeeper.serve(sock, peer, place)
        except OSError:  # reset before it was prepared
            sock.close()
            return
        finally:
            self._handshaking -= 1
        if attached is not None:
            self._links[attached.link] = attached.version
            if attached.certificate is not None and place.tls is not None:
                self._shown[attached.link] = attached.certificate, place.tls
            # A task of its own: it is the only thing left of the handshake, and it lives as long as the link.
            nursery.start_soon(attached.link.run, attached.attachment, attached.early, self._ended)
            if self._stopping:
                attached.link.close(1012, "restarting", Ending.STOPPING)

    def _ended(self, link: StationLink, ending: Ending) -> None:
        self._links.pop(link, None)
        self._shown.pop(link, None)
        if not self._links:
            self._emptied.set()
        self._metrics.endings.labels(ending.value).inc()

    def close_revoked(self, revoked: Callable[[UUID, str, str], bool]) -> int:
        """Ends the connections whose certificate counts no more; how many. Their next frame is not heard."""
        gone = [link for link, (at, _) in self._shown.items() if revoked(at.tenant_id, at.issuer_hash, at.serial)]
        return _refuse(gone, "the certificate was revoked")

    def close_untrusted(self) -> int:
        """The same for those whose authority is trusted no longer where they came in."""
        gone = [link for link, (at, tls) in self._shown.items() if not tls.authorities.trusts(at.tenant_id, at.ends)]
        return _refuse(gone, "the authority of the certificate is trusted no longer")

    def _is_full(self) -> bool:
        return self._stopping or len(self._links) >= self.room

    def _by_version(self) -> Counter[str]:
        return Counter(self._links.values())

    def stop_accepting(self) -> None:
        """Closes the listening sockets; handshakes in progress are told to come back later."""
        self._stopping = True
        for scope in self._accepting:
            scope.cancel()
        for sock, _ in self._listening:
            sock.close()

    async def close_all(self, code: int = 1012, reason: str = "restarting", ending: Ending = Ending.STOPPING) -> None:
        """Closes every link, in small groups with a jittered pause, and waits until all have ended.

        Takes the closing deadline and ten seconds at most; what is left is cut.
        """
        links = list(self._links)
        random.shuffle(links)
        group = max(_GROUP, len(links) // _GROUPS + 1)
        for at in range(0, len(links), group):
            for link in links[at : at + group]:
                link.close(code, reason, ending)
            await trio.sleep(random.uniform(*_PAUSE))
        if self._links:
            self._emptied = trio.Event()
            with trio.move_on_after(self._settings.closing_deadline + _SETTLE):
                await self._emptied.wait()
        for link in list(self._links):
            link.abort()


def _refuse(links: Sequence[StationLink], why: str) -> int:
    for link in links:
        link.close(1008, why, Ending.REFUSED)
    return len(links)
