"""The meter of one outlet: an import register that integrates power over the simulated time."""

from decimal import Decimal

import attrs

_JOULES_PER_WH = Decimal(3600)


@attrs.define
class Meter:
    """Counts joules, so that nothing is rounded; only rises while energy flows. `set_back` is there to misbehave."""

    joules: Decimal = Decimal(0)
    _exported: "Meter | None" = None

    @property
    def exported(self) -> "Meter":
        """What went back into the grid, counted by a register of its own."""
        if self._exported is None:
            self._exported = Meter()
        return self._exported

    def add(self, watts: float, seconds: float) -> None:
        """Integrate `watts` over `seconds`."""
        self.joules += Decimal(str(watts)) * Decimal(str(seconds))

    def set_back(self, wh: Decimal) -> None:
        """Turn the register back, not below zero."""
        self.joules = max(Decimal(0), self.joules - wh * _JOULES_PER_WH)

    @property
    def register_wh(self) -> Decimal:
        """The register in Wh."""
        return self.joules / _JOULES_PER_WH

    @property
    def whole_wh(self) -> int:
        """The register as OCPP 1.6 transactions state it: whole watt-hours, cut off."""
        return int(self.joules // _JOULES_PER_WH)


@attrs.frozen
class Reading:
    """One sampled value in the words both message families share; `unit` is Wh, W, A, V or Percent."""

    measurand: str
    value: Decimal
    unit: str
    phase: str | None = None
