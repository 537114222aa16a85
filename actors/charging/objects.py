"""What stations hold of smart charging, as kinds of station_objects. Pure.

| Kind | Key | `data` |
|---|---|---|
| `charging_profile` | profile id | `id`, `evse`, `purpose` and `kind` (names of 2.x), `stack_level`, `source`, |
| | | `transaction_id`, `valid_from`, `valid_to`, `clearable`, `profile` (as sent or reported), `set_by`, |
| | | `accepted_at`, `command_id` |
| `composite_schedule` | EVSE | `evse`, `unit`, `start`, `duration_s`, `periods` (neutral names), as answered |
| `external_limit` | EVSE/source | `evse`, `source`, `grid_critical`, `local_generation`, `schedules` (neutral names) |
| `charging_needs` | EVSE | `evse`, `transaction_id`, `most_periods`, `at`, `needs` (as told), `answer` |
| `ev_schedule` | EVSE | `evse`, `transaction_id`, `time_base`, `selected`, `schedule` (neutral names), `answer` |
| `dynamic_limit` | profile id | `profile`, `values` (neutral names), `at`, `by` (push or pull), `source`, `pushed_at` |
| `priority_charging` | transaction id | `transaction_id` |

Statuses: `installed`; `active`; `active` and `cleared` of limits; the answer given to needs and schedules.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from actors.charging.profile import MAX2, MAX16, PERIOD, SCHEDULE
from protocol.events.types import timestamp

PROFILE: Final = "charging_profile"
COMPOSITE: Final = "composite_schedule"
EXTERNAL: Final = "external_limit"
NEEDS: Final = "charging_needs"
EV_SCHEDULE: Final = "ev_schedule"
DYNAMIC: Final = "dynamic_limit"
PRIORITY: Final = "priority_charging"

CSO: Final = "CSO"
SOURCES: Final = ("CSO", "EMS", "SO", "Other")
_NOT_OURS_TO_CLEAR: Final = ("ChargingStationExternalConstraints", "LocalGeneration")  # K10.FR.04, K10.FR.06

_Names = Mapping[str, str]
_PERIOD: Final[_Names] = {told: name for name, (told, _) in PERIOD.items()}
_SCHEDULE: Final[_Names] = {told: name for name, (told, _) in SCHEDULE.items()}


def purpose_of(told: str) -> str:
    """The purpose under the name of 2.x."""
    return MAX2 if told == MAX16 else told


def profile_data(
    profile: Mapping[str, Any], evse: int, source: str = CSO, *, set_by: str | None = None, at: datetime | None = None
) -> dict[str, Any]:
    """`data` of a charging profile, from ChargingProfile of 1.6 or ChargingProfileType of 2.x."""
    purpose = purpose_of(str(profile["chargingProfilePurpose"]))
    transaction = profile.get("transactionId")
    data: dict[str, Any] = {
        "id": profile_id(profile),
        "evse": evse,
        "purpose": purpose,
        "kind": profile["chargingProfileKind"],
        "stack_level": profile["stackLevel"],
        "source": source,
        "transaction_id": None if transaction is None else str(transaction),
        "valid_from": profile.get("validFrom"),
        "valid_to": profile.get("validTo"),
        "clearable": purpose not in _NOT_OURS_TO_CLEAR,
        "profile": dict(profile),
    }
    if set_by is not None:
        data["set_by"] = set_by
    if at is not None:
        data["accepted_at"] = timestamp(at)
    return data


def profile_id(profile: Mapping[str, Any]) -> int:
    """The id by either name."""
    found = profile.get("chargingProfileId", profile.get("id"))
    return int(found) if found is not None else 0


def schedules_of(profile: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schedules of a profile of either family."""
    found = profile["chargingSchedule"]
    return [found] if isinstance(found, Mapping) else list(found)


def neutral_schedule(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """A charging schedule of any version under neutral names; what has none keeps its own."""
    made = {_SCHEDULE.get(name, name): value for name, value in schedule.items() if name != "chargingSchedulePeriod"}
    return made | {"periods": periods(schedule.get("chargingSchedulePeriod") or ())}


def periods(told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Schedule periods of any version under neutral names."""
    return [{_PERIOD.get(name, name): value for name, value in period.items()} for period in told]


def values_of(update: Mapping[str, Any]) -> dict[str, Any]:
    """ChargingScheduleUpdateType, or a period, under neutral names: limits and setpoints only."""
    return {
        _PERIOD[name]: value
        for name, value in update.items()
        if name in _PERIOD and name.startswith(("limit", "dischargeLimit", "setpoint"))
    }


def meant(criteria: Mapping[str, Any]) -> list[tuple[dict[str, Any], list[str] | None]]:
    """(match, keys) of the profiles that a GetChargingProfilesRequest asks for (K09.FR.03).

    A request that was sent unchecked may be anything: what cannot be read means nothing.
    """
    asked = criteria.get("chargingProfile")
    if not isinstance(asked, Mapping):
        return []
    match: dict[str, Any] = {}
    for name, told, given in (
        ("evse", "evseId", criteria), ("purpose", "chargingProfilePurpose", asked), ("stack_level", "stackLevel", asked)
    ):  # fmt: skip
        if given.get(told) is not None:
            match[name] = given[told]
    ids, sources = asked.get("chargingProfileId"), asked.get("chargingLimitSource")
    if not all(each is None or isinstance(each, list) for each in (ids, sources)):
        return []
    keys = None if ids is None else [str(each) for each in ids]
    if sources is None or set(SOURCES) <= {str(each) for each in sources}:
        return [(match, keys)]
    return [(match | {"source": source}, keys) for source in sources]


def composite_data(answer: Mapping[str, Any], asked_evse: int) -> dict[str, Any] | None:
    """The answer of GetCompositeSchedule of any version in one shape; None when it holds no schedule.

    1.6: connectorId, scheduleStart beside chargingSchedule; 2.x: all in `schedule`.
    """
    schedule = answer.get("schedule") or answer.get("chargingSchedule")
    if not isinstance(schedule, Mapping):
        return None
    begin = schedule.get("scheduleStart") or answer.get("scheduleStart") or schedule.get("startSchedule")
    return {
        "evse": schedule.get("evseId", answer.get("connectorId", asked_evse)),
        "unit": schedule["chargingRateUnit"],
        "start": begin,
        "duration_s": schedule.get("duration"),
        "periods": periods(schedule["chargingSchedulePeriod"]),
    }
