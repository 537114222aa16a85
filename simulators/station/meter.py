"""The meter of one outlet: an import register that integrates power over the simulated time."""

from decimal import Decimal

import attrs

_SECONDS_PER_HOUR = Decimal(3600)
_STEP = Decimal("0.000001")


@attrs.define
class Meter:
    """`register_wh` only rises while energy flows; `set_back` is the one way down and is there to misbehave."""

    register_wh: Decimal = Decimal(0)

    def add(self, watts: float, seconds: float) -> None:
        """Integrate `watts` over `seconds`, kept to a millionth of a watt-hour."""
        energy = Decimal(str(watts)) * Decimal(str(seconds)) / _SECONDS_PER_HOUR
        self.register_wh += energy.quantize(_STEP)

    def set_back(self, wh: Decimal) -> None:
        """Turn the register back, not below zero."""
        self.register_wh = max(Decimal(0), self.register_wh - wh)

    @property
    def whole_wh(self) -> int:
        """The register as OCPP 1.6 transactions state it: whole watt-hours, cut off."""
        return int(self.register_wh)


@attrs.frozen
class Reading:
    """One sampled value in the words both message families share; `unit` is Wh, W, A, V or Percent."""

    measurand: str
    value: Decimal
    unit: str
    phase: str | None = None
