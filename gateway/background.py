"""A task that runs beside a block and ends with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import trio


@asynccontextmanager
async def in_background(work: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """`work` runs while the block does, and is cancelled and awaited at its end."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(work)
        yield
        nursery.cancel_scope.cancel()
