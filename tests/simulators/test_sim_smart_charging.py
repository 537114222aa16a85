"""Simulated stations against the platform's own decisions: smart charging, grid controls and battery swaps joined."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from actors.charging import objects
from actors.depot import objects as depot
from actors.grid import objects as grid_objects
from actors.records import ObjectsMatchedRecord, StationObjectRecord
from protocol.ocpp.version import Version
from simulators.station import acts, grid, smart
from simulators.station import depot as swaps
from simulators.station.charging import NotPossible
from simulators.station.depot_state import Battery
from tests.support.memory_world import MemoryWorld
from tests.support.sim_bench import Bench

_TOLD = (
    "ReportChargingProfiles", "NotifyChargingLimit", "ClearedChargingLimit", "NotifyEVChargingNeeds",
    "NotifyEVChargingSchedule", "NotifyPriorityCharging", "PullDynamicScheduleUpdate", "ReportDERControl",
    "NotifyDERAlarm", "NotifyDERStartStop", "BatterySwap",
)  # fmt: skip


def joined(version: Version = Version.V21, **options: Any) -> tuple[Bench, MemoryWorld]:
    """A station that is connected, and the decisions that answer what it says of charging and the grid."""
    bench, world = Bench(version, **options), MemoryWorld(version)
    for action in _TOLD:
        bench.answers[action] = _answers(world, action)
    return bench.connect(), world


def _answers(world: MemoryWorld, action: str) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def answer(payload: dict[str, Any]) -> dict[str, Any] | None:
        told = world.tell(action, payload, after=0.001)
        return told if isinstance(told, dict) else None

    return answer


def kept(world: MemoryWorld, kind: str) -> dict[str, StationObjectRecord]:
    return {record.key: record for record in world.of(StationObjectRecord) if record.kind == kind}


def profile(bench: Bench, number: int, period: dict[str, Any], **changes: Any) -> dict[str, Any]:
    kind = changes.get("chargingProfileKind", "Absolute")
    schedule = {"id": number, "chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0} | period]}
    schedule |= changes.pop("schedule", {})
    if kind == "Absolute":
        schedule["startSchedule"] = bench.now.isoformat()
    made = {
        "id": number, "stackLevel": number % 10, "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": kind, "chargingSchedule": [schedule],
    }  # fmt: skip
    return made | changes


def put(bench: Bench, evse: int, made: dict[str, Any]) -> Any:
    answer = bench.ask("SetChargingProfile", {"evseId": evse, "chargingProfile": made})
    return answer["status"] if isinstance(answer, dict) else answer


@pytest.mark.parametrize("version", [Version.V201, Version.V21], ids=str)
def test_profiles_are_reported_in_parts_beside_limits_of_others(version: Version) -> None:
    """K01.FR.22, K09.FR.01, K09.FR.02, K10.FR.01, K11.FR.06, K13.FR.01."""
    bench, world = joined(version)
    for number in (1, 2, 3):
        assert put(bench, 1, profile(bench, number, {"limit": 11_000.0})) == "Accepted"
    refused = profile(bench, 9, {"limit": 1.0}, chargingProfilePurpose="ChargingStationExternalConstraints")
    assert put(bench, 0, refused) == "Rejected"
    bench.plug()
    bench.swipe()
    bench.pass_time(2)
    smart.limit_by_others(bench.station, 0, "EMS", 8.0, bench.now)
    bench.pass_time(2)
    assert bench.station.outlets[1].flow.amps == 8.0
    world.outside["charging_report"] = {"criteria": {"chargingProfile": {}}, "set_by": {}}
    asked = {"requestId": 3, "chargingProfile": {"chargingLimitSource": ["CSO", "EMS"]}}
    assert bench.ask("GetChargingProfiles", asked) == {"status": "Accepted"}
    bench.settle()
    assert [bool(each.get("tbc")) for each in bench.all_of("ReportChargingProfiles")] == [True, True, False]
    found = kept(world, objects.PROFILE)
    assert len(found) == 4
    assert {record.data["source"] for record in found.values()} == {"CSO", "EMS"}
    sweeps = [each for each in world.of(ObjectsMatchedRecord) if each.kind == objects.PROFILE]
    assert set(sweeps[-1].keep) == set(found)
    smart.clear_limit_by_others(bench.station, 0, "EMS", bench.now)
    bench.pass_time(2)
    assert bench.station.outlets[1].flow.amps == pytest.approx(15.9, abs=0.1)
    assert bench.ask("ClearChargingProfile", {"chargingProfileId": 77}) == {"status": "Unknown"}
    assert not bench.refused


def test_a_vehicle_tells_needs_and_schedule_and_feeds_back_by_setpoints() -> None:
    """K15, K18.FR.04, Q02.FR.06, Q02.FR.07, Q03.FR.01, K28.FR.06, K28.FR.13, K28.FR.14."""
    bench, world = joined(dc=True)
    bench.plug(soc=60.0, max_discharge_watts=10_000.0)
    bench.swipe()
    bench.pass_time(2)
    transaction = bench.station.outlets[1].transaction
    assert transaction is not None
    assert transaction.id is not None
    allowed = {"transactionId": transaction.id, "allowedEnergyTransfer": ["DC_BPT"]}
    assert bench.ask("NotifyAllowedEnergyTransfer", allowed) == {"status": "Accepted"}
    bench.settle()
    needs = kept(world, objects.NEEDS)["1"]
    assert (needs.status, needs.data["needs"]["requestedEnergyTransfer"]) == ("NoChargingProfile", "DC_BPT")
    assert needs.data["needs"]["v2xChargingParameters"]["maxDischargePower"] == 10_000.0
    smart.tell_schedule(bench.station, 1, [(0, 40_000.0)], "W", bench.now)
    bench.settle()
    assert kept(world, objects.EV_SCHEDULE)["1"].status == "Accepted"
    steered = profile(
        bench, 5, {"operationMode": "CentralSetpoint", "setpoint": -5000.0}, chargingProfileKind="Dynamic",
        chargingProfilePurpose="TxProfile", transactionId=transaction.id, schedule={"duration": 120},
    )  # fmt: skip
    assert put(bench, 1, steered) == "Accepted"
    bench.pass_time(100)
    outlet = bench.station.outlets[1]
    assert outlet.flow.watts == -5000.0
    assert outlet.vehicle is not None
    assert outlet.vehicle.soc < 60.5
    before = outlet.meter.exported.whole_wh
    assert before > 100
    update = {"chargingProfileId": 5, "scheduleUpdate": {"setpoint": -8000.0}}
    assert bench.ask("UpdateDynamicSchedule", update) == {"status": "Accepted"}
    bench.pass_time(60)
    assert outlet.flow.watts == -8000.0, "the dead-man timer began anew"
    bench.pass_time(70)
    assert outlet.flow.watts > 0, "nobody updated it in time: the next profile counts"
    assert bench.ask("UpdateDynamicSchedule", update) == {"status": "Accepted"}
    bench.pass_time(2)
    assert outlet.flow.watts == -8000.0, "an update makes it valid again"
    sampled = bench.last("TransactionEvent")["meterValue"][0]["sampledValue"]
    assert {"Energy.Active.Export.Register", "Power.Active.Export"} <= {each["measurand"] for each in sampled}
    assert not bench.refused


def test_a_dynamic_profile_fetches_its_values() -> None:
    """K28.FR.07, K28.FR.08, K28.FR.10, K28.FR.12."""
    bench, world = joined()
    bench.plug(max_discharge_watts=5000.0)
    bench.swipe()
    values = {"setpoint": -3000.0}
    world.outside["dynamic_limit"] = {"dynamic": True, "values": values, "news": True, "source": "operator"}
    dynamic = profile(bench, 6, {"limit": 11_000.0}, chargingProfileKind="Dynamic", dynUpdateInterval=30)
    assert put(bench, 1, dynamic) == "Accepted"
    bench.pass_time(33)
    assert bench.actions().count("PullDynamicScheduleUpdate") == 1
    assert bench.station.outlets[1].flow.watts == -3000.0
    world.outside["dynamic_limit"] = {"dynamic": False, "values": {}, "news": False, "source": None}
    bench.pass_time(30)
    assert bench.station.outlets[1].flow.watts == -3000.0
    assert bench.ask("ClearChargingProfile", {"chargingProfileId": 6}) == {"status": "Accepted"}
    bench.pass_time(60)
    assert bench.actions().count("PullDynamicScheduleUpdate") == 2
    assert not bench.refused


def test_priority_by_our_call_and_by_the_drivers_hand() -> None:
    """K21.FR.01 to K21.FR.08, K22.FR.01, K22.FR.03."""
    bench, world = joined()
    bench.plug()
    bench.swipe()
    bench.pass_time(1)
    transaction = bench.station.outlets[1].transaction
    assert transaction is not None
    wish = {"transactionId": transaction.id, "activate": True}
    assert bench.ask("UsePriorityCharging", wish | {"transactionId": "none"})["status"] == "Rejected"  # type: ignore[index]
    assert bench.ask("UsePriorityCharging", wish)["status"] == "NoProfile"  # type: ignore[index]
    with pytest.raises(NotPossible):
        smart.press_priority(bench.station, 1, bench.now)
    assert put(bench, 1, profile(bench, 1, {"limit": 5000.0})) == "Accepted"
    assert put(bench, 0, profile(bench, 2, {"limit": 9000.0}, chargingProfilePurpose="PriorityCharging")) == "Accepted"
    bench.pass_time(1)
    assert bench.station.outlets[1].flow.watts == pytest.approx(5000)
    assert bench.ask("UsePriorityCharging", wish) == {"status": "Accepted"}
    bench.pass_time(1)
    assert bench.station.outlets[1].flow.watts == pytest.approx(9000)
    assert kept(world, objects.PRIORITY)[str(transaction.id)].status == "active"
    acts.act(bench.station, "priority", ["1"], bench.now)
    bench.pass_time(1)
    assert bench.station.outlets[1].flow.watts == pytest.approx(5000)
    assert [each["activated"] for each in bench.all_of("NotifyPriorityCharging")] == [True, False]


def _curve(bench: Bench, number: str, priority: int, *, after: float | None = None) -> dict[str, Any]:
    points = [{"x": 90, "y": 100}, {"x": 110, "y": 0}]
    curve: dict[str, Any] = {"priority": priority, "yUnit": "PctMaxW", "curveData": points}
    if after is not None:
        curve |= {"startTime": (bench.now + timedelta(seconds=after)).isoformat(), "duration": 60.0}
    return {"isDefault": after is None, "controlId": number, "controlType": "VoltWatt", "curve": curve}


def test_grid_controls_supersede_start_stop_and_are_reported() -> None:
    """R04.FR.01 to R04.FR.10, R04.FR.13 to R04.FR.17, R04.FR.20 to R04.FR.46, R05."""
    bench, world = joined()
    accepted = {"status": "Accepted"}
    assert bench.ask("SetDERControl", _curve(bench, "d1", 2)) == accepted
    assert bench.ask("SetDERControl", _curve(bench, "d0", 1)) == accepted | {"supersededIds": ["d1"]}
    assert bench.ask("SetDERControl", _curve(bench, "s2", 2, after=10)) == accepted
    assert bench.ask("SetDERControl", _curve(bench, "s3", 1, after=20)) == accepted | {"supersededIds": ["s2"]}
    wrong = _curve(bench, "bad", 1) | {"gradient": {"priority": 1, "gradient": 1, "softGradient": 1}}
    assert bench.ask("SetDERControl", wrong) == {"status": "Rejected"}
    timed = _curve(bench, "bad", 1, after=5) | {"isDefault": True}
    assert bench.ask("SetDERControl", timed) == {"status": "Rejected"}
    bench.station.grid.supported = frozenset({"VoltWatt"})
    asked = {"requestId": 4, "controlType": "VoltVar"}
    assert bench.ask("GetDERControl", asked) == {"status": "NotSupported"}
    world.outside["der_report"] = {"criteria": {}, "set_by": {}}
    assert bench.ask("GetDERControl", {"requestId": 4}) == accepted
    bench.settle()
    assert [bool(each.get("tbc")) for each in bench.all_of("ReportDERControl")] == [True, False]
    found = kept(world, grid_objects.CONTROL)
    assert {key: record.status for key, record in found.items()} == {
        "d1": "superseded", "d0": "installed", "s2": "superseded", "s3": "installed",
    }  # fmt: skip
    bench.pass_time(100)
    told = [(each["controlId"], each["started"]) for each in bench.all_of("NotifyDERStartStop")]
    assert told == [("s3", True), ("s3", False)], "a superseded control never starts"
    assert bench.ask("ClearDERControl", {"isDefault": False}) == accepted
    assert bench.ask("ClearDERControl", {"isDefault": True, "controlId": "s3"}) == {"status": "NotFound"}
    assert bench.ask("ClearDERControl", {"isDefault": True, "controlType": "VoltWatt"}) == accepted
    assert bench.ask("GetDERControl", {"requestId": 5}) == {"status": "NotFound"}
    acts.act(bench.station, "der-alarm", ["VoltWatt", "OverVoltage"], bench.now)
    bench.settle()
    assert kept(world, grid_objects.ALARM)["VoltWatt"].status == "active"
    grid.end_alarm(bench.station, bench.now)
    bench.settle()
    assert kept(world, grid_objects.ALARM)["VoltWatt"].removed
    assert not bench.refused


def test_local_frequency_follows_the_grid_and_the_afrr_signal() -> None:
    """Q08.FR.06, Q08.FR.10, Q08.FR.11."""
    bench, _ = joined(dc=True)
    bench.plug(soc=60.0, max_discharge_watts=20_000.0)
    bench.swipe()
    signal = {"timestamp": bench.now.isoformat(), "signal": 5}
    assert bench.ask("AFRRSignal", signal)["status"] == "Rejected"  # type: ignore[index]
    period = {
        "operationMode": "LocalFrequency", "v2xBaseline": 2000.0,
        "v2xFreqWattCurve": [{"frequency": 49.8, "power": -10_000.0}, {"frequency": 50.2, "power": 10_000.0}],
        "v2xSignalWattCurve": [{"signal": -10, "power": -4000.0}, {"signal": 10, "power": 4000.0}],
    }  # fmt: skip
    assert put(bench, 1, profile(bench, 5, period)) == "Accepted"
    bench.pass_time(1)
    assert bench.station.outlets[1].flow.watts == pytest.approx(2000)
    acts.act(bench.station, "grid-frequency", ["49.9"], bench.now)
    bench.pass_time(1)
    assert bench.station.outlets[1].flow.watts == pytest.approx(-3000)
    assert bench.ask("AFRRSignal", signal) == {"status": "Accepted"}
    bench.pass_time(1)
    assert bench.station.outlets[1].flow.watts == pytest.approx(-1000)


def test_a_swap_station_gives_a_full_battery_for_a_used_one() -> None:
    """S01.FR.01, S02.FR.01, S02.FR.02, S02.FR.04, S03.FR.01, S03.FR.03, S03.FR.06."""
    bench, world = joined()
    asked = {"requestId": 4, "idToken": {"idToken": "CAFE", "type": "ISO14443"}}
    empty = {"status": "Rejected", "statusInfo": {"reasonCode": "NoBatteryAvailable"}}
    assert bench.ask("RequestBatterySwap", asked) == empty
    bench.station.slots[1] = Battery("FULL-1", 97.0)
    assert bench.ask("RequestBatterySwap", asked) == {"status": "Accepted"}
    bench.pass_time(swaps.OUT_AFTER_S + 2)
    assert {key: record.status for key, record in kept(world, depot.BATTERY).items()} == {
        "USED-4": "in", "FULL-1": "out",
    }  # fmt: skip
    acts.act(bench.station, "battery-left", ["2", "5", "CAFE"], bench.now)
    bench.settle()
    assert kept(world, depot.SWAP).keys() == {"4/in", "4/out", "5/out_timeout"}
    with pytest.raises(NotPossible, match="write: battery-in"):
        acts.act(bench.station, "battery-in", ["2"], bench.now)
