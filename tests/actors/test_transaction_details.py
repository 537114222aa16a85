"""What 2.x transaction events say beyond energy, what our answers say in turn, and how sessions fall silent."""

from typing import Any, get_args

import pytest
from msgspec.structs import replace

from actors.display.objects import asks_for_all, whole
from actors.records import JobRecord, ObjectsSweptRecord, ReportRecord, StationObjectRecord
from actors.session.instructions import ASK, RESUME, Instruction
from actors.session.model import Flag
from actors.station.decide import decide
from actors.station.instructing import instructed
from actors.station.questions import NOTHING
from protocol.ocpp.messages import v21, v201
from protocol.ocpp.neutral import IdToken, RefusedReply, TransactionHappened
from protocol.ocpp.version import Version
from tests.support.memory_world import MemoryWorld, at, token

V2 = (Version.V201, Version.V21)


def event(kind: str, seq: int, trigger: str, info: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "eventType": kind, "timestamp": at(seq), "triggerReason": trigger, "seqNo": seq,
        "transactionInfo": {"transactionId": "T1"} | (info or {}),
    } | more  # fmt: skip


def begun(version: Version, **more: Any) -> MemoryWorld:
    world = MemoryWorld(version, tokens=[token("CAFE")], **more)
    world.tell("TransactionEvent", event("Started", 0, "Authorized", {"chargingState": "Charging"},
                                         evse={"id": 1, "connectorId": 1},
                                         idToken={"idToken": "CAFE", "type": "ISO14443"}))
    return world


def wish(world: MemoryWorld, **data: Any) -> bool:
    return instruct(world, "wish", data)


def instruct(world: MemoryWorld, kind: Any, data: dict[str, Any]) -> bool:
    decision = instructed(world.station, world.state, Instruction(world.row().id, kind, data), world.now, world.new_id)
    if decision is None:
        return False
    world._keep(decision.records)
    world.state = decision.state
    return True


# TxStartPoint and TxStopPoint: what is known when a transaction begins (E01.FR.01 to FR.06), and how it ends (E06)

STARTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "ParkingBayOccupancy": ("EVDetected", {}, "EVConnected"),
    "EVConnected": ("CablePluggedIn", {"evse": {"id": 1, "connectorId": 1}}, "EVConnected"),
    "Authorized": ("Authorized", {"idToken": {"idToken": "CAFE", "type": "ISO14443"}}, "Idle"),
    "RemoteStart": ("RemoteStart", {"evse": {"id": 1}, "idToken": {"idToken": "CAFE", "type": "ISO14443"}}, "Idle"),
    "DataSigned": ("SignedDataReceived", {"evse": {"id": 1}}, "EVConnected"),
    "PowerPathClosed": ("Authorized", {"evse": {"id": 1}, "idToken": {"idToken": "CAFE", "type": "ISO14443"}},
                        "EVConnected"),
    "EnergyTransfer": ("ChargingStateChanged", {"evse": {"id": 1}}, "Charging"),
}  # fmt: skip
STOPS = {
    "ParkingBayOccupancy": "EVDeparted", "EVConnected": "EVCommunicationLost", "Authorized": "StopAuthorized",
    "PowerPathClosed": "Deauthorized", "EnergyTransfer": "ChargingStateChanged",
}  # fmt: skip


@pytest.mark.parametrize("version", V2)
@pytest.mark.parametrize("start", STARTS)
def test_every_start_point_makes_one_session_that_learns_the_rest(version: Version, start: str) -> None:
    """E01.FR.01 to FR.06, E02.FR.01, E03.FR.01: place and token come when they are known, every stop point ends it."""
    for stop, trigger in STOPS.items():
        world = MemoryWorld(version, tokens=[token("CAFE")])
        why, given, state = STARTS[start]
        world.tell("TransactionEvent", event("Started", 0, why, {"chargingState": state}, **given))
        world.tell("TransactionEvent", event("Updated", 1, "Authorized", {"chargingState": "Charging"},
                                             evse={"id": 1, "connectorId": 1},
                                             idToken={"idToken": "CAFE", "type": "ISO14443"}))
        world.tell("TransactionEvent", event("Ended", 2, trigger, {"stoppedReason": "Other"}))
        row = world.row()
        assert (row.evse, row.connector, row.token, row.status) == (1, 1, "CAFE", "ended"), (start, stop)
        assert row.flags == []
        world.check()


