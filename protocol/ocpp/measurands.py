"""Sampled values into one reading: Wh, W and percent for the whole connector, whatever the version and the station.

A value without a phase is the total; where a station only reports phases, L1 to L3 are summed (`charger-quirks` 25).
Values at the inlet or inside the vehicle are not the station's meter and are left to `sampled`. What cannot be read
as a number is left out here and kept in `sampled`.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

_IMPORT = "Energy.Active.Import.Register"
_EXPORT = "Energy.Active.Export.Register"
_POWER_IN = "Power.Active.Import"
_POWER_OUT = "Power.Active.Export"
_SOC = "SoC"
_WANTED = frozenset((_IMPORT, _EXPORT, _POWER_IN, _POWER_OUT, _SOC))
_ELSEWHERE = frozenset(("Inlet", "EV", "Upstream"))
_KILO = Decimal(1000)
_LARGEST = Decimal(10) ** 15  # Wh: beyond any meter, and still a bigint in thousandths
_PHASES = {"L1": "L1", "L2": "L2", "L3": "L3", "L1-N": "L1", "L2-N": "L2", "L3-N": "L3"}


class Sample(NamedTuple):
    """One sampled value in the shape both generations share; `multiplier` is a power of ten."""

    value: str | float
    measurand: str
    phase: str | None
    location: str | None
    unit: str | None
    multiplier: int


class Totals(NamedTuple):
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
        parsed = Decimal(value.strip()) if isinstance(value, str) else Decimal(repr(value))
    except InvalidOperation:
        return None
    return parsed if _in_range(parsed) else None


def totals(samples: Iterable[Sample]) -> Totals:
    """Import and export register (Wh), power (W, import positive) and state of charge of one sampled moment."""
    whole: dict[str, Decimal] = {}
    phases: dict[str, dict[str, Decimal]] = {}
    for sample in samples:
        if sample.measurand not in _WANTED or (sample.location in _ELSEWHERE and sample.measurand != _SOC):
            continue
        value = _scaled(sample)
        if value is None:
            continue
        if sample.phase is None:
            whole[sample.measurand] = value
        elif (phase := _PHASES.get(sample.phase)) is not None:
            phases.setdefault(sample.measurand, {})[phase] = value
    for measurand, by_phase in phases.items():
        if measurand not in whole:
            whole[measurand] = sum(by_phase.values(), Decimal(0))
    return Totals(whole.get(_IMPORT), whole.get(_EXPORT), _power(whole), _percent(whole.get(_SOC)))


def _scaled(sample: Sample) -> Decimal | None:
    value = number(sample.value)
    if value is None:
        return None
    if sample.multiplier:
        if abs(sample.multiplier) > 12:
            return None
        value = value.scaleb(sample.multiplier)
    if sample.unit is not None and sample.unit[:1] == "k":
        value *= _KILO
    return value if _in_range(value) else None


def _in_range(value: Decimal) -> bool:
    """Compared without arithmetic: `abs` of 1e9999999 raises."""
    return value.is_finite() and -_LARGEST < value < _LARGEST


def _power(whole: dict[str, Decimal]) -> float | None:
    taken, given = whole.get(_POWER_IN), whole.get(_POWER_OUT)
    if taken is None and given is None:
        return None
    return float((taken or Decimal(0)) - abs(given or Decimal(0)))


def _percent(value: Decimal | None) -> float | None:
    return float(value) if value is not None and 0 <= value <= 100 else None
