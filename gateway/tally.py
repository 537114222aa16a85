"""What may happen at any pace and is told seldom, with how often it was. Pure; times are seconds on one clock."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Tally(Generic[K]):
    """The first of a key is told at once; those of the next `every` seconds together, when they are over.

    Keys come from short lists of our own.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._kept: dict[K, tuple[int, float]] = {}  # how many are not told yet, and until when they are not

    def add(self, key: K, now: float) -> int:
        """It happened: how many are to be told now, 0 for none."""
        waiting, until = self._kept.get(key, (0, now))
        if now < until:
            self._kept[key] = waiting + 1, until
            return 0
        self._kept[key] = 0, now + self._every
        return waiting + 1

    def due(self, now: float) -> list[tuple[K, int]]:
        """Those whose time has come, and how many."""
        if not self._kept:
            return []
        over = [key for key, (_, until) in self._kept.items() if now >= until]
        told = []
        for key in over:
            waiting, _ = self._kept.pop(key)
            if waiting:
                self._kept[key] = 0, now + self._every
                told.append((key, waiting))
        return told
