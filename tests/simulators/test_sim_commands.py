"""What the platform can ask of a simulated station, in every version, each answer valid for its type."""

from datetime import timedelta
from typing import Any

import pytest

from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from simulators.station import settings
from tests.support.sim_bench import START, Bench

ALL = list(Version)
TWO = [Version.V201, Version.V21]


def _profile(bench: Bench, limit: float, *, purpose: str = "TxDefaultProfile", level: int = 0, number: int = 1,
             unit: str = "A", duration: int | None = None, evse: int = 1) -> Any:
    schedule: dict[str, Any] = {"chargingRateUnit": unit, "startSchedule": START.isoformat(),
                                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    if duration is not None:
        schedule["duration"] = duration
    profile: dict[str, Any] = {"stackLevel": level, "chargingProfileKind": "Absolute"}
    if bench.version is Version.V16:
        purpose = purpose.replace("ChargingStationMax", "ChargePointMax")
        profile |= {"chargingProfileId": number, "chargingProfilePurpose": purpose, "chargingSchedule": schedule}
        answer = bench.ask("SetChargingProfile", {"connectorId": evse, "csChargingProfiles": profile})
    else:
        profile |= {"id": number, "chargingProfilePurpose": purpose, "chargingSchedule": [schedule | {"id": 1}]}
        answer = bench.ask("SetChargingProfile", {"evseId": evse, "chargingProfile": profile})
    assert isinstance(answer, dict)
    return answer["status"]


@pytest.fixture(params=ALL, ids=str)
def charging_bench(request: pytest.FixtureRequest) -> Bench:
    bench = Bench(request.param).connect()
    bench.plug()
    bench.swipe()
    bench.pass_time(3)
    return bench


def _amps(bench: Bench, evse: int = 1) -> float:
    bench.pass_time(1)
    return bench.station.outlets[evse].flow.amps


def test_limits_are_obeyed_by_stack_level_and_end_with_their_duration(charging_bench: Bench) -> None:
    bench = charging_bench
    assert _amps(bench) == 16
    assert _profile(bench, 10) == "Accepted"
    assert _amps(bench) == 10
    assert _profile(bench, 8, level=3, number=2, duration=30) == "Accepted"
    assert _amps(bench) == 8
    bench.pass_time(30)
    assert _amps(bench) == 10
    assert _profile(bench, 4140, purpose="TxProfile", unit="W", number=3) == "Accepted"
    assert _amps(bench) == pytest.approx(6)
    assert _profile(bench, 12, purpose="TxProfile", number=3) == "Accepted"
    assert _amps(bench) == 12


def test_less_than_six_amperes_pause_the_vehicle(charging_bench: Bench) -> None:
    bench = charging_bench
    assert _profile(bench, 5) == "Accepted"
    assert _amps(bench) == 0
    assert bench.status() == "SuspendedEVSE"
    status = bench.last("StatusNotification")
    if bench.version is Version.V16:
        assert status["status"] == "SuspendedEVSE"
    assert _profile(bench, 16) == "Accepted"
    assert _amps(bench) == 16


def test_the_station_wide_cap_is_shared(charging_bench: Bench) -> None:
    bench = charging_bench
    bench.plug(2)
    bench.swipe("T2", 2)
    assert _profile(bench, 20, purpose="ChargingStationMaxProfile", evse=0) == "Accepted"
    assert (_amps(bench, 1), _amps(bench, 2)) == (10, 10)
    bench.unplug(2)
    assert _amps(bench, 1) == 16


def test_profiles_a_station_cannot_obey_are_refused(charging_bench: Bench) -> None:
    bench = charging_bench
    assert _profile(bench, 10, evse=7) == "Rejected"
    assert _profile(bench, 10, purpose="TxProfile", evse=2) == "Rejected"
    assert _profile(bench, 10, purpose="ChargingStationMaxProfile", evse=1) == "Rejected"
    assert _profile(bench, 10, level=11) == "Rejected"


def test_clearing_and_the_composite_schedule(charging_bench: Bench) -> None:
    bench = charging_bench
    _profile(bench, 10)
    _profile(bench, 8, level=1, number=2, duration=600)
    key = "connectorId" if bench.version is Version.V16 else "evseId"
    answer: Any = bench.ask("GetCompositeSchedule", {key: 1, "duration": 3600, "chargingRateUnit": "A"})
    schedule = answer["chargingSchedule"] if bench.version is Version.V16 else answer["schedule"]
    left = 600 - int((bench.now - START).total_seconds())
    periods = [(p["startPeriod"], p["limit"]) for p in schedule["chargingSchedulePeriod"]]
    assert periods == [(0, 8.0), (left, 10.0)]
    number = "id" if bench.version is Version.V16 else "chargingProfileId"
    assert bench.ask("ClearChargingProfile", {number: 2}) == {"status": "Accepted"}
    assert bench.ask("ClearChargingProfile", {number: 2}) == {"status": "Unknown"}
    assert _amps(bench) == 10
    assert bench.ask("ClearChargingProfile", {}) == {"status": "Accepted"}
    assert _amps(bench) == 16


@pytest.mark.parametrize("version", ALL, ids=str)
def test_remote_start_and_stop(version: Version) -> None:
    bench = Bench(version).connect()
    bench.plug()
    if version is Version.V16:
        assert bench.ask("RemoteStartTransaction", {"idTag": "R1", "connectorId": 1}) == {"status": "Accepted"}
        assert bench.status() == "Charging"
        assert bench.ask("RemoteStopTransaction", {"transactionId": 5}) == {"status": "Rejected"}
        assert bench.ask("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Accepted"}
        assert bench.last("StopTransaction")["reason"] == "Remote"
    else:
        token = {"idToken": "R1", "type": "Central"}
        answer: Any = bench.ask("RequestStartTransaction", {"idToken": token, "remoteStartId": 77, "evseId": 1})
        began = bench.all_of("TransactionEvent")[0]
        assert began["transactionInfo"] == began["transactionInfo"] | {
            "transactionId": answer["transactionId"], "remoteStartId": 77}
        assert began["triggerReason"] == "RemoteStart"
        stop = {"transactionId": answer["transactionId"]}
        assert bench.ask("RequestStopTransaction", stop) == {"status": "Accepted"}
        assert bench.last("TransactionEvent")["transactionInfo"]["stoppedReason"] == "Remote"
        assert bench.ask("RequestStopTransaction", stop) == {"status": "Rejected"}
    assert not bench.refused


def test_a_reset_ends_the_session_and_boots_again(charging_bench: Bench) -> None:
    bench = charging_bench
    kind = "Soft" if bench.version is Version.V16 else "Immediate"
    assert bench.ask("Reset", {"type": kind}) == {"status": "Accepted"}
    bench.settle()
    assert bench.station.ready_to_reset()
    bench.disconnect()
    bench.station.restarted(bench.now)
    boots = bench.actions().count("BootNotification")
    bench.connect()
    assert bench.actions().count("BootNotification") == boots + 1
    if bench.version is not Version.V16:
        assert bench.last("BootNotification")["reason"] == "RemoteReset"


def test_availability_waits_for_the_transaction(charging_bench: Bench) -> None:
    bench = charging_bench
    payload: dict[str, Any] = {"connectorId": 1, "type": "Inoperative"} if bench.version is Version.V16 else \
        {"evse": {"id": 1}, "operationalStatus": "Inoperative"}
    assert bench.ask("ChangeAvailability", payload) == {"status": "Scheduled"}
    assert bench.status() == "Charging"
    bench.unplug()
    assert bench.status() == "Unavailable"


def test_a_new_password_is_used_from_the_next_connection_on() -> None:
    bench = Bench(Version.V16).connect()
    answer = bench.ask("ChangeConfiguration", {"key": "AuthorizationKey", "value": "a-new-password-16"})
    assert answer == {"status": "Accepted"}
    assert bench.station.password == "a-new-password-16"
    assert bench.station.wants_relink
    told: Any = bench.ask("GetConfiguration", {"key": ["AuthorizationKey", "Nonsense"]})
    assert told == {"configurationKey": [{"key": "AuthorizationKey", "readonly": False}], "unknownKey": ["Nonsense"]}


@pytest.mark.parametrize("version", TWO, ids=str)
def test_variables_are_read_written_and_reported(version: Version) -> None:
    bench = Bench(version).connect()

    def item(component: str, variable: str, **more: Any) -> dict[str, Any]:
        return {"component": {"name": component}, "variable": {"name": variable}} | more

    answer: Any = bench.ask("SetVariables", {"setVariableData": [
        item("SampledDataCtrlr", "TxUpdatedInterval", attributeValue="15"),
        item("SampledDataCtrlr", "TxUpdatedInterval", attributeValue="soon"),
        item("ChargingStation", "Model", attributeValue="x"),
        item("Nowhere", "X", attributeValue="x"), item("TxCtrlr", "X", attributeValue="x"),
        item("SecurityCtrlr", "BasicAuthPassword", attributeValue="another-password-1")]})
    assert [r["attributeStatus"] for r in answer["setVariableResult"]] == [
        "Accepted", "Rejected", "Rejected", "UnknownComponent", "UnknownVariable", "Accepted"]
    assert bench.station.settings.number(settings.SAMPLE_INTERVAL) == 15
    answer = bench.ask("GetVariables", {"getVariableData": [
        item("SampledDataCtrlr", "TxUpdatedInterval"), item("SecurityCtrlr", "BasicAuthPassword"),
        {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "AvailabilityState"}}]})
    assert [(r["attributeStatus"], r.get("attributeValue")) for r in answer["getVariableResult"]] == [
        ("Accepted", "15"), ("Rejected", None), ("Accepted", "Available")]
    assert bench.ask("GetBaseReport", {"requestId": 4, "reportBase": "FullInventory"}) == {"status": "Accepted"}
    reports = bench.all_of("NotifyReport")
    assert [report["seqNo"] for report in reports] == list(range(len(reports)))
    assert [report["tbc"] for report in reports] == [True] * (len(reports) - 1) + [False]
    assert "another-password-1" not in str(reports)


