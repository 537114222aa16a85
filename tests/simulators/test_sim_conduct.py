"""Bad manners reach the wire as they are named, and end with `behave`."""

import orjson
import pytest

from protocol.ocpp.version import Version
from simulators.station import conduct
from tests.support.sim_bench import Bench

ALL = list(Version)


def _tolerant(version: Version) -> Bench:
    return Bench(version, strict=False).connect()


@pytest.mark.parametrize("kind", [k for k in conduct.ONCE if k != conduct.METER_BACKWARDS])
def test_a_manner_that_is_done_once_is_sent_and_does_not_stop_the_station(kind: str) -> None:
    bench = _tolerant(Version.V16)
    before = len(bench.texts)
    bench.link.misbehave(kind, 3)
    bench.settle()
    sent = bench.texts[before:]
    assert len(sent) == (3 if kind == conduct.FLOOD else 1)
    bench.plug()
    bench.swipe()
    assert bench.status() == "Charging"


def test_invalid_json_is_invalid_and_a_huge_frame_is_huge() -> None:
    made = conduct.Conduct()
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(made.frames(conduct.INVALID_JSON, 1)[0])
    assert len(made.frames(conduct.HUGE_FRAME, 1)[0]) > conduct.HUGE_BYTES


def test_a_silent_station_never_answers_until_it_behaves() -> None:
    bench = _tolerant(Version.V201)
    bench.link.misbehave(conduct.SILENT)
    call = '[2,"x1","ClearCache",{}]'
    assert bench.link.receive(call, bench.now) == []
    bench.link.behave()
    assert bench.link.receive(call, bench.now) == ['[3,"x1",{"status":"Accepted"}]']


def test_a_station_that_answers_twice_does() -> None:
    bench = _tolerant(Version.V201)
    bench.link.misbehave(conduct.ANSWERS_TWICE)
    assert bench.link.receive('[2,"x1","ClearCache",{}]', bench.now) == ['[3,"x1",{"status":"Accepted"}]'] * 2


def test_numbers_become_strings() -> None:
    bench = _tolerant(Version.V16)
    bench.link.misbehave(conduct.STRING_NUMBERS)
    bench.plug()
    bench.swipe()
    start = next(text for text in bench.texts if "StartTransaction" in text)
    assert orjson.loads(start)[3]["connectorId"] == "1"


@pytest.mark.parametrize("version", ALL, ids=str)
def test_the_stop_comes_before_the_start(version: Version) -> None:
    bench = _tolerant(version)
    bench.link.misbehave(conduct.STOP_FIRST)
    bench.plug()
    bench.swipe()
    bench.pass_time(5)
    bench.unplug()
    bench.settle()
    if version is Version.V16:
        order = [action for action in bench.actions() if action.endswith("Transaction")]
        assert order == ["StopTransaction", "StartTransaction"]
    else:
        assert [event["eventType"] for event in bench.all_of("TransactionEvent")] == ["Ended", "Started"]


@pytest.mark.parametrize("version", ALL, ids=str)
def test_the_start_is_repeated_with_a_new_message_id(version: Version) -> None:
    bench = _tolerant(version)
    bench.link.misbehave(conduct.REPEAT_START)
    bench.plug()
    bench.swipe()
    bench.settle()
    name = "StartTransaction" if version is Version.V16 else "TransactionEvent"
    sent = bench.all_of(name)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    ids = [orjson.loads(text)[1] for text in bench.texts if name in text]
    assert len(set(ids)) == 2


@pytest.mark.parametrize("version", ALL, ids=str)
def test_the_transaction_id_is_zero(version: Version) -> None:
    bench = _tolerant(version)
    bench.link.misbehave(conduct.ZERO_ID)
    bench.plug()
    bench.swipe()
    bench.unplug()
    if version is Version.V16:
        assert bench.last("StopTransaction")["transactionId"] == 0
    else:
        assert {e["transactionInfo"]["transactionId"] for e in bench.all_of("TransactionEvent")} == {"0"}


def test_no_boot_and_a_clock_in_1970() -> None:
    bench = Bench(Version.V16)
    bench.link.misbehave(conduct.NO_BOOT)
    bench.link.misbehave(conduct.CLOCK_1970)
    bench.connect()
    assert "BootNotification" not in bench.actions()
    assert bench.last("StatusNotification")["timestamp"].startswith("1970-01-01")
    bench.link.behave()
    bench.plug()
    assert bench.last("StatusNotification")["timestamp"].startswith("2026-03-01")


def test_the_meter_runs_backwards_once() -> None:
    bench = _tolerant(Version.V16)
    bench.plug()
    bench.swipe()
    bench.pass_time(3600, 5)
    bench.link.misbehave(conduct.METER_BACKWARDS)
    bench.unplug()
    assert bench.last("StopTransaction")["meterStop"] == 10_040


@pytest.mark.parametrize("version", ALL)
def test_a_lock_can_be_stuck_and_a_list_out_of_step(version: Version) -> None:
    """F05.FR.05: UnlockFailed; D01: VersionMismatch to what only adds, a full list is taken."""
    bench = Bench(version).connect()
    bench.station.manners = frozenset((conduct.LOCK_STUCK, conduct.LIST_ADRIFT))
    old = version is Version.V16
    unlock = {"connectorId": 1} if old else {"evseId": 1, "connectorId": 1}
    number = "listVersion" if old else "versionNumber"
    answers = [
        bench.ask("UnlockConnector", unlock),
        bench.ask("SendLocalList", {number: 5, "updateType": "Full"}),
        bench.ask("SendLocalList", {number: 6, "updateType": "Differential"}),
    ]
    assert [answer["status"] for answer in answers if isinstance(answer, dict)] == [
        "UnlockFailed", "Accepted", "VersionMismatch"]
    bench.station.manners = frozenset()
    assert bench.ask("UnlockConnector", unlock) == {"status": "Unlocked"}


def test_a_reservation_of_any_connector_takes_a_free_one() -> None:
    """OCPP 1.6, 5.13: connector 0; all taken, it says why not."""
    bench = Bench(Version.V16).connect()
    bench.plug(1)

    def reserve(number: int) -> object:
        return bench.ask("ReserveNow", {"connectorId": 0, "expiryDate": "2026-03-01T13:00:00Z", "idTag": "T1",
                                        "reservationId": number})

    assert reserve(1) == {"status": "Accepted"}
    assert bench.status(2) == "Reserved"
    assert reserve(2) == {"status": "Occupied"}
    assert bench.ask("CancelReservation", {"reservationId": 1}) == {"status": "Accepted"}
