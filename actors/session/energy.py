"""Energy from a register that may be reset, swapped or read out of order: never negative, never invented.

A register's readings form segments, inside which it only rises. When it falls, the segment is closed and a new one
starts at the value seen (`charger-quirks` 24), so what was measured stays and nothing is added that no reading shows.
All values are Decimal Wh.
"""

from decimal import Decimal

import msgspec

ZERO = Decimal(0)


class Energy(msgspec.Struct, frozen=True):
    """`closed`: sum of the segments that ended; `first` and `last`: bounds of the running one."""

    closed: Decimal = ZERO
    first: Decimal | None = None
    last: Decimal | None = None
    resets: int = 0

    @property
    def total(self) -> Decimal | None:
        """Energy so far, None before the first register value."""
        if self.first is None or self.last is None:
            return None
        return self.closed + self.last - self.first


def advance(energy: Energy, register: Decimal) -> Energy:
    """One more value of the register, in the order of time."""
    if energy.first is None or energy.last is None:
        return Energy(energy.closed, register, register, energy.resets)
    if register >= energy.last:
        return Energy(energy.closed, energy.first, register, energy.resets)
    return Energy(energy.closed + energy.last - energy.first, register, register, energy.resets + 1)


def precede(energy: Energy, register: Decimal) -> Energy:
    """A value from before all others (a start that arrives late): lowers `first`, never raises it.

    Only when no reset lies between; else what came before it is unknown.
    """
    if energy.first is None:
        return Energy(energy.closed, register, register, energy.resets)
    if energy.resets == 0 and register < energy.first:
        return Energy(energy.closed, register, energy.last, 0)
    return energy
