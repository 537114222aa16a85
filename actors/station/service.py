"""All stations of this node: who is attached, whose actor lives, and how the gateway and the web layer reach them.

Implements `face.Stations`. Endings are counted here; what goes wrong ends in trouble.py.
"""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

import trio

from actors.kernel.actor import ActorGone
from actors.kernel.mailbox import MailboxFull
from actors.kernel.registry import Registry
from actors.kernel.timers import Timers
from actors.ports import Clock, NoServices, Services, StationConfig, StationImage, Store
from actors.provisioning.admission import longest_interval
from actors.records import HeldOffRecord, ProfileProvedRecord
from actors.session.instructions import Instruction
from actors.station import asking
from actors.station.actor import StationActor
from actors.station.attachment import Attached
from actors.station.face import (
    CommandResult,
    Ending,
    Link,
    LiveSession,
    LiveStation,
    NeutralCommand,
    Outside,
    RawCommand,
)
from actors.station.letters import (
    Broken,
    Connected,
    Disconnected,
    Frame,
    Instructed,
    Reconfigured,
    TimePassed,
    live_session,
)
from actors.station.showing import live_station
from actors.station.trouble import Trouble
from actors.station.who import Station
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.translate import translator
from protocol.ocpp.version import Version


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
        self._timers = Timers()
        self._trouble = Trouble(nursery, store, clock, self._timers, new_id)
        self._supervisor = self._trouble.supervisor
        self._deliver = self._trouble.delivering
        nursery.start_soon(self._timers.run)
        self._store = store
        self._clock = clock
        self._outside = outside
        self._new_id = new_id
        self._heartbeat = heartbeat
        self._actors: dict[UUID, StationActor] = {}
        self._attached: Registry[UUID, Attached] = Registry()
        self.endings: Counter[str] = Counter()
        self.repairs: Counter[str] = Counter()  # by code, of all stations

    # The gateway's side

    def held_off(self, station_id: UUID) -> float | None:
        return self._trouble.held_off(station_id)

    async def attach(
        self,
        image: StationImage,
        link: Link,
        version: Version,
        profile: int,
        restricted: str | None = None,
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
            self._trouble.record(config.tenant_id, config.id, HeldOffRecord(None))
        if profile > config.highest_profile:
            self._trouble.record(config.tenant_id, config.id, ProfileProvedRecord(profile))
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
        """One message of a link."""
        if attached.claim.current:
            await self._deliver(self._actors[attached.claim.key], Frame(attached, text))

    async def violated(self, attached: Attached, code: int, reason: str, raw: bytes) -> None:
        """A frame that was no message ended that link: for the frame log and the operator."""
        if attached.claim.current:
            await self._deliver(self._actors[attached.claim.key], Broken(attached, raw, code, reason))

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

    def _watch(self, actor: StationActor, at: datetime) -> None:
        delay = (at - self._clock.now()).total_seconds()

        def wake() -> None:
            with contextlib.suppress(ActorGone):
                actor.tell_newest("time", TimePassed())

        self._timers.at(trio.current_time() + max(delay, 0.0) + 0.001, wake)

    # The web layer's side

    def live(self, station_id: UUID) -> LiveStation | None:
        actor = self._actors.get(station_id)
        return None if actor is None else live_station(actor, self._trouble.shown(station_id))

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
        return await asking.ask(
            self._actors.get(station.id),
            station,
            command,
            store=self._store,
            clock=self._clock,
            timeout=timeout,
            requested_by=requested_by,
            request_id=request_id,
            command_id=command_id or self._new_id(),
            unattended=unattended,
        )

    async def instruct(self, station: StationConfig, instruction: Instruction) -> bool:
        actor = self._actors.get(station.id)
        if actor is None:
            image = await self._store.load_station(station.tenant_slug, station.identity)
            version = await asking.version_of(self._store, station, None)
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
        if config.held_off is None:
            self._trouble.let_in(station_id)
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
