"""Admission of handshakes when many come at once: first come, first served, at the rate that we can serve.

A bounded number is served at the same time; others wait in line. How long the line takes is measured, not guessed, and
who would have to wait too long is sent away at once with a time to come back, spread so that they do not come together
again. Who is in line already is served in turn whatever comes later.
"""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import trio

_MEMORY = 3.0  # seconds after which a measurement counts a third
_PRIOR_RATE = 1000.0  # handshakes a second, until there is a measurement


class Pace:
    """How many handshakes a second are finished while there is a line. Pure: the time is passed in.

    Sums that fade, of those finished and of the time it took; a stall lowers the rate while it lasts, not only after.
    """

    def __init__(self) -> None:
        self._finished = _PRIOR_RATE
        self._seconds = 1.0
        self._since: float | None = None  # of the last look, while there is a line

    def finished(self, now: float, waiting: int) -> None:
        """One more is done; `waiting` are in line now."""
        if self._since is not None:
            passed = max(0.0, now - self._since)
            fade = _MEMORY / (_MEMORY + passed)
            self._finished = self._finished * fade + 1
            self._seconds = self._seconds * fade + passed
        self._since = now if waiting else None

    def wait(self, now: float, waiting: int) -> float:
        """Seconds until whoever joins behind `waiting` others is served."""
        stalled = max(0.0, now - self._since) if self._since is not None else 0.0
        return waiting * (self._seconds + stalled) / max(self._finished, 1e-9)


class TooBusy(Exception):  # noqa: N818 - the state of the node
    """The line is too long. `retry_after`: whole seconds, spread over the time the line needs."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"come back in {retry_after} s")
        self.retry_after = retry_after


class Admission:
    """The line. `at_once` are served at the same time; nobody joins who would wait longer than `patience` seconds."""

    def __init__(self, at_once: int, patience: float, spread: Callable[[float, float], float] = random.uniform) -> None:
        self._places = trio.Semaphore(at_once)
        self._patience = patience
        self._spread = spread
        self._pace = Pace()

    @property
    def waiting(self) -> int:
        return self._places.statistics().tasks_waiting

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place while the block runs. Raises TooBusy at once, or when the line takes twice as long as measured."""
        try:
            self._places.acquire_nowait()
        except trio.WouldBlock:
            await self._line_up()
        try:
            yield
        finally:
            self._pace.finished(trio.current_time(), self.waiting)
            self._places.release()

    async def _line_up(self) -> None:
        expected = self._pace.wait(trio.current_time(), self.waiting + 1)
        if expected > self._patience:
            raise self.too_busy(expected)
        with trio.move_on_after(2 * self._patience) as scope:
            await self._places.acquire()
        if scope.cancelled_caught:
            raise self.too_busy(self._patience)

    def too_busy(self, expected: float = 1.0) -> TooBusy:
        """The answer for who cannot be served within `expected` seconds."""
        return TooBusy(max(1, round(self._spread(expected, 1.5 * expected + 3))))
