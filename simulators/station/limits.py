"""Charging profiles a station holds, which of them counts now, and the schedule that follows from all of them.

The rules are those of OCPP 1.6, 3.13 and OCPP 2.0.1 Part 2, K: within a purpose the highest stack level that is
active wins; a TxProfile replaces the TxDefaultProfile; the station-wide maximum caps whatever is left.
"""

import enum
import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import attrs

from simulators.station.config import VOLTAGE

_N = TypeVar("_N", int, float)


class Purpose(enum.Enum):
    """Purposes under one name; 1.6 says ChargePointMaxProfile for the station-wide cap."""

    STATION_MAX = "ChargingStationMaxProfile"
    TX_DEFAULT = "TxDefaultProfile"
    TX = "TxProfile"
    PRIORITY = "PriorityCharging"
    GENERATION = "LocalGeneration"
    EXTERNAL = "ChargingStationExternalConstraints"


class Kind(enum.Enum):
    """When the schedule's second 0 is."""

    ABSOLUTE = "Absolute"
    RECURRING = "Recurring"
    RELATIVE = "Relative"
    DYNAMIC = "Dynamic"


@attrs.frozen
class Period:
    """From `start` seconds on: at most `limit` (in the schedule's unit) on `phases`; None: no limit stated.

    `setpoint`: to be followed rather than not exceeded; negative discharges the vehicle.
    """

    start: int
    limit: float | None
    phases: int | None = None
    setpoint: float | None = None


@attrs.frozen
class Profile:
    """One installed charging profile. `evse` 0 is the whole station; `unit` is A or W; `duration` in seconds."""

    id: int
    evse: int
    stack_level: int
    purpose: Purpose
    kind: Kind
    unit: str
    periods: tuple[Period, ...]
    start: datetime | None = None
    duration: int | None = None
    recurrency: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction: str | None = None
    installed_at: datetime | None = None
    source: str = "CSO"
    raw: dict[str, Any] | None = attrs.field(default=None, eq=False)  # as it came, for reports


@attrs.frozen
class Limit:
    """What may flow: `amps` per phase, `watts` in total, `phases` to use. None means no limit.

    `discharge_watts`: what is to flow back into the grid.
    """

    amps: float | None = None
    watts: float | None = None
    phases: int | None = None
    discharge_watts: float = 0.0

    def amps_per_phase(self, phases: int, voltage: float) -> float:
        """Amperes per phase both limits leave (A = W / (V × phases)); infinite when there is none."""
        by_power = math.inf if self.watts is None else self.watts / (voltage * phases)
        return min(math.inf if self.amps is None else self.amps, by_power)

    def total_watts(self, phases: int, voltage: float) -> float:
        """Watts both limits leave; infinite when there is none."""
        by_current = math.inf if self.amps is None else self.amps * voltage * phases
        return min(math.inf if self.watts is None else self.watts, by_current)

    def share(self, parts: int) -> "Limit":
        """This limit divided evenly, for outlets that share the station's supply."""
        if parts <= 1:
            return self
        return Limit(_divide(self.amps, parts), _divide(self.watts, parts), self.phases)

    def tightened(self, other: "Limit") -> "Limit":
        """The tighter of the two in every respect."""
        return Limit(_least(self.amps, other.amps), _least(self.watts, other.watts), _least(self.phases, other.phases),
                     max(self.discharge_watts, other.discharge_watts))


UNLIMITED = Limit()


def install(profiles: Iterable[Profile], new: Profile) -> list[Profile]:
    """The list with `new` in place of what it replaces.

    Replaced is a profile with the same id, or with the same outlet, purpose and stack level
    (OCPP 1.6, 5.16.2; OCPP 2.0.1 Part 2, K01.FR.05 and K01.FR.06).
    """
    place = (new.evse, new.purpose, new.stack_level)
    kept = [p for p in profiles if p.id != new.id and (p.evse, p.purpose, p.stack_level) != place]
    return [*kept, new]


def active_period(profile: Profile, now: datetime, started: datetime | None) -> Period | None:
    """The period of the profile that counts at `now`; None when it is not active."""
    if profile.valid_from is not None and now < profile.valid_from:
        return None
    if profile.valid_to is not None and now >= profile.valid_to:
        return None
    origin = _origin(profile, now, started)
    if origin is None:
        return None
    elapsed = (now - origin).total_seconds()
    if elapsed < 0 or (profile.duration is not None and elapsed >= profile.duration):
        return None
    current = [period for period in profile.periods if period.start <= elapsed]
    return current[-1] if current else None


