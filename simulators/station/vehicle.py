"""A vehicle: how much power its battery takes now, and what the taken energy does to it."""

import attrs

TAPER_FROM = 80.0
TAPER_FLOOR = 0.1
EFFICIENCY = 0.92


@attrs.define
class Vehicle:
    """A battery on wheels. `soc` and `target_soc` in percent, power in W, capacity in Wh, current in A per phase."""

    name: str = "car"
    capacity_wh: float = 60_000.0
    soc: float = 30.0
    target_soc: float = 100.0
    phases: int = 3
    max_ac_watts: float = 11_040.0
    max_dc_watts: float = 150_000.0
    min_amps: float = 6.0
    max_discharge_watts: float = 0.0  # 0: it cannot feed back
    min_soc: float = 20.0             # below this it does not feed back

    @property
    def full(self) -> bool:
        """True once the battery holds what the driver asked for."""
        return self.soc >= self.target_soc - 1e-9

    def wish_watts(self, *, dc: bool) -> float:
        """What the battery would take now: flat up to 80 %, then falling in a line to a tenth at 100 %; 0 when full."""
        if self.full:
            return 0.0
        most = self.max_dc_watts if dc else self.max_ac_watts
        if self.soc <= TAPER_FROM:
            return most
        share = (100.0 - self.soc) / (100.0 - TAPER_FROM)
        return most * max(TAPER_FLOOR, share)

    def give(self, watts: float, seconds: float) -> None:
        """Feed back for a while; losses come out of the battery."""
        lost = watts / EFFICIENCY * seconds / 3600 / self.capacity_wh * 100
        self.soc = max(0.0, self.soc - lost)

    def take(self, watts: float, seconds: float) -> None:
        """Charge for a while; losses stay outside the battery, and it never holds more than the target."""
        gained = watts * EFFICIENCY * seconds / 3600 / self.capacity_wh * 100
        self.soc = min(self.target_soc, self.soc + gained)
