"""The worker with a real database, directed stations and a clock that the test moves: jobs as they run in a node."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import trio
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from actors.station.face import LiveStation
from gateway.settings import Settings
from gateway.worker.outcome import Handler, Tools
from gateway.worker.runner import Worker
from storage.bridge import open_bridge
from storage.jobs import Job, JobQueue, get_job
from storage.pool import Pool
from storage.sealing import Seal
from storage.store import PostgresStore, open_store
from tests.support.api import NOW, DirectedStations, answered
from tests.support.files import make_files
from tests.support.postgres import Database
from web.api.neutral import arguments_of

SEAL = Seal(bytes(32))


@attrs.define
class MovedClock:
    """The clock port: stands still until it is moved."""

    at: Any = NOW

    def now(self) -> Any:
        return self.at

    def monotonic(self) -> float:
        return trio.current_time()


@attrs.define
class WorkerRig:
    """`worker` runs nothing by itself: `work` lets it take what is due, once, and waits until that is done."""

    web: Pool
    node: Pool
    store: PostgresStore
    stations: DirectedStations
    clock: MovedClock
    tools: Tools
    worker: Worker
    queue: JobQueue

    async def work(self) -> None:
        """One round of the worker, to the end of the jobs it claims."""
        await self.worker.once()

    async def job(self, job_id: UUID) -> Job:
        found = await self.web.run_as_tenant(DEFAULT_TENANT, lambda connection: get_job(connection, job_id))
        assert found is not None
        return found

    def move(self, **time: float) -> None:
        self.clock.at += timedelta(**time)

    def online(self, station_id: UUID, *, there: bool = True) -> None:
        """Whether the station is connected."""
        self.stations.stations[station_id] = LiveStation(
            station_id, there, None, None, None, None, None, (), (), (), 0, None
        )

    async def station(self, identity: str = "CP1", **columns: Any) -> UUID:
        """A station of the default tenant."""
        station_id = uuids.uuid7()
        await self.node.execute(
            "insert into stations (tenant_id, id, identity, identity_key, settings, created_at, updated_at)"
            " values ($1, $2, $3, lower($3), $4, $5, $5)",
            DEFAULT_TENANT, station_id, identity, columns.get("settings", {}), NOW,
        )  # fmt: skip
        return station_id


@asynccontextmanager
async def worker_rig(database: Database, handlers: Mapping[str, Handler], data_dir: Path) -> AsyncIterator[WorkerRig]:
    """With those handlers."""
    async with open_bridge() as bridge:
        pools = bridge.pool(database.url("web")), bridge.pool(database.url("node"))
        async with (
            pools[0] as web,
            pools[1] as node,
            open_store(bridge, database.url("node"), deadline=10.0) as store,
            trio.open_nursery() as nursery,
        ):
            stations, clock = DirectedStations(results=[answered()]), MovedClock()
            files = make_files(data_dir, node)
            given = Settings(data_dir=data_dir)
            tools = Tools(web, store, stations, clock, uuids.uuid7, given, SEAL.read, arguments_of, files)
            queue = JobQueue(node)
            yield WorkerRig(web, node, store, stations, clock, tools, Worker(queue, tools, handlers, nursery), queue)
