"""Device model of a simulated station: large, out of order, with gaps; network slots; resets of every kind."""

from typing import Any

import attrs
import pytest

from protocol.ocpp.version import Version
from simulators.station import conduct
from tests.support.sim_bench import Bench

TWO = [Version.V201, Version.V21]
DATA = {
    "ocppVersion": "OCPP20", "ocppTransport": "JSON", "ocppCsmsUrl": "wss://a.example", "messageTimeout": 30,
    "securityProfile": 2, "ocppInterface": "Wired0",
}  # fmt: skip


def parts(bench: Bench) -> list[dict[str, Any]]:
    bench.ask("GetBaseReport", {"requestId": 4, "reportBase": "FullInventory"})
    bench.pass_time(5)
    return bench.all_of("NotifyReport")


@pytest.mark.parametrize("version", TWO)
def test_a_device_model_of_3000_variables_comes_in_parts_and_is_read(version: Version) -> None:
    bench = Bench(version).connect()
    bench.station.config = attrs.evolve(bench.station.config, extra_variables=3000, variables_a_part=100)
    found = parts(bench)
    listed = [datum for part in found for datum in part.get("reportData", [])]
    assert len(listed) > 3000
    assert [part["seqNo"] for part in found] == list(range(len(found)))
    assert [part["tbc"] for part in found] == [True] * (len(found) - 1) + [False]
    item = {"component": {"name": "Sensor", "instance": "60"}, "variable": {"name": "Reading50"}}
    answer = bench.ask("GetVariables", {"getVariableData": [item]})
    assert isinstance(answer, dict)
    assert answer["getVariableResult"][0]["attributeValue"] == "2999"


def test_reports_can_be_badly_made() -> None:
    bench = Bench(Version.V201).connect()
    bench.station.manners = frozenset((conduct.REPORT_SHUFFLED, conduct.REPORT_GAPS))
    numbers = [part["seqNo"] for part in parts(bench)]
    assert 1 not in numbers
    assert numbers != sorted(numbers)
    bench.station.manners = frozenset((conduct.REPORT_ENDLESS,))
    assert not any(not part["tbc"] for part in parts(bench)[len(numbers):])


@pytest.mark.parametrize("version", TWO)
def test_network_slots(version: Version) -> None:
    bench = Bench(version).connect()
    def ask(slot: int, **changes: Any) -> Any:
        answer = bench.ask("SetNetworkProfile", {"configurationSlot": slot, "connectionData": DATA | changes})
        assert isinstance(answer, dict)
        return answer["status"]

    assert (ask(2), ask(9), ask(1, ocppCsmsUrl="http://a")) == ("Accepted", "Rejected", "Rejected")
    assert bench.station.network_profiles[2]["ocppCsmsUrl"] == "wss://a.example"


def charging() -> Bench:
    bench = Bench(Version.V21).connect()
    bench.plug()
    bench.swipe()
    bench.pass_time(3)
    return bench


def asked(bench: Bench, kind: str, evse: int | None = None) -> Any:
    payload: dict[str, Any] = {"type": kind} | ({"evseId": evse} if evse is not None else {})
    answer = bench.ask("Reset", payload)
    assert isinstance(answer, dict)
    return answer["status"]


def running(bench: Bench) -> bool:
    return bench.station.outlets[1].transaction is not None


def test_resets_of_one_evse_leave_the_other_alone() -> None:
    """B11.FR.08, B12."""
    bench = charging()
    assert asked(bench, "OnIdle", 1) == "Scheduled"
    assert asked(bench, "Immediate", 2) == "Accepted"
    assert running(bench)
    assert asked(bench, "Immediate", 1) == "Accepted"
    assert not running(bench)
    assert asked(bench, "Immediate", 7) == "Rejected"
    assert bench.station.wants_reset is None


def test_transactions_go_on_after_a_reset_that_resumes_them() -> None:
    """B13.FR.01 to B13.FR.03."""
    bench = charging()
    assert asked(bench, "ImmediateAndResume") == "Accepted"
    running = bench.station.outlets[1].transaction
    assert running is not None
    assert bench.station.ready_to_reset() or not bench.station.outbox.empty
    bench.disconnect()
    bench.station.restarted(bench.now)
    bench.connect()
    bench.pass_time(2)
    assert bench.station.outlets[1].transaction is running
    assert "TxResumed" in [event["triggerReason"] for event in bench.all_of("TransactionEvent")]
