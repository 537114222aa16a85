"""A task that runs beside a block and ends with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
import trio

from protocol.redact import redact_text

log = structlog.get_logger(__name__)
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_CALM = 600.0  # seconds of running after which a failure counts as the first again


@asynccontextmanager
async def in_background(work: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """`work` runs while the block does, and is cancelled and awaited at its end.

    A bug in it ends neither the node nor the work: it is logged, and begun again after a pause that grows.
    """
    async with trio.open_nursery() as nursery:
        nursery.start_soon(keep_running, work)
        yield
        nursery.cancel_scope.cancel()


async def keep_running(work: Callable[[], Awaitable[object]]) -> None:
    """Until `work` returns or is cancelled."""
    pause = _FIRST_PAUSE
    while True:
        began = trio.current_time()
        try:
            await work()
        except Exception as error:
            # Stations are served on, whatever fails beside them.
            name = getattr(work, "__qualname__", type(work).__name__)
            told = redact_text(f"{type(error).__name__}: {error}")[:500]
            log.error("bug", background=name, error=told, again_in=pause, exc_info=error)
        else:
            return
        if trio.current_time() - began > _CALM:
            pause = _FIRST_PAUSE
        await trio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
