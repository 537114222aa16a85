"""The simulated station shows messages, keeps limits, reckons with tariffs, signs readings and settles payments."""

from typing import Any

import pytest

from protocol.ocpp.version import Version
from simulators.station import acts
from simulators.station.charging import NotPossible
from tests.support.sim_bench import Bench

TARIFF = {"tariffId": "DAY-1", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.5}]}}


def charging(version: Version) -> Bench:
    bench = Bench(version).connect()
    bench.plug()
    bench.swipe()
    return bench


def act(bench: Bench, words: str) -> None:
    name, *rest = words.split()
    acts.act(bench.station, name, rest, bench.now)
    bench.settle()


def message(number: int, **more: Any) -> dict[str, Any]:
    text = {"format": "UTF8", "content": "Hello"}
    return {"message": {"id": number, "priority": "InFront", "message": text} | more}


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_messages_are_shown_listed_in_parts_and_cleared(version: Version) -> None:
    bench = Bench(version).connect()
    for number in range(1, 4):
        assert bench.ask("SetDisplayMessage", message(number)) == {"status": "Accepted"}
    assert bench.ask("GetDisplayMessages", {"requestId": 9}) == {"status": "Accepted"}
    bench.settle()
    told = bench.all_of("NotifyDisplayMessages")
    assert [[each["id"] for each in part["messageInfo"]] for part in told] == [[1, 2], [3]]
    assert [part["tbc"] for part in told] == [True, False]
    assert bench.ask("ClearDisplayMessage", {"id": 3}) == {"status": "Accepted"}
    assert bench.ask("ClearDisplayMessage", {"id": 3}) == {"status": "Unknown"}
    assert bench.ask("GetDisplayMessages", {"requestId": 9, "id": [3]}) == {"status": "Unknown"}
    html = message(5)
    html["message"]["message"] = {"format": "HTML", "content": "<b>"}
    assert bench.ask("SetDisplayMessage", html) == {"status": "NotSupportedMessageFormat"}
    assert bench.ask("SetDisplayMessage", message(5, transactionId="none")) == {"status": "UnknownTransaction"}


def test_tariffs_are_set_listed_reckoned_with_changed_and_cleared() -> None:
    bench = Bench(Version.V21).connect()
    assert bench.ask("GetTariffs", {"evseId": 0}) == {"status": "NoTariff"}
    assert bench.ask("SetDefaultTariff", {"evseId": 0, "tariff": TARIFF}) == {"status": "Accepted"}
    other = TARIFF | {"currency": "USD"}
    assert bench.ask("SetDefaultTariff", {"evseId": 1, "tariff": other}) == {"status": "DuplicateTariffId"}
    assigned = bench.ask("GetTariffs", {"evseId": 0})
    assert isinstance(assigned, dict)
    assert assigned["tariffAssignments"][0]["evseIds"] == [1, 2]
    bench.plug()
    bench.swipe()
    bench.pass_time(600, 10)
    act(bench, "cost 1")
    running = bench.last("TransactionEvent")
    assert running["triggerReason"] == "RunningCost"
    assert running["costDetails"]["totalCost"]["total"]["inclTax"] > 0
    info = running["transactionInfo"]
    assert info["tariffId"] == "DAY-1"
    night = TARIFF | {"tariffId": "NIGHT-1"}
    changed = bench.ask("ChangeTransactionTariff", {"transactionId": info["transactionId"], "tariff": night})
    assert changed == {"status": "Accepted"}
    bench.settle()
    assert bench.last("TransactionEvent")["transactionInfo"]["tariffId"] == "NIGHT-1"
    assert bench.ask("CostUpdated", {"transactionId": info["transactionId"], "totalCost": 1.5}) == {}
    bench.unplug()
    ended = bench.last("TransactionEvent")
    assert (ended["eventType"], ended["costDetails"]["totalCost"]["currency"]) == ("Ended", "EUR")
    cleared = bench.ask("ClearTariffs", {"tariffIds": ["DAY-1", "NONE"]})
    assert cleared == {"clearTariffsResult": [{"tariffId": "DAY-1", "status": "Accepted"},
                                              {"tariffId": "NONE", "status": "NoTariff"}]}  # fmt: skip


