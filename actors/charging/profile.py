"""A charging profile under names that no OCPP version has to itself, and how each version writes it. Pure.

Values are those of OCPP 2.1 (ChargingProfileType): limits in A per phase or W in total, seconds, percent. Discharging
is negative. A version that lacks a field is not sent it: `lacking` says what would be lost.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.events.types import timestamp
from protocol.ocpp.version import Version

Purpose = Literal[
    "ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile", "PriorityCharging", "LocalGeneration",
    "ChargingStationExternalConstraints",
]  # fmt: skip
Kind = Literal["Absolute", "Recurring", "Relative", "Dynamic"]
Mode = Literal[
    "Idle", "ChargingOnly", "CentralSetpoint", "ExternalSetpoint", "ExternalLimits", "CentralFrequency",
    "LocalFrequency", "LocalLoadBalancing",
]  # fmt: skip
Unit = Literal["A", "W"]
At = Annotated[datetime, Meta(tz=True)]
Whole = Annotated[int, Meta(ge=0, le=2**31 - 1)]
ProfileId = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]


class FrequencyPoint(Struct, forbid_unknown_fields=True, frozen=True):
    """Hz and W; power is positive towards the vehicle."""

    frequency: Number
    power: Number


class SignalPoint(Struct, forbid_unknown_fields=True, frozen=True):
    """A value of the aFRR signal and the W that it means."""

    signal: int
    power: Number


class SocLimit(Struct, forbid_unknown_fields=True, frozen=True):
    """From this state of charge on (percent) no more than `limit`."""

    soc: Annotated[int, Meta(ge=0, le=100)]
    limit: Number


class Period(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """From `start_s` seconds after the schedule's begin on."""

    start_s: Whole
    limit: Number | UnsetType = UNSET
    limit_l2: Number | UnsetType = UNSET
    limit_l3: Number | UnsetType = UNSET
    phases: Annotated[int, Meta(ge=0, le=3)] | UnsetType = UNSET
    phase_to_use: Annotated[int, Meta(ge=0, le=3)] | UnsetType = UNSET
    discharge_limit: Number | UnsetType = UNSET
    discharge_limit_l2: Number | UnsetType = UNSET
    discharge_limit_l3: Number | UnsetType = UNSET
    setpoint: Number | UnsetType = UNSET
    setpoint_l2: Number | UnsetType = UNSET
    setpoint_l3: Number | UnsetType = UNSET
    setpoint_reactive: Number | UnsetType = UNSET
    setpoint_reactive_l2: Number | UnsetType = UNSET
    setpoint_reactive_l3: Number | UnsetType = UNSET
    preconditioning: bool | UnsetType = UNSET
    sleep: bool | UnsetType = UNSET
    baseline: Number | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    freq_watt: Annotated[list[FrequencyPoint], Meta(min_length=1, max_length=20)] | UnsetType = UNSET
    signal_watt: Annotated[list[SignalPoint], Meta(min_length=1, max_length=20)] | UnsetType = UNSET


