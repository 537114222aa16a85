"""All forwards of a node: which run, started and stopped as operators change them, and what is told of them."""

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import structlog
import trio

from actors.forward.messages import KEPT, MOST_WAITING
from actors.ports import Clock, Store, StoreUnavailable
from actors.records import EventRecord, Unit
from actors.station.face import Stations
from gateway.background import keep_running
from gateway.forwarding.forwarder import Credentials, Forwarder
from gateway.services.addresses import Names
from protocol.events.forwards import ForwardConnected, ForwardLost, ForwardRefused, ForwardSkipped
from protocol.events.types import EventData, make
from storage.forwards import Forward, Forwards
from storage.sealing import CannotOpen, Seal

log = structlog.get_logger("forwarding")
_LOOK: Final = 5.0
_TIDY: Final = 60.0
_LEAVE: Final = 5.0  # seconds for the message that is being told
_MOST: Final = 5000  # forwards of a node


class ForwardService:
    """Made by `forwarding`."""

    def __init__(
        self, forwards: Forwards, store: Store, stations: Stations, seal: Seal, clock: Clock,
        new_id: Callable[[], UUID], nursery: trio.Nursery, *, private: bool,
    ) -> None:  # fmt: skip
        self._forwards = forwards
        self._store = store
        self._stations = stations
        self._seal = seal
        self._clock = clock
        self._new_id = new_id
        self._nursery = nursery
        self._private = private
        self._names = Names()
        self._running: dict[UUID, tuple[int, trio.CancelScope, Forwarder]] = {}
        self._woken = trio.Event()
        self._tidied = trio.current_time()

    def wake(self) -> None:
        """An operator changed something."""
        self._woken.set()

    def counts(self) -> dict[str, int]:
        """running, connected: for metrics."""
        connected = sum(bool(each.state["connected"]) for _, _, each in self._running.values())
        return {"running": len(self._running), "connected": connected}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken = trio.Event()
            try:
                self._settle(await self._forwards.active())
                if trio.current_time() - self._tidied >= _TIDY:
                    self._tidied = trio.current_time()
                    await self._forwards.tidy(sorted(KEPT), MOST_WAITING)
            except StoreUnavailable as error:
                log.warning("forwards_wait_for_the_database", error=str(error))
            with trio.move_on_after(_LOOK):
                await self._woken.wait()

    def _settle(self, wanted: list[Forward]) -> None:
        """Runs what is wanted, in its newest form, and nothing else.

        What ends has saved where it stands before it begins anew, so that nothing is told twice for a change.
        """
        by_id = {forward.id: forward for forward in wanted[:_MOST]}
        for forward_id, (revision, scope, forwarder) in list(self._running.items()):
            new = by_id.get(forward_id)
            if new is not None and new.revision == revision:
                continue
            if new is not None and forwarder.takes(new):
                self._running[forward_id] = new.revision, scope, forwarder
                continue
            forwarder.leave()
            scope.deadline = min(scope.deadline, trio.current_time() + _LEAVE)
        for forward in by_id.values():
            if forward.id not in self._running:
                self._begin(forward)

    def _begin(self, forward: Forward) -> None:
        try:
            credentials = self._credentials(forward)
        except CannotOpen as error:
            log.error("forward_password", forward=str(forward.id), error=str(error))
            return
        forwarder = Forwarder(
            forward, credentials, forwards=self._forwards, store=self._store, stations=self._stations,
            now=self._clock.now, told=self._told,
            look_up=functools.partial(self._names.address, forward.tenant_id, private=self._private),
        )  # fmt: skip
        scope = trio.CancelScope()
        self._running[forward.id] = forward.revision, scope, forwarder
        self._nursery.start_soon(self._guarded, forwarder, scope)

    def _credentials(self, forward: Forward) -> Credentials:
        if forward.password_sealed is None:
            return None
        return forward.username or forward.identity, self._seal.read(forward.password_sealed, forward.id)

    async def _guarded(self, forwarder: Forwarder, scope: trio.CancelScope) -> None:
        with scope:
            try:
                await forwarder.run()
            except Exception as error:
                # A bug over one forward costs that one its time, and nobody else.
                log.error("forward_failed", forward=str(forwarder.forward.id), error=repr(error), exc_info=error)
                await trio.sleep(_TIDY)
            finally:
                self._running.pop(forwarder.forward.id, None)
                self.wake()

    def _told(self, forward: Forward, kind: str, detail: str, count: int, why: str) -> None:
        number, station, name = forward.id, forward.station_id, forward.station
        event: EventData
        if kind == "connected":
            event = ForwardConnected(forward_id=number, station_id=station, station=name, version=detail)
        elif kind == "lost":
            event = ForwardLost(forward_id=number, station_id=station, station=name, reason=detail)
        elif kind == "skipped":
            log.warning("forward_skipped", forward=str(number), action=detail, count=count, why=why)
            event = ForwardSkipped(
                forward_id=number, station_id=station, station=name, action=detail, count=count, reason=why
            )
        else:
            event = ForwardRefused(forward_id=number, station_id=station, station=name, action=detail, count=count)
        self._nursery.start_soon(self._record, forward, event)

    async def _record(self, forward: Forward, event: EventData) -> None:
        kind, subject, data = make(event)
        record = EventRecord(self._new_id(), self._clock.now(), kind, subject, data)
        try:
            await self._store.record(Unit(forward.tenant_id, forward.station_id, "", [record]))
        except StoreUnavailable as error:
            log.warning("forward_event_not_stored", forward=str(forward.id), error=str(error))


@asynccontextmanager
async def forwarding(
    forwards: Forwards, store: Store, stations: Stations, seal: Seal, clock: Clock, new_id: Callable[[], UUID],
    *, private: bool,
) -> AsyncIterator[ForwardService]:  # fmt: skip
    """Runs while the block does."""
    async with trio.open_nursery() as nursery:
        service = ForwardService(forwards, store, stations, seal, clock, new_id, nursery, private=private)
        nursery.start_soon(keep_running, service.run)
        yield service
        nursery.cancel_scope.cancel()
