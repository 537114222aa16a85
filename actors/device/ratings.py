"""What an EVSE can deliver, as its station's device model tells it. Pure.

OCPP 2.x, component EVSE, variable Power: the characteristic `maxLimit`, in W or kW.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Final

import msgspec

from protocol.ocpp.neutral import VariableSeen

LEAST_W: Final = 1000
"""Less is a slip of the unit: readings would all be flagged."""
MOST_W: Final = 100_000_000
_MOST_PLACES: Final = 500
_SCALES: Final = {"w": 1, "kw": 1000}


def rated(known: Mapping[int, int], items: Iterable[VariableSeen]) -> Mapping[int, int]:
    """EVSE → W, with what a report tells; the same mapping when it tells nothing new."""
    found: dict[int, int] = {}
    for item in items:
        place = _evse(item)
        watts = None if place is None else _watts(item.detail)
        if place is not None and watts is not None and known.get(place) != watts:
            found[place] = watts
    return {**known, **found} if found and len({*known, *found}) <= _MOST_PLACES else known


def _evse(item: VariableSeen) -> int | None:
    if "Power" not in item.variable or "EVSE" not in item.component:  # most are neither: not decoded
        return None
    component, variable = msgspec.json.decode(item.component), msgspec.json.decode(item.variable)
    named = (str(component.get("name", "")).casefold(), str(variable.get("name", "")).casefold())
    number = (component.get("evse") or {}).get("id")
    return number if named == ("evse", "power") and isinstance(number, int) and number > 0 else None


def _watts(detail: Mapping[str, Any]) -> int | None:
    told = detail.get("characteristics") or {}
    most, scale = told.get("maxLimit"), _SCALES.get(str(told.get("unit") or "W").strip().casefold())
    if scale is None or not isinstance(most, int | float) or not isfinite(most):
        return None
    if not LEAST_W <= most * scale <= MOST_W:
        return None
    return round(most * scale)


def read(local: Mapping[str, Any]) -> Mapping[int, int]:
    """From the station's row; what cannot be read is told again."""
    try:
        return msgspec.convert(local.get("ratings", {}), dict[int, int], strict=False)
    except msgspec.ValidationError:
        return {}
