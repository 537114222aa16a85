"""The loop that sends one station its commands: one CALL in flight, each stored before it goes and when it is answered.

Runs as a short task while commands wait; the connection's reader only settles what is in flight.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec
import trio
from msgspec.structs import replace

from actors.device.prompts import Prompts
from actors.ports import StoreUnavailable
from actors.records import CommandRecord, EventRecord, PasswordAcceptedRecord, Record, Unit
from actors.station import waiting
from actors.station.face import CommandResult, LinkClosed
from actors.station.framelog import line
from actors.station.learned import learned
from actors.station.outcomes import at_once
from actors.station.sending import came_to_nothing, going_out
from actors.station.state import to_row
from actors.station.waiting import Pending
from actors.verify import questions
from actors.verify import steps as verify
from protocol.events import types as events
from protocol.ocpp import events as wire
from protocol.ocpp.connection import CallInFlight
from protocol.redact import redact_payload, secrets_in

if TYPE_CHECKING:
    from actors.station.actor import StationActor
    from actors.station.attachment import Attached

_REMEMBERED: Final = 16


class Commands:
    """Made when a station gets its first command."""

    __slots__ = ("_late", "_queue", "_running", "actor", "in_flight", "prompts")

    def __init__(self, actor: "StationActor") -> None:
        self.actor = actor
        self._queue = waiting.Queue()
        self._running = False
        self.in_flight: Pending | None = None
        self._late: OrderedDict[str, CommandRecord] = OrderedDict()
        self.prompts = Prompts()

    def __len__(self) -> int:
        return len(self._queue) + (self.in_flight is not None)

    async def submit(self, pending: Pending) -> CommandResult:
        """Waits for the command's fate, or until its deadline for its turn.

        Raises StoreUnavailable when it cannot be stored before it is sent.
        """
        if not self._queue.put(pending):
            return CommandResult(None, "station_busy", pending.action, pending.version, retry_after=5)
        if not self._running:
            self._running = True
            self.actor.supervisor.start(self._run)
        with trio.move_on_at(pending.deadline):
            await pending.done.wait()
        if self._queue.drop(pending):
            return waiting.too_late(pending)
        await pending.done.wait()  # out, and over at its deadline: what is left is to store its fate
        if pending.result is None:
            raise StoreUnavailable("the command could not be stored, so it was not sent")
        return pending.result

    async def _run(self) -> None:
        try:
            while (pending := self._queue.take()) is not None:
                await self._one(pending)
        finally:
            self._running = False
            while (pending := self._queue.take()) is not None:
                pending.settle(waiting.offline(pending))
                pending.done.set()

    async def _one(self, pending: Pending) -> None:
        try:
            await self._exchange(pending)
        except StoreUnavailable:
            pass  # the one who asked is told: `result` says what is known, None that nothing was sent
        except Exception as error:  # noqa: BLE001 - a bug over one command holds back no other; it is counted
            pending.settle(waiting.silent(pending, lost=True))
            self.actor.supervisor.bug(self, error, None)
        finally:
            self.in_flight = None
            pending.done.set()

    async def _exchange(self, pending: Pending) -> None:
        attached = self.actor.attached
        if attached is None or attached.connection.version is not pending.version:
            # It may have come back with another version, for which this payload was never checked.
            pending.settle(waiting.offline(pending))
            return
        timeout = pending.deadline - trio.current_time()
        if timeout <= 0:
            pending.settle(waiting.too_late(pending))
            return
        try:
            await self._call(pending, attached, timeout)
        finally:
            attached.connection.expire(float("inf"))  # however it ended, no call of ours is in flight
            self.in_flight = None
        await self._store_fate(pending)

    async def _call(self, pending: Pending, attached: "Attached", timeout: float) -> None:
        connection = attached.connection
        try:
            pending.message_id, text = connection.call(
                pending.action, pending.payload, self.actor.clock.monotonic(), timeout
            )
        except CallInFlight:
            pending.settle(CommandResult(None, "station_busy", pending.action, pending.version, retry_after=5))
            return
        pending.sent_at = self.actor.clock.now()
        self.in_flight = pending
        self.prompts.note(pending.action, pending.shown, pending.sent_at)
        # The answer may only be a fact of a command that is one: stored first, then sent.
        await self._store_sent(pending, text)
        if pending.result is None and trio.current_time() < pending.deadline:
            try:
                await attached.link.send(text)
            except LinkClosed:
                pending.settle(waiting.silent(pending, lost=True))
            with trio.move_on_at(pending.deadline):
                await pending.settled.wait()
        pending.settle(waiting.silent(pending, lost=False))

    async def _store_sent(self, pending: Pending, text: str) -> None:
        sent = events.CommandSent(
            command_id=pending.id,
            station_id=self.actor.station.id,
            station=self.actor.station.identity,
            action=pending.action,
            command=pending.command,
            version=pending.version.value,
            requested_by=pending.requested_by,
        )
        row = pending.row("sent", None)
        rows = [row, self._event(pending, sent), *self._frame(pending, "out", "sent", text)]
        rows += going_out(self.actor.station, row, self.actor.clock.now(), self.actor.new_id)
        known, found = questions.asked(self.actor.state.known, pending.action, pending.sent_at or pending.created_at)
        self.actor.know(known)
        rows += found
        if pending.command == "start" and known.starts:  # what it is told when it begins outlives this process
            rows.append(to_row(self.actor.state))
        await self._store(rows)

    async def _store_fate(self, pending: Pending) -> None:
        result = pending.result
        if result is None or pending.sent_at is None:
            return
        now = self.actor.clock.now()
        status = waiting.STATUS_IN_ROW.get(result.status, result.status)
        row = pending.row("lost" if result.delivery else status, now)
        records: list[Record] = [row, self._event(pending, self._answered(pending, row))]
        if pending.answer_frame is not None:
            records += self._frame(pending, "in", result.status, pending.answer_frame)
        if result.status == "answered":
            records += learned(self.actor.station, row, now, self.actor.new_id)
        else:
            records += came_to_nothing(self.actor.station, row, now, self.actor.new_id)
        state = self.actor.state
        known, found = verify.answered(self.actor.station, state.known, row, state.settings, now, self.actor.new_id)
        if known is not state.known:
            self.actor.know(known)
            records += [*found, to_row(self.actor.state)]
        if pending.command == "rotate-password" and at_once(result.payload):
            records.append(PasswordAcceptedRecord(now))
        if result.status == "station_silent" and pending.message_id is not None:
            self._late[pending.message_id] = row
            while len(self._late) > _REMEMBERED:
                self._late.popitem(last=False)
        await self._store(records)

    def _answered(self, pending: Pending, row: CommandRecord) -> events.CommandAnswered:
        result = pending.result
        return events.CommandAnswered(
            command_id=row.id,
            station_id=self.actor.station.id,
            station=self.actor.station.identity,
            action=row.action,
            status=row.status,
            command=row.command,
            version=row.version,
            outcome=row.outcome,
            error_code=result.error_code if result else None,
            duration_ms=result.duration_ms if result else None,
            requested_by=row.requested_by,
        )

    def _event(self, pending: Pending, event: events.EventData) -> EventRecord:
        kind, subject, data = events.make(event)
        return EventRecord(self.actor.new_id(), self.actor.clock.now(), kind, subject, data, pending.request_id)

    def _frame(self, pending: Pending, direction: str, outcome: str, text: str) -> list[Record]:
        if self.actor.frame_log == "none":
            return []
        now = self.actor.clock.now()
        secrets = secrets_in(pending.action, pending.shown)
        name, number = pending.action, pending.message_id
        return [line(self.actor.new_id, now, direction, name, number, outcome, text, (), secrets)]

    async def _store(self, records: list[Record]) -> None:
        station = self.actor.station
        await self.actor.store.record(Unit(station.tenant_id, station.id, "", records))

    # What the reader brings

    def settle(self, event: wire.Event, frame: str) -> bool:
        """An answer, a time-out or the end of the connection. True when it belonged to what is in flight."""
        pending = self.in_flight
        if pending is None or getattr(event, "message_id", None) != pending.message_id:
            return False
        make = _SETTLE.get(type(event))
        if make is None:
            return False
        pending.settle(make(pending, event), frame)
        return True

    async def late(self, event: wire.LateReply) -> None:
        """An answer after its time: kept under the command's id."""
        row = self._late.pop(event.message_id, None)
        if row is None:
            return
        try:
            payload = redact_payload(row.action, msgspec.json.decode(event.payload), answer=True)
        except msgspec.DecodeError:
            payload = None
        now = self.actor.clock.now()
        late = replace(row, status="late_answered", answer=payload, finished_at=now)
        answered = events.CommandAnswered(
            command_id=row.id,
            station_id=self.actor.station.id,
            station=self.actor.station.identity,
            action=row.action,
            status="late_answered",
            command=row.command,
            version=row.version,
            requested_by=row.requested_by,
        )
        kind, subject, data = events.make(answered)
        await self._store([late, EventRecord(self.actor.new_id(), now, kind, subject, data, row.request_id)])

    def abandon(self) -> None:
        """The connection is gone."""
        if self.in_flight is not None:
            self.in_flight.settle(waiting.silent(self.in_flight, lost=True))


_SETTLE: Final[dict[type, Callable[[Pending, wire.Event], CommandResult]]] = {
    wire.ReplyReceived: lambda pending, event: waiting.from_reply(pending, event),  # type: ignore[arg-type]
    wire.ErrorReceived: lambda pending, event: waiting.from_error(pending, event),  # type: ignore[arg-type]
    wire.InvalidReply: lambda pending, event: waiting.from_invalid(pending, event),  # type: ignore[arg-type]
    wire.CallAbandoned: lambda pending, event: waiting.silent(pending, lost=True),
}
