"""What stations say of smart charging, in decisions alone: what is kept, told and answered."""

from typing import Any

import pytest
from msgspec.structs import replace

from actors.charging import objects
from actors.charging.transfers import may_use
from actors.records import JobRecord, ObjectsMatchedRecord, StationObjectRecord
from protocol.ocpp import neutral
from protocol.ocpp.version import Version
from tests.support.memory_world import MemoryWorld, at, token

SCHEDULE = {
    "id": 1, "chargingRateUnit": "W", "startSchedule": at(0),
    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 11_000.0}],
}  # fmt: skip
PROFILE = {
    "id": 7, "stackLevel": 1, "chargingProfilePurpose": "TxDefaultProfile", "chargingProfileKind": "Absolute",
    "chargingSchedule": [SCHEDULE],
}  # fmt: skip
CRITERIA = {"chargingProfile": {"chargingLimitSource": ["CSO", "EMS", "SO", "Other"]}}


def kept(world: MemoryWorld, kind: str) -> dict[str, StationObjectRecord]:
    """The newest record of each object of that kind."""
    return {record.key: record for record in world.of(StationObjectRecord) if record.kind == kind}


def gone(world: MemoryWorld, kind: str) -> list[ObjectsMatchedRecord]:
    return [record for record in world.of(ObjectsMatchedRecord) if record.kind == kind and record.removed]


def charging(version: Version = Version.V21, transaction: str = "T1") -> MemoryWorld:
    """A world with an open transaction on EVSE 1."""
    world = MemoryWorld(version, tokens=[token("CAFE")])
    world.tell("TransactionEvent", event("Started", transaction))
    return world


def event(kind: str, transaction: str, seq_no: int = 0) -> dict[str, Any]:
    return {
        "eventType": kind, "timestamp": at(seq_no), "triggerReason": "Authorized", "seqNo": seq_no,
        "transactionInfo": {"transactionId": transaction}, "evse": {"id": 1, "connectorId": 1},
        "idToken": {"idToken": "CAFE", "type": "ISO14443"},
    }  # fmt: skip


def report(*ids: int, more: bool = False) -> dict[str, Any]:
    listed = [PROFILE | {"id": number} for number in ids]
    told = {"requestId": 5, "chargingLimitSource": "CSO", "evseId": 1, "chargingProfile": listed}
    return told | ({"tbc": True} if more else {})


def test_a_report_in_parts_lists_what_is_there_and_its_end_says_what_is_not() -> None:
    """K09.FR.01, K09.FR.02: profiles of one request, and `tbc` on all but the last message."""
    world = MemoryWorld(Version.V201)
    setter = {"set_by": "admin", "accepted_at": at(0)}
    world.outside["charging_report"] = {"criteria": CRITERIA, "set_by": {"7": setter}}
    assert world.tell("ReportChargingProfiles", report(7, more=True)) == {}
    assert gone(world, objects.PROFILE) == []
    world.tell("ReportChargingProfiles", report(8))
    found = kept(world, objects.PROFILE)
    assert found.keys() == {"7", "8"}
    assert found["7"].data["set_by"] == "admin"
    assert found["8"].data | {"profile": None} == {
        "id": 8, "evse": 1, "purpose": "TxDefaultProfile", "kind": "Absolute", "stack_level": 1, "source": "CSO",
        "transaction_id": None, "valid_from": None, "valid_to": None, "clearable": True, "profile": None,
    }  # fmt: skip
    [sweep] = gone(world, objects.PROFILE)
    assert (sweep.match, sweep.keep) == ({}, ["7", "8"])
    assert world.consulted[0].about == {"request_id": 5}


def test_a_narrow_report_only_ends_what_it_asked_for() -> None:
    world = MemoryWorld(Version.V21)
    asked = {"evseId": 1, "chargingProfile": {"chargingProfilePurpose": "TxProfile", "chargingLimitSource": ["EMS"]}}
    world.outside["charging_report"] = {"criteria": asked, "set_by": {}}
    world.tell("ReportChargingProfiles", report(7))
    [sweep] = gone(world, objects.PROFILE)
    assert sweep.match == {"evse": 1, "purpose": "TxProfile", "source": "EMS"}


