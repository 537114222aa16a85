"""Whole sessions in memory: a simulated station against a strict platform connection, in every version."""

from typing import Any

import pytest

from protocol.ocpp.version import Version
from simulators.station import charging, settings
from tests.support.sim_bench import Bench

ALL = list(Version)
TWO = [Version.V201, Version.V21]


@pytest.fixture(params=ALL, ids=str)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param).connect()


def _ended(bench: Bench) -> dict[str, Any]:
    if bench.version is Version.V16:
        return bench.last("StopTransaction")
    last = bench.last("TransactionEvent")
    assert last["eventType"] == "Ended"
    return last


def _began(bench: Bench) -> bool:
    return "StartTransaction" in bench.actions() or "TransactionEvent" in bench.actions()


def test_boot_then_status_then_heartbeats(bench: Bench) -> None:
    assert bench.actions()[0] == "BootNotification"
    outlets = 3 if bench.version is Version.V16 else 2
    assert bench.actions()[1:] == ["StatusNotification"] * outlets
    bench.pass_time(601)
    assert bench.actions().count("Heartbeat") == 2
    assert not bench.refused


def test_a_pending_station_says_nothing_but_boot_and_asks_again() -> None:
    bench = Bench(Version.V201)
    words = iter(["Pending", "Accepted"])
    bench.answers["BootNotification"] = lambda p: {
        "currentTime": "2026-03-01T12:00:00Z", "interval": 20, "status": next(words)}
    bench.connect()
    bench.plug()
    bench.pass_time(19)
    assert bench.actions() == ["BootNotification"]
    bench.pass_time(2)
    assert bench.actions()[:3] == ["BootNotification", "BootNotification", "StatusNotification"]
    assert bench.last("StatusNotification")["connectorStatus"] in ("Available", "Occupied")


def test_a_session_from_plug_to_drive_off(bench: Bench) -> None:
    vehicle = bench.plug(soc=50.0)
    bench.swipe()
    assert bench.status() == "Charging"
    bench.pass_time(3600)
    assert bench.station.outlets[1].meter.whole_wh == 11_040
    assert vehicle.soc == pytest.approx(50 + 11_040 * 0.92 / 60_000 * 100, abs=0.1)
    bench.unplug()
    assert bench.status() == "Available"
    ended = _ended(bench)
    if bench.version is Version.V16:
        assert ended["meterStop"] == 11_040
        assert ended["reason"] == "EVDisconnected"
        assert ended["transactionId"] == 1
        assert len(bench.all_of("MeterValues")) == 60
    else:
        assert ended["transactionInfo"]["stoppedReason"] == "EVDisconnected"
        assert ended["transactionInfo"]["timeSpentCharging"] == 3600
        numbers = [event["seqNo"] for event in bench.all_of("TransactionEvent")]
        assert numbers == list(range(len(numbers)))
        assert len({event["transactionInfo"]["transactionId"] for event in bench.all_of("TransactionEvent")}) == 1
    assert not bench.refused


def test_swipe_before_plug_starts_when_plugged_and_expires_otherwise(bench: Bench) -> None:
    bench.swipe()
    assert bench.status() == "Preparing"
    bench.pass_time(121)
    assert bench.status() == "Available"
    bench.swipe()
    bench.plug()
    assert bench.status() == "Charging"


def test_the_same_token_stops_and_another_does_not(bench: Bench) -> None:
    bench.plug()
    bench.swipe("T1")
    bench.pass_time(5)
    bench.swipe("T2")
    assert bench.status() == "Charging"
    bench.swipe("t1")
    assert bench.status() == "Finishing"
    ended = _ended(bench)
    reason = ended.get("reason") or ended["transactionInfo"]["stoppedReason"]
    assert reason == "Local"


def test_a_refused_token_does_not_charge(bench: Bench) -> None:
    key = "idTagInfo" if bench.version is Version.V16 else "idTokenInfo"
    bench.answers["Authorize"] = lambda p: {key: {"status": "Blocked"}}
    bench.plug()
    bench.swipe()
    assert bench.status() == "Preparing"
    assert not _began(bench)


