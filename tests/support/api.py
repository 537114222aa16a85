"""The API under test: the real application over a real database, with stations that a test directs.

Fixtures: `api` (in process), `served_api` (the same behind hypercorn on a loopback port).
"""

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import attrs
import httpx
import pytest
import trio
import uuid_utils.compat as uuids
from quart_trio import QuartTrio

from actors.ports import DEFAULT_TENANT, StationConfig, StationImage
from actors.session.instructions import Instruction
from actors.station.face import (
    Attachment,
    CommandResult,
    Link,
    LiveSession,
    LiveStation,
    NeutralCommand,
    RawCommand,
    Stations,
)
from gateway.metrics import Metrics
from gateway.security import SecurityWatch
from protocol.ocpp.version import Version
from storage.bridge import open_bridge
from storage.outbox import Bus
from storage.pool import Pool
from storage.sealing import Seal
from storage.security import SecurityBook
from storage.web.tenants import find_tenant
from tests.support.files import make_files
from tests.support.postgres import Database
from web.app import make_app
from web.context import Context, Facts
from web.live.hub import LiveHub
from web.serve import serve_http

TOKEN = "admin-token-of-the-tests"
NOW = datetime(2026, 3, 1, 12, 0, 0, 250_999, tzinfo=UTC)
SEAL = Seal(bytes(32))
OTHER_TENANT = UUID("00000000-0000-7000-8000-0000000000aa")


@attrs.define
class DirectedStations:
    """Stations that do what a test says: what is live, and how commands end."""

    stations: dict[UUID, LiveStation] = attrs.Factory(dict)
    sessions: dict[UUID, LiveSession] = attrs.Factory(dict)
    results: list[CommandResult] = attrs.Factory(list)  # taken in order; the last one stays
    sent: list[tuple[StationConfig, RawCommand | NeutralCommand, float]] = attrs.Factory(list)
    told: list[tuple[str, UUID]] = attrs.Factory(list)
    instructions: list[Instruction] = attrs.Factory(list)
    takes_instructions: bool = True
    gate: trio.Event | None = None  # what a command waits for
    asked: trio.Event = attrs.Factory(trio.Event)  # set by the first command
    raises: Exception | None = None

    def held_off(self, station_id: UUID) -> float | None:
        return None

    async def attach(
        self, image: StationImage, link: Link, version: Version, profile: int, restricted: str | None = None,
        certified: str | None = None,
    ) -> Attachment:
        raise AssertionError("the API attaches no links")

    def live(self, station_id: UUID) -> LiveStation | None:
        return self.stations.get(station_id)

    def live_session(self, station_id: UUID, session_id: UUID) -> LiveSession | None:
        return self.sessions.get(session_id)

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
        self.sent.append((station, command, timeout))
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.raises is not None:
            raise self.raises
        return self.results.pop(0) if len(self.results) > 1 else self.results[0]

    async def instruct(self, station: StationConfig, instruction: Instruction) -> bool:
        self.instructions.append(instruction)
        return self.takes_instructions

    async def reconfigured(self, station_id: UUID) -> None:
        self.told.append(("reconfigured", station_id))

    async def removed(self, station_id: UUID) -> None:
        self.told.append(("removed", station_id))

    def counts(self) -> dict[str, int]:
        return {}


class PlainPasswords:
    """Passwords whose hashes a test can foretell without being the password."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def generate(self) -> str:
        return f"generated-secret-{next(self._numbers)}"

    def hash_generated(self, password: str) -> str:
        return f"fast:{hash_of(password)}"

    async def hash_chosen(self, password: str) -> str:
        await trio.lowlevel.checkpoint()
        return f"slow:{hash_of(password)}"

    async def verify(self, stored: str, candidates: Sequence[bytes]) -> bool:
        await trio.lowlevel.checkpoint()
        return any(stored.partition(":")[2] == hash_of(each.decode()) for each in candidates)


def hash_of(password: str) -> str:
    """Not the password, and different for each."""
    return password[::-1].upper()


@attrs.define
class Clock:
    """The wall clock of a test."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@attrs.define