def test_a_report_that_nobody_asked_for_ends_nothing() -> None:
    world = MemoryWorld(Version.V201)
    world.tell("ReportChargingProfiles", report(7))
    assert gone(world, objects.PROFILE) == []
    assert "7" in kept(world, objects.PROFILE)


def test_limits_of_others_are_kept_by_evse_and_source() -> None:
    """K11.FR.02, K12.FR.02, K13.FR.02, K14.FR.02, K14.FR.03, K27.FR.03."""
    world = MemoryWorld(Version.V21)
    limit = {"chargingLimitSource": "EMS", "isGridCritical": True, "isLocalGeneration": True}
    world.tell("NotifyChargingLimit", {"evseId": 1, "chargingLimit": limit, "chargingSchedule": [SCHEDULE]})
    world.tell("NotifyChargingLimit", {"chargingLimit": {"chargingLimitSource": "SO"}})
    found = kept(world, objects.EXTERNAL)
    assert found.keys() == {"1/EMS", "0/SO"}
    data = found["1/EMS"].data
    assert (data["grid_critical"], data["local_generation"]) == (True, True)
    assert data["schedules"][0]["periods"] == [{"start_s": 0, "limit": 11_000.0}]
    world.tell("ClearedChargingLimit", {"chargingLimitSource": "EMS", "evseId": 1})
    world.tell("ClearedChargingLimit", {"chargingLimitSource": "SO"})
    assert [sweep.match for sweep in gone(world, objects.EXTERNAL)] == [{"source": "EMS", "evse": 1}, {"source": "SO"}]
    assert world.events().count("charging_limit_changed.v1") == 4


def needs(**more: Any) -> dict[str, Any]:
    asked = {"requestedEnergyTransfer": "DC_BPT"} | more
    return {"evseId": 1, "maxScheduleTuples": 12, "chargingNeeds": asked}


def test_needs_are_kept_and_answered_as_nobody_plans() -> None:
    """K15.FR.02, K15.FR.04, K17.FR.04: Rejected; K18.FR.04, K19.FR.04: NoChargingProfile with a control mode."""
    old = charging(Version.V201)
    parameters = {"evMaxCurrent": 200, "evMaxVoltage": 500, "stateOfCharge": 40}
    told = {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "DC", "dcChargingParameters": parameters}}
    assert old.tell("NotifyEVChargingNeeds", told) == {"status": "Rejected"}
    world = charging()
    v2x = {"maxDischargePower": 10_000, "evTargetEnergyRequest": 20_000}
    der = {"evSupportedDERControl": ["VoltWatt"], "maxApparentPower": 11_000}
    answer = world.tell(
        "NotifyEVChargingNeeds",
        needs(controlMode="DynamicControl", v2xChargingParameters=v2x, derChargingParameters=der),
    )
    assert answer == {"status": "NoChargingProfile"}
    data = kept(world, objects.NEEDS)["1"].data
    assert (data["transaction_id"], data["most_periods"]) == ("T1", 12)
    assert data["needs"]["v2xChargingParameters"] == v2x
    assert data["needs"]["derChargingParameters"] == der  # R02.FR.01, R03.FR.01
    assert "charging_needs_told.v1" in world.events()


def test_whoever_plans_gives_the_answer() -> None:
    """K15.FR.03, K15.FR.05, K18.FR.03, K18.FR.05, K19.FR.03, Q01.FR.07."""
    world = charging()
    for status in ("Accepted", "Processing"):
        world.outside["charging_plan"] = {"status": status}
        assert world.tell("NotifyEVChargingNeeds", needs(controlMode="ScheduledControl")) == {"status": status}
    assert world.consulted[-1].about["evse"] == 1


def test_a_transfer_that_is_not_allowed_is_rejected_whoever_plans() -> None:
    """K18.FR.22, K19.FR.15, Q01.FR.04."""
    world = MemoryWorld(Version.V21, settings={"allowed_energy_transfer": ["DC"]})
    world.outside["charging_plan"] = {"status": "Accepted"}
    assert world.tell("NotifyEVChargingNeeds", needs(controlMode="DynamicControl")) == {"status": "Rejected"}
    assert world.consulted == []
    world.state = replace(world.state, settings={"driver_energy_transfers": {"CAFE": ["DC"]}})
    assert may_use(world.state, "cafe", "DC")
    assert not may_use(world.state, "CAFE", "DC_BPT")
    assert may_use(world.state, "BEEF", "DC_BPT")  # nothing is set for it


