"""What was heard from outside, until it has to be asked again. Bounded: what was used longest ago goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class UntilCache(Generic[K, V]):
    """Values with the time of their end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, tuple[datetime, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K, now: datetime) -> V | None:
        """None when there is none, or when its time is over."""
        found = self._kept.get(key)
        if found is None:
            return None
        if found[0] <= now:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return found[1]

    def put(self, key: K, value: V, until: datetime, now: datetime) -> None:
        """Keeps it, unless its time is over already."""
        if until <= now:
            return
        self._kept[key] = until, value
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, key: K) -> None:
        """Forgets it."""
        self._kept.pop(key, None)
