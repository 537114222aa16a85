"""The live hub: who gets what, and what becomes of slow readers."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import trio
import trio.testing

from actors.station.face import LiveSession, Outside
from protocol.events.envelope import Event, wrap
from protocol.events.types import (
    EventData,
    RefusalRecorded,
    SessionEnded,
    StationOffline,
    StationOnline,
    StationStatusChanged,
)
from storage.outbox import Bus
from web.live.hub import LiveHub

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TENANT, OTHER = uuid4(), uuid4()
STATION, SESSION = uuid4(), uuid4()


def event(data: EventData, tenant: UUID = TENANT) -> Event:
    return wrap(data, id=uuid4(), tenant_id=tenant, time=NOW)


def online(name: str = "CP001", station: UUID = STATION) -> EventData:
    return StationOnline(station_id=station, station=name, version="1.6")


def status(connector: int, status: str) -> EventData:
    return StationStatusChanged(
        station_id=STATION, station="CP001", evse=connector, connector=1, status=status, since=NOW
    )


def reading(power: float) -> LiveSession:
    return LiveSession(SESSION, STATION, 1200, None, power, 60.0, NOW)


async def drained(subscription: Any) -> list[tuple[str, dict[str, Any]]]:
    """All that waits."""
    found = []
    while subscription.waiting:
        found.append(await subscription.receive())
    return found


async def test_topics_choose() -> None:
    hub = LiveHub()
    sets = [["stations"], ["stations/cp001"], [f"stations/{STATION}"], ["stations/CP%30%30%31"], ["events"],
            ["stations/CP002"], ["sessions", "commands", "refusals"]]  # fmt: skip
    got = []
    for topics in sets:
        with hub.open(TENANT) as subscription:
            assert subscription.set(topics) == topics
            await hub.take(event(online()))
            got.append([topic for topic, _ in await drained(subscription)])
    assert got == [*sets[:5], [], []]


async def test_envelope_arrives_whole_and_once() -> None:
    hub = LiveHub()
    with hub.open(TENANT) as subscription:
        subscription.set(["events", "sessions", f"sessions/{SESSION}"])
        ended = SessionEnded(
            session_id=SESSION, station_id=STATION, station="CP001", started_at=NOW, ended_at=NOW, energy_wh=7
        )
        await hub.take(event(ended))
        ((topic, told),) = await drained(subscription)
    assert topic == f"sessions/{SESSION}"
    assert (told["specversion"], told["type"]) == ("1.0", "voltyard.session.ended.v1")
    assert told["subject"] == f"sessions/{SESSION}"
    assert told["data"]["energy_wh"] == 7
    assert told["time"] == "2026-03-01T08:00:00.000Z"


async def test_tenants_hear_only_their_own() -> None:
    hub = LiveHub()
    with hub.open(OTHER) as subscription:
        subscription.set(["stations", "sessions", "events"])
        await hub.take(event(online()))
        hub.measured(TENANT, reading(1.0))
        hub.publish(TENANT, "stations/x", "k", {})
        assert subscription.waiting == 0


async def test_wrong_topics_are_refused_with_the_reason() -> None:
    hub = LiveHub(most_topics=2)
    with hub.open(TENANT) as subscription:
        wrong: list[object] = ["cars", "sessions/7", "events/x", "stations/", 7, "", "stations"]
        assert subscription.set(wrong) == ["stations"]
        assert set(subscription.refused) == {"cars", "sessions/7", "events/x", "stations/", "7", ""}
        assert "stations, sessions" in subscription.refused["cars"]
        assert "UUID" in subscription.refused["sessions/7"]
        assert subscription.set(["stations", "sessions", "commands"]) == ["stations", "sessions"]
        assert subscription.refused == {"commands": "at most 2 topics at a time"}


async def test_newest_of_a_key_wins_and_keeps_its_place() -> None:
    hub = LiveHub()
    with hub.open(TENANT) as subscription:
        subscription.set(["stations", "sessions"])
        for power in (1.0, 2.0, 3.0):
            hub.measured(TENANT, reading(power))
            await hub.take(event(status(1, f"S{power}")))
            await hub.take(event(status(2, f"T{power}")))
        await hub.take(event(online()))
        await hub.take(event(StationOffline(station_id=STATION, station="CP001", ending="peer_closed")))
        got = [told["data"] for _, told in await drained(subscription)]
    assert got[0]["power_w"] == 3.0
    assert [data["status"] for data in got[1:3]] == ["S3.0", "T3.0"]
    assert [data.get("ending") for data in got[3:]] == ["peer_closed"]


async def test_too_many_keys_drop_the_oldest_and_are_counted() -> None:
    hub = LiveHub(most_keys=3)
    with hub.open(TENANT) as subscription:
        subscription.set(["stations"])
        for number in range(5):
            hub.publish(TENANT, f"stations/CP{number}", f"key{number}", {"n": number})
        hub.publish(TENANT, "stations/CP4", "key4", {"n": 40})  # a known key costs nobody its place
        assert [told["n"] for _, told in await drained(subscription)] == [2, 3, 40]
        assert subscription.dropped == 2
    assert hub.counts() == {"listeners": 0, "waiting": 0, "dropped": 2}


def fail() -> UUID:
    raise AssertionError("an envelope was made for nobody")


async def test_idle_hub_makes_no_event() -> None:
    made = []

    def make() -> dict[str, Any]:
        made.append(1)
        return {}

    hub = LiveHub(new_id=fail)
    quiet = [hub.quiet]
    hub.publish(TENANT, "stations/x", "k", make)
    hub.measured(TENANT, reading(1.0))
    with hub.open(TENANT) as first, hub.open(TENANT) as second:
        quiet.append(hub.quiet)
        hub.measured(TENANT, reading(1.0))
        first.set(["stations"])
        second.set(["stations"])
        hub.publish(TENANT, "stations/x", "k", make)
        assert made == []
        await first.receive()
        await second.receive()
    assert made == [1]
    assert [*quiet, hub.quiet] == [True, False, True]


async def test_changing_topics_drops_what_nobody_wants_any_more() -> None:
    hub = LiveHub()
    with hub.open(TENANT) as subscription:
        subscription.set(["stations", "sessions"])
        await hub.take(event(online()))
        hub.measured(TENANT, reading(1.0))
        subscription.set(["sessions"])
        assert [topic for topic, _ in await drained(subscription)] == ["sessions"]
        assert subscription.dropped == 0


async def test_reader_waits_and_is_woken(autojump_clock: trio.testing.MockClock) -> None:
    hub = LiveHub()
    got: list[tuple[float, str]] = []

    async def read(task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        with hub.open(TENANT) as subscription:
            subscription.set(["stations"])
            task_status.started()
            async for topic, _ in subscription:
                got.append((trio.current_time() - start, topic))
                await trio.sleep(10)  # slow

    start = trio.current_time()
    async with trio.open_nursery() as nursery:
        await nursery.start(read)
        for _ in range(100):
            await trio.sleep(1)
            await hub.take(event(online()))
        hub.close()
    # One value every ten seconds, however many came in between, and the feed ended with the hub.
    assert [round(at) for at, _ in got] == [1 + 10 * turn for turn in range(10)] + [101]
    with hub.open(TENANT) as late, pytest.raises(trio.EndOfChannel):
        await late.receive()


async def test_cancelled_reader_loses_nothing_that_it_had_not_taken(autojump_clock: trio.testing.MockClock) -> None:
    hub = LiveHub()
    with hub.open(TENANT) as subscription:
        subscription.set(["refusals"])
        with trio.move_on_after(1):
            await subscription.receive()
        refused = RefusalRecorded(refusal_id=uuid4(), path="/x", reason="unknown_station", address_prefix="::/64")
        await hub.take(event(refused))
        with trio.CancelScope() as scope:
            scope.cancel()
            await subscription.receive()
        ((topic, told),) = await drained(subscription)
    assert (topic, told["data"]["count"]) == ("refusals", 1)


async def test_reading_is_an_event_of_its_own_type() -> None:
    hub = LiveHub(now=lambda: NOW)
    outside: Outside = hub
    with hub.open(TENANT) as reader:
        reader.set(["sessions"])
        outside.measured(TENANT, reading(7360.5))
        _, told = await reader.receive()
    assert isinstance(told, dict)
    assert json.loads(json.dumps(told))["type"] == "voltyard.session.measured.v1"
    assert told["data"] == {
        "session_id": str(SESSION), "station_id": str(STATION), "at": "2026-03-01T08:00:00.000Z",
        "energy_wh": 1200, "export_wh": None, "power_w": 7360.5, "soc": 60.0,
    }  # fmt: skip


def test_recorded_events_wake_the_dispatcher() -> None:
    hub = LiveHub()
    woken = []
    hub.recorded_events()
    hub.connect(lambda: woken.append(1))
    hub.recorded_events()
    assert woken == [1]


def test_attached_as_a_consumer_that_starts_now() -> None:
    bus = Bus()
    hub = LiveHub()
    hub.attach(bus)
    (subscription,) = bus.close()
    assert (subscription.name, subscription.durable, subscription.start) == ("live", False, "now")
