"""Long runs, by `make soak` alone: a real outage with real deadlines, and a fleet that works while things break."""

from __future__ import annotations

import psutil
import pytest
import trio

from tests.support.books import check_books
from tests.support.load import BusyStation, fleet, total, until_more
from tests.support.node import Node, running_node
from tests.support.outsiders import hand_station
from tests.support.postgres import Server
from tests.support.proxy import proxy_to

pytestmark = [pytest.mark.server, pytest.mark.soak, pytest.mark.timeout(1800)]

_OUTAGE = 60.0  # s
_FLEET = 600.0
_BLOW_EVERY = 60.0


async def _load(stations: list[BusyStation], enough: trio.Event) -> None:
    async with trio.open_nursery() as nursery:
        for station in stations:
            nursery.start_soon(station.run, enough)


async def test_a_minute_without_the_database(postgres_server: Server) -> None:
    """With the deadlines that a node has by default: heartbeats go on, work waits, and all of it arrives."""
    database = postgres_server.migrated_database()
    with (
        proxy_to(database.port) as proxy,
        running_node(database_url=database.url("admin"), seen_by_node=proxy.through(database.url("admin"))) as node,
    ):
        node.add_token("LOAD")
        node.add_stations("calm")
        stations = fleet(node, "outage", 10)
        enough = trio.Event()
        async with trio.open_nursery() as nursery, hand_station(node, "calm") as calm:
            await calm.boot("1.6")
            nursery.start_soon(_load, stations, enough)
            await until_more(stations, 500)
            proxy.gone()
            end = trio.current_time() + _OUTAGE
            while trio.current_time() < end:
                assert (await calm.call("Heartbeat", {}))["currentTime"]
                assert (await trio.to_thread.run_sync(node.readiness))["status"] == 503
                await trio.sleep(1)
            before = total(stations)
            proxy.back()
            await until_more(stations, 500, within=120)
            assert total(stations) > before
            enough.set()
            nursery.cancel_scope.deadline = trio.current_time() + 120
        check_books(node, stations)
    postgres_server.drop(database)


async def test_a_fleet_works_while_things_break() -> None:
    """Ten minutes of load with a `kill -9` of the database or of the process every minute."""
    with running_node(on_disk=True) as node:
        node.add_token("LOAD")
        stations = fleet(node, "soak", 10)
        enough = trio.Event()
        sizes: list[int] = []
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_load, stations, enough)
            for blow in range(round(_FLEET / _BLOW_EVERY)):
                await until_more(stations, 500, within=120)
                await trio.sleep(_BLOW_EVERY)
                sizes.append(_size(node))
                if blow % 2:
                    node.kill9()
                    await trio.to_thread.run_sync(node.restart)
                else:
                    node.kill9_postgres()
            enough.set()
            nursery.cancel_scope.deadline = trio.current_time() + 120
        check_books(node, stations)
        assert max(sizes) < 2 * min(sizes) + 50_000_000, sizes


def _size(node: Node) -> int:
    """Bytes of memory that our process holds."""
    assert node.process is not None
    return int(psutil.Process(node.process.pid).memory_info().rss)
