"""What a handler is given, and how it says what became of its job."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import attrs

from actors.ports import Clock, StationConfig, Store
from actors.records import EventRecord, Record, Unit
from actors.station.face import CommandResult, LiveStation, NeutralCommand, RawCommand, Stations
from gateway.settings import Settings
from protocol.events.types import EventData, make
from storage.jobs import Job, NewJob, enqueue
from storage.pool import Connection, Pool
from storage.sql import sql
from storage.web.stations import Found, find_station
from web.files.server import Files

T = TypeVar("T")
GONE: Final = "the station was deleted"
AWAY: Final = "the station is not connected"


@attrs.frozen
class Tools:
    """What handlers work with. `web` is the pool of voltyard_web: work runs in one tenant's fence.

    `store` is the journal's way in: rows and events that belong to one station. `unseal(kept, owner)` opens what
    storage/sealing.py closed; raises CannotOpen. `arguments(name, body)` are those of a neutral command as REST takes
    it; raises NotValid.
    """

    web: Pool
    store: Store
    stations: Stations
    clock: Clock
    new_id: Callable[[], UUID]
    settings: Settings
    unseal: Callable[[bytes, UUID], str]
    arguments: Callable[[str, Any], dict[str, Any]]
    files: Files | None = None
    trust_changed: Callable[[], None] = lambda: None  # who is trusted was changed: the listeners are to know now

    async def database(self, tenant_id: UUID, work: Callable[[Connection], Awaitable[T]]) -> T:
        """`work(connection)` in one transaction that sees this tenant."""
        return await self.web.run_as_tenant(tenant_id, work)

    async def station(self, job: Job) -> StationConfig | None:
        """The job's station; None when it was deleted."""

        async def find(connection: Connection) -> Found | None:
            slug = await connection.fetchval(sql("web_tenant_own"))
            return await find_station(connection, str(job.station_id), slug)

        found = await self.database(job.tenant_id, find)
        return None if found is None else found.config

    async def connected(self, job: Job) -> "Connected | Outcome":
        """The job's station, which is connected; or how the job goes on without it."""
        station = await self.station(job)
        if station is None:
            return Failed(GONE)
        live = self.stations.live(station.id)
        if live is None or not live.online:
            return Again(job.state, waits_for="online", error=AWAY)
        return Connected(station, live)

    async def command(
        self, job: Job, station: StationConfig, command: RawCommand | NeutralCommand, *, timeout: float = 30.0,
        command_id: UUID | None = None,
    ) -> CommandResult:  # fmt: skip
        """Sends it and waits for its fate; under `command_id` when it has one already."""
        return await self.stations.command(
            station, command, timeout=timeout, requested_by=job.requested_by or f"job:{job.kind}",
            request_id=job.request_id, command_id=command_id, unattended=job.requested_by is None,
        )  # fmt: skip

    async def record(self, tenant_id: UUID, station_id: UUID, *records: Record) -> None:
        """Rows of one station, committed together when this returns."""
        await self.store.record(Unit(tenant_id, station_id, "", list(records)))

    def event(self, event: EventData, request_id: str | None = None) -> EventRecord:
        """An event as a row for `record`."""
        kind, subject, data = make(event)
        return EventRecord(self.new_id(), self.clock.now(), kind, subject, data, request_id)

    async def begin(self, job: NewJob) -> bool:
        """Another job. False when one of that kind and key is open."""
        return await self.database(job.tenant_id, lambda connection: enqueue(connection, job))


@attrs.frozen
class Done:
    """It is over and well."""

    result: dict[str, Any] | None = None


@attrs.frozen
class Failed:
    """It is over and did not succeed; `error` says what, where and what to do."""

    error: str
    result: dict[str, Any] | None = None


WaitsFor = Literal["online", "accepted"]


@attrs.frozen
class Again:
    """It goes on after a while, from `state`. `error`: what it waits for, or what went wrong.

    `waits_for`: "online" until its station connects, "accepted" until a boot of it is accepted. `put_off`: its station
    could not be asked now; how often that was so in a row is `job.waits`.
    """

    state: dict[str, Any]
    after: timedelta = timedelta()
    waits_for: WaitsFor | None = None
    error: str | None = None
    put_off: bool = False


Outcome = Done | Failed | Again
Keep = Callable[[dict[str, Any]], Awaitable[None]]
"""Stores the state before something that must not be done twice; raises `runner.Lost` when it is no longer ours."""


@attrs.frozen
class Connected:
    """A job's station, and what its actor knows."""

    station: StationConfig
    live: LiveStation


@attrs.frozen
class Handler:
    """How jobs of one kind are run. `run(tools, job, keep)`; `deadline` in seconds for one run.

    A run that raises is tried again with growing pauses, at most `tries` times; then the job fails. With `every` it
    never ends by that: so often there is an occasion, and the next one has all its tries again.
    `expired(tools, job)`: what follows when its time is over before it was done. Like a run it may be done twice.
    """

    run: Callable[[Tools, Job, Keep], Awaitable[Outcome]]
    deadline: float = 120.0
    tries: int = 8
    every: timedelta | None = None
    expired: Callable[[Tools, Job], Awaitable[None]] | None = None


Handlers = Mapping[str, Handler]