class Schedule(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """`start` counts for Absolute and Recurring; price schedules and `sales_tariff` stand as OCPP writes them."""

    unit: Unit
    periods: Annotated[list[Period], Meta(min_length=1, max_length=1024)]
    id: Whole | UnsetType = UNSET
    start: At | UnsetType = UNSET
    duration_s: Whole | UnsetType = UNSET
    min_rate: Number | UnsetType = UNSET
    power_tolerance: Number | UnsetType = UNSET
    limit_at_soc: SocLimit | UnsetType = UNSET
    local_time: bool | UnsetType = UNSET
    randomized_delay_s: Whole | UnsetType = UNSET
    signature_id: Whole | UnsetType = UNSET
    digest: Annotated[str, Meta(max_length=88)] | UnsetType = UNSET
    sales_tariff: dict[str, Any] | UnsetType = UNSET
    absolute_price_schedule: dict[str, Any] | UnsetType = UNSET
    price_level_schedule: dict[str, Any] | UnsetType = UNSET


class Profile(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """Without `id`: that of the profile in the same place, which it replaces, else a new one.

    `max_offline_s`: how long it counts while the station is offline (Q11); with `invalid_after_offline` it does not
    come back after that (Q12).
    """

    purpose: Purpose
    kind: Kind
    schedules: Annotated[list[Schedule], Meta(min_length=1, max_length=3)]
    id: ProfileId | UnsetType = UNSET
    stack_level: Whole = 0
    recurrency: Literal["Daily", "Weekly"] | UnsetType = UNSET
    valid_from: At | UnsetType = UNSET
    valid_to: At | UnsetType = UNSET
    max_offline_s: Whole | UnsetType = UNSET
    invalid_after_offline: bool | UnsetType = UNSET
    update_every_s: Whole | UnsetType = UNSET
    updated_at: At | UnsetType = UNSET
    price_signature: Annotated[str, Meta(max_length=256)] | UnsetType = UNSET


# Our name → the name in OCPP 2.x and the first version that has it.
_Names = Mapping[str, tuple[str, Version]]
_16, _201, _21 = Version.V16, Version.V201, Version.V21
PERIOD: Final[_Names] = {
    "start_s": ("startPeriod", _16), "limit": ("limit", _16), "phases": ("numberPhases", _16),
    "phase_to_use": ("phaseToUse", _201), "limit_l2": ("limit_L2", _21), "limit_l3": ("limit_L3", _21),
    "discharge_limit": ("dischargeLimit", _21), "discharge_limit_l2": ("dischargeLimit_L2", _21),
    "discharge_limit_l3": ("dischargeLimit_L3", _21), "setpoint": ("setpoint", _21),
    "setpoint_l2": ("setpoint_L2", _21), "setpoint_l3": ("setpoint_L3", _21),
    "setpoint_reactive": ("setpointReactive", _21), "setpoint_reactive_l2": ("setpointReactive_L2", _21),
    "setpoint_reactive_l3": ("setpointReactive_L3", _21), "preconditioning": ("preconditioningRequest", _21),
    "sleep": ("evseSleep", _21), "baseline": ("v2xBaseline", _21), "mode": ("operationMode", _21),
    "freq_watt": ("v2xFreqWattCurve", _21), "signal_watt": ("v2xSignalWattCurve", _21),
}  # fmt: skip
SCHEDULE: Final[_Names] = {
    "unit": ("chargingRateUnit", _16), "start": ("startSchedule", _16), "duration_s": ("duration", _16),
    "min_rate": ("minChargingRate", _16), "id": ("id", _201), "sales_tariff": ("salesTariff", _201),
    "power_tolerance": ("powerTolerance", _21), "limit_at_soc": ("limitAtSoC", _21),
    "local_time": ("useLocalTime", _21), "randomized_delay_s": ("randomizedDelay", _21),
    "signature_id": ("signatureId", _21), "digest": ("digestValue", _21),
    "absolute_price_schedule": ("absolutePriceSchedule", _21), "price_level_schedule": ("priceLevelSchedule", _21),
}  # fmt: skip
PROFILE: Final[_Names] = {
    "stack_level": ("stackLevel", _16), "recurrency": ("recurrencyKind", _16), "valid_from": ("validFrom", _16),
    "valid_to": ("validTo", _16), "kind": ("chargingProfileKind", _16), "purpose": ("chargingProfilePurpose", _16),
    "max_offline_s": ("maxOfflineDuration", _21), "invalid_after_offline": ("invalidAfterOfflineDuration", _21),
    "update_every_s": ("dynUpdateInterval", _21), "updated_at": ("dynUpdateTime", _21),
    "price_signature": ("priceScheduleSignature", _21),
}  # fmt: skip
_ORDER: Final = (_16, _201, _21)
_ONLY_21: Final = {"PriorityCharging", "LocalGeneration", "Dynamic"}
MAX16: Final = "ChargePointMaxProfile"
MAX2: Final = "ChargingStationMaxProfile"


def read(value: Any) -> Profile:
    """The profile of a command's arguments. Raises msgspec.ValidationError."""
    return value if isinstance(value, Profile) else msgspec.convert(value, Profile)


def lacking(version: Version, profile: Profile) -> Iterator[tuple[str, str]]:
    """(where, what) this version cannot say of the profile."""
    for name in (profile.purpose, profile.kind):
        if name in _ONLY_21 and version is not _21:
            yield "/profile", f"{name} needs OCPP 2.1; the station speaks {version.value}"
    yield from _unknown(version, profile, PROFILE, "/profile")
    for index, schedule in enumerate(profile.schedules):
        at = f"/profile/schedules/{index}"
        if index and version is _16:
            yield at, "OCPP 1.6 takes one schedule a profile"
        yield from _unknown(version, schedule, SCHEDULE, at, {"id"})
        for number, period in enumerate(schedule.periods):
            yield from _unknown(version, period, PERIOD, f"{at}/periods/{number}")


def _unknown(
    version: Version, part: Struct, names: _Names, at: str, spared: set[str] | None = None
) -> Iterator[tuple[str, str]]:
    for name, (_, since) in names.items():
        given = getattr(part, name) is not UNSET and name not in (spared or ())
        if given and _ORDER.index(since) > _ORDER.index(version):
            yield f"{at}/{name}", f"needs OCPP {since.value}; the station speaks {version.value}"


def to_ocpp(version: Version, profile: Profile, profile_id: int, transaction_id: str | None) -> dict[str, Any]:
    """ChargingProfileType of 2.x, or ChargingProfile of 1.6 (csChargingProfiles), as JSON values."""
    made = _renamed(version, profile, PROFILE)
    schedules = [_schedule(version, each, profile_id + index) for index, each in enumerate(profile.schedules)]
    if version is _16:
        made |= {"chargingProfileId": profile_id, "chargingSchedule": schedules[0]}
        if profile.purpose == MAX2:
            made["chargingProfilePurpose"] = MAX16
        if transaction_id is not None:
            made["transactionId"] = int(transaction_id) if transaction_id.lstrip("-").isdecimal() else transaction_id
        return made
    made |= {"id": profile_id, "chargingSchedule": schedules}
    if transaction_id is not None:
        made["transactionId"] = transaction_id
    return made


def _schedule(version: Version, schedule: Schedule, number: int) -> dict[str, Any]:
    made = _renamed(version, schedule, SCHEDULE)
    made["chargingSchedulePeriod"] = [_renamed(version, period, PERIOD) for period in schedule.periods]
    if version is not _16:
        made.setdefault("id", abs(number) % 2**31)
    return made


def _renamed(version: Version, part: Struct, names: _Names) -> dict[str, Any]:
    """What this version knows of it, under its names."""
    made: dict[str, Any] = {}
    for name, (told, since) in names.items():
        value = getattr(part, name)
        if value is not UNSET and _ORDER.index(since) <= _ORDER.index(version):
            made[told] = timestamp(value) if isinstance(value, datetime) else msgspec.to_builtins(value)
    return made


def update_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Limits and setpoints under our names as ChargingScheduleUpdateType of 2.1 has them."""
    return {PERIOD[name][0]: value for name, value in values.items() if name in PERIOD}