def test_a_token_the_platform_refuses_at_the_start_ends_the_transaction(bench: Bench) -> None:
    if bench.version is Version.V16:
        bench.answers["StartTransaction"] = lambda p: {"transactionId": 9, "idTagInfo": {"status": "Invalid"}}
    else:
        bench.answers["TransactionEvent"] = lambda p: (
            {"idTokenInfo": {"status": "Invalid"}} if p["eventType"] == "Started" else {})
    bench.plug()
    bench.swipe()
    bench.settle()
    ended = _ended(bench)
    assert (ended.get("reason") or ended["transactionInfo"]["stoppedReason"]) == "DeAuthorized"
    assert bench.status() == "Finishing"


def test_an_offline_session_is_replayed_in_order_after_reconnect(bench: Bench) -> None:
    bench.disconnect()
    before = len(bench.calls)
    bench.plug()
    bench.swipe()
    bench.pass_time(180)
    bench.unplug()
    assert len(bench.calls) == before
    bench.connect()
    replayed = [call for call in bench.calls[before:] if call[0] != "StatusNotification"]
    if bench.version is Version.V16:
        assert [action for action, _ in replayed] == ["StartTransaction", *["MeterValues"] * 3, "StopTransaction"]
        assert {payload.get("transactionId") for _, payload in replayed[1:]} == {1}
        assert replayed[0][1]["timestamp"].startswith("2026-03-01T12:00:00")
    else:
        assert [payload["eventType"] for _, payload in replayed] == ["Started", *["Updated"] * 3, "Ended"]
        assert all(payload["offline"] for _, payload in replayed)
        assert [payload["seqNo"] for _, payload in replayed] == [0, 1, 2, 3, 4]
    assert "BootNotification" not in bench.actions()[before:]


def test_an_unanswered_transaction_message_goes_out_again_with_the_same_content(bench: Bench) -> None:
    bench.plug()
    name = "StartTransaction" if bench.version is Version.V16 else "TransactionEvent"
    original = bench.answers["Authorize"]

    def go_deaf(payload: dict[str, Any]) -> dict[str, Any] | None:
        answer = original(payload)
        bench.deaf = True
        return answer

    bench.answers["Authorize"] = go_deaf
    bench.swipe()
    bench.pass_time(5)
    assert len(bench.all_of(name)) == 1
    bench.disconnect()
    bench.deaf = False
    bench.connect()
    sent = bench.all_of(name)
    assert sent[0] == sent[1]


def test_a_transaction_message_that_is_refused_is_tried_three_times() -> None:
    bench = Bench(Version.V16).connect()
    bench.answers["StartTransaction"] = lambda p: None
    bench.plug()
    bench.swipe()
    bench.pass_time(9)
    assert bench.actions().count("StartTransaction") == 1
    bench.pass_time(200)
    assert bench.actions().count("StartTransaction") == 3
    bench.unplug()
    assert bench.last("StopTransaction")["transactionId"] == -1


def test_lost_requests_leave_no_permit(bench: Bench) -> None:
    bench.station.settings.put(settings.UNKNOWN_OFFLINE, "false")
    bench.plug()
    bench.deaf = True
    bench.swipe()
    bench.disconnect()
    assert bench.status() == "Preparing"
    assert bench.station.outlets[1].permit is None


@pytest.mark.parametrize("version", TWO, ids=str)
def test_a_state_change_is_told_as_a_transaction_event(version: Version) -> None:
    bench = Bench(version).connect()
    bench.plug(soc=99.9)
    bench.swipe()
    bench.pass_time(600)
    states = [(e["triggerReason"], e["transactionInfo"]["chargingState"]) for e in bench.all_of("TransactionEvent")]
    assert ("ChargingStateChanged", "SuspendedEV") in states


def test_a_fault_ends_the_transaction_and_is_told(bench: Bench) -> None:
    bench.plug()
    bench.swipe()
    charging.set_fault(bench.station, 1, "GroundFailure", bench.now)
    bench.settle()
    status = bench.last("StatusNotification")
    assert status.get("status", status.get("connectorStatus")) == "Faulted"
    assert bench.station.outlets[1].transaction is None
    with pytest.raises(charging.NotPossible):
        bench.swipe()
    charging.set_fault(bench.station, 1, None, bench.now)
    assert bench.status() == "Finishing"


def test_dc_charges_with_the_vehicles_power_and_tapers() -> None:
    bench = Bench(Version.V21, dc=True).connect()
    bench.plug(soc=20.0, max_dc_watts=100_000.0)
    bench.swipe()
    bench.pass_time(5)
    assert bench.station.outlets[1].flow.watts == 100_000
    bench.pass_time(1700, 5)
    assert 9_000 < bench.station.outlets[1].flow.watts < 60_000
    assert not bench.refused
