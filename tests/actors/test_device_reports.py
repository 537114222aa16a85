"""Reports of the device model: in any order, twice, with parts missing, without an end; and what asks for them."""

from datetime import timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from uuid_utils.compat import uuid7

from actors.device.prompts import LASTS, MOST, Prompts
from actors.device.reports import MOST_VARIABLES
from actors.records import CommandRecord, StationObjectRecord, VariableRecord, VariablesSweptRecord
from actors.report.assembly import MOST_PARTS
from actors.station.learned import learned
from actors.station.phrases import phrase
from actors.station.phrasing import Facts, Unsupported
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld, at

TWO = [Version.V201, Version.V21]


def part(number: int, parts: int, *, request: int = 7, items: int = 2) -> dict[str, Any]:
    data = [
        {
            "component": {"name": "EVSE", "instance": "left", "evse": {"id": 1}},
            "variable": {"name": f"V{number}-{index}"},
            "variableAttribute": [{"value": "1", "mutability": "ReadOnly"}],
        }
        for index in range(items)
    ]
    return {
        "requestId": request, "generatedAt": at(0), "seqNo": number, "tbc": number < parts - 1, "reportData": data,
    }  # fmt: skip


def asked(world: MemoryWorld, base: str = "FullInventory", request: int = 7) -> None:
    world.now += timedelta(seconds=1)
    world.prompts.note("GetBaseReport", {"requestId": request, "reportBase": base}, world.now)


def report(world: MemoryWorld, key: str = "7") -> StationObjectRecord:
    """The report as last stored."""
    return [each for each in world.of(StationObjectRecord) if (each.kind, each.key) == ("report", key)][-1]


def told(world: MemoryWorld) -> list[str]:
    return [each for each in world.events() if each.startswith("report_ended")]


@pytest.mark.parametrize("version", TWO)
@pytest.mark.parametrize("seed", range(4))
def test_parts_in_any_order_and_twice_make_one_complete_report(version: Version, seed: int) -> None:
    """B07.FR.09: parts are numbered from 0; the full inventory is what there is from now on (B07.FR.14)."""
    world = MemoryWorld(version)
    asked(world)
    numbers = list(range(12)) * 2
    Random(seed).shuffle(numbers)
    for number in numbers:
        assert world.tell("NotifyReport", part(number, 12)) == {}
    assert (report(world).status, report(world).data["missing"]) == ("complete", [])
    assert (report(world).data["kind"], report(world).data["parts"]) == ("full", 12)
    assert len({record.variable for record in world.of(VariableRecord)}) == 24
    assert told(world) == ["report_ended.v1"]
    assert world.state.assemblies == {}
    [swept] = world.of(VariablesSweptRecord)
    assert all(record.received_at >= swept.before for record in world.of(VariableRecord))


@pytest.mark.parametrize("kind", ["ConfigurationInventory", "SummaryInventory", None])
def test_only_a_full_inventory_tells_what_is_gone(kind: str | None) -> None:
    world = MemoryWorld(Version.V201)
    if kind is not None:
        asked(world, kind)
    world.tell("NotifyReport", part(0, 1))
    assert report(world).status == "complete"
    assert list(world.of(VariablesSweptRecord)) == []


def test_a_report_that_falls_silent_is_incomplete_and_says_what_is_missing() -> None:
    world = MemoryWorld(Version.V201)
    asked(world)
    for number in (0, 2, 4):
        world.tell("NotifyReport", part(number, 6))
    world.time_passes(599)
    assert report(world).status == "running"
    world.time_passes(2)
    assert (report(world).status, report(world).data["reason"]) == ("incomplete", "silent")
    assert report(world).data["missing"] == [1, 3]
    assert len(list(world.of(VariableRecord))) == 6, "what came is kept"
    assert list(world.of(VariablesSweptRecord)) == []
    assert told(world) == ["report_ended.v1"]
    world.time_passes(10_000)
    assert told(world) == ["report_ended.v1"]


def test_a_report_outlives_a_restart_of_ours() -> None:
    world = MemoryWorld(Version.V21)
    asked(world)
    world.tell("NotifyReport", part(1, 3))
    world.tell("NotifyReport", part(2, 3))
    world.prompts = Prompts()
    world.restart()
    world.tell("NotifyReport", part(0, 3))
    assert (report(world).status, report(world).data["variables"]) == ("complete", 6)
    assert len(list(world.of(VariablesSweptRecord))) == 1


def test_a_report_that_never_ends_is_given_up_and_fills_nothing() -> None:
    world = MemoryWorld(Version.V201)
    asked(world)
    world.tell("NotifyReport", part(0, 10**6))
    world.tell("NotifyReport", part(MOST_PARTS, 10**6))
    assert (report(world).status, report(world).data["reason"]) == ("incomplete", "endless")
    for number in range(1, 50):
        assert world.tell("NotifyReport", part(number, 10**6)) == {}
    assert len(list(world.of(VariableRecord))) == 2, "what goes on for ever is answered and not kept"
    assert world.state.assemblies == {}
    asked(world, request=8)
    for number in range(4):
        world.tell("NotifyReport", part(number, 10, request=8, items=1), after=3000)
    assert (report(world, "8").status, report(world, "8").data["reason"]) == ("incomplete", "endless")
    assert MOST_VARIABLES >= 3000 * 4


def test_a_number_that_we_use_again_is_a_new_report_and_late_parts_of_a_silent_one_are_kept() -> None:
    world = MemoryWorld(Version.V201)
    for base in ("FullInventory", "SummaryInventory"):
        asked(world, base)
        world.tell("NotifyReport", part(0, 2))
        world.tell("NotifyReport", part(1, 2))
        assert report(world).status == "complete"
    assert report(world).data["kind"] == "summary"
    asked(world)
    world.tell("NotifyReport", part(0, 3))
    asked(world)
    world.tell("NotifyReport", part(1, 2))
    assert report(world).data["missing"] == [0]
    world.time_passes(601)
    before = len(list(world.of(VariableRecord)))
    world.tell("NotifyReport", part(0, 2))
    assert (report(world).status, len(list(world.of(VariableRecord)))) == ("running", before + 2)


