"""What a charge-point actor does with what its station says: every kind of event of the connection, to its answer.

A call is asked about (outside, in the store), decided, stored, and only then answered; all else is settled or noted.
"""

import contextlib
import functools
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import trio
from msgspec.structs import replace

from actors.kernel.actor import Actor
from actors.kernel.supervisor import Supervisor
from actors.ports import Clock, Consultation, Services, StationConfig, Store, StoreUnavailable, Weighed
from actors.records import EventRecord, FrameRecord, Record, Unit
from actors.session.rows import from_row
from actors.station import decide as decisions
from actors.station.attachment import Attached
from actors.station.believed import believed
from actors.station.commands import Commands
from actors.station.consulting import AT_ONCE, SECONDS, consultation
from actors.station.decide import Decision
from actors.station.face import Ending
from actors.station.forwarding import forwarded
from actors.station.framelog import line, routine, wanted, whole
from actors.station.letters import Broken, Connected, Consulted, Frame, Letter, shown, storable_id
from actors.station.questions import NOTHING, Answers, Question, prompted, question
from actors.station.state import StationState, configured, to_row
from actors.station.who import Station
from actors.verify import steps as verify
from actors.verify.known import NOTHING_KNOWN, Known
from protocol.events.base import make
from protocol.events.repairs import FrameViolated
from protocol.ocpp import catalogue, neutral
from protocol.ocpp import events as wire
from protocol.ocpp.errors import ErrorCode
from protocol.redact import redact_frame


