"""Where actors' short tasks live and their bugs end: one actor's bug never reaches another."""

from collections.abc import Awaitable, Callable
from typing import Any

import trio


class ActorGone(Exception):  # noqa: N818 - a state
    """The actor has stopped, or the node has: nobody will answer."""


Report = Callable[[object, Exception, object], bool]


class Supervisor:
    """`report(actor, error, message)` is told of every failure; it logs and ends that actor's connection.

    It returns whether that was a bug of ours, which is counted here, or only the world's state.
    """

    __slots__ = ("_idle", "_nursery", "_report", "_running", "bugs")

    def __init__(self, nursery: trio.Nursery, report: Report) -> None:
        self._nursery = nursery
        self._report = report
        self.bugs = 0
        self._running = 0
        self._idle = trio.Event()

    async def idle(self) -> None:
        """Returns when no short task is left."""
        while self._running:
            self._idle = trio.Event()
            await self._idle.wait()

    def start(self, work: Callable[[], Awaitable[Any]]) -> None:
        """A task that outlives the caller and ends with the supervisor's nursery. Raises ActorGone after that."""
        try:
            self._nursery.start_soon(self._guarded, work)
        except RuntimeError as error:  # trio's word for a closed nursery
            raise ActorGone from error
        self._running += 1

    def bug(self, actor: object, error: Exception, message: object) -> None:
        """An actor failed on a message."""
        if self._report(actor, error, message):
            self.bugs += 1

    async def _guarded(self, work: Callable[[], Awaitable[Any]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - a short task's bug must not end its neighbours
            self.bug(getattr(work, "__self__", work), error, None)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()