def test_a_limit_from_an_answer_is_kept_told_and_suspends_when_it_is_reached() -> None:
    """E16.FR.03, E16.FR.05."""
    bench = Bench(Version.V21).connect()
    limits = [{"transactionLimit": {"maxEnergy": 500.0}}]
    bench.answers["TransactionEvent"] = lambda payload: limits.pop() if limits else {}
    bench.plug()
    bench.swipe()
    bench.settle()
    told = [event for event in bench.all_of("TransactionEvent") if event["triggerReason"] == "LimitSet"]
    assert [event["transactionInfo"]["transactionLimit"] for event in told] == [{"maxEnergy": 500.0}]
    bench.pass_time(600, 10)
    reached = [event for event in bench.all_of("TransactionEvent") if event["triggerReason"] == "EnergyLimitReached"]
    assert [event["transactionInfo"]["chargingState"] for event in reached] == ["SuspendedEVSE"]
    assert bench.status() == "SuspendedEVSE"
    act(bench, "limit 1 energy 100000")  # E16.FR.14: raised, it goes on
    bench.pass_time(60, 10)
    assert bench.status() == "Charging"


@pytest.mark.parametrize("version", list(Version))
def test_readings_can_be_signed_in_every_version(version: Version) -> None:
    bench = charging(version)
    act(bench, "sign 1")
    name = "MeterValues" if version is Version.V16 else "TransactionEvent"
    sampled = bench.last(name)["meterValue"][0]["sampledValue"]
    assert any(each.get("format") == "SignedData" or "signedMeterValue" in each for each in sampled)
    bench.pass_time(120, 10)
    sampled = bench.last(name)["meterValue"][0]["sampledValue"]
    assert not any(each.get("format") == "SignedData" or "signedMeterValue" in each for each in sampled)


def test_a_transaction_says_what_21_can_say_of_it() -> None:
    bench = charging(Version.V21)
    for words, trigger in (("resume 1", "TxResumed"), ("event 1 EVCommunicationLost", "EVCommunicationLost"),
                           ("tell 1 operationMode Idle", "OperationModeChanged")):  # fmt: skip
        act(bench, words)
        assert bench.last("TransactionEvent")["triggerReason"] == trigger
    act(bench, "tell 1 evseSleep true")
    assert bench.last("TransactionEvent")["evseSleep"] is True
    act(bench, "tell 1 preconditioningStatus Ready")
    assert bench.last("TransactionEvent")["preconditioningStatus"] == "Ready"
    assert "evseSleep" not in bench.last("TransactionEvent")
    for wrong in ("limit 1", "limit 2 energy 5", "event 1 Nothing", "cost 1", "tell 1 colour red", "settle 1", "vat"):
        with pytest.raises(NotPossible):
            act(bench, wrong)


def test_payments_are_settled_and_vat_numbers_checked() -> None:
    bench = charging(Version.V21)
    bench.answers["NotifySettlement"] = lambda payload: {"receiptUrl": "https://r.example/1"}
    bench.answers["VatNumberValidation"] = lambda payload: {"vatNumber": payload["vatNumber"], "status": "Rejected"}
    act(bench, "settle 1 PSP-1 12.5")
    told = bench.last("NotifySettlement")
    assert (told["pspRef"], told["status"], told["settlementAmount"]) == ("PSP-1", "Settled", 12.5)
    assert told["transactionId"] == bench.last("TransactionEvent")["transactionInfo"]["transactionId"]
    act(bench, "vat DE123456789 1")
    assert bench.last("VatNumberValidation") == {"vatNumber": "DE123456789", "evseId": 1}
    assert {"receipt https://r.example/1", "VAT number DE123456789 rejected"} <= set(bench.station.notes)
    assert bench.ask("NotifyWebPaymentStarted", {"evseId": 1, "timeout": 60}) == {}
