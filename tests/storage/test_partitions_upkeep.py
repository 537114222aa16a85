"""Days of time series: made ahead, filled from the default partition, dropped with what hangs on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import trio
from uuid_utils.compat import uuid7

from storage import partitions
from storage.bridge import open_bridge
from storage.store import open_store
from tests.support import units
from tests.support.postgres import Database
from tests.support.units import add_station, admin, rows, run, unit

pytestmark = pytest.mark.server

DAY = timedelta(days=1)
TODAY = datetime(2026, 5, 4, 13, 0, tzinfo=UTC)


def days(database: Database, table: str) -> list[str]:
    found = rows(database, "select relname::text from pg_inherits join pg_class c on c.oid = inhrelid"
                 " where inhparent = %s::regclass order by 1", table)
    return [name.removeprefix(table + "_") for (name,) in found]


async def test_days_are_made_once_for_every_table(database: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        assert await partitions.ensure(pool, TODAY, 2 * DAY) == 12
        assert await partitions.ensure(pool, TODAY, 2 * DAY) == 0
    for table in ("frames", "meter_values", "events"):
        assert days(database, table) == ["20260503", "20260504", "20260505", "20260506", "default"]


async def test_midnight_without_a_partition_loses_nothing(database: Database) -> None:
    station = add_station(database)
    moments = [TODAY, TODAY + DAY - timedelta(hours=13, microseconds=1), TODAY + DAY, TODAY + 300 * DAY]
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        for moment in moments:
            assert await store.record(unit(station, units.reading(received_at=moment), units.event(received_at=moment)))
        assert rows(database, "select count(*) from meter_values_default") == [(4,)]
        await partitions.ensure(store.pool, TODAY, 2 * DAY)
    assert rows(database, "select received_at from meter_values_default") == [(moments[3],)]
    assert rows(database, "select count(*) from meter_values_20260504") == [(2,)]
    assert rows(database, "select count(*) from events_20260505") == [(1,)]
    assert rows(database, "select received_at from meter_values order by 1") == [(moment,) for moment in moments]


async def test_a_day_is_cut_where_utc_cuts_it_whatever_the_session_says(database: Database) -> None:
    with psycopg.connect(database.url("node"), autocommit=True, options="-c timezone=Asia/Tokyo") as connection:
        connection.execute("select partitions_ensure(%s, %s)", [TODAY, TODAY])
        connection.execute("select partitions_ensure(%s, %s)", [TODAY, TODAY + timedelta(hours=1)])
    assert days(database, "frames") == ["20260504", "default"]
    bounds = rows(database, "select lower_bound, upper_bound from partitions_of('frames')")
    assert bounds == [(datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC))]


async def test_dropping_seals_the_sessions_whose_readings_go(database: Database) -> None:
    station = add_station(database)
    old, both, new = (units.session(began_received_at=TODAY + n * DAY) for n in (0, 0, 2))
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await partitions.ensure(store.pool, TODAY, 5 * DAY)
        await store.record(unit(station, old, both, new))
        for session, moment in ((old, TODAY), (both, TODAY), (both, TODAY + DAY), (new, TODAY + 2 * DAY)):
            await store.record(unit(station, units.reading(session_id=session.id, received_at=moment)))
        dropped = await partitions.drop(store.pool, TODAY + 1.9 * DAY, {"meter_values": DAY})
        assert dropped == ["meter_values_20260503", "meter_values_20260504"]
        assert days(database, "meter_values")[0] == "20260505"
    sealed = dict(rows(database, "select id, sealed from sessions"))
    assert sealed == {old.id: True, both.id: True, new.id: False}
    assert rows(database, "select count(*) from meter_values") == [(2,)]
    assert days(database, "frames")[0] == "20260503"


async def test_dropping_clears_the_default_partition_too(database: Database) -> None:
    station = add_station(database)
    session = units.session(began_received_at=TODAY)
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await store.record(unit(station, session, units.reading(session_id=session.id, received_at=TODAY)))
        await store.record(unit(station, units.reading(received_at=TODAY + 3 * DAY)))
        assert await partitions.drop(store.pool, TODAY + 2 * DAY, {"meter_values": DAY}) == []
    assert rows(database, "select count(*) from meter_values") == [(1,)]
    assert rows(database, "select sealed from sessions") == [(True,)]


async def test_events_a_consumer_has_not_had_stay(database: Database) -> None:
    station = add_station(database)
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await partitions.ensure(store.pool, TODAY, 2 * DAY)
        await store.record(unit(station, units.event(received_at=TODAY)))
        run(database, "insert into event_consumers (name, xid, number) values ('bus', '1', 0)")
        kept = {"events": DAY}
        assert await partitions.drop(store.pool, TODAY + 2 * DAY, kept) == ["events_20260503"]
        run(database, "update event_consumers set (xid, number) = (select xid, number from events)")
        assert await partitions.drop(store.pool, TODAY + 2 * DAY, kept) == ["events_20260504"]


@pytest.mark.parametrize("table", ["sessions", "frames; drop table sessions", None])
def test_only_series_can_be_dropped(database: Database, table: str | None) -> None:
    with psycopg.connect(database.url("node"), autocommit=True) as connection, pytest.raises(
        psycopg.errors.InvalidParameterValue
    ):
        connection.execute("select partitions_drop(%s, now())", [table])


def test_the_web_role_may_not_drop_anything(database: Database) -> None:
    with psycopg.connect(database.url("web"), autocommit=True) as connection, pytest.raises(
        psycopg.errors.InsufficientPrivilege
    ):
        connection.execute("select partitions_drop('frames', now())")


async def test_old_batch_ids_are_forgotten(database: Database) -> None:
    run(database, "insert into journal_batches (id, committed_at) values (%s, now() - interval '1 hour'), (%s, now())",
        uuid7(), uuid7())
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        assert await partitions.prune_batches(pool) == 1
    assert rows(database, "select count(*) from journal_batches") == [(1,)]


async def test_upkeep_starts_the_node_with_days_made_and_outlives_a_failure(database: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        with admin(database) as connection:  # a lock that upkeep waits for and then gives up on
            connection.execute("select pg_advisory_lock(hashtext('voltyard partitions'))")
            async with trio.open_nursery() as nursery:
                with trio.fail_after(20):
                    await nursery.start(partitions.upkeep, pool)
                nursery.cancel_scope.cancel()
            assert days(database, "frames") == ["default"]
        async with trio.open_nursery() as nursery:
            await nursery.start(partitions.upkeep, pool)
            nursery.cancel_scope.cancel()
    assert len(days(database, "frames")) >= 9
