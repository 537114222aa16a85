"""What the database refuses fails alone: content goes to the quarantine, a refusing table delays only its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import trio
import trio.testing

from actors.ports import StoreUnavailable
from actors.records import Unit
from storage.bridge import open_bridge
from storage.store import PostgresStore, open_store
from tests.support import units
from tests.support.outbox import until
from tests.support.postgres import Database
from tests.support.units import add_station, held_up, rows, run, unit

pytestmark = pytest.mark.server


@asynccontextmanager
async def opened(database: Database, deadline: float = 20.0) -> AsyncIterator[PostgresStore]:
    async with open_bridge() as bridge, open_store(bridge, database.url(), deadline=deadline) as store:
        yield store


async def all_of(store: PostgresStore, some: list[Unit]) -> list[object]:
    """What record() said to each, all called at once behind a batch on its way: True, False or the exception."""
    said: list[object] = [None] * len(some)

    async def one(number: int) -> None:
        try:
            said[number] = await store.record(some[number])
        except StoreUnavailable as error:
            said[number] = error

    async with trio.open_nursery() as nursery:
        for number in range(len(some)):
            nursery.start_soon(one, number)
    return said


def refuse(database: Database, table: str, state: str, when: str = "true") -> None:
    run(database, f"create function refuse_{table}() returns trigger language plpgsql as $$begin "
        f"if {when} then raise exception 'not now' using errcode = '{state}'; end if; return new; end$$")
    run(database, f"create trigger refuse before insert on {table} for each row execute function refuse_{table}()")


def allow(database: Database, table: str) -> None:
    run(database, f"drop trigger refuse on {table}")


@pytest.mark.parametrize(
    ("bad", "state"),
    [
        (units.event(subject="a\0b"), "22021"),
        (units.event(data=b'{"a":"\\u0000"}'), "22P05"),
        (units.event(data=b"{"), "22P02"),
        (units.event(type="\ud800"), "22000"),
        (units.reading(evse=2**40), "22003"),
        (units.connector(evse=2**40), "22000"),
        (units.reading(sampled="[1,"), "22P02"),
        (units.reading(context="\0"), "22P05"),
        (units.reading(sampled='["\ud800"]'), "22000"),
        (units.session(status="nonsense"), "23514"),
        (units.state(local={"a": "\ud800"}), "22000"),
        (units.state(local={"a": "\0"}), "22P05"),
        (units.session(business_key="".join(str(uuid4()) for _ in range(500))), "54000"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
async def test_refused_content_lies_in_quarantine_and_neighbours_commit(
    database: Database, bad: object, state: str
) -> None:
    stations = [add_station(database) for _ in range(9)]
    good = [unit(station, units.reading(), units.connector(), units.event()) for station in stations]
    raw = '[2,"7","MeterValues",{"x":"\ud800\0"}]'
    good[5] = unit(stations[5], units.connector(), bad, units.reading(), raw=raw)  # type: ignore[arg-type]
    async with opened(database) as store:
        said = await all_of(store, good)
        assert said == [True] * 5 + [False] + [True] * 3
        assert store.journal.stats.quarantined == 1
        assert not store.journal.undecided(stations[5])
    kept = rows(database, "select station_id, sqlstate, raw, error from quarantine")
    wanted = (stations[5], state, raw.encode("utf-8", "surrogatepass"))
    assert [(row[0], row[1], bytes(row[2])) for row in kept] == [wanted]
    assert kept[0][3]
    assert rows(database, "select count(distinct station_id) from connectors") == [(8,)]
    assert rows(database, "select count(*) from meter_values where station_id = %s", stations[5]) == [(0,)]


async def test_a_unit_of_an_unknown_station_lies_in_quarantine(database: Database) -> None:
    stranger = uuid4()
    async with opened(database) as store:
        assert await store.record(unit(stranger, units.state())) is False
    assert rows(database, "select station_id, sqlstate from quarantine") == [(stranger, "23503")]


@pytest.mark.parametrize("state", ["53100", "42501", "25006", "P0001"])
async def test_a_refusing_table_holds_back_only_what_touches_it(database: Database, state: str) -> None:
    stations = [add_station(database) for _ in range(12)]
    async with opened(database, deadline=1.0) as store:
        refuse(database, "meter_values", state)
        mixed = [
            unit(station, units.reading()) if n % 2 else unit(station, units.state(next_transaction=n))
            for n, station in enumerate(stations)
        ]
        said = await all_of(store, mixed)
        assert [isinstance(each, StoreUnavailable) if n % 2 else each for n, each in enumerate(said)] == [True] * 12
        assert store.journal.stats.quarantined == 0
        async with trio.open_nursery() as nursery:  # while readings are refused, heartbeats go on
            nursery.start_soon(all_of, store, mixed[1::2])
            await until(lambda: store.journal.trouble is not None)
            troubles = [store.journal.trouble is not None]
            for n in range(20):
                assert await store.record(unit(stations[0], units.state(next_transaction=n)))
            allow(database, "meter_values")
        assert await store.record(unit(stations[1], units.reading()))
        troubles.append(store.journal.trouble is not None)
    assert troubles == [True, False]
    # Nothing of the first round, since its callers were told so; all of the second, which waited for it.
    assert rows(database, "select count(*) from meter_values") == [(7,)]


async def test_a_later_unit_of_a_held_station_waits_behind_it(database: Database) -> None:
    station, other = add_station(database), add_station(database)
    order: list[str] = []
    async with opened(database) as store:
        refuse(database, "meter_values", "53100")

        async def one(name: str, some: Unit) -> None:
            assert await store.record(some)
            order.append(name)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(one, "first", unit(station, units.reading(), units.state(next_transaction=1)))
            await until(lambda: store.journal.trouble is not None)
            nursery.start_soon(one, "second", unit(station, units.state(next_transaction=2)))
            await trio.testing.wait_all_tasks_blocked()
            assert await store.record(unit(other, units.state()))  # a batch that the second might have been in
            assert order == []
            allow(database, "meter_values")
    assert order == ["first", "second"]
    kept = rows(database, "select next_transaction from station_states where station_id = %s", station)
    assert kept == [(2,)]


async def test_one_unit_refused_again_and_again_is_singled_out(database: Database) -> None:
    stations = [add_station(database) for _ in range(40)]
    refuse(database, "meter_values", "P0001", when=f"new.station_id = '{stations[17]}'")
    async with opened(database, deadline=3.0) as store:
        said = await all_of(store, [unit(station, units.reading()) for station in stations])
    assert [n for n, each in enumerate(said) if each is not True] == [17]
    assert isinstance(said[17], StoreUnavailable)


async def test_quarantine_itself_refusing_promises_nothing(database: Database) -> None:
    station, other = add_station(database), add_station(database)
    async with opened(database, deadline=0.6) as store:
        refuse(database, "quarantine", "53100")
        said = await all_of(store, [unit(station, units.event(subject="\0")), unit(other, units.event())])
        assert isinstance(said[0], StoreUnavailable)
        assert said[1] is True
    assert rows(database, "select count(*) from quarantine") == [(0,)]


async def test_a_slow_database_costs_each_caller_its_deadline_and_no_more(database: Database) -> None:
    station, other = add_station(database), add_station(database)
    async with opened(database, deadline=0.5) as store:
        with held_up(database, "meter_values"), trio.fail_after(20):
            said = await all_of(store, [unit(station, units.reading()), unit(other, units.state())])
            assert [type(each) for each in said] == [StoreUnavailable] * 2
            assert store.journal.undecided(station)  # the database has not answered yet
        await store.journal.settled(station)
        assert await store.record(unit(other, units.state(next_transaction=9)))
    # Both shared the batch on its way or waited for it: the one on its way was found committed or cut off whole.
    assert rows(database, "select next_transaction from station_states") == [(9,)]
