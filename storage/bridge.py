"""The way to the database: asyncpg on an asyncio loop (uvloop) in one thread of its own, called from trio.

One crossing per unit of work: `Bridge.run` carries a coroutine function over, and whatever it awaits stays on the other
side (architecture decision 3: a third of the cost of letting asyncio and trio share one loop). A cancelled trio task
cancels the work over there and waits until it has ended, so no query outlives whoever asked for it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import outcome
import trio
import uvloop

from storage.errors import ShuttingDown
from storage.pool import Pool, PoolSide

T = TypeVar("T")
Work = Callable[[], Awaitable[T]]

_CLOSING_DEADLINE = 5.0  # s for the last connections to say goodbye


class Bridge:
    """Made by `open_bridge`. Usable from the trio run that opened it."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._main, name="voltyard-store", daemon=True)
        self._open = False

    async def run(self, work: Work[T]) -> T:
        """Await `work()` on the asyncio side and give its result or raise its exception, type and traceback kept.

        Raises ShuttingDown when the bridge is closed. When cancelled, cancels the work and returns when that has ended;
        work that completes all the same gives its result, and the cancellation strikes at the next checkpoint.
        """
        await trio.lowlevel.checkpoint_if_cancelled()
        crossing = _Crossing(work, self._loop)
        try:
            if not self._open:
                raise RuntimeError
            self._loop.call_soon_threadsafe(crossing.start)
        except RuntimeError:  # also what a closed loop raises
            raise ShuttingDown("the store is closed") from None
        result: T = await trio.lowlevel.wait_task_rescheduled(crossing.abort)
        return result

    @asynccontextmanager
    async def pool(
        self,
        url: str,
        *,
        size: int = 4,
        name: str = "voltyard",
        statement_timeout: float = 30.0,
        acquire_timeout: float = 10.0,
        silence: float = 5.0,
        keep: bool = False,
    ) -> AsyncIterator[Pool]:
        """Connections to `url` while the block runs: at most `size`, opened when first needed, reopened when lost.

        The server need not be there when the block is entered. `name` is shown by the server (`application_name`).
        `statement_timeout` ends a statement on the server; `acquire_timeout` bounds the wait for a free connection and
        for a new one; `silence` is how much longer than `statement_timeout` a server may say nothing before it
        counts as lost, and how long a cancelled query may take to end. All in seconds. `keep`: see `PoolSide`.
        """
        side = PoolSide(url, size, name, statement_timeout, acquire_timeout, silence, keep=keep)
        await self.run(side.open)
        try:
            yield Pool(self, side)
        finally:
            with trio.CancelScope(shield=True), trio.move_on_after(_CLOSING_DEADLINE):  # then they are cut
                await self.run(side.close)

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _start(self) -> None:
        self._thread.start()
        self._open = True

    async def _stop(self) -> None:
        """End what still runs over there (nothing, when blocks are nested as they should be), then the loop."""
        await self.run(_cancel_the_rest)
        self._open = False
        self._loop.call_soon_threadsafe(self._loop.stop)
        await trio.to_thread.run_sync(self._thread.join, _CLOSING_DEADLINE)


@asynccontextmanager
async def open_bridge() -> AsyncIterator[Bridge]:
    """The bridge, with its thread, while the block runs."""
    bridge = Bridge()
    await bridge._start()
    try:
        yield bridge
    finally:
        with trio.CancelScope(shield=True):  # bounded by _CLOSING_DEADLINE
            await bridge._stop()


class _Crossing:
    """One piece of work on its way over and back. `start`, `_cancel` and `_done` run on the asyncio side."""

    def __init__(self, work: Work[Any], loop: asyncio.AbstractEventLoop) -> None:
        self._work = work
        self._loop = loop
        self._token = trio.lowlevel.current_trio_token()
        self._waiter = trio.lowlevel.current_task()
        self._raise_cancel: Callable[[], Any] | None = None
        self._task: asyncio.Task[outcome.Outcome[Any]] | None = None

    def start(self) -> None:
        self._task = self._loop.create_task(outcome.acapture(self._awaited))
        self._task.add_done_callback(self._done)

    async def _awaited(self) -> Any:
        return await self._work()

    def abort(self, raise_cancel: Callable[[], Any]) -> trio.lowlevel.Abort:
        self._raise_cancel = raise_cancel
        self._loop.call_soon_threadsafe(self._cancel)
        return trio.lowlevel.Abort.FAILED  # the waiter stays until the work over there has ended

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _done(self, task: asyncio.Task[outcome.Outcome[Any]]) -> None:
        # Cancelled before its first step, the task has no outcome of its own.
        result = outcome.Error(asyncio.CancelledError()) if task.cancelled() else task.result()
        self._token.run_sync_soon(self._deliver, result)

    def _deliver(self, result: outcome.Outcome[Any]) -> None:
        """On the trio side: wake the waiter."""
        if isinstance(result, outcome.Error) and isinstance(result.error, asyncio.CancelledError):
            if self._raise_cancel is not None:
                result = outcome.capture(self._raise_cancel)
            else:  # trio code must never see asyncio's cancellation
                result = outcome.Error(ShuttingDown("the work was cancelled because the store is closing"))
        trio.lowlevel.reschedule(self._waiter, result)


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=_CLOSING_DEADLINE)
    await asyncio.get_running_loop().shutdown_asyncgens()
