"""Consumers: positions survive, failures stay with whoever failed, nothing is given up silently."""

from collections.abc import AsyncIterator, Iterator

import attrs
import psycopg
import pytest
import trio
from structlog.testing import capture_logs

from protocol.events.envelope import Event, Undecodable
from storage.bridge import open_bridge
from storage.outbox import Bus, TryLater, outbox_dispatcher
from storage.pool import Pool
from tests.support.outbox import FAST, Collector, Writer, label_of, until
from tests.support.postgres import Database

pytestmark = pytest.mark.server


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    writer = Writer(database)
    yield writer
    writer.close()


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    async with open_bridge() as bridge, bridge.pool(database.url("node")) as pool:
        yield pool


async def test_position_survives_a_restart(pool: Pool, writer: Writer) -> None:
    first, second = Collector(), Collector()
    for got, label in ((first, "one"), (second, "two")):
        bus = Bus()
        bus.subscribe("billing", got, durable=True, start="beginning")
        writer.write(label)
        async with outbox_dispatcher(pool, bus, pace=FAST):
            await got.wait_for(1)
    assert first.labels == ["one"]
    assert second.labels == ["two"]


async def test_what_waits_is_handed_on_before_stopping(pool: Pool, writer: Writer) -> None:
    got = Collector()
    bus = Bus()
    bus.subscribe("billing", got, durable=True)
    async with outbox_dispatcher(pool, bus, pace=FAST):
        for number in range(20):
            writer.write(str(number))
    assert len(got.labels) == 20


async def test_crash_between_handling_and_saving_gives_the_event_again(pool: Pool, writer: Writer) -> None:
    """At least once: a handler that was interrupted gets its event again, under the same id."""
    seen: list[Event] = []

    async def stuck(event: Event) -> None:
        seen.append(event)
        if len(seen) == 1:
            await trio.sleep_forever()

    for _ in range(2):
        bus = Bus()
        bus.subscribe("billing", stuck, durable=True)
        async with outbox_dispatcher(pool, bus, pace=FAST, drain=0.3):
            if not seen:
                writer.write("one")
            before = len(seen)
            await until(lambda: len(seen) > before)  # noqa: B023 - awaited within the same turn
    assert [event.id for event in seen] == [seen[0].id] * 2


async def test_failing_consumer_holds_up_nobody_else(pool: Pool, writer: Writer) -> None:
    good = Collector()
    retried: list[str] = []

    async def moody(event: Event) -> None:
        retried.append(label_of(event))
        if len(retried) < 3:
            raise RuntimeError("not today")

    bus = Bus()
    bus.subscribe("moody", moody, durable=True)
    bus.subscribe("good", good, durable=True)
    async with outbox_dispatcher(pool, bus, pace=FAST) as dispatcher:
        writer.write("one")
        writer.write("two")
        assert await good.wait_for(2) == ["one", "two"]
        await until(lambda: len(retried) == 4)
        await until(lambda: sum(state.handled for state in dispatcher.consumers()) == 4)
        states = {state.name: state for state in dispatcher.consumers()}
    assert retried == ["one", "one", "one", "two"]
    assert (states["moody"].failures, states["moody"].handled, states["moody"].parked) == (2, 2, 0)
    assert (states["good"].failures, states["good"].handled) == (0, 2)


async def test_poison_is_parked_in_plain_sight(pool: Pool, writer: Writer) -> None:
    got = Collector()

    async def choosy(event: Event) -> None:
        if label_of(event) == "poison":
            raise ValueError("ftp://user:s3cret@host is no good")
        await got(event)

    bus = Bus()
    bus.subscribe("choosy", choosy, durable=True)
    with capture_logs() as logs:
        async with outbox_dispatcher(pool, bus, pace=FAST) as dispatcher:
            writer.write("poison")
            writer.write("fine")
            assert await got.wait_for(1) == ["fine"]
            (state,) = dispatcher.consumers()
    assert state.parked == 1
    parked = [line for line in logs if line["event"] == "event_parked"]
    assert len(parked) == 1
    assert parked[0]["tries"] == FAST.tries
    assert parked[0]["log_level"] == "error"
    assert "s3cret" not in parked[0]["error"]


async def test_try_later_is_never_parked(pool: Pool, writer: Writer) -> None:
    tries = 0
    done = trio.Event()

    async def waiting(event: Event) -> None:
        nonlocal tries
        tries += 1
        if tries <= FAST.tries * 2:
            raise TryLater("the partner is away")
        done.set()

    bus = Bus()
    bus.subscribe("waiting", waiting, durable=True)
    async with outbox_dispatcher(pool, bus, pace=FAST) as dispatcher:
        writer.write("one")
        with trio.fail_after(5):
            await done.wait()
        await trio.sleep(0.02)
        assert dispatcher.consumers()[0].parked == 0


async def test_handler_that_hangs_is_ended_and_tried_again(pool: Pool, writer: Writer) -> None:
    calls = 0
    done = trio.Event()

    async def slow(event: Event) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            await trio.sleep_forever()
        done.set()

    bus = Bus()
    bus.subscribe("slow", slow, durable=True)
    async with outbox_dispatcher(pool, bus, pace=attrs.evolve(FAST, handler_deadline=0.05)):
        writer.write("one")
        with trio.fail_after(5):
            await done.wait()


async def test_unknown_type_reaches_whoever_does_not_read_the_data(pool: Pool, writer: Writer) -> None:
    """A newer node may write types that this one does not know."""
    seen: list[Event] = []

    async def look(event: Event) -> None:
        seen.append(event)

    bus = Bus()
    bus.subscribe("look", look, durable=True)
    async with outbox_dispatcher(pool, bus, pace=FAST):
        writer.write("x", type="voltyard.future.thing.v9")
        await until(lambda: bool(seen))
    assert b'"voltyard.future.thing.v9"' in seen[0].to_json()
    with pytest.raises(Undecodable, match=r"future\.thing"):
        _ = seen[0].data


async def test_database_away_and_back(pool: Pool, writer: Writer, database: Database) -> None:
    got = Collector()
    bus = Bus()
    bus.subscribe("billing", got, durable=True)
    async with outbox_dispatcher(pool, bus, pace=FAST) as dispatcher:
        with psycopg.connect(database.url("admin"), autocommit=True) as admin:
            admin.execute("revoke select on events from voltyard_node")
            await until(lambda: dispatcher.consumers()[0].waiting)
            assert "permission denied" in str(dispatcher.consumers()[0].last_error)
            admin.execute("grant select on events to voltyard_node")
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where application_name = 'voltyard' and datname = current_database()"
            )
        writer.write("one")
        assert await got.wait_for(1) == ["one"]


async def test_wake_beats_the_poll(pool: Pool, writer: Writer) -> None:
    got = Collector()
    bus = Bus()
    bus.subscribe("billing", got, durable=True)
    async with outbox_dispatcher(pool, bus, pace=attrs.evolve(FAST, poll=30.0)) as dispatcher:
        await trio.sleep(0.05)
        writer.write("one")
        dispatcher.wake()
        assert await got.wait_for(1, seconds=5) == ["one"]


def test_names_are_taken_once() -> None:
    bus = Bus()
    bus.subscribe("billing", Collector(), durable=True)
    with pytest.raises(ValueError, match="'billing' is taken"):
        bus.subscribe("billing", Collector(), durable=False)
    bus.close()
    with pytest.raises(RuntimeError, match="before it starts"):
        bus.subscribe("late", Collector(), durable=False)
