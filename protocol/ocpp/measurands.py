"""Sampled values into one reading: Wh, W and percent for the whole connector, whatever the version and the station.

A value without a phase is the total; where a station only reports phases, L1 to L3 are summed (`charger-quirks` 25).
Values at the inlet or inside the vehicle are not the station's meter and are left to `sampled`. What cannot be read
as a number is left out here and kept in `sampled`.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

_IMPORT = "Energy.Active.Import.Register"
_EXPORT = "Energy.Active.Export.Register"
_POWER_IN = "Power.Active.Import"
_POWER_OUT = "Power.Active.Export"
_SOC = "SoC"
_WANTED = frozenset((_IMPORT, _EXPORT, _POWER_IN, _POWER_OUT, _SOC))
_ELSEWHERE = frozenset(("Inlet", "EV", "Upstream"))
_KILO = Decimal(1000)
_LARGEST = Decimal(10) ** 15  # Wh: beyond any meter, and still a bigint in thousandths
_LEAST = -_LARGEST
_PHASES = {"L1": "L1", "L2": "L2", "L3": "L3", "L1-N": "L1", "L2-N": "L2", "L3-N": "L3"}


# One sampled value in the shape both generations share: value, measurand, phase, location, unit, power of ten.
# A plain tuple: three are made for every frame of meter values, and a named one costs ten times as much.
Sample = tuple[str | float, str, str | None, str | None, str | None, int]


class Totals(NamedTuple):
    """What a reading says of the whole EVSE: registers in Wh, power in W, state of charge in percent."""

    import_wh: Decimal | None
    export_wh: Decimal | None
    power_w: float | None
    soc: float | None


_BY_UNIT = {None: _IMPORT, "Wh": _IMPORT, "kWh": _IMPORT, "W": _POWER_IN, "kW": _POWER_IN, "Percent": _SOC}


def default_measurand(unit: str | None) -> str:
    """What a value without a measurand is: the import register (OCPP 1.6, 7.43), unless its unit says otherwise."""
    return _BY_UNIT.get(unit, "")


def number(value: str | float) -> Decimal | None:
    """The value as a finite decimal, None when it is none. Floats are read as they are written (8.1 is 8.1)."""
    try:
        parsed = Decimal(value if type(value) is str else repr(value))  # spaces around it are no harm
        return parsed if _LEAST < parsed < _LARGEST else None
    except InvalidOperation:  # no number, or NaN, which cannot be compared
        return None


def totals(samples: Iterable[Sample]) -> Totals:
    """Import and export register (Wh), power (W, import positive) and state of charge of one sampled moment."""
    whole: dict[str, Decimal] = {}
    phases: dict[str, dict[str, Decimal]] = {}
    for raw, measurand, phase, location, unit, multiplier in samples:
        if measurand not in _WANTED or (location in _ELSEWHERE and measurand != _SOC):
            continue
        value = _scaled(raw, unit, multiplier)
        if value is None:
            continue
        if phase is None:
            whole[measurand] = value
        elif (line := _PHASES.get(phase)) is not None:
            phases.setdefault(measurand, {})[line] = value
    for measurand, by_phase in phases.items():
        if measurand not in whole:
            whole[measurand] = sum(by_phase.values(), Decimal(0))
    return Totals(whole.get(_IMPORT), whole.get(_EXPORT), _power(whole), _percent(whole.get(_SOC)))


def _scaled(raw: str | float, unit: str | None, multiplier: int) -> Decimal | None:
    value = number(raw)
    if value is None or (not multiplier and (unit is None or unit[:1] != "k")):
        return value
    if multiplier:
        if abs(multiplier) > 12:
            return None
        value = value.scaleb(multiplier)
    if unit is not None and unit[:1] == "k":
        value *= _KILO
    return value if _in_range(value) else None


def _in_range(value: Decimal) -> bool:
    """Compared without arithmetic: `abs` of 1e9999999 raises."""
    return value.is_finite() and _LEAST < value < _LARGEST


def _power(whole: dict[str, Decimal]) -> float | None:
    taken, given = whole.get(_POWER_IN), whole.get(_POWER_OUT)
    if given is None:
        return None if taken is None else float(taken)
    return float((taken or Decimal(0)) - abs(given or Decimal(0)))


def _percent(value: Decimal | None) -> float | None:
    return float(value) if value is not None and 0 <= value <= 100 else None


# Everything a sample can say, for whoever reads it later: never on the way of a frame.

_UNITS = {
    "kWh": ("Wh", 1000.0), "kW": ("W", 1000.0), "kvarh": ("varh", 1000.0), "kvar": ("var", 1000.0),
    "kVA": ("VA", 1000.0), "kVAh": ("VAh", 1000.0), "MWh": ("Wh", 1_000_000.0), "MW": ("W", 1_000_000.0),
    "kA": ("A", 1000.0), "mA": ("A", 0.001), "kV": ("V", 1000.0), "mV": ("V", 0.001), "kHz": ("Hz", 1000.0),
    "Hertz": ("Hz", 1.0),
}  # fmt: skip
_UNIT_OF = {
    "Current": "A", "Voltage": "V", "Frequency": "Hz", "SoC": "Percent", "Temperature": "Celsius", "RPM": "RPM",
    "Power.Factor": None, "Power.Reactive": "var", "Power": "W", "Energy.Reactive": "varh", "Energy.Apparent": "VAh",
    "Energy": "Wh", "EnergyRequest": "Wh", "Display.RemainingTime": "s", "Display.PresentSOC": "Percent",
    "Display.MinimumSOC": "Percent", "Display.TargetSOC": "Percent", "Display.MaximumSOC": "Percent",
    "Display.BatteryEnergyCapacity": "Wh",
}  # fmt: skip
_SUMMED = ("Energy.", "Power.Active", "Power.Reactive", "Power.Offered")


class Value(NamedTuple):
    """One sampled value in base units (Wh, W, varh, var, VA, A, V, Hz, Celsius, Percent, s, RPM).

    `phase` None: the whole; then `derived` says that it was summed up from L1 to L3. `value` None: it is no number, or
    a signed one that only its key's owner can read.
    """

    measurand: str
    phase: str | None
    location: str
    context: str | None
    value: float | None
    unit: str | None
    signed: bool = False
    derived: bool = False


def values(sampled: Iterable[dict[str, Any]]) -> list[Value]:
    """All values of one moment, from the sampledValue list of any version as plain JSON (quirk 25).

    Sums of phases follow behind, where a station gives no total itself.
    """
    found = [_value(sample) for sample in sampled]
    return [*found, *_summed(found)]


def _value(sample: dict[str, Any]) -> Value:
    measure = sample.get("unitOfMeasure") or {}
    written = sample.get("unit") or measure.get("unit")
    measurand = sample.get("measurand") or default_measurand(written) or "Energy.Active.Import.Register"
    signed = sample.get("format") == "SignedData" or "signedMeterValue" in sample
    plain = None if sample.get("format") == "SignedData" else number(sample.get("value", ""))
    read = None if plain is None else _based(plain, written, measure.get("multiplier") or 0)
    value, unit = (None, written) if read is None else read
    phase = sample.get("phase")
    return Value(
        measurand,
        phase,
        sample.get("location") or "Outlet",
        sample.get("context"),
        value,
        unit or unit_of(measurand),
        signed,
    )


def unit_of(measurand: str) -> str | None:
    """The unit of a value that names none (OCPP 2.1 Part 2, MeasurandEnumType)."""
    longest = max((known for known in _UNIT_OF if measurand.startswith(known)), key=len, default="")
    return _UNIT_OF.get(longest)


def _based(value: Decimal, unit: str | None, multiplier: int) -> tuple[float, str | None] | None:
    if abs(multiplier) > 12:
        return None
    value = value.scaleb(multiplier) if multiplier else value
    if unit in ("K", "Fahrenheit"):
        kelvin = unit == "K"
        return round(float(value - Decimal("273.15") if kelvin else (value - 32) * 5 / 9), 3), "Celsius"
    if unit == "Celcius":
        return float(value), "Celsius"
    base, factor = _UNITS.get(unit or "", (unit, 1.0))
    return float(value * Decimal(str(factor))), base


def _summed(found: list[Value]) -> list[Value]:
    """Totals of what came by phase alone."""
    groups: dict[tuple[str, str, str | None], dict[str, float]] = {}
    whole = {(each.measurand, each.location, each.context) for each in found if each.phase is None}
    for each in found:
        line = _PHASES.get(each.phase or "")
        key = (each.measurand, each.location, each.context)
        if line is not None and each.value is not None and each.measurand.startswith(_SUMMED) and key not in whole:
            groups.setdefault(key, {})[line] = each.value
    units = {(each.measurand, each.location): each.unit for each in found}
    return [
        Value(measurand, None, location, context, float(sum(map(_exact, lines.values()))), units[measurand, location],
              derived=True)
        for (measurand, location, context), lines in groups.items()
    ]  # fmt: skip


def _exact(value: float) -> Decimal:
    return Decimal(repr(value))
