"""1.6 meter values that a station sends again, since it never got our answer: stored once, and nothing else lost."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from actors.records import ReadingRecord
from tests.support.memory_world import MemoryWorld, at, token

Payload = dict[str, Any]


def values(seconds: float, register: int, **more: Any) -> Payload:
    power = {"value": "7200", "measurand": "Power.Active.Import", "unit": "W"}
    sampled: list[Payload] = [{"value": str(register)}, power]
    sampled += [{"value": value, "measurand": name.replace("_", ".")} for name, value in more.items()]
    return {
        "connectorId": 1,
        "transactionId": 1,
        "meterValue": [{"timestamp": at(seconds), "sampledValue": sampled}],
    }


def charging() -> MemoryWorld:
    world = MemoryWorld(tokens=[token("ABC")])
    world.tell("StartTransaction", {"connectorId": 1, "idTag": "ABC", "meterStart": 100, "timestamp": at(0)})
    world.tell("MeterValues", values(2, 150))
    return world


def reconnect(world: MemoryWorld) -> None:
    world.now += timedelta(seconds=5)
    world.state = replace(world.state, connected_at=world.now, online=True)


def stored(world: MemoryWorld) -> int:
    return len(list(world.of(ReadingRecord)))


def test_what_was_stored_and_not_answered_is_not_stored_again() -> None:
    world = charging()
    world.restart()
    reconnect(world)
    assert world.tell("MeterValues", values(2, 150)) == {}
    assert stored(world) == 1
    world.tell("MeterValues", values(12, 250))
    assert stored(world) == 2
    world.check()


def test_a_newer_reading_with_the_same_register_is_kept() -> None:
    world = charging()
    reconnect(world)
    world.tell("MeterValues", values(20, 150))
    assert stored(world) == 2


def test_within_one_connection_nothing_is_taken_for_a_repeat() -> None:
    world = charging()
    world.tell("MeterValues", values(2, 150, Voltage="231"))
    assert stored(world) == 2


def test_another_value_at_the_same_time_is_kept() -> None:
    world = charging()
    reconnect(world)
    world.tell("MeterValues", values(2, 151))
    assert stored(world) == 2
