"""Grid controls, the aFRR signal, energy transfers and battery swaps: said, asked, kept."""

from pathlib import Path
from typing import Any, get_args

import pytest

from actors.depot import objects as depot
from actors.grid import der_types, objects
from actors.records import ObjectsMatchedRecord, StationObjectRecord
from actors.station.face import NeutralCommand
from actors.station.phrases import phrase
from actors.station.phrasing import Facts, NotFit
from protocol.ocpp import catalogue
from protocol.ocpp.messages import v21
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld, at
from tests.support.station_rig import rig

FACTS = Facts(NOON, transaction_id="T1", number=7, version=Version.V21)
TIMES = {"startTime": at(60), "duration": 600.0}
POINTS = [{"x": 90.0, "y": 1.0}, {"x": 110.0, "y": 2.0}]
PLAIN: dict[str, dict[str, Any]] = {
    "EnterService": {"priority": 1, "highVoltage": 110, "lowVoltage": 90, "highFreq": 50.1, "lowFreq": 49.5},
    "FreqDroop": {
        "priority": 1, "overFreq": 50.2, "underFreq": 49.8, "overDroop": 5, "underDroop": 5, "responseTime": 2,
    },
    "FixedPFAbsorb": {"priority": 1, "displacement": 0.95, "excitation": True},
    "FixedPFInject": {"priority": 1, "displacement": 0.95, "excitation": False},
    "FixedVar": {"priority": 1, "setpoint": 20, "unit": "PctMaxVar"},
    "Gradients": {"priority": 1, "gradient": 10, "softGradient": 5},
    "LimitMaxDischarge": {"priority": 1, "pctMaxDischargePower": 50},
}  # fmt: skip


def control(name: str) -> dict[str, Any]:
    kind = der_types.TYPES[name]
    return PLAIN.get(name) or {"priority": 1, "yUnit": kind.y_units[0], "curveData": POINTS}


def kept(world: MemoryWorld, kind: str) -> dict[str, StationObjectRecord]:
    return {record.key: record for record in world.of(StationObjectRecord) if record.kind == kind}