def names_of(version: Version, enumeration: str) -> tuple[str, ...]:
    """The names of an enumeration of that version."""
    return get_args(getattr({Version.V201: v201, Version.V21: v21}[version], enumeration))


@pytest.mark.parametrize("version", V2)
def test_every_trigger_reason_is_understood_and_what_matters_leaves_a_fact(version: Version) -> None:
    """Part 2, TriggerReasonEnumType: none is lost; those that only bring readings leave no fact."""
    world = begun(version)
    routine = set()
    told = names_of(version, "TriggerReasonEnumType")
    assert len(told) >= 21
    for number, trigger in enumerate(told, 1):
        before = len(world.facts(world.row().id))
        world.tell("TransactionEvent", event("Updated", number, trigger))
        if len(world.facts(world.row().id)) == before:
            routine.add(trigger)
        else:
            assert world.facts(world.row().id)[-1].data["details"]["trigger"] == trigger
    assert routine <= {
        "ChargingRateChanged", "ChargingStateChanged", "MeterValueClock", "MeterValuePeriodic", "RunningCost",
        "SignedDataReceived", "Trigger",
    }  # fmt: skip
    world.check()


@pytest.mark.parametrize("version", V2)
def test_every_stopped_reason_is_kept_and_none_means_local(version: Version) -> None:
    """E03.FR.05, E06.FR.08: left out, the reason is Local."""
    for reason in [*names_of(version, "ReasonEnumType"), None]:
        world = begun(version)
        info = {} if reason is None else {"stoppedReason": reason}
        world.tell("TransactionEvent", event("Ended", 1, "StopAuthorized", info))
        assert world.row().stop_reason == (reason or "Local")


# Details

def test_what_21_tells_of_how_a_session_runs_is_kept_and_derived_again() -> None:
    world = begun(Version.V21)
    world.tell("TransactionEvent", event(
        "Updated", 1, "OperationModeChanged",
        {"operationMode": "CentralSetpoint", "tariffId": "DAY-1", "timeSpentCharging": 60},
        evseSleep=False, preconditioningStatus="Preconditioning", numberOfPhasesUsed=3, cableMaxCurrent=32))
    details = world.row().details
    assert details == {
        "trigger": "OperationModeChanged", "operation_mode": "CentralSetpoint", "tariff_id": "DAY-1",
        "charging_seconds": 60, "evse_sleep": False, "preconditioning": "Preconditioning", "phases": 3,
        "cable_max_current_a": 32,
    }  # fmt: skip
    world.tell("TransactionEvent", event("Updated", 2, "MeterValuePeriodic", {"timeSpentCharging": 90}))
    assert world.row().details["charging_seconds"] == 60, "a counter alone is worth no fact"
    world.tell("TransactionEvent", event("Ended", 3, "StopAuthorized", {"timeSpentCharging": 95}))
    assert world.row().details["charging_seconds"] == 95
    world.check()


def test_201_tells_phases_and_cable_too() -> None:
    world = begun(Version.V201)
    world.tell("TransactionEvent", event("Updated", 1, "ChargingStateChanged", numberOfPhasesUsed=1,
                                         cableMaxCurrent=16))
    assert {"phases": 1, "cable_max_current_a": 16}.items() <= world.row().details.items()


def test_a_transaction_that_goes_on_after_a_loss_of_power_is_the_same_session() -> None:
    """E17.FR.14: TxResumed under the same id; E17.FR.10."""
    world = begun(Version.V21)
    world.tell("BootNotification", {"reason": "PowerUp", "chargingStation": {"model": "m", "vendorName": "v"}})
    jobs = [job for job in world.of(JobRecord) if job.kind == ASK]
    assert [job.subject for job in jobs] == [f"sessions/{world.row().id}"]
    world.tell("TransactionEvent", event("Updated", 1, "TxResumed", {"chargingState": "SuspendedEVSE"}))
    row = world.row()
    assert (row.status, row.charging_state, row.details["resumed"]) == ("active", "SuspendedEVSE", 1)
    assert Flag.RESUMED in row.flags
    [again] = [job for job in world.of(JobRecord) if job.kind == RESUME]  # B13.FR.31, E17.FR.15
    assert (again.state, again.key) == ({"transaction_id": "T1"}, str(row.id)), "told twice, done once"
    world.check()


