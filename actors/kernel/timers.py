"""One task that wakes actors: a heap of times instead of a sleeping task for each of them."""

import heapq
from collections.abc import Callable
from itertools import count

import trio


class Timers:
    """`at(time, call)`: calls once, at or soon after that trio time. Calls are synchronous and quick (a `tell`)."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._sooner = trio.Event()

    def __len__(self) -> int:
        return len(self._heap)

    def at(self, time: float, call: Callable[[], None]) -> None:
        """Calls `call` at that time. There is no cancel: what is called looks whether it still has a reason."""
        heapq.heappush(self._heap, (time, next(self._numbers), call))
        if self._heap[0][0] >= time:
            self._sooner.set()

    async def run(self) -> None:
        """Runs for ever."""
        while True:
            self._sooner = trio.Event()
            next_time = self._heap[0][0] if self._heap else float("inf")
            with trio.move_on_at(next_time):
                await self._sooner.wait()
            while self._heap and self._heap[0][0] <= trio.current_time():
                heapq.heappop(self._heap)[2]()
