"""Whether a vehicle's own schedule stays within the one it was given. Pure.

OCPP 2.0.1 Part 2, K15.FR.11 and K15.FR.12; K16.FR.06, K16.FR.07; K17 and K18 alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

_SLACK: Final = 1e-6


def within(told: Mapping[str, Any], time_base: datetime, given: Iterable[Mapping[str, Any]], began: datetime) -> bool:
    """True when no period of `told` exceeds the schedule given for it; `given` are OCPP schedules, one of which counts.

    Begins that are not stated are `time_base` and `began`. A schedule in another unit cannot be compared: it passes.
    """
    choices = list(given)
    return not choices or any(_fits(told, time_base, each, began) for each in choices)


def _fits(told: Mapping[str, Any], time_base: datetime, given: Mapping[str, Any], began: datetime) -> bool:
    if told["chargingRateUnit"] != given["chargingRateUnit"]:
        return True
    start = _at(told.get("startSchedule"), time_base)
    limits = _limits(given, _at(given.get("startSchedule"), began))
    wanted = _limits(told, start)
    moments = sorted({at for at, _ in wanted} | {at for at, _ in limits if at >= start})
    ends = start + timedelta(seconds=told["duration"]) if told.get("duration") is not None else None
    for moment in moments:
        if ends is not None and moment >= ends:
            break
        want, limit = _value(wanted, moment), _value(limits, moment)
        if want is not None and limit is not None and want > limit + _SLACK:
            return False
    return True


Steps = Sequence[tuple[datetime, float | None]]


def _limits(schedule: Mapping[str, Any], start: datetime) -> Steps:
    """When which limit (or setpoint) begins; the end of the schedule begins no limit."""
    steps: list[tuple[datetime, float | None]] = [
        (start + timedelta(seconds=period["startPeriod"]), period.get("limit", period.get("setpoint")))
        for period in schedule["chargingSchedulePeriod"]
    ]
    if schedule.get("duration") is not None:
        steps.append((start + timedelta(seconds=schedule["duration"]), None))
    return steps


def _value(steps: Steps, moment: datetime) -> float | None:
    current: float | None = None
    for at, value in steps:
        if at <= moment:
            current = value
    return current


def _at(value: Any, otherwise: datetime) -> datetime:
    return otherwise if value is None else datetime.fromisoformat(str(value))
