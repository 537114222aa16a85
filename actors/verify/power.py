"""Whether a station's power follows the limit that it accepted (quirk 30): two samples of its meter decide. Pure.

Only more power than allowed counts: a vehicle may always take less. A limit in A is taken at 230 V on as many phases
as the profile names, or three, so that nobody is accused wrongly.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from actors.records import CommandRecord, ReadingRecord
from actors.verify.known import Known, Watched

SAMPLES: Final = 2
_SETTLES: Final = timedelta(seconds=10)
_VOLTS: Final = 230.0
_TOLERANCE: Final = 1.1
_SLACK_W: Final = 150.0
_MOST: Final = 32


def begun(known: Known, row: CommandRecord, habits: Mapping[str, Any], now: datetime) -> Known:
    """After an accepted SetChargingProfile or ClearChargingProfile: what is watched from now on."""
    request, answer = row.request, row.answer
    if row.status != "answered" or not isinstance(request, Mapping) or not isinstance(answer, Mapping):
        return known
    if row.action == "ClearChargingProfile" and answer.get("status") in ("Accepted", "Unknown"):
        return replace(known, watched=(), limits={}) if known.watched or known.limits else known
    if row.action != "SetChargingProfile" or answer.get("status") != "Accepted":
        return known
    try:
        found = _watched(request, habits, now, str(row.id))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return known  # sent unchecked, so that it may be anything
    if found is None:
        return known
    limits = {**known.limits, str(found.evse): found.limit_w}
    return replace(known, watched=_with(known.watched, found), limits=dict(list(limits.items())[-_MOST:]))


def _watched(request: Mapping[str, Any], habits: Mapping[str, Any], now: datetime, command: str) -> Watched | None:
    profile = request.get("csChargingProfiles") or request["chargingProfile"]
    evse = request.get("connectorId", request.get("evseId", 0))
    schedules = profile["chargingSchedule"]
    schedule = schedules[0] if isinstance(schedules, list) else schedules
    starts = [_time(text) for text in (profile.get("validFrom"), schedule.get("startSchedule")) if text]
    until = _time(profile["validTo"]) if profile.get("validTo") else None
    dynamic = profile["chargingProfileKind"] not in ("Absolute", "Relative")
    if dynamic or any(start > now for start in starts) or (until is not None and until <= now):
        return None  # what holds when is more than two samples can tell
    factor = float(habits.get("limit_factor") or 1)
    unit = schedule["chargingRateUnit"]
    watts = max(in_watts(period, unit, factor) for period in schedule["chargingSchedulePeriod"])
    return Watched(int(evse), str(profile["chargingProfilePurpose"]), watts, now, until, command)


def in_watts(period: Mapping[str, Any], unit: str, factor: float = 1.0) -> float:
    """The limit of a schedule's period, of either family or under neutral names. Raises as wrong data does."""
    limit = float(period["limit"])
    if unit != "A":
        return limit
    return limit / factor * _VOLTS * int(period.get("numberPhases") or period.get("phases") or 3)


def cleared(known: Known, row: CommandRecord, own_ids: int) -> tuple[int, float] | None:
    """(EVSE, limit in W) that an answered ClearChargingProfile took away, as far as we know one.

    `own_ids`: what ids of our limits begin with, the EVSE behind it.
    """
    request, answer = row.request, row.answer
    if row.action != "ClearChargingProfile" or row.status != "answered" or not isinstance(request, Mapping):
        return None
    if not isinstance(answer, Mapping) or answer.get("status") != "Accepted":
        return None
    number = request.get("id", request.get("chargingProfileId"))
    criteria = request.get("chargingProfileCriteria") or request
    found = criteria.get("evseId", criteria.get("connectorId")) if isinstance(criteria, Mapping) else None
    evse = number - own_ids if isinstance(number, int) and number >= own_ids else found
    limit = known.limits.get(str(evse))
    return None if limit is None or not isinstance(evse, int) else (evse, limit)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _with(watched: tuple[Watched, ...], new: Watched) -> tuple[Watched, ...]:
    """A profile for a transaction stands above the default of its EVSE; the newest of a purpose replaces the older."""
    def here(each: Watched) -> bool:
        return each.evse == new.evse or 0 in (each.evse, new.evse)

    if new.purpose == "TxDefaultProfile" and any(each.purpose == "TxProfile" and here(each) for each in watched):
        return watched
    beaten = {new.purpose, "TxDefaultProfile"} if new.purpose == "TxProfile" else {new.purpose}
    left = [each for each in watched if not (each.purpose in beaten and here(each))]
    return (*left, new)[-_MOST:]


def measured(known: Known, readings: Iterable[ReadingRecord]) -> tuple[Known, list[tuple[Watched, float]]]:
    """After meter values: what is still watched, and (limit, power shown last) of each that is decided now."""
    watched, decided = list(known.watched), []
    for reading in readings:
        power = reading.power_w
        if power is None:
            continue
        for index, each in enumerate(watched):
            if each.evse not in (0, reading.evse) or reading.at < each.since + _SETTLES:
                continue
            after = watched[index] = _sampled(each, power)
            if max(after.over, after.under) >= SAMPLES:
                decided.append((after, power))
        done = {each[0].evse: each[0].purpose for each in decided}
        watched = [
            each for each in watched
            if done.get(each.evse) != each.purpose and (each.until is None or reading.at < each.until)
        ]  # fmt: skip
    return replace(known, watched=tuple(watched)), decided


def _sampled(each: Watched, power: float) -> Watched:
    if power > each.limit_w * _TOLERANCE + _SLACK_W:
        return replace(each, over=each.over + 1, under=0)
    return replace(each, under=each.under + 1, over=0)
