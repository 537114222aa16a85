"""Where failures of actors end: what was not stored is told again; a bug ends its link and, repeated, holds it off.

Nothing that goes wrong over one station reaches another one.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
import trio

from actors.kernel.actor import ActorGone
from actors.kernel.holdoff import HoldOff, crashed
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers
from actors.ports import Clock, Store, StoreUnavailable
from actors.records import EventRecord, HeldOffRecord, Record, Unit
from actors.station.actor import StationActor
from actors.station.attachment import Attached
from actors.station.commands import Commands
from actors.station.face import Ending, LinkClosed
from actors.station.letters import Broken, Consulted, Disconnected, Frame, shown
from protocol.events import types as events
from protocol.redact import redact_frame

log = structlog.get_logger(__name__)
_AGAIN_AFTER: Final = 10.0  # seconds
_ATTEMPTS: Final = 60


class Trouble:
    """Of all stations of a node. Actors run under its `supervisor`."""

    def __init__(
        self, nursery: trio.Nursery, store: Store, clock: Clock, timers: Timers, new_id: Callable[[], UUID]
    ) -> None:
        self.supervisor = Supervisor(nursery, self._bug)
        self._store = store
        self._clock = clock
        self._timers = timers
        self._new_id = new_id
        self._held_off: dict[UUID, HoldOff] = {}

    def held_off(self, station_id: UUID) -> float | None:
        """Seconds for which it must stay away; None when it may come."""
        held = self._held_off.get(station_id)
        return held.waiting(self._clock.monotonic()) if held is not None else None

    def shown(self, station_id: UUID) -> dict[str, int] | None:
        """How an operator sees that it is held off."""
        waiting = self.held_off(station_id)
        return {"crashes": self._held_off[station_id].crashes, "retry_after_s": round(waiting)} if waiting else None

    def let_in(self, station_id: UUID) -> None:
        """The operator wants it so."""
        if self.held_off(station_id) is not None:
            del self._held_off[station_id]

    async def delivering(self, actor: StationActor, letter: Frame | Consulted | Broken) -> None:
        """Has the actor handle it. What goes wrong ends that link and nothing else."""
        attached = letter.attached
        try:
            await actor.run(letter)
        except LinkClosed:
            pass
        except StoreUnavailable as error:
            log.warning("not_stored", station=actor.station.identity, error=str(error))
            attached.close(1013, "cannot store this now, please try again later", Ending.STORE_SILENT)
        except Exception as error:  # noqa: BLE001 - a bug ends this link only; it is logged with its frame and counted
            self.supervisor.bug(actor, error, Frame(attached, letter.text))

    def record(self, tenant_id: UUID, station_id: UUID, *records: Record) -> None:
        """Stores it when that can be done; nobody waits for it."""
        unit = Unit(tenant_id, station_id, "", list(records))
        self.supervisor.start(lambda: self._record_quietly(unit))

    async def _record_quietly(self, unit: Unit) -> None:
        with contextlib.suppress(StoreUnavailable):
            await self._store.record(unit)

    def _bug(self, culprit: object, error: Exception, message: object) -> bool:
        """True when it was a bug of ours."""
        if isinstance(culprit, Commands):
            culprit = culprit.actor
        if not isinstance(culprit, StationActor):
            log.error("bug", error=repr(error), exc_info=error)
            return True
        if isinstance(error, StoreUnavailable | LinkClosed):
            # A fact that came by mail (online, offline, time passed) could not be stored: the next message tells.
            culprit.stale = True
            log.warning("not_stored", station=culprit.station.identity, error=str(error))
            if isinstance(message, Disconnected):
                self._again(culprit, message)
            return False
        frame = redact_frame(shown(message.text)) if isinstance(message, Frame) else type(message).__name__
        log.error("bug", station=culprit.station.identity, frame=frame[:4000], error=repr(error), exc_info=error)
        culprit.stale = True
        if isinstance(message, Frame):
            self._crashed(culprit, message.attached, error)
        return True

    def _crashed(self, actor: StationActor, attached: Attached, error: Exception) -> None:
        """Over a frame of the station: it may send the same again, so it is held off when it does."""
        attached.close(1011, "internal error", Ending.BUG)
        now = self._clock.monotonic()
        held = self._held_off[actor.station.id] = crashed(self._held_off.get(actor.station.id), now)
        waiting = held.waiting(now)
        if waiting is not None:
            self._tell_held_off(actor, held, waiting, error)

    def _again(self, actor: StationActor, message: Disconnected) -> None:
        """That a station has gone is told again, unless it comes back: nothing else of it would say so."""
        if message.attempt >= _ATTEMPTS:
            return
        repeated = Disconnected(message.ending, message.attempt + 1)

        def tell() -> None:
            if actor.attached is None:
                with contextlib.suppress(ActorGone):
                    actor.tell_newest("connection", repeated)

        self._timers.at(trio.current_time() + _AGAIN_AFTER, tell)

    def _tell_held_off(self, actor: StationActor, held: HoldOff, waiting: float, error: Exception) -> None:
        now = self._clock.now()
        until = datetime.fromtimestamp(now.timestamp() + waiting, now.tzinfo)
        value = {"until": events.timestamp(until), "crashes": held.crashes, "reason": type(error).__name__}
        kind, subject, data = events.make(
            events.StationHeldOff(
                station_id=actor.station.id,
                station=actor.station.identity,
                until=until,
                crashes=held.crashes,
                reason=type(error).__name__,
            )
        )
        told = EventRecord(self._new_id(), now, kind, subject, data)
        self.record(actor.station.tenant_id, actor.station.id, HeldOffRecord(value), told)