@pytest.mark.parametrize("version", V2)
def test_a_transaction_told_after_the_fact_is_marked_offline(version: Version) -> None:
    """E04, E11, E12: queued events come in order with `offline`, and count as if they had come at once."""
    world = MemoryWorld(version, tokens=[token("CAFE", status="blocked")])
    answer = world.tell("TransactionEvent", event("Started", 0, "Authorized", offline=True, evse={"id": 1},
                                                  idToken={"idToken": "CAFE", "type": "ISO14443"}))
    assert not isinstance(answer, RefusedReply)
    assert answer["idTokenInfo"]["status"] == "Blocked"  # E05.FR.01: what was allowed offline is verified
    world.tell("TransactionEvent", event("Ended", 1, "EVDeparted", {"stoppedReason": "EVDisconnected"}, offline=True))
    row = world.row()
    assert row.details["offline"] is True
    assert {Flag.OFFLINE, Flag.TOKEN_REFUSED} <= set(row.flags)
    world.check()


def test_a_start_that_comes_late_leaves_what_later_events_told() -> None:
    world = MemoryWorld(Version.V21, tokens=[token("CAFE")])
    world.tell("TransactionEvent", event("Updated", 1, "OperationModeChanged", {"operationMode": "Idle"}))
    world.tell("TransactionEvent", event("Started", 0, "CablePluggedIn", {"operationMode": "ChargingOnly"},
                                         cableMaxCurrent=20))
    details = world.row().details
    assert (details["operation_mode"], details["cable_max_current_a"]) == ("Idle", 20)
    world.check()


# Answers

def test_a_limit_is_told_once_with_the_first_answer_and_again_only_to_a_repeat() -> None:
    """E16.FR.02, C24.FR.02, C25.FR.24."""
    world = begun(Version.V21)
    assert wish(world, limit={"max_energy_wh": 20000.0, "max_cost": "12.50"})
    first = world.tell("TransactionEvent", event("Updated", 1, "MeterValuePeriodic"))
    assert first == {"transactionLimit": {"maxEnergy": 20000.0, "maxCost": 12.5}}
    assert world.tell("TransactionEvent", event("Updated", 1, "MeterValuePeriodic")) == first
    kept = event("Updated", 2, "LimitSet", {"transactionLimit": {"maxEnergy": 20000.0}})
    assert world.tell("TransactionEvent", kept) == {}
    assert world.row().details["limit"] == {"max_energy_wh": 20000.0}
    assert world.row().details.get("wish") is None
    world.check()


def test_a_limit_that_the_station_keeps_already_is_not_told() -> None:
    """E16.FR.08."""
    world = begun(Version.V21)
    world.tell("TransactionEvent", event("Updated", 1, "LimitSet", {"transactionLimit": {"maxSoC": 70, "maxTime": 60}}))
    assert wish(world, limit={"max_soc": 80})
    assert world.tell("TransactionEvent", event("Updated", 2, "MeterValuePeriodic")) == {}
    assert wish(world, limit={"max_soc": 60})
    answer = world.tell("TransactionEvent", event("Updated", 3, "MeterValuePeriodic"))
    assert answer == {"transactionLimit": {"maxSoC": 60}}


