"""A charging profile as a model takes it (quirks 22 and 30): said otherwise where that means the same. Pure.

Settings of the station and its model: `never_zero_limit`, `only_relative_profiles`, `start_in_past`, `limit_factor` (it
counts in tenths of A: 10, in mA: 1000), `unit`, `stack_level_zero_only`, `no_station_limit` (connector 0 is refused).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from actors.station.phrasing import NotFit, Payload
from protocol.events.types import timestamp

LEAST: Final = {"A": 6.0, "W": 1380.0}
"""The least a vehicle can charge with: what stands for 0 where 0 would end the transaction."""
_BACK: Final = timedelta(seconds=60)
_CARRIER: Final = ("csChargingProfiles", "chargingProfile")


def adapted(payload: Payload, habits: Mapping[str, Any]) -> Payload:
    """SetChargingProfile for this station. Raises NotFit for what it cannot be told at all."""
    name = next((each for each in _CARRIER if isinstance(payload.get(each), dict)), None)
    if name is None:
        return payload
    evse = payload.get("connectorId", payload.get("evseId"))
    if habits.get("no_station_limit") and evse == 0:
        raise NotFit([("/evse", "this model refuses limits of the whole station (no_station_limit): name an EVSE")])
    profile = dict(payload[name])
    if habits.get("stack_level_zero_only") and profile.get("stackLevel"):
        raise NotFit([("/profile/stack_level", "this model takes stack level 0 only (setting stack_level_zero_only)")])
    relative = bool(habits.get("only_relative_profiles"))
    if relative and profile.get("chargingProfileKind") == "Recurring":
        raise NotFit([("/profile/kind", "this model takes Relative profiles only (setting only_relative_profiles)")])
    if relative:
        profile["chargingProfileKind"] = "Relative"
        if str(profile.get("chargingProfilePurpose")).endswith("MaxProfile"):  # which is never Relative
            profile["chargingProfilePurpose"] = "TxDefaultProfile"
    given = profile["chargingSchedule"]
    made = [_schedule(each, habits, relative) for each in (given if isinstance(given, list) else [given])]
    profile["chargingSchedule"] = made if isinstance(given, list) else made[0]
    return {**payload, name: profile}


def _schedule(schedule: Mapping[str, Any], habits: Mapping[str, Any], relative: bool) -> dict[str, Any]:
    made, unit = dict(schedule), str(schedule["chargingRateUnit"])
    wanted = habits.get("unit")
    if wanted and unit != wanted:
        field = "/current_a" if wanted == "A" else "/power_w"
        raise NotFit([(field, f"this model takes limits in {wanted} only (setting unit): give this one")])
    if relative:
        made.pop("startSchedule", None)
    elif habits.get("start_in_past") and made.get("startSchedule"):
        made["startSchedule"] = timestamp(datetime.fromisoformat(made["startSchedule"]) - _BACK)
    made["chargingSchedulePeriod"] = [_period(each, habits, unit) for each in schedule["chargingSchedulePeriod"]]
    return made


def _period(period: Mapping[str, Any], habits: Mapping[str, Any], unit: str) -> dict[str, Any]:
    limit = period.get("limit")
    if limit is None:
        return dict(period)
    if limit == 0 and habits.get("never_zero_limit"):
        limit = LEAST[unit]
    factor = habits.get("limit_factor") if unit == "A" else None
    return {**period, "limit": limit * factor if factor else limit}


def ends_it(payload: Any, habits: Mapping[str, Any]) -> bool:
    """Whether a payload as an operator wrote it holds a limit of 0 that would end the transaction."""
    if not habits.get("never_zero_limit") or not isinstance(payload, Mapping):
        return False
    found = [payload[each] for each in _CARRIER if isinstance(payload.get(each), Mapping)]
    profile: Mapping[str, Any] = found[0] if found else {}
    given = profile.get("chargingSchedule")
    return any(
        isinstance(period, Mapping) and period.get("limit") == 0
        for schedule in (given if isinstance(given, list) else [given]) if isinstance(schedule, Mapping)
        for period in schedule.get("chargingSchedulePeriod") or ()
    )  # fmt: skip
