"""The simulated station shows messages, keeps limits, reckons with tariffs, signs readings and settles payments."""

from typing import Any

import pytest

from actors.payment import codes
from protocol.ocpp.version import Version
from simulators.station import acts, web_payment
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


def scanned(bench: Bench) -> str:
    return bench.station.notes[-1].removeprefix("scan at 1: ")


def setting(name: str, value: str, evse: int | None = None) -> dict[str, Any]:
    component = {"name": "WebPaymentsCtrlr"} | ({} if evse is None else {"evse": {"id": evse}})
    return {"component": component, "variable": {"name": name}, "attributeValue": value}


def set_up(bench: Bench, *wanted: dict[str, Any]) -> list[str]:
    told = bench.ask("SetVariables", {"setVariableData": list(wanted)})
    assert isinstance(told, dict)
    return [each["attributeStatus"] for each in told["setVariableResult"]]


def test_codes_to_scan_follow_what_the_platform_set_and_the_clock() -> None:
    """C25.FR.01, C25.FR.04 to FR.06, C25.FR.51 to FR.53."""
    bench = Bench(Version.V21).connect()
    with pytest.raises(NotPossible, match="shows no code"):
        act(bench, "qr-code 1")
    base = "https://pay.example/{chargingstationid}/{evse}/{totp}/{version}"
    wanted = [setting("URLTemplate", base), setting("SharedSecret", "a secret"), setting("ValidityTime", "30")]
    assert set_up(bench, *wanted, setting("Enabled", "true")) == ["Accepted"] * 4
    wrong = [setting("ValidityTime", "5"), setting("Length", "33"), setting("TOTPVersion", "v2"),
             setting("URLParameters", "")]  # fmt: skip
    assert set_up(bench, *wrong) == ["Rejected"] * 4
    act(bench, "qr-code 1")
    first = scanned(bench)
    code = codes.code("a secret", int(bench.now.timestamp()) // 30, 8)
    assert first == f"https://pay.example/CP1/1/{code}/v1"
    bench.pass_time(29)
    act(bench, "qr-code 1")
    assert scanned(bench) == first
    bench.pass_time(1)
    act(bench, "qr-code 1 maxenergy=20000 maxcost=9.5")
    assert scanned(bench).startswith("https://pay.example/CP1/1/")
    assert first not in scanned(bench)
    assert scanned(bench).endswith("/v1?maxenergy=20000&maxcost=9.5")
    hub = [setting("URLTemplate", "https://hub.example/{roamingevseid}/{totp}/{version}", 2),
           setting("RoamingEvseId", "DE*1*E2", 2), setting("SharedSecret", "b", 2), setting("Enabled", "true", 2),
           setting("Enabled", "true", 3)]  # fmt: skip
    assert set_up(bench, *hub) == [*["Accepted"] * 4, "UnknownVariable"]
    shown = web_payment.addresses(bench.station, bench.now)
    assert shown[2].startswith("https://hub.example/DE%2A1%2AE2/")
    for words in ("qr-code", "qr-code 1 maxenergy=0", "qr-code 1 colour=red", "qr-code 9"):
        with pytest.raises(NotPossible):
            act(bench, words)


def test_who_pays_on_the_web_has_the_evse_and_the_limit_that_was_wished_for() -> None:
    """C25.FR.04, C25.FR.22, C25.FR.27."""
    bench = Bench(Version.V21).connect()
    set_up(bench, setting("URLTemplate", "https://p.example/{totp}"), setting("SharedSecret", "a secret"),
           setting("Enabled", "true"))  # fmt: skip
    act(bench, "qr-code 1 maxtime=600")
    assert bench.ask("NotifyWebPaymentStarted", {"evseId": 1, "timeout": 60}) == {}
    bench.plug()
    bench.swipe()
    assert bench.actions().count("TransactionEvent") == 0, "it is kept for who pays"
    start = {"remoteStartId": 1, "evseId": 1, "idToken": {"idToken": "PSP-1", "type": "DirectPayment"}}
    told = bench.ask("RequestStartTransaction", start)
    assert isinstance(told, dict)
    assert told["status"] == "Accepted"
    begun = bench.all_of("TransactionEvent")[0]
    assert (begun["eventType"], begun["transactionInfo"]["transactionLimit"]) == ("Started", {"maxTime": 600})
    assert list(web_payment.addresses(bench.station, bench.now)) == [2], "no code where somebody charges"
    bench.unplug()
    assert bench.ask("NotifyWebPaymentStarted", {"evseId": 1, "timeout": 60}) == {}
    bench.pass_time(61)
    bench.plug()
    bench.swipe()
    assert bench.last("TransactionEvent")["eventType"] == "Started", "after its time it is free again"
    assert "transactionLimit" not in bench.last("TransactionEvent")["transactionInfo"]
