"""What must hold of a charging profile before it is sent, whatever the station: (where, what is wrong). Pure.

OCPP 2.1 Part 2, K01, K04, K28, Q02, Q03, Q07, Q08, Q10, V2X with the errata of 2025-09; OCPP 1.6, 3.13 and 5.16.
What depends on the station (installed profiles, what it has told of itself) is in `fitting.py`.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from msgspec import UNSET

from actors.charging.profile import MAX2, Period, Profile, Schedule, lacking
from protocol.ocpp.version import Version

Wrong = tuple[str, str]
_LIMITS: Final = ("limit", "limit_l2", "limit_l3")
_DISCHARGES: Final = ("discharge_limit", "discharge_limit_l2", "discharge_limit_l3")
_SETPOINTS: Final = ("setpoint", "setpoint_l2", "setpoint_l3")
_REACTIVE: Final = ("setpoint_reactive", "setpoint_reactive_l2", "setpoint_reactive_l3")
_ALL: Final = (*_LIMITS, *_DISCHARGES, *_SETPOINTS, *_REACTIVE)
# Operation mode → what its periods must not have, and the requirement. ExternalSetpoint and ExternalLimits (Q05, Q06)
# and LocalLoadBalancing (Q09) forbid nothing: others, or the station itself, move within what is given.
_FORBIDDEN: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "ChargingOnly": ((*_DISCHARGES, *_SETPOINTS, *_REACTIVE), "Q02.FR.02"),
    "CentralSetpoint": ((*_LIMITS, *_DISCHARGES), "Q03.FR.02"),
    "CentralFrequency": ((*_LIMITS, *_DISCHARGES), "Q07.FR.03"),
    "LocalFrequency": (_ALL, "Q08.FR.01"),
    "Idle": (_ALL, "Q10.FR.01"),
}
# Purpose → the operation modes that it may have (K01.FR.111, K01.FR.113).
_MODES: Final = {
    MAX2: {"ChargingOnly"},
    "PriorityCharging": {"ChargingOnly"},
    "LocalGeneration": {"ChargingOnly", "ExternalLimits"},
}


def wrong(version: Version, evse: int, profile: Profile, transaction_id: str | None) -> list[Wrong]:
    """All that is wrong with it, the worst first; empty when it may be sent."""
    found = [*_purpose(evse, profile, transaction_id), *_kind(profile), *lacking(version, profile)]
    for index, schedule in enumerate(profile.schedules):
        found += _schedule(version, profile, schedule, f"/profile/schedules/{index}")
    return found


def _purpose(evse: int, profile: Profile, transaction_id: str | None) -> Iterator[Wrong]:
    at = "/profile/purpose"
    if profile.purpose == "ChargingStationExternalConstraints":
        yield at, "only the station itself sets limits of others (K01.FR.22, K02.FR.07); take ChargingStationMaxProfile"
    if profile.purpose == MAX2 and evse != 0:
        yield "/evse", "a ChargingStationMaxProfile is for the whole station: leave `evse` out (K04.FR.03)"
    if profile.purpose == "TxProfile":
        if evse == 0:
            yield "/evse", "a TxProfile is for one EVSE: name it (K01.FR.16)"
        if transaction_id is None:
            yield "", "a TxProfile needs `session` or `transaction_id` (K01.FR.03)"
    elif transaction_id is not None:
        yield at, "only a TxProfile belongs to a transaction (K02.FR.03); leave `session` and `transaction_id` out"
    if len(profile.schedules) > 1 and profile.purpose != "TxProfile":
        yield "/profile/schedules", "only a TxProfile for an ISO 15118 vehicle may offer several (K01.FR.34)"
    if profile.valid_from is not UNSET and profile.valid_to is not UNSET and profile.valid_to <= profile.valid_from:
        yield "/profile/valid_to", "must be later than `valid_from`"


def _kind(profile: Profile) -> Iterator[Wrong]:
    if profile.kind == "Relative" and profile.purpose == MAX2:
        yield "/profile/kind", "a ChargingStationMaxProfile cannot be Relative (K01.FR.38)"
    if profile.kind == "Recurring" and profile.recurrency is UNSET:
        yield "/profile/recurrency", "a Recurring profile needs `Daily` or `Weekly`"
    if profile.kind != "Recurring" and profile.recurrency is not UNSET:
        yield "/profile/recurrency", "belongs to a Recurring profile only"
    if profile.kind != "Dynamic":
        for name in ("update_every_s", "updated_at"):
            if getattr(profile, name) is not UNSET:
                yield f"/profile/{name}", "belongs to a Dynamic profile only (K01.FR.122, K28.FR.04)"
    elif len(profile.schedules) > 1 or len(profile.schedules[0].periods) > 1:
        yield "/profile/schedules", "a Dynamic profile has one schedule with one period (K28.FR.01)"


def _schedule(version: Version, profile: Profile, schedule: Schedule, at: str) -> Iterator[Wrong]:
    if profile.kind in ("Absolute", "Recurring") and schedule.start is UNSET:
        yield f"{at}/start", f"a schedule of kind {profile.kind} needs a start (K01.FR.40)"
    if profile.kind == "Relative" and schedule.start is not UNSET:
        yield f"{at}/start", "a Relative schedule starts with the charging: leave it out (K01.FR.41)"
    if schedule.periods[0].start_s != 0:
        yield f"{at}/periods/0/start_s", "the first period starts at 0 (K01.FR.31)"
    if any(one.start_s >= other.start_s for one, other in pairwise(schedule.periods)):
        yield f"{at}/periods", "periods stand in the order of rising `start_s` (K01.FR.35)"
    if profile.purpose == "PriorityCharging" and schedule.duration_s is not UNSET:
        yield f"{at}/duration_s", "PriorityCharging lasts until it is ended: no duration (K01.FR.73)"
    delayed = schedule.randomized_delay_s is not UNSET and schedule.randomized_delay_s > 0
    if delayed and profile.purpose not in ("TxProfile", "TxDefaultProfile"):
        yield f"{at}/randomized_delay_s", "only for TxProfile and TxDefaultProfile (K01.FR.95)"
    if version is Version.V16 and schedule.min_rate is not UNSET and not _tenths(schedule.min_rate):
        yield f"{at}/min_rate", "OCPP 1.6 takes one decimal"
    for number, period in enumerate(schedule.periods):
        where = f"{at}/periods/{number}"
        yield from _period(version, profile, period, where)
        yield from _mode(profile, schedule, period, where)


def _period(version: Version, profile: Profile, period: Period, at: str) -> Iterator[Wrong]:
    if period.phase_to_use is not UNSET and period.phases != 1:
        yield f"{at}/phase_to_use", "needs `phases` 1 (K01.FR.19)"
    if version is not Version.V21 and period.limit is UNSET:
        yield f"{at}/limit", f"OCPP {version.value} knows limits only: give one"
    if version is Version.V16 and period.limit is not UNSET and not _tenths(period.limit):
        yield f"{at}/limit", "OCPP 1.6 takes one decimal"
    for base, *others in (_LIMITS, _DISCHARGES, _SETPOINTS, _REACTIVE):
        for name in others:
            if getattr(period, name) is UNSET:
                continue
            if getattr(period, base) is UNSET:
                yield f"{at}/{name}", f"needs `{base}`, which then counts for L1 (K01.FR.145, V2X.07)"
            if profile.purpose != "TxProfile":
                yield f"{at}/{name}", "phases apart are for a TxProfile only (K01.FR.143, V2X.09)"
    for name in _DISCHARGES:
        value = getattr(period, name)
        if value is not UNSET and value > 0:
            yield f"{at}/{name}", "discharging is negative or 0"


def _mode(profile: Profile, schedule: Schedule, period: Period, at: str) -> Iterator[Wrong]:
    mode = "ChargingOnly" if period.mode is UNSET else period.mode
    names, why = _FORBIDDEN.get(mode, ((), ""))
    for name in names:
        if getattr(period, name) is not UNSET:
            yield f"{at}/{name}", f"has no place in operation mode {mode} ({why})"
    allowed = _MODES.get(profile.purpose)
    if allowed is not None and mode not in allowed:
        yield f"{at}/mode", f"a {profile.purpose} takes {' or '.join(sorted(allowed))} (K01.FR.111, K01.FR.113)"
    if period.sleep is True and mode != "Idle":
        yield f"{at}/sleep", "an EVSE sleeps in operation mode Idle only (K01.FR.126)"
    if mode in ("CentralSetpoint", "CentralFrequency") and period.setpoint is UNSET:
        yield f"{at}/setpoint", f"operation mode {mode} needs a setpoint (Q03.FR.01)"
    if mode == "CentralFrequency" and profile.kind != "Dynamic":
        yield "/profile/kind", "CentralFrequency goes with a Dynamic profile (Q07.FR.02)"
    if mode == "LocalFrequency":
        yield from _frequency(schedule, period, at)
    if period.setpoint is not UNSET:
        yield from _bounds(period, at)


def _frequency(schedule: Schedule, period: Period, at: str) -> Iterator[Wrong]:
    if schedule.unit != "W":
        yield f"{at}/mode", "LocalFrequency is told in W (Q08.FR.05)"
    if period.baseline is UNSET:
        yield f"{at}/baseline", "LocalFrequency needs a baseline (Q08.FR.02)"
    if period.freq_watt is UNSET or len(period.freq_watt) < 2:
        yield f"{at}/freq_watt", "LocalFrequency needs a curve of two points or more (Q08.FR.02)"
    if period.signal_watt is not UNSET and len(period.signal_watt) < 2:
        yield f"{at}/signal_watt", "a signal curve has two points or more (Q08.FR.02)"


def _bounds(period: Period, at: str) -> Iterator[Wrong]:
    """V2X.05: a setpoint lies between discharge limit and limit."""
    setpoint = period.setpoint
    if setpoint is UNSET:
        return
    above = period.limit is not UNSET and setpoint > period.limit
    below = period.discharge_limit is not UNSET and setpoint < period.discharge_limit
    if above or below:
        yield f"{at}/setpoint", "must lie between `discharge_limit` and `limit` (V2X.05)"


def _tenths(value: float) -> bool:
    """True for a multiple of 0.1, compared as decimals: 8.1 is one."""
    return Decimal(str(value)) % Decimal("0.1") == 0
