"""Certificates from end to end: a simulated station, the station service, the worker and a real database, in memory."""

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
from actors.station.attachment import Attached
from actors.station.face import CommandResult, Ending, LinkClosed, LiveSession, NeutralCommand, RawCommand
from actors.station.service import StationService, stations
from gateway.settings import Settings
from gateway.worker.certificates import HANDLERS
from gateway.worker.outcome import Tools
from gateway.worker.runner import Worker
from protocol.ocpp.version import Version
from simulators.station.config import StationConfig
from simulators.station.link import Link as SimLink
from simulators.station.runner import make_station
from simulators.station.station import Station
from storage.bridge import open_bridge
from storage.jobs import Job, JobQueue, list_jobs
from storage.jobs.jobs import JobFilter
from storage.pool import Pool
from storage.store import PostgresStore, open_store
from storage.web.certificates import CertificateFilter, CertificateRow, list_certificates
from tests.support.api import NOW
from tests.support.postgres import Database
from tests.support.worker_rig import SEAL, MovedClock
from web.api.neutral import arguments_of


class Nobody:
    """Whom actors tell; nobody listens."""

    quiet = True

    def measured(self, tenant_id: UUID, session: LiveSession) -> None:
        """Nothing."""


class Joined:
    """A simulated station and its link. Implements `actors.station.face.Link` for the service's side."""

    remote_address = "192.0.2.7"

    def __init__(self, rig: "CertificateRig", config: StationConfig) -> None:
        self.rig = rig
        self.sim = SimLink(make_station(config, rig.clock.now()))
        self.attached: Attached
        self.closed = False
        self.texts: list[str] = []  # of the platform
        self._in, self._out = trio.open_memory_channel[str](1000)

    @property
    def station(self) -> Station:
        return self.sim.station

    async def send(self, text: str | bytes) -> None:
        await trio.lowlevel.checkpoint()
        if self.closed:
            raise LinkClosed
        told = text.decode() if isinstance(text, bytes) else text
        self.texts.append(told)
        self._say(self.sim.receive(told, self.rig.clock.now()))

    def close(self, code: int, reason: str, ending: Ending) -> None:
        self.closed = True

    def poll(self) -> None:
        """What the station wants to say now."""
        self._say(self.sim.poll(self.rig.clock.now()))

    def _say(self, texts: list[str]) -> None:
        for text in texts:
            self._in.send_nowait(text)

    async def read(self) -> None:
        self._say(self.sim.opened(self.rig.clock.now()))
        async for text in self._out:
            await self.attached.receive(text)

    async def hang_up(self) -> None:
        self.closed = True
        self.sim.closed(self.rig.clock.now())
        await self.attached.detach(Ending.PEER_CLOSED)

    def heard(self, action: str) -> list[Any]:
        """Calls of the platform, as raw texts."""
        return [text for text in self.texts if f'"{action}"' in text]


@attrs.define
class CertificateRig:
    """`work` runs what is due, again and again, until nothing is."""

    web: Pool
    node: Pool
    store: PostgresStore
    service: StationService
    clock: MovedClock
    tools: Tools
    worker: Worker
    nursery: trio.Nursery

    async def station(self, identity: str, **columns: Any) -> UUID:
        """A row of the default tenant."""
        station_id = uuids.uuid7()
        await self.node.execute(
            "insert into stations (tenant_id, id, identity, identity_key, settings, strict, created_at, updated_at)"
            " values ($1, $2, $3, lower($3), $4, $5, $6, $6)",
            DEFAULT_TENANT, station_id, identity, columns.get("settings", {}), columns.get("strict", False), NOW,
        )  # fmt: skip
        return station_id

    async def connect(self, identity: str, version: Version, **plate: Any) -> Joined:
        """A simulated station, booted; its row is made when there is none."""
        image = await self.store.load_station("default", identity)
        if image is None:
            await self.station(identity)
            image = await self.store.load_station("default", identity)
        assert image is not None
        plate.setdefault("serial", f"SN-{identity}")
        joined = Joined(self, StationConfig(identity, version, **plate))
        joined.attached = await self.service.attach(image, joined, version, 0)
        self.nursery.start_soon(joined.read)
        await self.settle()
        return joined

    async def settle(self) -> None:
        """Until nobody says anything more."""
        for _ in range(3):
            await trio.sleep(0.01)
            await self.service.drained()

    async def work(self, seconds: float = 2.0) -> None:
        """Time passes, and all that is due is done."""
        await self.settle()
        self.clock.at += timedelta(seconds=seconds)
        for _ in range(20):
            due = "select count(*) from jobs where status = 'waiting' and waits_for is null and run_at <= $1"
            if not await self.node.fetchval(due, self.clock.at):
                return
            await self.worker.once()
            await self.settle()

    async def command(self, identity: str, command: RawCommand | NeutralCommand) -> CommandResult:
        image = await self.store.load_station("default", identity)
        assert image is not None
        result = await self.service.command(
            image.config, command, timeout=10.0, requested_by="operator", request_id=None
        )
        await self.settle()
        return result

    async def certificates(self, **wanted: Any) -> list[CertificateRow]:
        """Newest first."""
        return await self.web.run_as_tenant(
            DEFAULT_TENANT,
            lambda connection: list_certificates(connection, 100, None, False, CertificateFilter(**wanted)),
        )

    async def write(self, query: str, *arguments: Any) -> None:
        """As an operator's call would."""
        await self.web.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(query, *arguments))

    async def jobs(self, kind: str) -> list[Job]:
        """Newest first."""
        return await self.web.run_as_tenant(
            DEFAULT_TENANT, lambda connection: list_jobs(connection, 100, None, False, JobFilter(kind))
        )

    async def events(self, type_: str) -> list[dict[str, Any]]:
        """Data of all events of a type, by the end of its name."""
        found = await self.node.fetch("select data from events where type = $1 order by number", f"voltyard.{type_}.v1")
        return [row["data"] for row in found]

    async def objects(self, kind: str) -> list[Mapping[str, Any]]:
        """What stations hold now."""
        found = await self.node.fetch(
            "select key, status, data from station_objects where kind = $1 and removed_at is null order by key", kind
        )
        return [dict(row.items()) for row in found]


@asynccontextmanager
async def certificate_rig(database: Database, data_dir: Path, **settings: Any) -> AsyncIterator[CertificateRig]:
    """All of it, for as long as the block runs."""
    clock = MovedClock()
    async with open_bridge() as bridge:
        pools = bridge.pool(database.url("web")), bridge.pool(database.url("node"))
        async with (
            pools[0] as web,
            pools[1] as node,
            open_store(bridge, database.url("node"), deadline=10.0) as store,
            stations(store, clock, Nobody(), uuids.uuid7, heartbeat=300) as service,
            trio.open_nursery() as nursery,
        ):
            given = Settings(data_dir=data_dir, **settings)
            tools = Tools(web, store, service, clock, uuids.uuid7, given, SEAL.read, arguments_of)
            worker = Worker(JobQueue(node), tools, HANDLERS, nursery)
            yield CertificateRig(web, node, store, service, clock, tools, worker, nursery)
            nursery.cancel_scope.cancel()
