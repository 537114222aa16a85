"""The 22 types of DER control of OCPP 2.1 and what each needs. Pure; the guide shows the same table.

OCPP 2.1 Part 2, R04 with the errata of 2025-09 (R04.FR.12, R04.FR.14, R04.FR.16), 2.34 to 2.45 (data types), 3.33.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from attrs import frozen

Wrong = tuple[str, str]
_ACTIVE: Final = ("PctMaxW", "PctWAvail")
_REACTIVE: Final = ("PctMaxVar", "PctVarAvail", "PctMaxW")
_NONE: Final = ("Not_Applicable",)
_VOLTAGE: Final = ("PctEffectiveV",)


@frozen
class DerType:
    """One type. `field`: its member of SetDERControlRequest; `x`, `y_units`: axes of a curve; `needs`: members.

    `default_only`: it exists as a default only. `extra`: members of a curve that only this type may have.
    """

    name: str
    meaning: str
    field: str = "curve"
    x: str = ""
    y: str = ""
    y_units: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    default_only: bool = False
    extra: tuple[str, ...] = ()


def _trip(name: str, what: str, x: str, units: tuple[str, ...]) -> DerType:
    extra = ("voltageParams",) if x == "voltage" else ()
    return DerType(name, what, x=x, y="time in s", y_units=units, extra=extra)


_FREQUENCY, _VOLT = "frequency", "voltage"
_LIST: Final = (
    DerType("EnterService", "when to connect again after a trip", "enterService", default_only=True,
            needs=("priority", "highVoltage", "lowVoltage", "highFreq", "lowFreq")),
    DerType("FreqDroop", "power over frequency, by slopes", "freqDroop",
            needs=("priority", "overFreq", "underFreq", "overDroop", "underDroop", "responseTime")),
    DerType("FreqWatt", "power over frequency, by points", x="frequency in Hz", y="active power", y_units=_ACTIVE),
    DerType("FixedPFAbsorb", "power factor while charging", "fixedPFAbsorb",
            needs=("priority", "displacement", "excitation")),
    DerType("FixedPFInject", "power factor while discharging", "fixedPFInject",
            needs=("priority", "displacement", "excitation")),
    DerType("FixedVar", "a fixed reactive power", "fixedVar", y_units=("PctMaxVar", "PctMaxW", "PctVarAvail"),
            needs=("priority", "setpoint", "unit")),
    DerType("Gradients", "how fast power may change", "gradient", default_only=True,
            needs=("priority", "gradient", "softGradient")),
    _trip("HFMustTrip", "when high frequency must disconnect", _FREQUENCY, _NONE),
    _trip("HFMayTrip", "how long high frequency is ridden through", _FREQUENCY, _NONE),
    _trip("HVMustTrip", "when high voltage must disconnect", _VOLT, _VOLTAGE),
    _trip("HVMomCess", "when high voltage stops the power for a moment", _VOLT, _VOLTAGE),
    _trip("HVMayTrip", "how long high voltage is ridden through", _VOLT, _VOLTAGE),
    DerType("LimitMaxDischarge", "how much may be discharged, in percent", "limitMaxDischarge",
            needs=("priority",)),
    _trip("LFMustTrip", "when low frequency must disconnect", _FREQUENCY, _NONE),
    _trip("LVMustTrip", "when low voltage must disconnect", _VOLT, _VOLTAGE),
    _trip("LVMomCess", "when low voltage stops the power for a moment", _VOLT, _VOLTAGE),
    _trip("LVMayTrip", "how long low voltage is ridden through", _VOLT, _VOLTAGE),
    DerType("PowerMonitoringMustTrip", "when too much power must disconnect", x="active power in %", y="time in s",
            y_units=("PctMaxW",)),
    DerType("VoltVar", "reactive power over voltage", x="voltage in %", y="reactive power", y_units=_REACTIVE,
            extra=("reactivePowerParams",)),
    DerType("VoltWatt", "active power over voltage", x="voltage in %", y="active power", y_units=_ACTIVE),
    DerType("WattPF", "power factor over active power", x="active power in %", y="power factor", y_units=_NONE),
    DerType("WattVar", "reactive power over active power", x="active power in %", y="reactive power",
            y_units=_REACTIVE),
)  # fmt: skip
TYPES: Final[Mapping[str, DerType]] = {each.name: each for each in _LIST}
FIELDS: Final = tuple(dict.fromkeys(each.field for each in _LIST))
# Where a report lists a control: member of ReportDERControlRequest → member of its items that holds the control.
REPORTED: Final = {
    "curve": "curve", "enterService": "enterService", "fixedPFAbsorb": "fixedPF", "fixedPFInject": "fixedPF",
    "fixedVar": "fixedVar", "freqDroop": "freqDroop", "gradient": "gradient",
    "limitMaxDischarge": "limitMaxDischarge",
}  # fmt: skip
BY_FIELD: Final = {each.field: each.name for each in _LIST if each.field != "curve"}
_CURVE_NEEDS: Final = ("priority", "yUnit", "curveData")
_EXTRAS: Final = ("voltageParams", "reactivePowerParams")


def wrong(name: str, is_default: bool, control: Mapping[str, Any]) -> Iterator[Wrong]:
    """(JSON pointer, what is wrong) of a control of that type; types of values are checked by the message's own."""
    kind = TYPES[name]
    at = "/control"
    for member in kind.needs if kind.field != "curve" else _CURVE_NEEDS:
        if member not in control:
            yield f"{at}/{member}", f"a {name} needs it"
    timed = [member for member in ("startTime", "duration") if member in control]
    if is_default:
        for member in timed:
            yield f"{at}/{member}", "a default control has no time: leave it out, or set `default` to false (R04.FR.12)"
    elif kind.default_only:
        yield "/default", f"{name} exists as a default control only (R04.FR.14)"
    elif len(timed) < 2:
        yield at, "a scheduled control needs `startTime` and `duration` (R04)"
    if kind.field == "curve":
        yield from _curve(kind, control, at)
    elif name == "LimitMaxDischarge":
        yield from _discharge(control, at)


