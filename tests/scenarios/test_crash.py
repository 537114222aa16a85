"""What was acknowledged is on disk, whoever is killed: load, `kill -9`, restart at once, look."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from tests.support.books import acknowledged_transactions, check_books
from tests.support.load import BusyStation, fleet, total, until_more
from tests.support.node import Node, running_node

pytestmark = [pytest.mark.server, pytest.mark.slow]

_EACH = 8  # stations of each version
_BETWEEN = 250  # messages acknowledged between two blows


@asynccontextmanager
async def load_on(node: Node, stations: list[BusyStation]) -> AsyncIterator[None]:
    """Load while the block runs; afterwards every station finishes its transaction."""
    enough = trio.Event()
    async with trio.open_nursery() as nursery:
        for station in stations:
            nursery.start_soon(station.run, enough)
        yield
        enough.set()
        nursery.cancel_scope.deadline = trio.current_time() + 90


async def restart(node: Node) -> None:
    """At once, while the stations keep redialling."""
    await trio.to_thread.run_sync(node.restart)


async def test_nothing_acknowledged_is_lost_by_kill_9_of_process_and_database() -> None:
    with running_node(on_disk=True) as node:
        node.add_token("LOAD")
        stations = fleet(node, "crash", _EACH)
        async with load_on(node, stations):
            await until_more(stations, _BETWEEN)
            node.kill9()
            await restart(node)
            await until_more(stations, _BETWEEN)
            node.kill9_postgres()
            node.kill9()
            await restart(node)
            await until_more(stations, _BETWEEN)
            database = node.postgres_pid
            node.kill9_postgres()  # the process lives on, and starts it again by itself
            await until_more(stations, _BETWEEN)
            assert node.postgres_pid != database
            assert (await trio.to_thread.run_sync(node.readiness))["status"] == "ready"
            node.kill9()
            await restart(node)
            await until_more(stations, _BETWEEN)
        assert all(station.transactions[-1].acknowledged for station in stations)
        assert acknowledged_transactions(stations) * 8 == total(stations) >= 5 * _BETWEEN
        check_books(node, stations)