def said(name: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    return phrase(Version.V21, name, arguments, FACTS)


def refused(name: str, **arguments: Any) -> str:
    with pytest.raises(NotFit) as raised:
        said(name, **arguments)
    return str(raised.value)


def test_the_table_has_every_type_there_is() -> None:
    assert set(der_types.TYPES) == set(get_args(v21.DERControlEnumType))
    assert len(der_types.TYPES) == 22


@pytest.mark.parametrize("name", der_types.TYPES)
def test_each_type_in_its_own_field_as_default_and_as_schedule(name: str) -> None:
    """R04.FR.16: only the field of the type. R04.FR.12, R04.FR.14: what a default, and a schedule, must not have."""
    action, payload = said("der-control", type=name, default=True, control=control(name))
    assert catalogue.check(catalogue.actions(Version.V21)[action], payload) == []
    assert [field for field in der_types.FIELDS if field in payload] == [der_types.TYPES[name].field]
    if der_types.TYPES[name].default_only:
        assert "R04.FR.14" in refused("der-control", type=name, default=False, control=control(name) | TIMES)
        return
    action, payload = said("der-control", type=name, default=False, id="mine", control=control(name) | TIMES)
    assert payload["controlId"] == "mine"
    assert catalogue.check(catalogue.actions(Version.V21)[action], payload) == []
    assert "R04.FR.12" in refused("der-control", type=name, default=True, control=control(name) | TIMES)
    assert "startTime" in refused("der-control", type=name, default=False, control=control(name))
    lacking = {member: value for member, value in control(name).items() if member != "priority"}
    assert "/control/priority" in refused("der-control", type=name, default=True, control=lacking)


@pytest.mark.parametrize(
    ("name", "changes", "what"),
    [
        ("VoltWatt", {"yUnit": "PctMaxVar"}, "takes PctMaxW or PctWAvail"),
        ("VoltVar", {"curveData": POINTS[:1]}, "two points"),
        ("VoltVar", {"curveData": POINTS[::-1]}, "rising x"),
        ("VoltWatt", {"reactivePowerParams": {"vRef": 100}}, "no meaning"),
        ("HVMustTrip", {"voltageParams": {"hv10MinMeanValue": 110}}, "go together"),
        ("LimitMaxDischarge", {"pctMaxDischargePower": 120}, "0 to 100"),
    ],
)
def test_what_a_type_cannot_be(name: str, changes: dict[str, Any], what: str) -> None:
    assert what in refused("der-control", type=name, default=True, control=control(name) | changes)


def test_the_other_commands_are_valid_messages() -> None:
    """R04.FR.30 to 46, Q08.FR.12 (the time is now), Q02.FR.05, S02."""
    for name, arguments, expected in (
        ("der-controls", {}, ("GetDERControl", {"requestId": 7})),
        ("der-controls", {"type": "VoltVar", "default": True},
         ("GetDERControl", {"requestId": 7, "isDefault": True, "controlType": "VoltVar"})),
        ("clear-der-control", {"default": False, "id": "x"},
         ("ClearDERControl", {"isDefault": False, "controlId": "x"})),
        ("afrr-signal", {"signal": 12}, ("AFRRSignal", {"timestamp": at(0), "signal": 12})),
        ("allowed-energy-transfer", {"allowed": ["DC_BPT"]},
         ("NotifyAllowedEnergyTransfer", {"transactionId": "T1", "allowedEnergyTransfer": ["DC_BPT"]})),
        ("battery-swap", {"token": "CAFE", "request_id": 4},
         ("RequestBatterySwap", {"idToken": {"idToken": "CAFE", "type": "ISO14443"}, "requestId": 4})),
    ):  # fmt: skip
        action, payload = said(name, **arguments)
        assert (action, payload) == expected
        assert catalogue.check(catalogue.actions(Version.V21)[action], payload) == []


def test_a_report_of_all_kinds_of_controls() -> None:
    """R04.FR.31 to R04.FR.33: parts of one request; its end says what is not there."""
    world = MemoryWorld(Version.V21)
    criteria = {"requestId": 7, "isDefault": True}
    world.outside["der_report"] = {"criteria": criteria, "set_by": {"c": {"set_by": "admin"}}}
    curve = {"id": "c", "curveType": "VoltWatt", "isDefault": True, "isSuperseded": True, "curve": control("VoltWatt")}
    world.tell("ReportDERControl", {"requestId": 7, "tbc": True, "curve": [curve]})
    fixed = {"isDefault": True, "isSuperseded": False}
    world.tell("ReportDERControl", {
        "requestId": 7,
        "enterService": [{"id": "e", "enterService": control("EnterService")}],
        "fixedPFAbsorb": [{"id": "a", "fixedPF": control("FixedPFAbsorb"), **fixed}],
        "gradient": [{"id": "g", "gradient": control("Gradients")}],
    })
    found = kept(world, objects.CONTROL)
    assert {key: (record.data["type"], record.status) for key, record in found.items()} == {
        "c": ("VoltWatt", "superseded"), "e": ("EnterService", "installed"), "a": ("FixedPFAbsorb", "installed"),
        "g": ("Gradients", "installed"),
    }  # fmt: skip
    assert found["c"].data["set_by"] == "admin"
    [sweep] = world.of(ObjectsMatchedRecord)
    assert (sweep.match, sweep.keep) == ({"default": True}, ["a", "c", "e", "g"])


def test_alarms_begin_end_and_replace_each_other() -> None:
    """R05.FR.01 to R05.FR.04: one alarm at a time."""
    world = MemoryWorld(Version.V21)
    world.tell("NotifyDERAlarm", {"controlType": "VoltWatt", "gridEventFault": "OverVoltage", "timestamp": at(1)})
    world.tell("NotifyDERAlarm", {"controlType": "FreqWatt", "gridEventFault": "OverFrequency", "timestamp": at(2)})
    [_, replaced] = world.of(ObjectsMatchedRecord)
    assert (replaced.keep, replaced.removed) == (["FreqWatt"], True)
    world.tell("NotifyDERAlarm", {"controlType": "FreqWatt", "alarmEnded": True, "timestamp": at(3)})
    assert kept(world, objects.ALARM)["FreqWatt"].removed
    assert world.events().count("der_alarm_changed.v1") == 3


def test_start_and_stop_of_scheduled_controls() -> None:
    """R04.FR.10, R04.FR.20 to R04.FR.22."""
    world = MemoryWorld(Version.V21)
    world.tell("NotifyDERStartStop", {"controlId": "a", "started": True, "timestamp": at(1), "supersededIds": ["b"]})
    world.tell("NotifyDERStartStop", {"controlId": "a", "started": False, "timestamp": at(2)})
    changes = [(r.keys, r.status, r.removed) for r in world.of(ObjectsMatchedRecord)]
    assert changes == [(["a"], "active", False), (["b"], "superseded", False), (["a"], "ended", True)]
    assert kept(world, objects.STATE)["a"].data["started"] is False
    assert world.events().count("der_control_changed.v1") == 2


async def test_what_answers_teach(autojump_clock: object) -> None:
    """R04.FR.02, R04.FR.03, R04.FR.08, R04.FR.30, R04.FR.45, Q08.FR.10, Q02.FR.06."""
    async with rig() as rigged:
        peer = await rigged.connect(Version.V21)
        peer.answers |= {
            "SetDERControl": {"status": "Accepted", "supersededIds": ["old"]},
            "ClearDERControl": {"status": "Accepted"}, "GetDERControl": {"status": "NotFound"},
            "AFRRSignal": {"status": "Accepted"}, "NotifyAllowedEnergyTransfer": {"status": "Accepted"},
        }  # fmt: skip
        arguments = {"type": "VoltWatt", "default": True, "id": "new", "control": control("VoltWatt")}
        await rigged.command(NeutralCommand("der-control", arguments))
        peer.answers["SetDERControl"] = {"status": "Accepted", "supersededIds": ["late"]}
        await rigged.command(NeutralCommand("der-control", arguments | {"id": "late"}))
        await rigged.command(NeutralCommand("clear-der-control", {"default": True, "type": "VoltWatt"}))
        await rigged.command(NeutralCommand("der-controls", {"id": "new"}))
        await rigged.command(NeutralCommand("afrr-signal", {"signal": -3}))
        allowed = {"transaction_id": "T1", "allowed": ["DC"]}
        await rigged.command(NeutralCommand("allowed-energy-transfer", allowed))
        found = {(r.kind, r.key): r for r in rigged.kept(StationObjectRecord)}
        assert found[objects.CONTROL, "new"].status == "installed"
        assert found[objects.CONTROL, "late"].status == "superseded", "one of higher priority is active"
        assert found[objects.AFRR, "last"].data["signal"] == -3
        assert found[objects.TRANSFER, "T1"].data["allowed"] == ["DC"]
        changes = [(r.match, r.keys, r.removed) for r in rigged.kept(ObjectsMatchedRecord)]
        assert changes == [
            ({}, ["old"], False), ({"default": True, "type": "VoltWatt"}, None, True), ({}, ["new"], True)
        ]


def swap(event: str, *serials: str) -> dict[str, Any]:
    batteries = [{"evseId": 1, "serialNumber": serial, "soC": 12.5, "soH": 91.0} for serial in serials]
    token = {"idToken": "CAFE", "type": "ISO14443"}
    return {"eventType": event, "requestId": 4, "idToken": token, "batteryData": batteries}


def test_batteries_go_in_and_out() -> None:
    """S03.FR.01, S03.FR.03, S03.FR.06: what goes in and comes out is tied by its request id."""
    world = MemoryWorld(Version.V21)
    world.tell("BatterySwap", swap("BatteryIn", "B1", "B2"))
    world.tell("BatterySwap", swap("BatteryOutTimeout", "B3"))
    world.tell("BatterySwap", swap("BatteryOut", "B3"))
    batteries = kept(world, depot.BATTERY)
    assert {key: record.status for key, record in batteries.items()} == {"B1": "in", "B2": "in", "B3": "out"}
    assert (batteries["B1"].data["soc"], batteries["B1"].data["soh"], batteries["B1"].data["evse"]) == (12.5, 91.0, 1)
    [taken] = world.of(ObjectsMatchedRecord)
    assert (taken.kind, taken.keys, taken.removed) == (depot.BATTERY, ["B3"], True)
    assert kept(world, depot.SWAP).keys() == {"4/in", "4/out", "4/out_timeout"}
    assert world.events().count("battery_swapped.v1") == 3


def test_the_guide_shows_the_same_table() -> None:
    guide = (Path(__file__).parents[2] / "docs/guides/grid-and-v2x.md").read_text(encoding="utf-8")
    for kind in der_types.TYPES.values():
        [line] = [line for line in guide.splitlines() if line.startswith(f"| `{kind.name}`")]
        assert f"`{kind.field}`" in line
        assert all(f"`{name}`" in line for name in (*kind.needs, *kind.y_units[: 1 if kind.field == "curve" else 0]))
