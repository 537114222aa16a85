"""The reader skips nothing and keeps the order, whatever transactions overlap and whatever clocks say."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from storage.bridge import open_bridge
from storage.outbox import Bus, Pace, outbox_dispatcher
from storage.pool import Pool
from tests.support.outbox import FAST, Collector, Writer, until
from tests.support.postgres import Database

pytestmark = pytest.mark.server


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    writer = Writer(database)
    yield writer
    writer.close()


@pytest.fixture
def other(database: Database) -> Iterator[Writer]:
    writer = Writer(database)
    yield writer
    writer.close()


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    async with open_bridge() as bridge, bridge.pool(database.url("node")) as pool:
        yield pool


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that were answered."""
    done: list[str] = []
    fetch = Pool.fetch

    async def counted(self: Pool, query: str, *arguments: Any) -> Any:
        found = await fetch(self, query, *arguments)
        done.append(query)
        return found

    monkeypatch.setattr(Pool, "fetch", counted)
    return done


async def several_looks(looks: list[str]) -> None:
    looks.clear()
    await until(lambda: len(looks) >= 3)
    assert len(looks) >= 3


def bus_of(collector: Collector, *, durable: bool = True, start: str = "now") -> Bus:
    bus = Bus()
    bus.subscribe("collector", collector, durable=durable, start="now" if start == "now" else "beginning")
    return bus


async def test_transaction_held_open_is_not_overtaken_and_not_skipped(
    pool: Pool, writer: Writer, other: Writer, looks: list[str]
) -> None:
    got = Collector()
    async with outbox_dispatcher(pool, bus_of(got), pace=FAST) as dispatcher:
        writer.write("held open", commit=False)
        other.write("later, committed")
        dispatcher.wake()
        await several_looks(looks)
        assert got.labels == []
        writer.commit()
        dispatcher.wake()
        assert await got.wait_for(2) == ["held open", "later, committed"]


async def test_number_taken_early_but_committed_late_is_not_skipped(
    pool: Pool, writer: Writer, other: Writer, looks: list[str]
) -> None:
    """The lower xid gets the higher number: neither order alone would do."""
    got = Collector()
    async with outbox_dispatcher(pool, bus_of(got), pace=FAST) as dispatcher:
        writer.write("a1", commit=False)
        other.write("b1", commit=False)
        writer.write("a2", commit=False)
        other.commit()
        dispatcher.wake()
        await several_looks(looks)
        assert got.labels == []
        writer.commit()
        assert await got.wait_for(3) == ["a1", "a2", "b1"]


async def test_rolled_back_events_never_come(pool: Pool, writer: Writer, database: Database) -> None:
    got = Collector()
    async with outbox_dispatcher(pool, bus_of(got), pace=FAST):
        broken = Writer(database)
        broken.write("never", commit=False)
        broken.close()
        writer.write("kept")
        assert await got.wait_for(1) == ["kept"]


async def test_many_batches_in_order(pool: Pool, writer: Writer) -> None:
    wanted = [f"e{number}" for number in range(57)]
    for label in wanted:
        writer.write(label, commit=label.endswith("7"))
    got = Collector()
    pace = Pace(batch=10, poll=0.1, spacing=0.002)
    async with outbox_dispatcher(pool, bus_of(got, start="beginning"), pace=pace):
        writer.commit()
        assert await got.wait_for(57) == wanted


async def test_new_consumer_starts_now_or_at_the_beginning(pool: Pool, writer: Writer) -> None:
    writer.write("before")
    late, early = Collector(), Collector()
    bus = Bus()
    bus.subscribe("late", late, durable=True, start="now")
    bus.subscribe("early", early, durable=False, start="beginning")
    async with outbox_dispatcher(pool, bus, pace=FAST):
        writer.write("after")
        assert await early.wait_for(2) == ["before", "after"]
        assert await late.wait_for(1) == ["after"]


async def test_types_are_chosen(pool: Pool, writer: Writer) -> None:
    got = Collector()
    bus = Bus()
    bus.subscribe("some", got, durable=True, types=["voltyard.station.online.v1"])
    async with outbox_dispatcher(pool, bus, pace=FAST):
        writer.write("unwanted", type="voltyard.station.held_off.v1")
        writer.write("wanted")
        assert await got.wait_for(1) == ["wanted"]


@pytest.mark.parametrize("days", [-3, 3])
async def test_clock_that_jumped_hides_nothing(pool: Pool, writer: Writer, days: int) -> None:
    """received_at of days ago or ahead, then right again: the sweep through all partitions finds every event."""
    now = datetime.now(UTC)
    got = Collector()
    pace = Pace(poll=0.05, spacing=0.002, sweep=0.1)
    async with outbox_dispatcher(pool, bus_of(got), pace=pace):
        writer.write("wrong", at=now + timedelta(days=days))
        assert await got.wait_for(1) == ["wrong"]
        writer.write("right", at=now)
        assert await got.wait_for(2) == ["wrong", "right"]


async def test_reading_leaves_old_partitions_alone(pool: Pool, writer: Writer, database: Database) -> None:
    now = datetime.now(UTC)
    first, last = now - timedelta(days=9), now + timedelta(days=2)
    writer.execute(f"select partitions_ensure('{first:%Y-%m-%d}', '{last:%Y-%m-%d}')")
    writer.write("today")
    with psycopg.connect(database.url("node"), autocommit=True) as connection:
        rows = connection.execute(
            "explain (analyze, costs off) select 1 from events e where (e.xid, e.number) > (%s::text::xid8, %s) "
            "and e.received_at >= %s order by e.xid, e.number limit 10",
            ("0", 0, now - timedelta(days=1)),
        ).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert f"events_{now:%Y%m%d}" in plan
    assert f"events_{now - timedelta(days=5):%Y%m%d}" not in plan


async def test_restored_from_another_server(pool: Pool, writer: Writer) -> None:
    """Positions and events copied by a dump carry transaction numbers that this server has not reached."""
    far = 10**9
    for number in (1, 2, 3):
        writer.write(f"old{number}", commit=False)
    writer.commit()
    writer.execute(
        "insert into event_consumers (name, xid, number, moved_at) "
        f"select 'collector', '{far}', number, now() from events where data->>'station' = 'old1'"
    )
    admin = psycopg.connect(writer.admin_url, autocommit=True)
    admin.execute(f"update events set xid = '{far}'")
    admin.close()
    got = Collector()
    async with outbox_dispatcher(pool, bus_of(got), pace=FAST):
        assert await got.wait_for(2) == ["old2", "old3"]
        writer.write("new")
        assert await got.wait_for(3) == ["old2", "old3", "new"]


