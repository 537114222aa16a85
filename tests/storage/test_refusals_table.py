"""Refusals in the database: merged, bounded, and one bad row costs no other."""

import datetime
from typing import Any
from uuid import UUID

import attrs
import pytest

from actors.ports import DEFAULT_TENANT, StoreUnavailable
from storage.bridge import open_bridge
from storage.refusals import Refusal, RefusalTable
from tests.support.postgres import Database

pytestmark = pytest.mark.server
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
ONE = Refusal("/ocpp/CP1", "10.0.0.0/24", "unknown_station", "no such", "CP1", None, {"host": "x"}, 1, NOON, NOON)


async def test_refusals_are_merged_with_what_is_there(database: Database) -> None:
    later = NOON + datetime.timedelta(minutes=5)
    async with open_bridge() as bridge, bridge.pool(database.url(), size=1) as pool:
        table = RefusalTable(pool)
        await table.write([ONE, attrs.evolve(ONE, reason="password_wrong", tenant_id=DEFAULT_TENANT)])
        await table.write([attrs.evolve(ONE, count=41, first_at=later, last_at=later, detail="newer")])
        rows: list[Any] = await pool.fetch("select * from refusals order by reason desc")
    assert [(row["reason"], row["count"], row["detail"]) for row in rows] == [
        ("unknown_station", 42, "newer"),
        ("password_wrong", 1, "no such"),
    ]
    assert (rows[0]["first_at"], rows[0]["last_at"]) == (NOON, later)
    assert rows[0]["headers"] == {"host": "x"}
    assert rows[1]["tenant_id"] == DEFAULT_TENANT


async def test_what_is_new_is_an_event_and_what_is_merged_is_none(database: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(database.url(), size=1) as pool:
        table = RefusalTable(pool)
        await table.write([ONE, attrs.evolve(ONE, reason="password_wrong")])
        await table.write([ONE])
        events: list[Any] = await pool.fetch("select type, subject, data from events order by number")
        ids = {f"refusals/{row['id']}" for row in await pool.fetch("select id from refusals")}
    assert {row["subject"] for row in events} == ids
    assert [row["data"]["reason"] for row in events] == ["unknown_station", "password_wrong"]
    assert {row["type"] for row in events} == {"voltyard.refusal.recorded.v1"}


async def test_only_the_newest_are_kept(database: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(database.url(), size=1) as pool:
        table = RefusalTable(pool, kept=3)
        for number in range(5):
            at = NOON + datetime.timedelta(seconds=number)
            await table.write([attrs.evolve(ONE, path=f"/{number}", last_at=at)])
        rows = await pool.fetch("select path from refusals order by last_at")
    assert [row["path"] for row in rows] == ["/2", "/3", "/4"]


async def test_one_that_the_database_refuses_is_left_out(database: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(database.url(), size=1) as pool:
        table = RefusalTable(pool)
        bad = [attrs.evolve(ONE, path="/bad\0"), attrs.evolve(ONE, path="/no-tenant", tenant_id=UUID(int=5))]
        await table.write([*bad, ONE])
        rows = await pool.fetch("select path from refusals")
    assert [row["path"] for row in rows] == ["/ocpp/CP1"]


async def test_without_a_database_nothing_is_promised() -> None:
    async with open_bridge() as bridge:
        url = "postgresql://voltyard_node:x@127.0.0.1:1/voltyard"
        async with bridge.pool(url, size=1, acquire_timeout=1) as pool:
            with pytest.raises(StoreUnavailable):
                await RefusalTable(pool).write([ONE])
