"""All stations of this node: who is attached, whose actor lives, and how the gateway and the web layer reach them.

Implements `face.Stations`. Endings are counted here, bugs end here.
"""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

import structlog
import trio

from actors.kernel.actor import ActorGone
from actors.kernel.holdoff import HoldOff, crashed
from actors.kernel.mailbox import MailboxFull
from actors.kernel.registry import Registry
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers
from actors.ports import Clock, NoServices, Services, StationConfig, StationImage, Store, StoreUnavailable, TokenFact
from actors.provisioning.admission import longest_interval
from actors.records import EventRecord, HeldOffRecord, ProfileProvedRecord, Unit
from actors.session import matching
from actors.session.instructions import Instruction
from actors.station.actor import StationActor
from actors.station.attachment import Attached
from actors.station.commands import Commands
from actors.station.face import (
    CommandResult,
    Ending,
    Link,
    LinkClosed,
    LiveConnector,
    LiveSession,
    LiveStation,
    NeutralCommand,
    Outside,
    RawCommand,
)
from actors.station.letters import (
    Broken,
    Connected,
    Consulted,
    Disconnected,
    Frame,
    Instructed,
    Reconfigured,
    TimePassed,
    live_session,
    shown,
)
from actors.station.requests import prepare
from actors.station.state import quirk_list
from actors.station.waiting import Pending
from actors.station.who import Station
from actors.verify.questions import left_alone
from actors.verify.steps import why_left_out
from protocol.events import types as events
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.translate import translator
from protocol.ocpp.version import Version
from protocol.redact import redact_frame

log = structlog.get_logger(__name__)
_LARGEST = 2**31 - 1
_AGAIN_AFTER = 10.0  # seconds
_ATTEMPTS = 60


