"""A connection lost under a batch: whatever the moment, the batch is committed once and its callers learn so."""

from __future__ import annotations

import pytest
import trio

from actors.ports import StoreUnavailable
from storage.bridge import open_bridge
from storage.store import open_store
from tests.support import units
from tests.support.cutting_proxy import Cut, cutting_proxy
from tests.support.postgres import Database
from tests.support.units import add_station, rows, run, unit

pytestmark = pytest.mark.server


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_batch_cut_off_is_stored_exactly_once(database: Database, cut: Cut) -> None:
    station = add_station(database)
    async with (
        cutting_proxy(database.port) as proxy,
        open_bridge() as bridge,
        open_store(bridge, proxy.through(database.url())) as store,
    ):
        assert await store.record(unit(station, units.reading(import_milli_wh=1)))  # prepares the statement
        if cut is Cut.EARLY:
            run(database, "create function slow() returns trigger language plpgsql as "
                "'begin perform pg_sleep(0.5); return null; end'")
            run(database, "create trigger slow after insert on meter_values for each statement execute function slow()")
        proxy.arm(cut)
        results: list[bool] = []

        async def one(number: int) -> None:
            results.append(await store.record(unit(station, units.reading(import_milli_wh=number))))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(one, 2)
            await trio.sleep(0.1)
            nursery.start_soon(one, 3)
        assert proxy.cuts == 1
        assert results == [True, True]
        assert store.journal.stats.doubts == 1
        assert store.journal.trouble is None
    assert rows(database, "select import_milli_wh, count(*) from meter_values group by 1 order by 1") == [
        (1, 1), (2, 1), (3, 1),
    ]  # fmt: skip


async def test_what_was_found_committed_is_not_written_again(database: Database) -> None:
    station = add_station(database)
    async with (
        cutting_proxy(database.port) as proxy,
        open_bridge() as bridge,
        open_store(bridge, proxy.through(database.url())) as store,
    ):
        await store.record(unit(station, units.reading()))
        proxy.arm(Cut.ANSWER)
        assert await store.record(unit(station, units.reading()))
    assert rows(database, "select voided, count(*) from journal_batches group by 1") == [(False, 2)]


async def test_a_voided_batch_can_never_commit_afterwards(database: Database) -> None:
    station = add_station(database)
    async with (
        cutting_proxy(database.port) as proxy,
        open_bridge() as bridge,
        open_store(bridge, proxy.through(database.url())) as store,
    ):
        await store.record(unit(station, units.reading()))
        proxy.arm(Cut.REQUEST)
        assert await store.record(unit(station, units.reading()))
    found = rows(database, "select voided, count(*) from journal_batches group by 1 order by 1")
    assert found == [(False, 2), (True, 1)]


async def test_an_image_is_not_loaded_while_a_batch_is_in_doubt(database: Database) -> None:
    station = add_station(database, "CP1")
    session = units.session()
    async with (
        cutting_proxy(database.port) as proxy,
        open_bridge() as bridge,
        open_store(bridge, proxy.through(database.url()), deadline=5.0) as store,
    ):
        await store.record(unit(station, units.session(id=session.id, business_key="k")))
        run(database, "create function slow() returns trigger language plpgsql as "
            "'begin perform pg_sleep(0.6); return null; end'")
        run(database, "create trigger slow after update on sessions for each statement execute function slow()")
        proxy.arm(Cut.EARLY)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(
                store.record, unit(station, units.session(id=session.id, business_key="k", import_milli_wh=77))
            )
            await trio.sleep(0.1)
            nursery.cancel_scope.cancel()  # the station's connection ends; its message may yet be stored
        image = await store.load_station(None, "CP1")
    assert image is not None
    assert [each.import_milli_wh for each in image.sessions] == [77]


async def test_while_the_database_is_away_nothing_is_promised_and_service_resumes(database: Database) -> None:
    station = add_station(database)
    async with (
        cutting_proxy(database.port) as proxy,
        open_bridge() as bridge,
        open_store(bridge, proxy.through(database.url()), deadline=0.5) as store,
    ):
        assert await store.record(unit(station, units.reading(import_milli_wh=1)))
        proxy.refusing = True
        proxy.arm(Cut.REQUEST)
        with trio.fail_after(20), pytest.raises(StoreUnavailable):
            await store.record(unit(station, units.reading(import_milli_wh=2)))
        troubles = [store.journal.trouble is not None]
        with pytest.raises(StoreUnavailable):
            await store.load_station(None, "CP1")
        proxy.refusing = False
        await store.journal.settled(station)
        assert await store.record(unit(station, units.reading(import_milli_wh=3)))
        troubles.append(store.journal.trouble is not None)
    assert troubles == [True, False]
    # The second was not on its way any more when the database came back, so it was dropped with its deadline.
    assert rows(database, "select import_milli_wh from meter_values order by 1") == [(1,), (3,)]
