"""The demo site of `voltyard run --demo`: made only in an empty database, its stations simulated by a child process."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
import trio
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from storage.keys import identity_key, uid_key
from storage.pool import Connection, Pool
from storage.web.stations import NewStation, insert_station
from storage.web.tokens import NewToken, insert_token

log = structlog.get_logger(__name__)
_STOP_DEADLINE = 5.0


async def prepare_demo(web: Pool) -> bool:
    """Makes the demo's stations and tokens when there is no station at all; True when the demo's stations exist."""
    from simulators.demo import demo_plan  # a tenth of all that a start imports, and for the demo alone

    async def make(connection: Connection) -> bool:
        plan = demo_plan()
        known = await connection.fetchval("select count(*) from stations")
        if known:
            return bool(
                await connection.fetchval("select exists (select from stations where identity = $1)", plan[0].identity)
            )
        now = datetime.now(UTC)
        for station in plan:
            await insert_station(connection, _station(station.identity, station.name, now))
            for uid in station.tokens:
                await insert_token(connection, _token(uid, now))
        return True

    return await web.run_as_tenant(DEFAULT_TENANT, make)


def _station(identity: str, name: str, now: datetime) -> NewStation:
    return NewStation(
        DEFAULT_TENANT, uuid7(), identity, identity_key(identity), name, "Demo site", "accepted", 0, None, None, False,
        "default", {}, now,
    )  # fmt: skip


def _token(uid: str, now: datetime) -> NewToken:
    return NewToken(
        tenant_id=DEFAULT_TENANT, id=uuid7(), uid=uid, uid_key=uid_key(uid), type="ISO14443", status="accepted",
        holder="Demo driver", group_uid=None, master=False, expires_at=None, now=now,
    )  # fmt: skip


@asynccontextmanager
async def demo_stations(ocpp_url: str) -> AsyncIterator[None]:
    """The simulated stations, while the block runs. When they end by themselves the node goes on."""
    command = [sys.executable, "-m", "simulators.demo", "--url", f"{ocpp_url}/ocpp"]
    async with trio.open_nursery() as nursery:
        process = await trio.lowlevel.open_process(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        nursery.start_soon(_watch, process)
        try:
            yield
        finally:
            process.terminate()
            with trio.move_on_after(_STOP_DEADLINE, shield=True):
                await process.wait()
            if process.returncode is None:
                process.kill()
            nursery.cancel_scope.cancel()


async def _watch(process: trio.Process) -> None:
    code = await process.wait()
    if code:
        log.warning("demo_ended", exit_code=code)
