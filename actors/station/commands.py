"""The loop that sends one station its commands: one CALL in flight, each stored before it goes and when it is answered.

Runs as a short task while commands wait; the connection's reader only settles what is in flight.
"""

from typing import TYPE_CHECKING

import trio

from actors.device.prompts import Prompts
from actors.ports import StoreUnavailable
from actors.records import Record, Unit
from actors.station import fates, results, waiting
from actors.station.face import CommandResult, LinkClosed
from actors.station.late import LOOKUPS, Unanswered, Unheard, may_be_ours, recalled
from actors.station.waiting import Pending
from protocol.ocpp import events as wire
from protocol.ocpp.connection import CallInFlight

if TYPE_CHECKING:
    from actors.station.actor import StationActor
    from actors.station.attachment import Attached


class Commands:
    """Made when a station gets its first command, or answers one of an earlier life of this node."""

    __slots__ = ("_queue", "_running", "_unheard", "actor", "in_flight", "prompts")

    def __init__(self, actor: "StationActor") -> None:
        self.actor = actor
        self._queue = waiting.Queue()
        self._running = False
        self.in_flight: Pending | None = None
        self._unheard = Unheard()
        self.prompts = Prompts()

    def __len__(self) -> int:
        return len(self._queue) + (self.in_flight is not None)

    async def submit(self, pending: Pending) -> CommandResult:
        """Waits for the command's fate, or until its deadline for its turn.

        Raises StoreUnavailable when it cannot be stored before it is sent.
        """
        if not self._queue.put(pending):
            return results.busy(pending)
        if not self._running:
            self._running = True
            self.actor.supervisor.start(self._run)
        with trio.move_on_at(pending.deadline):
            await pending.done.wait()
        if self._queue.drop(pending):
            return results.too_late(pending)
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
                pending.settle(results.offline(pending))
                pending.done.set()

    async def _one(self, pending: Pending) -> None:
        try:
            await self._exchange(pending)
        except StoreUnavailable:
            pass  # the one who asked is told: `result` says what is known, None that nothing was sent
        except Exception as error:  # noqa: BLE001 - a bug over one command holds back no other; it is counted
            pending.settle(results.silent(pending, lost=True))
            self.actor.supervisor.bug(self, error, None)
        finally:
            self.in_flight = None
            pending.done.set()

    async def _exchange(self, pending: Pending) -> None:
        attached = self.actor.attached
        if attached is None or attached.connection.version is not pending.version:
            # It may have come back with another version, for which this payload was never checked.
            pending.settle(results.offline(pending))
            return
        timeout = pending.deadline - trio.current_time()
        if timeout <= 0:
            pending.settle(results.too_late(pending))
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
            pending.settle(results.busy(pending))
            return
        pending.sent_at = self.actor.clock.now()
        self.in_flight = pending
        self.prompts.note(pending.action, pending.shown, pending.sent_at)
        await self._store(fates.going(self.actor, pending, text))
        if pending.result is None and trio.current_time() < pending.deadline:
            try:
                await attached.link.send(text)
            except LinkClosed:
                pending.settle(results.silent(pending, lost=True))
            with trio.move_on_at(pending.deadline):
                await pending.settled.wait()
        pending.settle(results.silent(pending, lost=False))

    async def _store_fate(self, pending: Pending) -> None:
        result = pending.result
        if result is None or pending.sent_at is None or pending.answered_before:
            return
        row, records = fates.over(self.actor, pending, result)
        if result.status == "station_silent" and pending.message_id is not None:
            self._unheard.keep(pending.message_id, fates.unanswered(self.actor, pending, row))
        await self._store(records)

    async def _store(self, records: list[Record]) -> None:
        station = self.actor.station
        await self.actor.store.record(Unit(station.tenant_id, station.id, "", records))

    # What the reader brings

    def settle(self, event: wire.Event, frame: str) -> bool:
        """An answer, a time-out or the end of the connection. True when it belonged to what is in flight."""
        pending = self.in_flight
        if pending is None or getattr(event, "message_id", None) != pending.message_id:
            return False
        if isinstance(event, wire.ReplyReceived | wire.ErrorReceived | wire.InvalidReply):
            pending.settle(results.from_answer(pending, event), frame)
        elif isinstance(event, wire.CallAbandoned):
            pending.settle(results.silent(pending, lost=True), frame)
        else:
            return False
        return True

    async def late(self, attached: "Attached", event: wire.LateReply | wire.UnknownReply, frame: str) -> bool:
        """An answer after its time goes the way of one in time. False when it belongs to no command of this station.

        Raises StoreUnavailable.
        """
        command = self._unheard.take(event.message_id) or await self._recall(attached, event.message_id)
        if command is None or command.version is not attached.connection.version:
            return False
        passed = (self.actor.clock.now() - (command.row.sent_at or command.row.created_at)).total_seconds()
        known = event
        if isinstance(event, wire.UnknownReply):
            now = self.actor.clock.monotonic()
            found = attached.connection.recognised(event, command.action, now - passed, now)
            if found is None:
                return False
            known = found
        assert isinstance(known, wire.LateReply)
        result = results.from_answer(command, known.reply)
        await self._store(fates.belated(self.actor, command, result, frame))
        self._answered_before(command, result)
        if isinstance(known.reply, wire.InvalidReply) and known.reply.reply_text is not None:
            await attached.link.send(known.reply.reply_text)
        return True

    def _answered_before(self, command: Unanswered, result: CommandResult) -> None:
        """Of a command that is being sent again, nobody needs to wait for another answer."""
        pending = self.in_flight
        if pending is not None and pending.id == command.id and pending.result is None:
            pending.answered_before = True
            pending.settle(result)

    async def _recall(self, attached: "Attached", message_id: str) -> Unanswered | None:
        """From its row: one of before this node started, or of longer ago than is remembered."""
        if attached.recalls >= LOOKUPS or not may_be_ours(message_id):
            return None
        attached.recalls += 1
        row = await self.actor.store.find_unanswered(self.actor.station.id, message_id)
        return None if row is None else recalled(row)

    def abandon(self) -> None:
        """The connection is gone."""
        if self.in_flight is not None:
            self.in_flight.settle(results.silent(self.in_flight, lost=True))