class Hearing(Actor[Letter]):
    """The part of the actor that hears. What it is and what it stores is said by actor.py."""

    __slots__ = (
        "_arriving",
        "_behind",
        "_consulting",
        "attached",
        "clock",
        "commands",
        "config",
        "deliver",
        "new_id",
        "services",
        "stale",
        "state",
        "station",
        "store",
        "supervisor",
    )

    attached: Attached | None
    clock: Clock
    commands: Commands | None
    config: StationConfig
    deliver: Callable[[Any, Frame | Consulted], Awaitable[None]]
    new_id: Callable[[], UUID]
    services: Services
    stale: bool
    state: StationState
    station: Station
    store: Store
    supervisor: Supervisor
    _arriving: Connected | None
    _behind: bool
    _consulting: int

    @property
    @abstractmethod
    def frame_log(self) -> str: ...

    @abstractmethod
    def know(self, known: Known) -> None: ...

    @abstractmethod
    def asking(self) -> Commands: ...

    @abstractmethod
    def _take_up(self) -> None: ...

    @abstractmethod
    async def _ready(self) -> None: ...

    @abstractmethod
    async def _commit(
        self,
        decision: Decision,
        records: list[Record],
        text: str | bytes,
        action: str | None = None,
        clean: str | None = None,
    ) -> None: ...

    @abstractmethod
    def _verified(self, decision: Decision, records: list[Record], now: datetime) -> Decision: ...

    @abstractmethod
    def _mended(
        self, state: StationState, repairs: tuple[wire.Repair, ...], now: datetime, records: list[Record]
    ) -> StationState: ...

    async def _frame(self, attached: Attached, text: str | bytes) -> None:
        """Whatever it says, the station is there (G02.FR.04)."""
        if attached is not self.attached:
            return
        self._take_up()
        now = self.clock.now()
        attached.last_seen_at = now
        for event in attached.connection.receive(text, self.clock.monotonic()):
            if type(event) is wire.CallReceived:
                await self._call(attached, event, text, now)
            else:
                await self._other(attached, event, text, now)

    async def _call(self, attached: Attached, event: wire.CallReceived, text: str | bytes, now: datetime) -> None:
        message = attached.translator.understand(event.action, event.payload)
        if event.repairs:
            message = believed(message, event.repairs, now)
        if (self.stale or self._behind or self._arriving is not None) and type(message) is not neutral.HeartbeatAsked:
            await self._ready()
        asked = consultation(self.station, self.state, message)
        if asked is not None and self._consulting >= AT_ONCE:
            self.services.passed_over(self.station.tenant_id, self.station.id, asked)
        elif asked is not None:
            # In a task of its own: what the station says meanwhile, answers to our calls above all, does not wait.
            self._consulting += 1
            self.supervisor.start(
                functools.partial(self._consult, asked, Consulted(attached, event, text, message, now, None))
            )
            return
        await self._decided(Consulted(attached, event, text, message, now, None), now)

    async def _consult(self, asked: Consultation, about: Consulted) -> None:
        answer = None
        try:
            with trio.move_on_after(SECONDS):
                answer = await self.services.consult(self.station.tenant_id, self.station.id, asked)
        finally:
            self._consulting -= 1
        await self.deliver(self, replace(about, answer=answer))

    async def _consulted(self, about: Consulted) -> None:
        if about.attached is self.attached:
            await self._ready()
            await self._decided(about, self.clock.now())

    async def _decided(self, about: Consulted, at: datetime) -> None:
        """Ask the store what the decision needs, decide as of `at`, store what it leads to, answer."""
        attached, event, text, message, now = about.attached, about.event, about.text, about.message, about.received
        asked = question(self.state, self.station.version, message)
        answers = NOTHING if asked is None else await self._ask_store(asked)
        if about.answer is not None:
            answers = replace(answers, outside=about.answer)
        starts = self.state.known.starts
        if starts and type(message) is neutral.TransactionHappened and message.remote_start_id is not None:
            answers = replace(answers, wish=starts.get(str(message.remote_start_id)))
        if self.commands is not None and self.commands.prompts:
            answers = prompted(answers, self.commands.prompts, event.action, message, at)
        booted = self.state.boot
        decision = decisions.decide(self.station, self.state, message, answers, at, self.new_id)
        reply = self._reply(attached, event, decision.reply)
        records = list(decision.records)
        if self.state.known.watched:
            decision = self._verified(decision, records, now)
        repaired = bool(event.repairs)
        if repaired:
            decision = replace(decision, state=self._mended(decision.state, event.repairs, now, records))
        clean = None
        if wanted(self.frame_log, is_routine=routine(message), repaired=repaired):
            outcome = "repaired" if repaired else "accepted"
            frames = self._frames(event, now, text, reply, outcome)
            records += frames
            clean = whole(frames[0])
        if self.state.settings.get("forwarded"):
            records += forwarded(self.station, event, text, decision.reply, now, self.new_id)
        if records or decision.state is not self.state:
            await self._commit(decision, records, text, event.action, clean)
        await attached.link.send(reply)
        if type(message) is neutral.Booted and isinstance(decision.reply, neutral.RefusedReply):  # B01.FR.12
            attached.close(1008, decision.reply.description[:120], Ending.REFUSED)
        if type(message) is neutral.Booted and booted is not self.state.boot:
            await self._learn_model(booted)

    async def _learn_model(self, before: dict[str, Any] | None) -> None:
        """What is known of its model counts from the boot on that names another one."""
        plate = ("vendor", "model", "firmware_version")
        now = self.state.boot or {}
        if before is not None and all(before.get(name) == now.get(name) for name in plate):
            return
        with contextlib.suppress(StoreUnavailable):  # the boot is stored and answered; the next load knows it
            config = await self.store.reload_config(self.station.id)
            if config is not None:
                self.config = config
                self.state = configured(self.state, config)
            if before is not None and self.state.known is not NOTHING_KNOWN:
                known, records = verify.another_model(self.clock.now())
                self.know(replace(known, starts=self.state.known.starts))
                await self._commit(Decision(self.state, None, records), [*records, to_row(self.state)], "")

    def _reply(self, attached: Attached, event: wire.CallReceived, reply: neutral.Reply | None) -> str:
        if isinstance(reply, neutral.RefusedReply):
            return attached.connection.reply_error(event, ErrorCode(reply.code), reply.description)
        response = catalogue.actions(self.station.version)[event.action].response
        if response is None or reply is None:
            raise TypeError(f"{event.action} has no answer to give")
        return attached.connection.reply(event, attached.translator.answer(event.action, response, reply))

    def _frames(
        self, event: wire.CallReceived, now: datetime, text: str | bytes, reply: str, outcome: str
    ) -> list[FrameRecord]:
        name, number = event.action, storable_id(event.message_id)
        return [
            line(self.new_id, now, "in", name, number, outcome, shown(text), event.repairs),
            line(self.new_id, now, "out", name, number, "sent", reply),
        ]

    async def _ask_store(self, asked: Question) -> Answers:
        store, station = self.store, self.station
        weighed, session = Weighed(), None
        if asked.token is not None:
            cut = len(asked.token.uid) >= 20
            weighed = await store.weigh_token(station.tenant_id, station.id, asked.token.uid, prefix=cut)
        if asked.transaction_id is not None or asked.business_key is not None:
            row = await store.find_session(
                station.id, business_key=asked.business_key, transaction_id=asked.transaction_id
            )
            session = None if row is None else from_row(row)
        ledger = await store.find_unmatched(station.id) if asked.ledger else ()
        return Answers(weighed.token, session, ledger, weighed=weighed)

    # Everything that is not a call

    async def _other(self, attached: Attached, event: wire.Event, text: str | bytes, now: datetime) -> None:
        match event:
            case wire.CallRefused():
                await self._note(text, now, "refused", event.action, event.message_id, event.reply_text)
                await attached.link.send(event.reply_text)
            case wire.PeerViolated():
                await self._note(text, now, "violated", None, None, event.reply_text)
                if event.reply_text is not None:
                    await attached.link.send(event.reply_text)
                if event.fatal:
                    attached.close(1007, event.detail, Ending.VIOLATED)
            case wire.SendReceived():
                await self._sent(attached, event, text, now)
            case wire.LateReply() | wire.UnknownReply(kind="result" | "error"):
                await self._late(attached, event, text, now)
            case wire.Ignored():
                return
            case wire.InvalidReply():
                self._settle(event, text)
                if event.reply_text is not None:
                    await attached.link.send(event.reply_text)
            case _:
                if not self._settle(event, text):
                    await self._note(text, now, _OUTCOMES.get(type(event), "ignored"), None, None)

    async def _late(
        self, attached: Attached, event: wire.LateReply | wire.UnknownReply, text: str | bytes, now: datetime
    ) -> None:
        """An answer that nothing waits for: perhaps to a command of longer ago, or of an earlier connection."""
        await self._ready()
        if not await self.asking().late(attached, event, shown(text)):
            action = event.action if isinstance(event, wire.LateReply) else None
            outcome = "unknown" if action is None else "late"
            await self._note(text, now, outcome, action, None if action is None else event.message_id)

    def _settle(self, event: wire.Event, text: str | bytes) -> bool:
        return self.commands is not None and self.commands.settle(event, shown(text))

    async def _sent(self, attached: Attached, event: wire.SendReceived, text: str | bytes, now: datetime) -> None:
        await self._ready()
        message = attached.translator.understand(event.action, event.payload)
        decision = decisions.decide(self.station, self.state, message, NOTHING, now, self.new_id)
        records = list(decision.records)
        if self.state.settings.get("forwarded"):
            records += forwarded(self.station, event, text, None, now, self.new_id)
        await self._commit(decision, records, text, event.action)

    async def _broken(self, broken: Broken) -> None:
        """What ended a link at WebSocket level: a line with its bytes, a quirk by code, an event."""
        if broken.attached is not self.attached:
            return
        await self._ready()
        now, told = self.clock.now(), f"websocket_{broken.code}"
        records: list[Record] = []
        state = self._mended(self.state, (wire.Repair(told, "", "", broken.reason),), now, records)
        event = FrameViolated(
            station_id=self.station.id, station=self.station.identity, code=broken.code, reason=broken.reason
        )
        records.append(EventRecord(self.new_id(), now, *make(event)))
        if self.frame_log != "none":
            why = (wire.Repair(told, "", "", broken.reason),)
            records.append(line(self.new_id, now, "in", None, None, "violated", shown(broken.text), why))
        await self._commit(Decision(state, None, records), records, "")

    async def _note(
        self,
        text: str | bytes,
        now: datetime,
        outcome: str,
        action: str | None,
        number: str | None,
        reply: str | None = None,
    ) -> None:
        """A line in the frame log for what is no ordinary message; never more than the policy allows."""
        if self.frame_log == "none":
            return
        number = storable_id(number)
        heard = line(self.new_id, now, "in", action, number, outcome, shown(text))
        records: list[Record] = [heard]
        if reply is not None:
            records.append(line(self.new_id, now, "out", action, number, "sent", reply))
        clean = whole(heard) or redact_frame(shown(text), action)
        unit = Unit(self.station.tenant_id, self.station.id, clean, records)
        await self.store.record(unit)


_OUTCOMES: Final[dict[type, str]] = {
    wire.DuplicateReply: "duplicate",
    wire.UnknownReply: "unknown",
    wire.ResultErrorReceived: "result_error",
}