def test_an_authorization_says_what_is_allowed_when_that_is_known() -> None:
    """Q01.FR.01, Q01.FR.08, Q02.FR.03."""
    asked = {"idToken": {"idToken": "CAFE", "type": "ISO14443"}}
    for version, settings, expected in (
        (Version.V21, {"allowed_energy_transfer": ["DC", "DC_BPT"]}, ["DC", "DC_BPT"]),
        (Version.V21, {}, None),
        (Version.V21, {"driver_energy_transfers": {"cafe": ["AC_BPT"]}, "allowed_energy_transfer": ["DC"]}, ["AC_BPT"]),
        (Version.V21, {"driver_energy_transfers": {"FLEET": ["DC_BPT"]}}, ["DC_BPT"]),
        (Version.V21, {"driver_energy_transfers": {"BEEF": ["DC_BPT"]}, "allowed_energy_transfer": ["DC"]}, ["DC"]),
        (Version.V21, {"driver_energy_transfers": {"BEEF": ["DC_BPT"]}}, None),
        (Version.V201, {"allowed_energy_transfer": ["DC"]}, None),
    ):
        world = MemoryWorld(version, tokens=[token("CAFE", group_uid="FLEET")], settings=settings)
        answer = world.tell("Authorize", asked)
        assert isinstance(answer, dict)
        assert answer.get("allowedEnergyTransfer") == expected
    assert "allowedEnergyTransfer" not in MemoryWorld(
        Version.V21, settings={"allowed_energy_transfer": ["DC"]}
    ).tell("Authorize", asked)  # type: ignore[operator]  # a reply with a verdict is a dict