class Api:
    """An API under test and what stands behind it."""

    app: QuartTrio
    context: Context
    stations: DirectedStations
    node: Pool
    hub: LiveHub
    missing: list[str]
    client: httpx.AsyncClient

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """As admin; below the base unless the path is absolute from the root with a leading `//`."""
        headers = {"Authorization": f"Bearer {TOKEN}"} | dict(options.pop("headers", {}))
        address = path[1:] if path.startswith("//") else f"/api/v1{path}"
        return await self.client.request(method, address, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return await self.call("POST", path, **({"json": body} if body is not None else {}), **options)

    async def patch(self, path: str, body: Any, **options: Any) -> httpx.Response:
        return await self.call("PATCH", path, json=body, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.call("DELETE", path, **options)

    async def station(self, identity: str = "CP1", **members: Any) -> dict[str, Any]:
        """Makes one; returns what the API says of it."""
        answer = await self.post("/stations", {"identity": identity, **members})
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """A row as the node writes it."""
        row = {"tenant_id": DEFAULT_TENANT} | dict(row)
        names = ", ".join(row)
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await self.node.execute(f"insert into {table} ({names}) values ({places})", *row.values())

    async def insert_own(self, table: str, row: Mapping[str, Any]) -> None:
        """A row of the default tenant as the web layer writes it."""
        row = {"tenant_id": DEFAULT_TENANT} | dict(row)
        names = ", ".join(row)
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        text = f"insert into {table} ({names}) values ({places})"

        async def write(connection: Any) -> None:
            await connection.execute(text, *row.values())

        await self.context.reads.run_as_tenant(DEFAULT_TENANT, write)

    async def session(self, station_id: str, **columns: Any) -> UUID:
        """A session's row; columns that are not given get something plausible."""
        session_id: UUID = columns.get("id", uuids.uuid7())
        row = {
            "id": session_id, "station_id": UUID(station_id), "business_key": str(session_id), "transaction_id": "17",
            "evse": 1, "connector": 1, "token": "04A2B3C4", "token_type": "ISO14443", "status": "active",
            "started_at": NOW, "import_milli_wh": 1_234_500, "export_milli_wh": 0, "power_w": 7400.0,
            "last_reading_at": NOW, "began_received_at": NOW, "last_received_at": NOW + timedelta(minutes=5),
        }
        await self.insert("sessions", row | columns)
        return session_id


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be one, with that status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["request_id"] == answer.headers["x-request-id"]
    assert {"type", "title", "detail", "instance"} <= body.keys()
    return body


def answered(payload: Any = None, **changes: Any) -> CommandResult:
    """A station's answer."""
    values: dict[str, Any] = {
        "id": uuids.uuid7(), "status": "answered", "action": "Reset", "version": Version.V16,
        "payload": {"status": "Accepted"} if payload is None else payload, "duration_ms": 12,
    }
    return CommandResult(**(values | changes))


def make_context(stations: Stations, web: Pool, node: Pool, hub: LiveHub, missing: list[str], **facts: Any) -> Context:
    """A context over a test's own parts."""

    async def readiness() -> list[str]:
        await trio.lowlevel.checkpoint()
        return missing

    return Context(
        reads=web, find_tenant=partial(find_tenant, node), stations=stations, admin_token=TOKEN,
        passwords=PlainPasswords(), metrics_render=lambda: b"# TYPE up gauge\nup 1\n", readiness=readiness,
        live=hub, facts=Facts(**facts), clock=Clock(),
        seal=SEAL.close, unseal=SEAL.read,
    )


@pytest.fixture
async def api(database: Database, tmp_path: Path) -> AsyncIterator[Api]:
    async with open_bridge() as bridge:
        pools = bridge.pool(database.url("web")), bridge.pool(database.url("node"))
        async with pools[0] as web, pools[1] as node:
            await node.execute("insert into tenants (id, slug, name) values ($1, 'other', 'Other')", OTHER_TENANT)
            stations, hub, missing = DirectedStations(results=[answered()]), LiveHub(), list[str]()
            context = make_context(stations, web, node, hub, missing, live_connections=3, stuck_after=1.0)
            watch = SecurityWatch(SecurityBook(node), Bus(), Metrics(), [])
            context = attrs.evolve(context, files=make_files(tmp_path, node), name_taken=watch.name_taken)
            app = make_app(context)
            transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
                yield Api(app, context, stations, node, hub, missing, client)


@pytest.fixture
async def served_api(api: Api) -> AsyncIterator[Api]:
    """`client` talks HTTP to a hypercorn on loopback; `client.base_url` says where."""
    stop = trio.Event()
    async with trio.open_nursery() as nursery:
        [address] = await nursery.start(
            partial(serve_http, api.app, ["127.0.0.1:0"], api.context.facts, shutdown_trigger=stop.wait, graceful=1.0)
        )
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=20) as client:
            yield attrs.evolve(api, client=client)
        stop.set()