@pytest.mark.parametrize("version", ALL, ids=str)
def test_triggers_and_progress_reports_come_after_the_answer(version: Version) -> None:
    bench = Bench(version).connect()
    for name in ("Heartbeat", "StatusNotification", "MeterValues", "FirmwareStatusNotification"):
        before = len(bench.calls)
        assert bench.ask("TriggerMessage", {"requestedMessage": name}) == {"status": "Accepted"}
        assert name in bench.actions()[before:]
    where = {"location": "https://files.example/fw.bin", "retrieveDate": "2026-03-01T12:00:00Z"}
    if version is Version.V16:
        assert bench.ask("UpdateFirmware", where) == {}
    else:
        where = {"location": where["location"], "retrieveDateTime": where["retrieveDate"]}
        assert bench.ask("UpdateFirmware", {"requestId": 1, "firmware": where}) == {"status": "Accepted"}
    bench.pass_time(60)
    said = [report["status"] for report in bench.all_of("FirmwareStatusNotification")]
    assert said == ["Idle", "Downloading", "Downloaded", "Installing", "Installed"]


@pytest.mark.parametrize("version", ALL, ids=str)
def test_what_a_station_does_not_do_is_not_supported(version: Version) -> None:
    bench = Bench(version).connect()
    dialect = bench.station.dialect
    dialect.handlers = {name: each for name, each in dialect.handlers.items() if name != "ClearCache"}
    assert bench.ask("ClearCache", {}) == "NotSupported"