def _curve(kind: DerType, curve: Mapping[str, Any], at: str) -> Iterator[Wrong]:
    unit, points = curve.get("yUnit"), curve.get("curveData")
    if unit is not None and unit not in kind.y_units:
        yield f"{at}/yUnit", f"a {kind.name} takes {' or '.join(kind.y_units)}"
    if isinstance(points, list) and all(_is_point(point) for point in points):
        if len(points) < 2:
            yield f"{at}/curveData", "a curve has two points or more"
        if kind.y != "time in s" and any(one["x"] > other["x"] for one, other in pairwise(points)):
            yield f"{at}/curveData", "points stand in the order of rising x"
    for member in _EXTRAS:
        if member in curve and member not in kind.extra:
            yield f"{at}/{member}", f"has no meaning for a {kind.name}"
    mean = curve.get("voltageParams") or {}
    if isinstance(mean, Mapping) and ("hv10MinMeanValue" in mean) != ("hv10MinMeanTripDelay" in mean):
        yield f"{at}/voltageParams", "`hv10MinMeanValue` and `hv10MinMeanTripDelay` go together"


def _is_point(point: Any) -> bool:
    return isinstance(point, Mapping) and all(isinstance(point.get(axis), int | float) for axis in "xy")


def _discharge(control: Mapping[str, Any], at: str) -> Iterator[Wrong]:
    if not control.keys() & {"pctMaxDischargePower", "powerMonitoringMustTrip"}:
        yield at, "give `pctMaxDischargePower` or `powerMonitoringMustTrip`"
    percent = control.get("pctMaxDischargePower")
    if isinstance(percent, int | float) and not 0 <= percent <= 100:
        yield f"{at}/pctMaxDischargePower", "is a share of 0 to 100 percent"
