"""Charging profiles: how each version writes them, and what keeps one from being sent."""

from typing import Any

import pytest

from actors.charging import profile as profiles
from actors.charging.fitting import Held, Told, in_place, misfits
from actors.charging.objects import composite_data
from actors.charging.rules import wrong
from actors.charging.schedules import within
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON

V16, V201, V21 = Version.V16, Version.V201, Version.V21
START = "2026-05-04T00:00:00Z"


def made(**changes: Any) -> profiles.Profile:
    """A daily profile with one period of 16 A; `period` and `schedule` change its only ones."""
    period = {"start_s": 0, "limit": 16.0} | changes.pop("period", {})
    schedule = {"unit": "A", "start": START, "periods": [_without(period)]} | changes.pop("schedule", {})
    fields = {"purpose": "TxDefaultProfile", "kind": "Absolute", "schedules": [_without(schedule)]}
    return profiles.read(_without(fields | changes))


def _without(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def told(version: Version, profile: profiles.Profile, evse: int = 1, transaction: str | None = None) -> str:
    return " | ".join(f"{at} {what}" for at, what in wrong(version, evse, profile, transaction))


@pytest.mark.parametrize("version", list(Version), ids=str)
def test_a_good_profile_is_valid_for_the_version(version: Version) -> None:
    profile = made(
        kind="Recurring", recurrency="Daily", stack_level=2, valid_to="2027-01-01T00:00:00Z",
        schedule={"duration_s": 3600, "min_rate": 6.0},
    )  # fmt: skip
    assert told(version, profile) == ""
    payload = profiles.to_ocpp(version, profile, 7, None)
    request = (
        {"connectorId": 1, "csChargingProfiles": payload} if version is V16 else
        {"evseId": 1, "chargingProfile": payload}
    )  # fmt: skip
    assert catalogue.check(catalogue.actions(version)["SetChargingProfile"], request) == []


def test_everything_of_2_1_is_said_in_2_1_and_refused_elsewhere() -> None:
    """K01.FR.72, K01.FR.96, K01.FR.104, K01.FR.105: all fields of 2.1 can be sent."""
    profile = made(
        purpose="TxProfile", kind="Dynamic", max_offline_s=60, invalid_after_offline=True, update_every_s=30,
        updated_at=START, price_signature="c2ln",
        schedule={
            "start": None, "unit": "W", "power_tolerance": 100.0, "limit_at_soc": {"soc": 80, "limit": 3000},
            "local_time": True, "randomized_delay_s": 20, "signature_id": 1, "digest": "ZGln",
        },
        period={
            "limit": None, "mode": "CentralSetpoint", "setpoint": -5000.0, "setpoint_l2": -5000.0,
            "setpoint_l3": -5000.0, "setpoint_reactive": 10.0, "preconditioning": True,
        },
    )  # fmt: skip
    assert told(V21, profile, 1, "T1") == ""
    payload = profiles.to_ocpp(V21, profile, 7, "T1")
    request = {"evseId": 1, "chargingProfile": payload}
    assert catalogue.check(catalogue.actions(V21)["SetChargingProfile"], request) == []
    [period] = payload["chargingSchedule"][0]["chargingSchedulePeriod"]
    assert period["setpoint_L2"] == -5000.0
    assert "limit" not in period  # Q03.FR.02
    assert payload["dynUpdateTime"] == "2026-05-04T00:00:00.000Z"
    assert "needs OCPP 2.1" in told(V201, profile, 1, "T1")


@pytest.mark.parametrize(
    ("changes", "evse", "transaction", "id_"),
    [
        ({"purpose": "ChargingStationExternalConstraints"}, 0, None, "K01.FR.22"),
        ({"purpose": "ChargingStationMaxProfile"}, 1, None, "K04.FR.03"),
        ({"purpose": "ChargingStationMaxProfile", "kind": "Relative", "schedule": {"start": None}}, 0, None,
         "K01.FR.38"),
        ({"purpose": "TxProfile"}, 0, "T1", "K01.FR.16"),
        ({"purpose": "TxProfile"}, 1, None, "K01.FR.03"),
        ({"schedule": {"start": None}}, 1, None, "K01.FR.40"),
        ({"kind": "Relative"}, 1, None, "K01.FR.41"),
        ({"period": {"start_s": 5}}, 1, None, "K01.FR.31"),
        ({"schedule": {"periods": [{"start_s": 0, "limit": 6}, {"start_s": 60, "limit": 7},
                                   {"start_s": 60, "limit": 8}]}}, 1, None, "K01.FR.35"),
        ({"period": {"phases": 3, "phase_to_use": 1}}, 1, None, "K01.FR.19"),
        ({"update_every_s": 10}, 1, None, "K01.FR.122"),
        ({"kind": "Dynamic", "schedule": {"periods": [{"start_s": 0, "limit": 6}, {"start_s": 9, "limit": 7}]}}, 1,
         None, "K28.FR.01"),
        ({"purpose": "PriorityCharging", "schedule": {"duration_s": 60}}, 0, None, "K01.FR.73"),
        ({"purpose": "PriorityCharging", "period": {"mode": "ExternalLimits"}}, 0, None, "K01.FR.111"),
        ({"purpose": "LocalGeneration", "period": {"mode": "Idle", "limit": None}}, 0, None, "K01.FR.113"),
        ({"purpose": "LocalGeneration", "schedule": {"randomized_delay_s": 5}}, 0, None, "K01.FR.95"),
        ({"period": {"limit_l2": 10}}, 1, None, "K01.FR.143"),
        ({"purpose": "TxProfile", "period": {"limit": None, "limit_l2": 10}}, 1, "T1", "K01.FR.145"),
        ({"period": {"discharge_limit": -10}}, 1, None, "Q02.FR.02"),
        ({"period": {"mode": "CentralSetpoint", "setpoint": 10}}, 1, None, "Q03.FR.02"),
        ({"period": {"mode": "CentralSetpoint", "limit": None}}, 1, None, "Q03.FR.01"),
        ({"period": {"mode": "CentralFrequency", "limit": None, "setpoint": 10}}, 1, None, "Q07.FR.02"),
        ({"kind": "Dynamic", "schedule": {"start": None},
          "period": {"mode": "CentralFrequency", "setpoint": 10}}, 1, None, "Q07.FR.03"),
        ({"period": {"mode": "LocalFrequency"}}, 1, None, "Q08.FR.01"),
        ({"period": {"mode": "LocalFrequency", "limit": None}}, 1, None, "Q08.FR.02"),
        ({"period": {"mode": "LocalFrequency", "limit": None}}, 1, None, "Q08.FR.05"),
        ({"period": {"mode": "Idle"}}, 1, None, "Q10.FR.01"),
        ({"period": {"sleep": True}}, 1, None, "K01.FR.126"),
        ({"period": {"mode": "ExternalSetpoint", "setpoint": 20.0}}, 1, None, "V2X.05"),
    ],
)  # fmt: skip
def test_what_the_requirement_forbids_is_named(
    changes: dict[str, Any], evse: int, transaction: str | None, id_: str
) -> None:
    assert id_ in told(V21, made(**changes), evse, transaction)


def test_1_6_takes_one_decimal_and_one_schedule() -> None:
    """OCPP 1.6, 7.8 and 3.13: 8.1 A is a multiple of 0.1, 8.15 A is none."""
    assert told(V16, made(period={"limit": 8.1})) == ""
    assert "one decimal" in told(V16, made(period={"limit": 8.15}))
    schedule = {"unit": "A", "start": START, "periods": [{"start_s": 0, "limit": 6}]}
    two = made(purpose="TxProfile", schedules=[schedule] * 2)
    assert "one schedule" in told(V16, two, 1, "17")
    sent = profiles.to_ocpp(V16, made(purpose="ChargingStationMaxProfile"), 7, None)
    assert sent["chargingProfilePurpose"] == "ChargePointMaxProfile"
    assert profiles.to_ocpp(V16, made(purpose="TxProfile"), 7, "17")["transactionId"] == 17


def held(**changes: Any) -> Held:
    data = {"id": 3, "evse": 1, "purpose": "TxDefaultProfile", "stack_level": 0} | changes
    return Held.of(data)


def unfit(profile: profiles.Profile, *others: Held, version: Version = V21, evse: int = 1, needs: Any = None,
          transaction: str | None = None, habits: Any = None, values: Any = None) -> str:  # fmt: skip
    found = misfits(version, evse, profile, transaction, others, Told(values or {}), needs, habits or {})
    return " | ".join(f"{at} {what}" for at, what in found)


def test_a_place_that_is_taken_is_refused_unless_the_time_or_the_id_differs() -> None:
    """K01.FR.06, K01.FR.39, K01.FR.52, K01.FR.53; a 1.6 station replaces."""
    profile = made(id=9)
    assert "K01.FR.06" in unfit(profile, held())
    assert unfit(made(id=3), held()) == ""
    later = made(id=9, valid_from="2026-06-01T00:00:00Z")
    assert "K01.FR.06" not in unfit(later, held(valid_to="2026-05-01T00:00:00Z"))
    assert "K01.FR.52" in unfit(profile, held(evse=0))
    assert unfit(profile, held(), version=V16) == ""
    tx = made(id=9, purpose="TxProfile")
    assert "K01.FR.39" in unfit(tx, held(purpose="TxProfile", transaction_id="T1"), transaction="T1")
    assert unfit(tx, held(purpose="TxProfile", transaction_id="T0"), transaction="T1") == ""


def test_the_profile_in_its_place_lends_its_id() -> None:
    """K01.FR.05: a known id is replaced."""
    assert in_place([held()], 1, made(), None) == 3
    assert in_place([held()], 2, made(), None) is None


@pytest.mark.parametrize(
    ("changes", "values", "what"),
    [
        ({"stack_level": 5}, {"profilestacklevel": "4"}, "levels up to 4"),
        ({"stack_level": 5}, {"chargeprofilemaxstacklevel": "4"}, "levels up to 4"),
        ({}, {"rateunit": "W"}, "K01.FR.26"),
        ({}, {"chargingscheduleallowedchargingrateunit": "Power"}, "K01.FR.26"),
        ({"schedule": {"periods": [{"start_s": n, "limit": 6} for n in range(3)]}}, {"periodsperschedule": "2"},
         "2 periods"),
        ({"schedule": {"periods": [{"start_s": n, "limit": 6} for n in range(3)]}},
         {"chargingschedulemaxperiods": "2"}, "2 periods"),
        ({"period": {"phases": 1, "phase_to_use": 2}}, {}, "K01.FR.20"),
        ({"schedule": {"periods": [{"start_s": 0, "limit": 6, "phases": 3}, {"start_s": 9, "limit": 6, "phases": 1}]}},
         {"phases3to1": "false"}, "Phases3to1"),
        ({"id": 4}, {"maxexternalconstraintsid": "10"}, "K01.FR.80"),
        ({"purpose": "PriorityCharging"}, {"supportedadditionalpurposes": "LocalGeneration"}, "K01.FR.120"),
        ({"kind": "Dynamic"}, {"supportsdynamicprofiles": "false"}, "K01.FR.121"),
        ({"schedule": {"local_time": True}}, {"supportsuselocaltime": "False"}, "K01.FR.123"),
        ({"period": {"mode": "ExternalLimits"}}, {"supportedoperationmodes": "ChargingOnly"}, "K01.FR.115"),
    ],
)  # fmt: skip
def test_what_a_station_told_of_itself_is_respected(changes: dict[str, Any], values: dict[str, str], what: str) -> None:
    assert what in unfit(made(**changes), values=values)


def test_what_nobody_told_is_not_held_against_it() -> None:
    assert unfit(made(stack_level=9, kind="Dynamic", schedule={"start": None})) == ""
    assert unfit(made(period={"phases": 1, "phase_to_use": 2}), values={"acphaseswitchingsupported": "true"}) == ""


def test_models_that_can_less_than_they_say() -> None:
    """Quirks 22 and 30."""
    assert "stack_level_zero_only" in unfit(made(stack_level=1), habits={"stack_level_zero_only": True})
    assert "only_relative_profiles" in unfit(made(), habits={"only_relative_profiles": True})
    assert "never_zero_limit" in unfit(made(period={"limit": 0}), habits={"never_zero_limit": True})
    assert "takes W only" in unfit(made(), habits={"unit": "W"})


def test_only_what_the_vehicle_asked_for() -> None:
    """K01.FR.34, K15.FR.07, K01.FR.142, Q02.FR.01."""
    schedule = {"unit": "A", "start": START, "periods": [{"start_s": 0, "limit": 6}, {"start_s": 9, "limit": 7}]}
    two = made(purpose="TxProfile", schedules=[schedule, schedule])
    assert "K01.FR.34" in unfit(two, transaction="T1")
    assert "K15.FR.07" in unfit(two, transaction="T1", needs={"most_periods": 1})
    apart = made(purpose="TxProfile", period={"limit_l2": 10.0})
    assert "K01.FR.142" in unfit(apart, transaction="T1", needs={"needs": {}})
    assert unfit(apart, transaction="T1", needs={"needs": {"v2xChargingParameters": {"maxChargePower_L2": 1}}}) == ""
    feeds = made(purpose="TxProfile", period={"mode": "CentralSetpoint", "setpoint": -6.0, "limit": None})
    for transfer, fits in (("DC", False), ("DC_BPT", True), ("AC_BPT_DER", True)):
        asked = {"needs": {"requestedEnergyTransfer": transfer}}
        assert ("Q02.FR.01" not in unfit(feeds, transaction="T1", needs=asked)) is fits, transfer
        assert unfit(made(purpose="TxProfile", period={"mode": "ChargingOnly"}), transaction="T1", needs=asked) == ""
    assert unfit(feeds, transaction="T1") == ""  # it has told nothing


def _schedule(*limits: tuple[int, float], **more: Any) -> dict[str, Any]:
    periods = [{"startPeriod": start, "limit": limit} for start, limit in limits]
    return {"chargingRateUnit": "W", "chargingSchedulePeriod": periods} | more


def test_a_vehicles_schedule_is_within_what_it_was_given() -> None:
    """K15.FR.11, K15.FR.12."""
    given = [_schedule((0, 11_000), (3600, 4000))]
    assert within(_schedule((0, 10_000), (3600, 4000)), NOON, given, NOON)
    assert not within(_schedule((0, 10_000)), NOON, given, NOON)
    assert within(_schedule((0, 10_000), duration=3600), NOON, given, NOON)
    assert within(_schedule((0, 10_000)), NOON, [*given, _schedule((0, 22_000))], NOON)
    assert within(_schedule((0, 10_000)), NOON, [], NOON)


def test_composite_schedules_of_all_versions_have_one_shape() -> None:
    """K08; OCPP 1.6, 5.7."""
    period = {"startPeriod": 0, "limit": 16.0, "numberPhases": 3}
    old = {
        "status": "Accepted", "connectorId": 1, "scheduleStart": START,
        "chargingSchedule": {"chargingRateUnit": "A", "duration": 60, "chargingSchedulePeriod": [period]},
    }  # fmt: skip
    new = {
        "status": "Accepted",
        "schedule": {
            "evseId": 1, "duration": 60, "scheduleStart": START, "chargingRateUnit": "A",
            "chargingSchedulePeriod": [period],
        },
    }  # fmt: skip
    shape = {
        "evse": 1, "unit": "A", "start": START, "duration_s": 60,
        "periods": [{"start_s": 0, "limit": 16.0, "phases": 3}],
    }  # fmt: skip
    assert composite_data(old, 1) == shape
    assert composite_data(new, 1) == shape
    assert composite_data({"status": "Rejected"}, 1) is None
