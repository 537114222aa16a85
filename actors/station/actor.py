"""The charge-point actor: one station's state, and the one place where its messages are handled.

Decoding (protocol/ocpp/connection.py) and deciding (decide.py) are pure; here is what lies between: ask the store what
the decision needs, store what it leads to, and only then answer.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from actors.kernel.supervisor import Supervisor
from actors.ports import Clock, Services, StationConfig, StationImage, Store
from actors.records import Record, StationStateRecord, Unit
from actors.session.derive import measure
from actors.session.instructions import Instruction
from actors.session.rows import to_measured
from actors.station import decide as decisions
from actors.station.attachment import Attached
from actors.station.commands import Commands
from actors.station.decide import Decision
from actors.station.face import Ending, Outside
from actors.station.hearing import Hearing
from actors.station.instructing import instructed
from actors.station.letters import (
    Broken,
    Connected,
    Consulted,
    Disconnected,
    Frame,
    Instructed,
    Letter,
    Reconfigured,
    TimePassed,
    live_session,
    shown,
)
from actors.station.state import StationState, configured, from_image, to_row, with_sessions
from actors.station.who import Station
from actors.verify import questions
from actors.verify import steps as verify
from actors.verify.known import Known
from protocol.ocpp import events as wire
from protocol.ocpp.version import Version
from protocol.redact import redact_frame

_STARTS_KEPT: Final = 32


class StationActor(Hearing):
    """Lives from the station's first connection on, and outlives it."""

    __slots__ = ("_found", "_outside", "_repairs", "_storing", "wake_at", "watch")

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
        self._storing: StationState | None = None  # what `state` becomes when what is on its way to the store is there
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

    def asking(self) -> Commands:
        """Its commands, from the first one on."""
        if self.commands is None:
            self.commands = Commands(self)
        return self.commands

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
                self.state = with_sessions(self.state, {session.id: session}, stamp)

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
        # From a first password on, one is asked for at the next handshake.
        profile_stays = before.security_profile == config.security_profile or (
            before.security_profile < config.security_profile <= max(attached.profile, 1 if known else 0)
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

    # What is found out by asking (actors/verify)

    def know(self, known: Known) -> None:
        """What is known of the station from now on; decisions leave it as it is."""
        if known is not self.state.known:
            self.state = replace(self.state, known=known)

    def _lost(self) -> None:
        """The connection ended, and not by us: perhaps it was our question."""
        known, self._found[len(self._found) :] = questions.ended(self.state.known, self.clock.now())
        self.know(known)

    def row(self) -> StationStateRecord:
        """For what is stored outside of a turn: never older than what the turn under way has told the store."""
        state, known = self._storing or self.state, self.state.known
        return to_row(state if state.known is known else replace(state, known=known))

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

    async def _commit(
        self,
        decision: Decision,
        records: list[Record],
        text: str | bytes,
        action: str | None = None,
        clean: str | None = None,
    ) -> None:
        """Stores, then takes the new state. Raises StoreUnavailable; then nothing was promised and nothing changes.

        What is not answered, the station says again (E13). `clean`: the text redacted, where that has been done.
        """
        if records:
            raw = clean or (redact_frame(shown(text), action) if text else "")
            unit = Unit(self.station.tenant_id, self.station.id, raw, records)
            number = decision.state.next_transaction
            stored = False
            self._storing = decision.state
            try:
                stored = await self.store.record(unit)
            finally:
                self._storing = None
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
