"""One query for many askers: whoever asks while a query is on its way is in the next one. No timers.

What group commit is for writing, for reading: a storm of handshakes costs a query a few hundred stations.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

import attrs
import outcome
import structlog
import trio

from actors.ports import StoreUnavailable

log = structlog.get_logger(__name__)

K = TypeVar("K")
V = TypeVar("V")


@attrs.define(eq=False)
class _Asker(Generic[K]):
    key: K
    task: trio.lowlevel.Task | None  # None once it has left

    def leave(self, _raise_cancel: Callable[[], Any]) -> trio.lowlevel.Abort:
        self.task = None
        return trio.lowlevel.Abort.SUCCEEDED

    def answer(self, result: outcome.Outcome[Any]) -> None:
        task, self.task = self.task, None
        if task is not None:
            trio.lowlevel.reschedule(task, result)


class Gather(Generic[K, V]):
    """`fetch(keys)` gives one value a key, in their order. `run` must be running for `ask` to be answered."""

    def __init__(self, fetch: Callable[[Sequence[K]], Awaitable[Sequence[V]]], *, most: int, line: int) -> None:
        """`most` keys a query; `line` askers may wait, further ones are refused at once."""
        self._fetch = fetch
        self._most = most
        self._line = line
        self._waiting: deque[_Asker[K]] = deque()
        self._wake: trio.Event | None = None
        self._closed = False
        self.queries = 0

    async def ask(self, key: K) -> V:
        """Raises StoreUnavailable when the line is full or the query has no answer. Leaving costs others nothing."""
        if self._closed or len(self._waiting) >= self._line:
            raise StoreUnavailable("the store is closing" if self._closed else "too many look-ups are waiting")
        await trio.lowlevel.checkpoint_if_cancelled()
        asker = _Asker(key, trio.lowlevel.current_task())
        self._waiting.append(asker)
        if self._wake is not None:
            self._wake.set()
        value: V = await trio.lowlevel.wait_task_rescheduled(asker.leave)
        return value

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Until cancelled."""
        task_status.started()
        asked: list[_Asker[K]] = []
        try:
            while True:
                if not self._waiting:
                    self._wake = trio.Event()
                    await self._wake.wait()
                    self._wake = None
                asked = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                asked = [asker for asker in asked if asker.task is not None]
                if asked:
                    await self._answer(asked)
                asked = []
        finally:
            self._closed = True
            for asker in [*asked, *self._waiting]:
                asker.answer(outcome.Error(StoreUnavailable("the store is closing")))

    async def _answer(self, asked: list[_Asker[K]]) -> None:
        try:
            values = await self._fetch([asker.key for asker in asked])
        except Exception as error:  # noqa: BLE001 - whatever it is, askers get no verdict; the log has it
            log.warning("look-up failed", error=str(error)[:500], kind=type(error).__name__, askers=len(asked))
            said = f"the look-up had no answer: {error}"
            for asker in asked:
                asker.answer(outcome.Error(StoreUnavailable(said)))
            return
        self.queries += 1
        for asker, value in zip(asked, values, strict=True):
            asker.answer(outcome.Value(value))