def test_a_limit_of_ours_goes_by_a_higher_one() -> None:
    """E16.FR.17: once given it can only be changed; E16.FR.08 holds for what the station limits by itself."""
    world = begun(Version.V21)
    assert wish(world, limit={"max_cost": "10.00"})
    assert world.tell("TransactionEvent", event("Updated", 1, "MeterValuePeriodic")) == {
        "transactionLimit": {"maxCost": 10}
    }
    world.tell("TransactionEvent", event("Updated", 2, "LimitSet", {"transactionLimit": {"maxCost": 10, "maxSoC": 80}}))
    assert wish(world, limit={"max_cost": "10.0"})
    assert world.tell("TransactionEvent", event("Updated", 3, "MeterValuePeriodic")) == {}
    assert wish(world, limit={"max_soc": 90})
    assert world.tell("TransactionEvent", event("Updated", 4, "MeterValuePeriodic")) == {}
    world.restart()
    assert wish(world, limit={"max_cost": "99999.00"})
    assert world.tell("TransactionEvent", event("Updated", 5, "MeterValuePeriodic")) == {
        "transactionLimit": {"maxCost": 99999}
    }
    world.check()


def test_what_is_left_of_a_prepaid_account_is_told_once() -> None:
    """C17.FR.03: by whoever keeps the account, with the next answer after the begin."""
    world = MemoryWorld(Version.V21, tokens=[token("CAFE", prepaid=True)])
    begin = event("Started", 0, "Authorized", evse={"id": 1}, idToken={"idToken": "CAFE", "type": "ISO14443"})
    answer = world.tell("TransactionEvent", begin)
    assert isinstance(answer, dict)
    assert answer["idTokenInfo"]["status"] == "Accepted"
    assert wish(world, limit={"max_cost": "7.30"})
    told = world.tell("TransactionEvent", event("Updated", 1, "MeterValuePeriodic"))
    assert told == {"transactionLimit": {"maxCost": 7.3}}
    assert world.tell("TransactionEvent", event("Updated", 2, "MeterValuePeriodic")) == {}


@pytest.mark.parametrize("trigger", ["CostLimitReached", "EnergyLimitReached", "SoCLimitReached", "TimeLimitReached"])
def test_a_limit_that_is_reached_is_flagged(trigger: str) -> None:
    """E16.FR.05."""
    world = begun(Version.V21)
    world.tell("TransactionEvent", event("Updated", 1, trigger, {"chargingState": "SuspendedEVSE"}))
    assert Flag.LIMIT_REACHED in world.row().flags
    assert world.row().charging_state == "SuspendedEVSE"


@pytest.mark.parametrize("version", V2)
def test_running_cost_priority_and_messages_go_with_the_next_answer(version: Version) -> None:
    """I02.FR.01, I06.FR.01, I06.FR.02; 2.0.1 takes one language."""
    world = begun(version)
    text = [{"format": "UTF8", "language": name, "content": "4.20"} for name in ("de", "en")]
    assert wish(world, total_cost="4.20", priority=3, messages=text)
    answer = world.tell("TransactionEvent", event("Updated", 1, "MeterValuePeriodic"))
    expected = {"totalCost": 4.2, "chargingPriority": 3, "updatedPersonalMessage": text[0]}
    assert answer == expected | ({"updatedPersonalMessageExtra": text[1:]} if version is Version.V21 else {})
    world.restart()
    end = world.tell("TransactionEvent", event("Ended", 2, "StopAuthorized"))
    assert end == {"totalCost": 4.2}  # I03.FR.02
    assert world.tell("TransactionEvent", event("Ended", 2, "StopAuthorized")) == end
    world.check()


def test_what_is_wished_survives_a_restart_and_an_ended_session_takes_nothing() -> None:
    world = begun(Version.V21)
    wish(world, priority=1)
    wish(world, total_cost="1.00")
    world.restart()
    answer = world.tell("TransactionEvent", event("Updated", 1, "MeterValuePeriodic"))
    assert answer == {"totalCost": 1.0, "chargingPriority": 1}
    world.tell("TransactionEvent", event("Ended", 2, "StopAuthorized"))
    assert not wish(world, priority=2)


def test_a_direct_payment_that_took_nothing_costs_nothing_and_is_told_so() -> None:
    """C20.FR.03, I03.FR.04."""
    world = MemoryWorld(Version.V21, tokens=[])
    world.tell("TransactionEvent", event("Started", 0, "Authorized", evse={"id": 1},
                                         idToken={"idToken": "PSP-1", "type": "DirectPayment"}))
    answer = world.tell("TransactionEvent", event("Ended", 1, "EVConnectTimeout", {"stoppedReason": "Timeout"}))
    assert not isinstance(answer, RefusedReply)
    assert answer["totalCost"] == 0


