"""The charge-point actor: one station's state, and the one place where its messages are handled.

Decoding (protocol/ocpp/connection.py) and deciding (decide.py) are pure; here is what lies between: ask the store what
the decision needs, store what it leads to, and only then answer.
"""

import contextlib
import functools
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import trio
from msgspec.structs import replace

from actors.kernel.actor import Actor
from actors.kernel.supervisor import Supervisor
from actors.ports import Clock, Consultation, Services, StationConfig, StationImage, Store, StoreUnavailable, Weighed
from actors.records import EventRecord, FrameRecord, Record, Unit
from actors.session.derive import measure
from actors.session.instructions import Instruction
from actors.session.notices import whole_wh
from actors.session.rows import from_row, to_measured
from actors.station import decide as decisions
from actors.station.attachment import Attached
from actors.station.believed import believed
from actors.station.commands import Commands
from actors.station.consulting import AT_ONCE, SECONDS, consultation
from actors.station.decide import Decision
from actors.station.face import Ending, LiveSession, Outside
from actors.station.forwarding import forwarded
from actors.station.framelog import line, routine, wanted
from actors.station.instructing import instructed
from actors.station.questions import NOTHING, Answers, Question, prompted, question
from actors.station.state import StationState, configured, from_image, to_row, with_sessions
from actors.station.who import Station
from actors.verify import questions
from actors.verify import steps as verify
from actors.verify.known import NOTHING_KNOWN, Known
from protocol.events.base import make
from protocol.events.repairs import FrameViolated
from protocol.ocpp import catalogue, neutral
from protocol.ocpp import events as wire
from protocol.ocpp.errors import ErrorCode
from protocol.ocpp.version import Version
from protocol.redact import redact_frame


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One text from the station; bytes when it was not valid UTF-8."""

    attached: Attached
    text: str | bytes


class Broken(msgspec.Struct, frozen=True):
    """A frame that was no message: `text` is the beginning of its bytes, `code` how the link ends."""

    attached: Attached
    text: bytes
    code: int
    reason: str


class Connected(msgspec.Struct, frozen=True):
    """A connection with the configuration as it now is, and perhaps another version."""

    attached: Attached
    config: StationConfig
    station: Station


class Disconnected(msgspec.Struct, frozen=True):
    """`attempt`: how often it could not be stored so far."""

    ending: Ending
    attempt: int = 0


class Reconfigured(msgspec.Struct, frozen=True):
    config: StationConfig


class Instructed(msgspec.Struct, frozen=True):
    """Something is wanted of a session."""

    instruction: Instruction


class TimePassed(msgspec.Struct, frozen=True):
    """A deadline of the state may have come."""


class Consulted(msgspec.Struct, frozen=True):
    """Somebody outside has been asked about a request, which can now be decided; `answer` None: nothing was heard."""

    attached: Attached
    event: wire.CallReceived
    text: str | bytes
    message: neutral.Message
    received: datetime
    answer: Any


Letter = Frame | Broken | Consulted | Connected | Disconnected | Reconfigured | Instructed | TimePassed

_STARTS_KEPT: Final = 32


class StationActor(Actor[Letter]):
    """Lives from the station's first connection on, and outlives it."""

    __slots__ = (
        "_arriving",
        "_behind",
        "_consulting",
        "_found",
        "_outside",
        "_repairs",
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
        "wake_at",
        "watch",
    )

    def __init__(
        self,
        image: StationImage,
        station: Station,
        *,
        supervisor: Supervisor,
        store: Store,
        clock: Clock,
        outside: Outside,
        new_id: Callable[[], UUID],
        heartbeat: int,
        watch: Callable[["StationActor", datetime], None],
        services: Services,
        deliver: Callable[["StationActor", Frame | Consulted], Awaitable[None]],
        repairs: Counter[str],
    ) -> None:
        super().__init__(supervisor)
        self.supervisor = supervisor
        self.store = store
        self.clock = clock
        self.new_id = new_id
        self._outside = outside
        self._repairs = repairs
        self.config = image.config
        self.station = station
        self.state: StationState = from_image(image, heartbeat, clock.now())
        self.attached: Attached | None = None
        self.commands: Commands | None = None
        self.stale = False  # a unit's fate is not known: before the next decision all starts from the store again
        self._behind = True  # readings may lie in the store that the sessions' rows do not know
        self._arriving: Connected | None = None
        self.watch = watch
        self.services = services
        self.deliver = deliver
        self._consulting = 0
        self._found: list[Record] = []  # to be stored with the next connection or ending
        self.wake_at: datetime | None = None

    def remember_start(self, number: int, wish: dict[str, Any]) -> None:
        """What the answer to the begin of that remote start says (2.1, F07.FR.02); the oldest gives way."""
        starts = {**self.state.known.starts, str(number): wish}
        while len(starts) > _STARTS_KEPT:
            del starts[next(iter(starts))]
        self.know(replace(self.state.known, starts=starts))

    @property
    def frame_log(self) -> str:
        return self.config.frame_log

    @property
    def version(self) -> Version:
        """That of the connection, or of the last one."""
        return self.attached.connection.version if self.attached is not None else self.station.version

    def arrive(self, connected: Connected) -> None:
        """A connection has claimed the station: no frame of an older one is begun any more.

        What it brings is taken up under the lock, so that a message which is half-way is not changed under the hands.
        """
        if self.attached is not None and self.attached.ending in (None, Ending.REPLACED):
            self._lost()  # it came anew without a close
        self.attached = connected.attached
        self._arriving = connected
        self.tell_newest("connection", connected)

    async def handle(self, message: Letter) -> Any:
        match message:
            case Frame(attached, text):
                await self._frame(attached, text)
            case Consulted():
                await self._consulted(message)
            case Broken():
                await self._broken(message)
            case Connected():
                await self._ready()
            case Disconnected(ending):
                await self._disconnected(ending)
            case Reconfigured(config):
                self._reconfigured(config)
            case TimePassed():
                await self._time_passed()
            case Instructed(instruction):
                return await self._instructed(instruction)
        return None

    # Connection

    def _take_up(self) -> None:
        arriving = self._arriving
        if arriving is not None and arriving.station is not self.station:
            config = self.config = arriving.config
            self.station = arriving.station
            self.state = configured(self.state, config)

    async def _ready(self) -> None:
        """Before anything is decided: memory is what the store knows, and the connection has been told of.

        Whoever comes first does it: the connection's own letter, or a frame that was faster.
        """
        self._take_up()
        arriving = self._arriving
        if self.stale:
            await self._reload()
        if self._behind:
            await self._catch_up()
            self._behind = False
        if arriving is None or arriving is not self._arriving:
            return
        now, attached = self.clock.now(), arriving.attached
        decision = decisions.connected(
            self.station, self.state, attached.link.remote_address, attached.profile, now, self.new_id
        )
        await self._commit(decision, [*decision.records, *self._take_found()], "")
        if self._arriving is arriving:
            self._arriving = None

    async def _reload(self) -> None:
        """Starts from the store again; transaction ids and received_at never go back."""
        image = await self.store.load_station(self.config.tenant_slug, self.config.identity)
        if image is not None and image.config.id == self.station.id:
            before, fresh = self.state, from_image(image, self.state.heartbeat, self.clock.now())
            self.config = image.config
            self.state = replace(
                fresh,
                stamp=max(before.stamp, fresh.stamp),
                next_transaction=max(before.next_transaction, fresh.next_transaction),
                online=before.online,
                known=before.known,
                connected_at=before.connected_at,
                remote_address=before.remote_address,
            )
        self.stale, self._behind = False, True

    async def _catch_up(self) -> None:
        """Readings that arrived after an open session's row was last written."""
        for session in list(self.state.sessions.values()):
            if not session.open:
                continue
            rows = await self.store.readings_since(self.station.id, session.id, session.last_received_at)
            for row in rows:
                session = measure(session, to_measured(row))
            if rows:
                stamp = max(self.state.stamp, session.last_received_at)
                self.state = replace(with_sessions(self.state, [session]), stamp=stamp)

    async def _disconnected(self, ending: Ending) -> None:
        if self.attached is not None:
            return
        self._arriving = None
        if ending in (Ending.PEER_CLOSED, Ending.PEER_SILENT):
            self._lost()
        decision = decisions.disconnected(self.station, self.state, ending.value, self.clock.now(), self.new_id)
        await self._commit(decision, [*decision.records, *self._take_found()], "")

    def _reconfigured(self, config: StationConfig) -> None:
        self._take_up()
        before, self.config = self.config, config
        self.state = configured(self.state, config)
        attached = self.attached
        if attached is None:
            return
        # The station has accepted the password that was pending: it knows it already.
        known = config.password_hash is not None and config.password_hash == before.pending_password_hash
        # A profile that this connection has proved may well be demanded from now on.
        profile_stays = before.security_profile == config.security_profile or (
            before.security_profile < config.security_profile <= attached.profile
        )
        stays = profile_stays and before.ocpp_version == config.ocpp_version and (
            known or before.password_hash == config.password_hash
        )
        pinned_elsewhere = config.ocpp_version not in (None, self.station.version)
        if before.strict != config.strict or pinned_elsewhere or (not stays and config.pending_password_hash is None):
            attached.close(1012, "configuration changed, please reconnect", Ending.REFUSED)

    async def _time_passed(self) -> None:
        self.wake_at = None
        await self._ready()
        decision = decisions.time_passed(self.station, self.state, self.clock.now(), self.new_id)
        if decision.records:
            await self._commit(decision, list(decision.records), "")
        self._watch_time()

    async def _instructed(self, instruction: Instruction) -> bool:
        """True when it was taken up; raises StoreUnavailable."""
        await self._ready()
        decision = instructed(self.station, self.state, instruction, self.clock.now(), self.new_id)
        if decision is None:
            return False
        await self._commit(decision, list(decision.records), "")
        return True

    # Frames

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
        if asked is not None and self._consulting < AT_ONCE:
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
        if self.commands is not None:
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
        if wanted(self.frame_log, is_routine=routine(message), repaired=repaired):
            outcome = "repaired" if repaired else "accepted"
            records += self._frames(event, now, text, reply, outcome)
        if self.state.settings.get("forwarded"):
            records += forwarded(self.station, event, decision.reply, now, self.new_id)
        if records or decision.state is not self.state:
            await self._commit(decision, records, text, event.action)
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

    # What is found out by asking (actors/verify)

    def know(self, known: Known) -> None:
        """What is known of the station from now on; decisions leave it as it is."""
        if known is not self.state.known:
            self.state = replace(self.state, known=known)

    def _lost(self) -> None:
        """The connection ended, and not by us: perhaps it was our question."""
        known, self._found[len(self._found) :] = questions.ended(self.state.known, self.clock.now())
        self.know(known)

    def _take_found(self) -> list[Record]:
        found, self._found = self._found, []
        return [*found, to_row(self.state)] if found else []

    def _verified(self, decision: Decision, records: list[Record], now: datetime) -> Decision:
        """Meter values against the limits that are watched."""
        known, found, ignored = verify.measured(self.station, self.state.known, records, now, self.new_id)
        self.know(known)
        records += found
        return replace(decision, state=self._mended(decision.state, ignored, now, records)) if ignored else decision

    def _mended(
        self, state: StationState, repairs: tuple[wire.Repair, ...], now: datetime, records: list[Record]
    ) -> StationState:
        """Counts repairs by code; a new code is shown to the operator at once, counts with the next row."""
        quirks = dict(state.quirks)
        for code in {repair.code for repair in repairs}:
            self._repairs[code] += 1
            quirks[code] = (quirks.get(code, (0, now))[0] + 1, now)
        mended = replace(state, quirks=quirks)
        if len(quirks) > len(state.quirks):
            records.append(to_row(mended))
        return mended

    def _frames(
        self, event: wire.CallReceived, now: datetime, text: str | bytes, reply: str, outcome: str
    ) -> list[FrameRecord]:
        name, number = event.action, _storable_id(event.message_id)
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

    async def _commit(
        self, decision: Decision, records: list[Record], text: str | bytes, action: str | None = None
    ) -> None:
        """Stores, then takes the new state. Raises StoreUnavailable; then nothing was promised and nothing changes.

        What is not answered, the station says again (E13).
        """
        if records:
            raw = redact_frame(shown(text), action) if text else ""
            unit = Unit(self.station.tenant_id, self.station.id, raw, records)
            number = decision.state.next_transaction
            stored = False
            try:
                stored = await self.store.record(unit)
            finally:
                if not stored:
                    # The unit may still be committed, or lies in quarantine whole. What is stored of what it would have
                    # said is read back before the next message: memory never knows what the store does not.
                    self.stale = True
                    self.state = replace(self.state, next_transaction=number, stamp=decision.state.stamp)
            if not stored:
                return
        # What was found out meanwhile, by an answer to a command, stays.
        known = self.state.known
        self.state = decision.state if decision.state.known is known else replace(decision.state, known=known)
        if decision.moved:
            self._tell(decision)
        self._watch_time()

    def _tell(self, decision: Decision) -> None:
        if self._outside.quiet:
            return
        for session in decision.moved:
            if session.last_reading_at is not None:
                self._outside.measured(self.station.tenant_id, live_session(self.station.id, session))

    def _watch_time(self) -> None:
        if self.wake_at is None and (self.state.sessions or self.state.assemblies):
            self.wake_at = decisions.next_check(self.state)
            if self.wake_at is not None:
                self.watch(self, self.wake_at)

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
            case wire.LateReply():
                await self._note(text, now, "late", event.action, event.message_id)
                if self.commands is not None:
                    await self.commands.late(event)
            case wire.Ignored():
                return
            case wire.InvalidReply():
                self._settle(event, text)
                if event.reply_text is not None:
                    await attached.link.send(event.reply_text)
            case _:
                if not self._settle(event, text):
                    await self._note(text, now, _OUTCOMES.get(type(event), "ignored"), None, None)

    def _settle(self, event: wire.Event, text: str | bytes) -> bool:
        return self.commands is not None and self.commands.settle(event, shown(text))

    async def _sent(self, attached: Attached, event: wire.SendReceived, text: str | bytes, now: datetime) -> None:
        await self._ready()
        message = attached.translator.understand(event.action, event.payload)
        decision = decisions.decide(self.station, self.state, message, NOTHING, now, self.new_id)
        records = list(decision.records)
        if self.state.settings.get("forwarded"):
            records += forwarded(self.station, event, None, now, self.new_id)
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
        number = _storable_id(number)
        records: list[Record] = [line(self.new_id, now, "in", action, number, outcome, shown(text))]
        if reply is not None:
            records.append(line(self.new_id, now, "out", action, number, "sent", reply))
        unit = Unit(self.station.tenant_id, self.station.id, redact_frame(shown(text), action), records)
        await self.store.record(unit)


_OUTCOMES: Final[dict[type, str]] = {
    wire.DuplicateReply: "duplicate",
    wire.UnknownReply: "unknown",
    wire.ResultErrorReceived: "result_error",
}


def shown(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "backslashreplace")


def _storable_id(message_id: str | None) -> str | None:
    return (
        None if message_id is None else message_id[:100].replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    )


def live_session(station_id: UUID, session: Any) -> LiveSession:
    """The newest of a session for readers ahead of its row."""
    return LiveSession(
        session.id,
        station_id,
        whole_wh(session.imported.total),
        whole_wh(session.exported.total),
        session.power_w,
        session.soc,
        session.last_reading_at or session.last_received_at,
    )
