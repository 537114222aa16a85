"""One task that looks after every connection in its turn, so that none needs a timer or a task of its own."""

import heapq
import itertools
import math
from typing import Protocol

import trio

_TICK = 0.5  # seconds; nothing here needs to be more punctual


class Watched(Protocol):
    """What a sweeper looks after."""

    def check(self, now: float) -> float | None:
        """Does what is due and says when to look again (trio's clock); None when there is nothing left to watch."""


class Sweeper:
    """Calls `check` of each watched object when it asked to be looked at, at most a tick late."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Watched]] = []
        self._numbers = itertools.count()
        self._sooner = trio.Event()

    def watch(self, watched: Watched, at: float) -> None:
        heapq.heappush(self._due, (at, next(self._numbers), watched))
        if self._due[0][2] is watched:
            self._sooner.set()

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            await trio.sleep(_TICK)  # so that what is due at nearly the same time is done together
            self._sweep(trio.current_time())
            self._sooner = trio.Event()
            with trio.move_on_at(self._due[0][0] if self._due else math.inf):
                await self._sooner.wait()

    def _sweep(self, now: float) -> None:
        while self._due and self._due[0][0] <= now:
            watched = heapq.heappop(self._due)[2]
            again = watched.check(now)
            if again is not None:
                self.watch(watched, again)