def test_the_stations_own_reckoning_is_kept_and_shown() -> None:
    """I12.FR.01, I08.FR.13: cost details as they came; the sum beside them; we tell no sum of ours."""
    world = begun(Version.V21)
    details = {
        "totalCost": {"currency": "EUR", "typeOfCost": "NormalCost", "total": {"exclTax": 3.5, "inclTax": 4.2}},
        "totalUsage": {"energy": 9300.0, "chargingTime": 1800, "idleTime": 0},
    }  # fmt: skip
    world.tell("TransactionEvent", event("Updated", 1, "RunningCost", {"tariffId": "DAY-1"}, costDetails=details))
    row = world.row()
    assert (row.details["cost_details"], row.details["total_cost"]) == (details, "4.2")
    assert world.tell("TransactionEvent", event("Ended", 2, "StopAuthorized")) == {}
    world.check()


# Silence

def test_a_session_can_be_closed_from_our_side_and_opens_again_when_more_comes() -> None:
    world = begun(Version.V201)
    assert instruct(world, "close", {"reason": "station_says_it_is_over"})
    row = world.row()
    assert (row.status, row.stop_reason) == ("orphaned", "station_says_it_is_over")
    assert Flag.MESSAGES_LOST in row.flags
    assert "orphaned.v1" in world.events()
    world.tell("TransactionEvent", event("Ended", 1, "EVDeparted"))
    assert world.row().status == "ended"
    world.check()


# Undated starts of 1.6

def test_a_start_without_a_time_is_the_same_when_it_comes_again_and_another_after_its_end() -> None:
    world = MemoryWorld(Version.V16, tokens=[token("CAFE")])

    def start() -> int | None:
        world.time_passes(7)
        message = TransactionHappened("began", None, world.now, 1, 1, IdToken("CAFE"), meter=None, undated=True)
        answers = replace(NOTHING, token=world.tokens["cafe"])
        decision = decide(world.station, world.state, message, answers, world.now, world.new_id)
        world._keep(decision.records)
        world.state = decision.state
        return getattr(decision.reply, "transaction_id", None)

    first = start()
    assert start() == first
    world.restart()
    assert start() == first
    world.tell("StopTransaction", {"transactionId": first, "timestamp": at(60), "meterStop": 10})
    assert start() != first
    assert len(world.rows()) == 2
    world.check()


# The rating

@pytest.mark.parametrize("version", [Version.V16, Version.V201])
def test_readings_above_what_the_station_can_deliver_are_flagged_and_kept(version: Version) -> None:
    """Quirk 25: Wh that came as kWh."""
    world = MemoryWorld(version, tokens=[token("CAFE")], settings={"rating_w": 22_000})
    if version is Version.V16:
        world.tell("StartTransaction", {"connectorId": 1, "idTag": "CAFE", "meterStart": 0, "timestamp": at(0)})
    else:
        world.tell("TransactionEvent", event("Started", 0, "Authorized", evse={"id": 1}))

    def read(seconds: int, wh: float, watts: float) -> None:
        if version is Version.V16:
            sampled = [{"value": str(wh), "unit": "Wh"}, {"value": str(watts), "measurand": "Power.Active.Import"}]
            world.tell("MeterValues", {"connectorId": 1, "transactionId": 1,
                                       "meterValue": [{"timestamp": at(seconds), "sampledValue": sampled}]}, after=60)
        else:
            both = [{"value": wh}, {"value": watts, "measurand": "Power.Active.Import"}]
            world.tell("TransactionEvent", event("Updated", seconds // 60, "MeterValuePeriodic", meterValue=[
                {"timestamp": at(seconds), "sampledValue": both}]), after=60)

    read(60, 0, 0)
    read(120, 360, 21_600)
    assert world.row().flags == []
    read(180, 5_000, 90_000)
    assert {Flag.ENERGY_IMPLAUSIBLE, Flag.POWER_IMPLAUSIBLE} <= set(world.row().flags)
    assert world.row().import_milli_wh == 5_000_000
    world.check()