def limit_now(profiles: Iterable[Profile], evse: int, transaction: str | None, now: datetime,
              started: datetime | None) -> Limit:
    """The limit of one outlet from TxProfile and TxDefaultProfile, the station-wide cap left aside."""
    held = list(profiles)
    if transaction is not None:
        own = [p for p in held if p.purpose is Purpose.TX and p.evse == evse and p.transaction in (None, transaction)]
        found = _highest(own, now, started)
        if found is not None:
            return found
    for place in (evse, 0):
        defaults = [p for p in held if p.purpose is Purpose.TX_DEFAULT and p.evse == place]
        found = _highest(defaults, now, started)
        if found is not None:
            return found
    return UNLIMITED


def external_limit(profiles: Iterable[Profile], evse: int, now: datetime) -> Limit:
    """What others allow an outlet: the tightest of the limits for it and for the whole station."""
    found = UNLIMITED
    for profile in profiles:
        if profile.purpose is Purpose.EXTERNAL and profile.evse in (0, evse):
            found = found.tightened(_highest([profile], now, None) or UNLIMITED)
    return found


def priority_limit(profiles: Iterable[Profile], evse: int, now: datetime, started: datetime | None) -> Limit | None:
    """What counts for a transaction with priority instead of its own profiles (OCPP 2.1 Part 2, K21.FR.04)."""
    return _highest([p for p in profiles if p.purpose is Purpose.PRIORITY and p.evse in (0, evse)], now, started)


def station_limit(profiles: Iterable[Profile], now: datetime, booted: datetime | None) -> Limit:
    """The cap for the whole station."""
    return _highest([p for p in profiles if p.purpose is Purpose.STATION_MAX], now, booted) or UNLIMITED


def _highest(profiles: list[Profile], now: datetime, started: datetime | None) -> Limit | None:
    for profile in sorted(profiles, key=lambda p: p.stack_level, reverse=True):
        period = active_period(profile, now, started)
        if period is not None:
            back = max(0.0, -(period.setpoint or 0.0))
            if profile.unit == "A":
                back *= VOLTAGE * (period.phases or 3)
                return Limit(amps=period.limit, phases=period.phases, discharge_watts=back)
            return Limit(watts=period.limit, phases=period.phases, discharge_watts=back)
    return None


def _origin(profile: Profile, now: datetime, started: datetime | None) -> datetime | None:
    if profile.kind is Kind.RELATIVE:
        return started or profile.installed_at
    if profile.kind is Kind.DYNAMIC or profile.start is None:
        return profile.start or profile.installed_at
    if profile.kind is Kind.RECURRING:
        span = timedelta(days=7 if profile.recurrency == "Weekly" else 1)
        return profile.start + span * ((now - profile.start) // span) if now >= profile.start else None
    return profile.start


def _divide(value: float | None, parts: int) -> float | None:
    return None if value is None else value / parts


def _least(one: _N | None, other: _N | None) -> _N | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


@attrs.frozen
class Step:
    """One period of a composite schedule: from `start` seconds on, at most `limit` in the unit asked for."""

    start: int
    limit: float
    phases: int | None


def composite(limit_at: Callable[[datetime], Limit], edges: Iterable[datetime], now: datetime, duration: int,
              unit: str, most: float, phases: int, voltage: float) -> tuple[Step, ...]:
    """The schedule for the next `duration` seconds: `limit_at` read at each of the `edges`, equal neighbours joined."""
    ends = now + timedelta(seconds=duration)
    marks = sorted({now, *(edge for edge in edges if now < edge < ends)})
    steps: list[Step] = []
    for mark in marks:
        limit = limit_at(mark)
        value = limit.amps_per_phase(phases, voltage) if unit == "A" else limit.total_watts(phases, voltage)
        value = min(most, value)
        if not steps or steps[-1].limit != value or steps[-1].phases != limit.phases:
            steps.append(Step(int((mark - now).total_seconds()), value, limit.phases))
    return tuple(steps)


def edges(profiles: Iterable[Profile], now: datetime, duration: int, started: datetime | None) -> list[datetime]:
    """Every moment in the next `duration` seconds at which one of the profiles may change."""
    found: list[datetime] = []
    for profile in profiles:
        found += [moment for moment in (profile.valid_from, profile.valid_to) if moment is not None]
        days = range(duration // 86400 + 2) if profile.kind is Kind.RECURRING else range(1)
        for day in days:
            origin = _origin(profile, now + timedelta(days=day), started)
            if origin is None:
                continue
            found += [origin + timedelta(seconds=period.start) for period in profile.periods]
            if profile.duration is not None:
                found.append(origin + timedelta(seconds=profile.duration))
    return found