class StationService:
    """Made by `stations(…)`."""

    def __init__(
        self,
        nursery: trio.Nursery,
        store: Store,
        clock: Clock,
        outside: Outside,
        new_id: Callable[[], UUID],
        heartbeat: int,
        services: Services,
    ) -> None:
        self._services = services
        self._supervisor = Supervisor(nursery, self._bug)
        self._timers = Timers()
        nursery.start_soon(self._timers.run)
        self._store = store
        self._clock = clock
        self._outside = outside
        self._new_id = new_id
        self._heartbeat = heartbeat
        self._actors: dict[UUID, StationActor] = {}
        self._attached: Registry[UUID, Attached] = Registry()
        self._held_off: dict[UUID, HoldOff] = {}
        self.endings: Counter[str] = Counter()
        self.repairs: Counter[str] = Counter()  # by code, of all stations

    # The gateway's side

    def held_off(self, station_id: UUID) -> float | None:
        held = self._held_off.get(station_id)
        return held.waiting(self._clock.monotonic()) if held is not None else None

    async def attach(
        self, image: StationImage, link: Link, version: Version, profile: int, restricted: str | None = None,
        certified: str | None = None,
    ) -> Attached:
        config = image.config
        station = Station(config.id, config.tenant_id, config.identity, version, restricted, certified)
        tolerate = bool(config.settings.get("tolerate_invalid_utf8"))
        connection = Connection(
            version, Role.CSMS, strict=config.strict, tolerate_utf8=tolerate, new_id=lambda: str(self._new_id())
        )
        window = 3.0 * longest_interval(config.settings, self._heartbeat)
        attached = Attached(self, link, connection, translator(version), profile=profile, idle_window=window)
        attached.claim, older = self._attached.claim(config.id, attached)
        if older is not None:
            self._end(older.holder, older.holder.ending or Ending.REPLACED)
            self._abandon_commands(config.id)
            older.holder.close(1008, "replaced by a newer connection of this station", Ending.REPLACED)
        self._actor(image, station).arrive(Connected(attached, config, station))
        if config.held_off is not None and self.held_off(config.id) is None:
            over = Unit(config.tenant_id, config.id, "", [HeldOffRecord(None)])
            self._supervisor.start(lambda: self._record_quietly(over))
        if profile > config.highest_profile:
            proved = Unit(config.tenant_id, config.id, "", [ProfileProvedRecord(profile)])
            self._supervisor.start(lambda: self._record_quietly(proved))
        return attached

    def _actor(self, image: StationImage, station: Station) -> StationActor:
        actor = self._actors.get(station.id)
        if actor is None:
            actor = self._actors[station.id] = StationActor(
                image,
                station,
                supervisor=self._supervisor,
                store=self._store,
                clock=self._clock,
                outside=self._outside,
                new_id=self._new_id,
                heartbeat=self._heartbeat,
                watch=self._watch,
                services=self._services,
                deliver=self._deliver,
                repairs=self.repairs,
            )
        return actor

    def _abandon_commands(self, station_id: UUID) -> None:
        actor = self._actors.get(station_id)
        if actor is not None and actor.commands is not None:
            actor.commands.abandon()

    async def received(self, attached: Attached, text: str | bytes) -> None:
        """One message of a link. What goes wrong ends that link and nothing else."""
        if attached.claim.current:
            await self._deliver(self._actors[attached.claim.key], Frame(attached, text))

    async def violated(self, attached: Attached, code: int, reason: str, raw: bytes) -> None:
        """A frame that was no message ended that link: for the frame log and the operator."""
        if attached.claim.current:
            await self._deliver(self._actors[attached.claim.key], Broken(attached, raw, code, reason))

    async def _deliver(self, actor: StationActor, letter: Frame | Consulted | Broken) -> None:
        attached = letter.attached
        try:
            await actor.run(letter)
        except LinkClosed:
            pass
        except StoreUnavailable as error:
            log.warning("not_stored", station=actor.station.identity, error=str(error))
            attached.close(1013, "cannot store this now, please try again later", Ending.STORE_SILENT)
        except Exception as error:  # noqa: BLE001 - a bug ends this link only; it is logged with its frame and counted
            self._supervisor.bug(actor, error, Frame(attached, letter.text))

    async def detached(self, attached: Attached, ending: Ending) -> None:
        if not attached.claim.release():
            return
        self._end(attached, ending)
        actor = self._actors.get(attached.claim.key)
        if actor is None:
            return
        if actor.attached is attached:
            actor.attached = None
        self._abandon_commands(attached.claim.key)
        with contextlib.suppress(ActorGone):
            actor.tell_newest("connection", Disconnected(ending))

    def _end(self, attached: Attached, ending: Ending) -> None:
        self.endings[ending.value] += 1
        attached.connection.abandon()

    async def drained(self) -> None:
        """Returns when no actor has mail left and no command is under way."""
        await self._supervisor.idle()

    # Bugs

    def _bug(self, culprit: object, error: Exception, message: object) -> bool:
        """Where failures of actors end. True when it was a bug of ours."""
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
        if not isinstance(message, Frame):
            return True
        message.attached.close(1011, "internal error", Ending.BUG)
        held = self._held_off[culprit.station.id] = crashed(
            self._held_off.get(culprit.station.id), self._clock.monotonic()
        )
        waiting = held.waiting(self._clock.monotonic())
        if waiting is not None:
            self._tell_held_off(culprit, held, waiting, error)
        return True

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
        records = [HeldOffRecord(value), EventRecord(self._new_id(), now, kind, subject, data)]
        unit = Unit(actor.station.tenant_id, actor.station.id, "", list(records))
        self._supervisor.start(lambda: self._record_quietly(unit))

    async def _record_quietly(self, unit: Unit) -> None:
        with contextlib.suppress(StoreUnavailable):
            await self._store.record(unit)

    def _watch(self, actor: StationActor, at: datetime) -> None:
        delay = (at - self._clock.now()).total_seconds()

        def wake() -> None:
            with contextlib.suppress(ActorGone):
                actor.tell_newest("time", TimePassed())

        self._timers.at(trio.current_time() + max(delay, 0.0) + 0.001, wake)

    # The web layer's side

    def live(self, station_id: UUID) -> LiveStation | None:
        actor = self._actors.get(station_id)
        if actor is None:
            return None
        state, attached = actor.state, actor.attached
        open_sessions = [session for session in state.sessions.values() if session.open]
        held = self._held_off.get(station_id)
        waiting = held.waiting(self._clock.monotonic()) if held is not None else None
        return LiveStation(
            station_id,
            attached is not None,
            actor.version,
            (attached.last_seen_at if attached is not None else None) or state.last_seen_at,
            state.connected_at,
            state.remote_address,
            state.boot,
            quirk_list(state),
            [
                LiveConnector(c.evse, c.connector, c.status, c.error, c.since, found.id if found else None)
                for c in state.connectors.values()
                for found in [matching.open_at(open_sessions, c.evse, c.connector)]
            ],
            [live_session(station_id, session) for session in open_sessions],
            len(actor.commands) if actor.commands is not None else 0,
            {"crashes": held.crashes, "retry_after_s": round(waiting)} if held is not None and waiting else None,
            attached.profile if attached is not None else None,
            state.registration,
        )

    def live_session(self, station_id: UUID, session_id: UUID) -> LiveSession | None:
        actor = self._actors.get(station_id)
        session = actor.state.sessions.get(session_id) if actor is not None else None
        return None if session is None else live_session(station_id, session)

    async def command(
        self,
        station: StationConfig,
        command: RawCommand | NeutralCommand,
        *,
        timeout: float,
        requested_by: str,
        request_id: str | None,
        command_id: UUID | None = None,
        unattended: bool = False,
    ) -> CommandResult:
        deadline = trio.current_time() + timeout
        actor = self._actors.get(station.id)
        version = await self._version(station, actor)
        if version is None:
            return CommandResult(None, "version_unknown")
        token = await self._token(station, command)
        now, command_id = self._clock.now(), command_id or self._new_id()
        request = prepare(
            version,
            actor.state if actor is not None else None,
            command,
            now=now,
            token_type=token.type if token is not None else None,
            token=token,
            number=command_id.int % _LARGEST + 1,
        )
        if isinstance(request, CommandResult):
            return request
        if actor is None or actor.attached is None:
            return CommandResult(None, "station_offline", request.action, version)
        if unattended:
            why = why_left_out(actor.state.known, request.action, request.shown)
            if why is not None:
                return CommandResult(None, "unsupported", request.action, version, outcome="unsupported", detail=why)
            rest = left_alone(actor.state.connected_at, actor.state.settings, now)
            if rest:
                why = f"a station of this model is left alone after it connected, for {rest} s yet (calm_seconds)"
                return CommandResult(None, "station_busy", request.action, version, retry_after=rest, detail=why)
        if isinstance(command, NeutralCommand) and command.name == "start" and command.arguments.get("limits"):
            actor.remember_start(command_id.int % _LARGEST + 1, {"limit": command.arguments["limits"]})
        pending = Pending(
            command_id,
            version,
            request.action,
            request.payload,
            request.shown,
            command=request.command,
            created_at=now,
            deadline=deadline,
            requested_by=requested_by,
            request_id=request_id,
            rotates=command.rotates,
        )
        return await actor.asking().submit(pending)

    async def _version(self, station: StationConfig, actor: StationActor | None) -> Version | None:
        if actor is not None:
            return actor.version
        image = await self._store.load_station(station.tenant_slug, station.identity)
        if image is None or image.state is None or image.state.version is None:
            return station.ocpp_version
        return Version(image.state.version)

    async def _token(self, station: StationConfig, command: RawCommand | NeutralCommand) -> TokenFact | None:
        if isinstance(command, RawCommand) or command.name != "start":
            return None
        return await self._store.find_token(station.tenant_id, command.arguments["token"], prefix=False)

    async def instruct(self, station: StationConfig, instruction: Instruction) -> bool:
        actor = self._actors.get(station.id)
        if actor is None:
            image = await self._store.load_station(station.tenant_slug, station.identity)
            version = await self._version(station, None)
            if image is None or version is None:
                return False
            actor = self._actor(image, Station(station.id, station.tenant_id, station.identity, version))
        taken: bool = await actor.run(Instructed(instruction))
        return taken

    async def reconfigured(self, station_id: UUID) -> None:
        actor = self._actors.get(station_id)
        if actor is None:
            return
        config = await self._store.reload_config(station_id)
        if config is None:
            await self.removed(station_id)
            return
        if config.held_off is None and self.held_off(station_id) is not None:
            del self._held_off[station_id]  # the operator lets it in again
        with contextlib.suppress(ActorGone, MailboxFull):
            actor.tell_newest("configuration", Reconfigured(config))

    async def removed(self, station_id: UUID) -> None:
        actor = self._actors.pop(station_id, None)
        claim = self._attached.claim_of(station_id)
        if claim is not None:
            claim.holder.close(1008, "this station was deleted", Ending.REFUSED)
            claim.release()
            self._end(claim.holder, claim.holder.ending or Ending.REFUSED)
        if actor is not None:
            actor.attached = None
            if actor.commands is not None:
                actor.commands.abandon()
            actor.stop()

    def counts(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for claim in self._attached:
            counts[f"online_{claim.holder.connection.version.value}"] += 1
        counts["online"] = len(self._attached)
        counts["actors"] = len(self._actors)
        counts["bugs"] = self._supervisor.bugs
        counts["waiting_commands"] = sum(len(a.commands) for a in self._actors.values() if a.commands is not None)
        return dict(counts) | {f"ending_{name}": number for name, number in self.endings.items()}


@contextlib.asynccontextmanager
async def stations(
    store: Store,
    clock: Clock,
    outside: Outside,
    new_id: Callable[[], UUID],
    *,
    heartbeat: int,
    services: Services | None = None,
) -> AsyncIterator[StationService]:
    """The stations of a node. On the way out, what actors still have in their mailboxes (endings) is handled first."""
    async with trio.open_nursery() as nursery:
        service = StationService(nursery, store, clock, outside, new_id, heartbeat, services or NoServices())
        yield service
        with trio.move_on_after(5):
            await service.drained()
        nursery.cancel_scope.cancel()