def ev_schedule(limit: float) -> dict[str, Any]:
    periods = [{"startPeriod": 0, "limit": limit}]
    schedule = {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": periods}
    return {"timeBase": at(10), "evseId": 1, "chargingSchedule": schedule}


def test_a_vehicles_schedule_within_its_limits_is_accepted_else_negotiated_anew_once() -> None:
    """K15.FR.11 to K15.FR.13, K16.FR.06 to K16.FR.08, K17.FR.11 to 13, K18.FR.11 to 13."""
    world = charging()
    given = PROFILE | {"chargingProfilePurpose": "TxProfile"}
    world.outside["charging_given"] = {"profile": given, "control_mode": None, "renegotiated": False}
    assert world.tell("NotifyEVChargingSchedule", ev_schedule(10_000)) == {"status": "Accepted"}
    assert list(world.of(JobRecord)) == []
    assert world.tell("NotifyEVChargingSchedule", ev_schedule(12_000)) == {"status": "Rejected"}
    [job] = world.of(JobRecord)
    assert job.kind == "charging-renegotiate"
    assert job.state == {"evse": 1, "profile": given}
    assert kept(world, objects.EV_SCHEDULE)["1"].status == "Rejected"
    world.outside["charging_given"]["renegotiated"] = True
    world.tell("NotifyEVChargingSchedule", ev_schedule(12_000))
    assert len(list(world.of(JobRecord))) == 1
    world.outside["charging_given"]["control_mode"] = "DynamicControl"  # K17.FR.11: not applicable there
    assert world.tell("NotifyEVChargingSchedule", ev_schedule(12_000)) == {"status": "Accepted"}


def test_priority_charging_is_kept_and_told() -> None:
    """K21.FR.09, K22.FR.06."""
    world = charging()
    assert world.tell("NotifyPriorityCharging", {"transactionId": "T1", "activated": True}) == {}
    assert kept(world, objects.PRIORITY)["T1"].status == "active"
    world.tell("NotifyPriorityCharging", {"transactionId": "T1", "activated": False})
    assert [sweep.match for sweep in gone(world, objects.PRIORITY)] == [{"transaction_id": "T1"}]
    assert world.events().count("priority_charging_changed.v1") == 2


def test_a_pull_gets_the_values_that_count() -> None:
    """K28.FR.07; K28.FR.12: Rejected, InvalidProfile, for what is not there or not Dynamic."""
    world = MemoryWorld(Version.V21)
    values = {"setpoint": -5000.0, "setpoint_l2": -5000.0}
    world.outside["dynamic_limit"] = {"dynamic": True, "values": values, "news": True, "source": "operator"}
    answer = world.tell("PullDynamicScheduleUpdate", {"chargingProfileId": 7})
    update = {"setpoint": -5000.0, "setpoint_L2": -5000.0}
    assert answer == {"status": "Accepted", "scheduleUpdate": update}
    assert kept(world, objects.DYNAMIC)["7"].data["by"] == "pull"
    told = world.events()
    world.outside["dynamic_limit"]["news"] = False
    world.tell("PullDynamicScheduleUpdate", {"chargingProfileId": 7})
    assert world.events() == told, "the same values are no news"
    world.outside["dynamic_limit"] = {"dynamic": False, "values": {}, "news": False, "source": None}
    answer = world.tell("PullDynamicScheduleUpdate", {"chargingProfileId": 8})
    assert answer == {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidProfile"}}


def test_a_pull_that_cannot_be_answered_now_is_an_error() -> None:
    """The station goes on with what it has: Rejected would say that there is no such profile."""
    answer = MemoryWorld(Version.V21).tell("PullDynamicScheduleUpdate", {"chargingProfileId": 7})
    assert isinstance(answer, neutral.RefusedReply)
    assert answer.code == "InternalError"


def test_what_belongs_to_a_transaction_ends_with_it() -> None:
    """OCPP 1.6, 3.13.1; 2.1 Part 2, K: a TxProfile is valid for its transaction only."""
    world = charging()
    world.tell("TransactionEvent", event("Ended", "T1", 1))
    own = {"purpose": "TxProfile", "transaction_id": "T1"}
    assert [sweep.match for sweep in gone(world, objects.PROFILE)] == [own, own | {"transaction_id": None, "evse": 1}]
    for kind in (objects.NEEDS, objects.EV_SCHEDULE, objects.PRIORITY):
        assert [sweep.match for sweep in gone(world, kind)] == [{"transaction_id": "T1"}]


@pytest.mark.parametrize("mode", [None, "ScheduledControl", "DynamicControl"])
def test_a_schedule_at_hand_answers_a_vehicles_needs_and_is_sent_next(mode: str | None) -> None:
    """K15.FR.02, K15.FR.03, K15.FR.07; K17.FR.02, K17.FR.03, K17.FR.07 and K20, needs that change; K16.FR.12 after a
    renegotiation of ours; K18.FR.02, FR.03, FR.07 and K19.FR.02, FR.03, FR.07 with a control mode. K17.FR.05: later.
    """
    world = charging(Version.V21 if mode else Version.V201)
    more = {} if mode is None else {"controlMode": mode}
    own = PROFILE | {"chargingProfilePurpose": "TxProfile", "transactionId": "T1"}
    plan = {"status": "Accepted", "profile": own, "pause_s": 0}
    world.outside["charging_plan"] = plan
    told = needs(requestedEnergyTransfer="DC", **more) | {"maxScheduleTuples": 3}
    assert world.tell("NotifyEVChargingNeeds", told) == {"status": "Accepted"}
    about = world.consulted[-1].about
    assert (about["transaction_id"], about["most_periods"]) == ("T1", 3)
    world.outside["charging_plan"] = plan | {"pause_s": 30}
    assert world.tell("NotifyEVChargingNeeds", told) == {"status": "Accepted"}
    first, again = [job for job in world.of(JobRecord) if job.kind == "charging-renegotiate"]
    assert first.state == {"evse": 1, "profile": own}
    assert (first.key or "").endswith("/T1/needs")
    assert ((first.run_at - first.created_at).seconds, (again.run_at - again.created_at).seconds) == (0, 30)
    world.outside["charging_plan"] = {"status": "Processing"}
    assert world.tell("NotifyEVChargingNeeds", told) == {"status": "Processing"}
    assert len([job for job in world.of(JobRecord) if job.kind == "charging-renegotiate"]) == 2