def test_two_stations_nonsense_stays_apart() -> None:
    """The same request id at both; one skips parts for ever, the other is complete."""
    one, other = MemoryWorld(Version.V201), MemoryWorld(Version.V201)
    for world in (one, other):
        asked(world)
    for number in range(5):
        one.tell("NotifyReport", part(number * 2, 100))
        other.tell("NotifyReport", part(number, 5))
    one.time_passes(601)
    other.time_passes(601)
    assert (report(one).status, report(other).status) == ("incomplete", "complete")
    assert report(one).data["missing"] == [1, 3, 5, 7]


def test_what_the_answer_to_the_request_tells() -> None:
    def records(action: str, request: dict[str, Any], answer: dict[str, Any]) -> list[Any]:
        world = MemoryWorld(Version.V201)
        row = CommandRecord(
            uuid7(), action, None, "answered", "1", "2.0.1", request, answer, None, None, None, None, NOON, NOON, NOON
        )
        return learned(world.station, row, NOON, uuid7)

    base = {"requestId": 5, "reportBase": "SummaryInventory"}
    [refused, _] = records("GetBaseReport", base, {"status": "NotSupported"})
    assert (refused.kind, refused.key, refused.status, refused.data["kind"]) == ("report", "5", "refused", "summary")
    [empty, _] = records("GetReport", {"requestId": 6}, {"status": "EmptyResultSet"})
    assert (empty.key, empty.status, empty.data["parts"]) == ("6", "complete", 0)
    assert records("GetBaseReport", base, {"status": "Accepted"}) == []
    keys = {"configurationKey": [{"key": "A", "readonly": True, "value": "1"}]}
    assert [type(each) for each in records("GetConfiguration", {}, keys)] == [VariableRecord, VariablesSweptRecord]
    assert [type(each) for each in records("GetConfiguration", {"key": ["A"]}, keys)] == [VariableRecord]
    slot = {"configurationSlot": 2, "connectionData": {"ocppCsmsUrl": "wss://a"}}
    [profile, _] = records("SetNetworkProfile", slot, {"status": "Accepted"})
    assert (profile.kind, profile.key, profile.data) == ("network_profile", "2", {"ocppCsmsUrl": "wss://a"})
    assert records("SetNetworkProfile", slot, {"status": "Rejected"}) == []


COMMANDS: list[tuple[str, dict[str, Any], str]] = [
    ("base-report", {"kind": "full"}, "GetBaseReport"),
    ("base-report", {"kind": "configuration"}, "GetBaseReport"),
    ("report", {"components": [{"component": {"name": "EVSE"}}], "criteria": ["Problem"]}, "GetReport"),
    ("network-profile", {"slot": 1, "url": "wss://a.example", "security_profile": 2, "interface": "Wired0",
                         "message_timeout": 30}, "SetNetworkProfile"),
    ("network-priority", {"slots": [2, 1]}, "SetVariables"),
    ("reset", {"kind": "on_idle", "evse": 1}, "Reset"),
]  # fmt: skip


@pytest.mark.parametrize("version", TWO)
@pytest.mark.parametrize(("name", "arguments", "action"), COMMANDS)
def test_commands_are_valid_messages(version: Version, name: str, arguments: dict[str, Any], action: str) -> None:
    said, payload = phrase(version, name, arguments, Facts(NOON, number=9, version=version))
    assert said == action
    assert catalogue.check(catalogue.actions(version)[action], payload) == []


def test_what_a_version_lacks_is_said_in_words() -> None:
    resume = {"kind": "immediate_and_resume"}
    assert phrase(Version.V21, "reset", resume, Facts(NOON, version=Version.V21)) == (
        "Reset", {"type": "ImmediateAndResume"}
    )  # fmt: skip
    for version in (Version.V16, Version.V201):
        with pytest.raises(Unsupported, match=r"2\.1"):
            phrase(version, "reset", resume, Facts(NOON, version=version))
    assert phrase(Version.V16, "base-report", {"kind": "full"}, Facts(NOON)) == ("GetConfiguration", {})
    for name in ("report", "network-profile", "network-priority"):
        with pytest.raises(Unsupported):
            phrase(Version.V16, name, {}, Facts(NOON, version=Version.V16))
    profile = dict(COMMANDS[3][1]) | {"identity": "CP1", "password": "sixteen-letters-!"}
    with pytest.raises(Unsupported, match="identity"):
        phrase(Version.V201, "network-profile", profile, Facts(NOON, version=Version.V201))
    _, payload = phrase(Version.V21, "network-profile", profile, Facts(NOON, version=Version.V21))
    assert msgspec.json.encode(payload["connectionData"]["identity"]) == b'"CP1"'


def test_prompts_are_few_and_do_not_last() -> None:
    prompts = Prompts()
    prompts.note("TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"}, NOON)
    assert prompts.find("SignCertificate", None, NOON) is not None
    assert prompts.find("SignCertificate", None, NOON + 2 * LASTS) is None
    for number in range(2 * MOST):
        prompts.note("GetReport", {"requestId": number}, NOON)
    assert prompts.find("NotifyReport", 0, NOON) is None
    assert prompts.find("NotifyReport", 2 * MOST - 1, NOON) is not None
    prompts.note("GetReport", "not an object", NOON)
    prompts.note("Reset", {"type": "Immediate"}, NOON)
    assert prompts.find("Reset", None, NOON) is None