# Payment

def test_a_settlement_is_kept_with_its_session_and_answered_with_our_receipt() -> None:
    """C21.FR.03; C22.FR.01: a rejected one comes without a receipt."""
    world = begun(Version.V21)
    world.outside["receipt"] = {"url": "https://receipts.example/T1", "id": "PSP-1"}
    told = {"transactionId": "T1", "pspRef": "PSP-1", "status": "Settled", "settlementAmount": 12.5,
            "settlementTime": at(5)}
    assert world.tell("NotifySettlement", told) == {"receiptUrl": "https://receipts.example/T1", "receiptId": "PSP-1"}
    (kept,) = [r for r in world.of(StationObjectRecord) if r.kind == "settlement"]
    assert (kept.key, kept.status, kept.data["session"]) == ("PSP-1", "Settled", str(world.row().id))
    assert world.row().details["settlement"]["amount"] == "12.5"
    assert "settlement_reported.v1" in world.events()
    rejected = told | {"pspRef": "PSP-2", "status": "Rejected", "transactionId": "T9"}
    assert world.tell("NotifySettlement", rejected) == {}
    assert [asked.kind for asked in world.consulted] == ["receipt"]
    world.check()


@pytest.mark.parametrize(
    ("number", "known", "status", "code"),
    [
        ("NL123456789B01", {"valid": True, "company": None}, "Accepted", None),
        ("nl 1234.56789.B01", {"valid": True, "company": None}, "Accepted", None),
        ("NL123456789B01", {"valid": False}, "Rejected", "UnknownNumber"),
        ("NL123456789B01", None, "Rejected", "ServiceUnavailable"),
        ("DE12", None, "Rejected", "InvalidFormat"),
        ("rubbish", None, "Rejected", "InvalidFormat"),
        ("CHE123456789", {"valid": True}, "Accepted", None),
    ],
)
def test_vat_numbers(number: str, known: Any, status: str, code: str | None) -> None:
    """C18.FR.10: for the EVSE that asked."""
    world = MemoryWorld(Version.V21)
    world.outside["vat"] = known
    answer = world.tell("VatNumberValidation", {"vatNumber": number, "evseId": 2})
    assert not isinstance(answer, RefusedReply)
    assert (answer["status"], answer["evseId"], answer["vatNumber"]) == (status, 2, number)
    assert answer.get("statusInfo", {}).get("reasonCode") == code
    assert [report.payload["answered"] for report in world.of(ReportRecord)] == [status]
    assert bool(world.consulted) == (code != "InvalidFormat")


# Display messages

@pytest.mark.parametrize("version", V2)
def test_messages_on_a_display_come_in_parts_and_the_whole_list_sweeps(version: Version) -> None:
    """O03.FR.06, O04: what is not in a whole list is gone; a filtered list says nothing of the rest."""
    world = MemoryWorld(version)
    request = whole(1_234_567_891)
    assert asks_for_all(request)
    assert request < 2**31

    def info(number: int) -> dict[str, Any]:
        return {"id": number, "priority": "InFront", "state": "Idle",
                "message": {"format": "UTF8", "language": "en", "content": f"m{number}"}}

    world.tell("NotifyDisplayMessages", {"requestId": request, "tbc": True, "messageInfo": [info(1), info(2)]})
    assert not list(world.of(ObjectsSweptRecord))
    world.tell("NotifyDisplayMessages", {"requestId": request, "messageInfo": [info(3)]})
    assert [swept.keep for swept in world.of(ObjectsSweptRecord)] == [["1", "2", "3"]]
    kept = [r for r in world.of(StationObjectRecord) if r.kind == "display_message"]
    assert kept[0].data == {
        "id": 1, "priority": "InFront", "state": "Idle",
        "texts": [{"format": "UTF8", "language": "en", "content": "m1"}],
    }  # fmt: skip
    world.tell("NotifyDisplayMessages", {"requestId": 5000, "messageInfo": [info(1)]})
    assert len(list(world.of(ObjectsSweptRecord))) == 1