@pytest.mark.parametrize("version", ALL, ids=str)
def test_every_handler_is_an_action_of_its_version(version: Version) -> None:
    bench = Bench(version)
    assert set(bench.station.dialect.handlers) <= set(catalogue.actions(version))


@pytest.mark.parametrize("version", ALL, ids=str)
def test_the_local_list_lets_people_charge_while_offline(version: Version) -> None:
    bench = Bench(version).connect()
    bench.station.settings.put(settings.UNKNOWN_OFFLINE, "false")
    if version is Version.V16:
        assert bench.ask("SendLocalList", {"listVersion": 3, "updateType": "Full", "localAuthorizationList": [
            {"idTag": "L1", "idTagInfo": {"status": "Accepted"}}]}) == {"status": "Accepted"}
        assert bench.ask("GetLocalListVersion", {}) == {"listVersion": 3}
    else:
        assert bench.ask("SendLocalList", {"versionNumber": 3, "updateType": "Full", "localAuthorizationList": [
            {"idToken": {"idToken": "L1", "type": "ISO14443"}, "idTokenInfo": {"status": "Accepted"}}]}
        ) == {"status": "Accepted"}
        assert bench.ask("GetLocalListVersion", {}) == {"versionNumber": 3}
    bench.disconnect()
    bench.plug()
    bench.swipe("L2")
    assert bench.status() == "Preparing"
    bench.swipe("L1")
    assert bench.status() == "Charging"


@pytest.mark.parametrize("version", ALL, ids=str)
def test_a_reserved_outlet_waits_for_its_token(version: Version) -> None:
    bench = Bench(version).connect()
    until = (START + timedelta(minutes=10)).isoformat()
    if version is Version.V16:
        answer = bench.ask("ReserveNow", {"connectorId": 1, "expiryDate": until, "idTag": "V1", "reservationId": 6})
    else:
        answer = bench.ask("ReserveNow", {"id": 6, "expiryDateTime": until, "evseId": 1,
                                          "idToken": {"idToken": "V1", "type": "ISO14443"}})
    assert answer == {"status": "Accepted"}
    assert bench.status() == "Reserved"
    bench.plug()
    bench.swipe("T1")
    assert bench.station.outlets[1].transaction is None
    bench.swipe("V1")
    assert bench.status() == "Charging"
    assert bench.ask("CancelReservation", {"reservationId": 6}) == {"status": "Rejected"}
