"""Takes away what uploads left behind: what never came whole, and what nobody knows as whole.

A folder may be shared by several nodes: all may sweep it, none takes what was written to of late.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID

import structlog
import trio

from storage.errors import StoreUnavailable
from storage.files import Lying
from storage.pool import Pool
from storage.sql import sql
from web.files.server import Files

log = structlog.get_logger("files")
FIRST: Final = 300.0  # seconds after the start
EVERY: Final = 3600.0
_STEP: Final = 1000  # files that are asked about at once


class Sweep:
    """`node` is voltyard_node's. `life`: how long nothing is taken after it was last written."""

    def __init__(self, files: Files, node: Pool, now: Callable[[], datetime], life: timedelta) -> None:
        self._files = files
        self._node = node
        self._now = now
        self._life = life

    async def run(self) -> None:
        """Until cancelled."""
        await trio.sleep(FIRST)
        while True:
            try:
                await self.round()
            except (StoreUnavailable, OSError) as error:
                log.warning("files not swept", error=str(error))
            await trio.sleep(EVERY)

    async def round(self) -> int:
        """How many files went. Afterwards the bytes of each tenant are counted anew."""
        now = self._now()
        before = (now - self._life).timestamp()
        gone = 0
        for shelf in ("firmware", "logs"):
            old = self._files.store.older(shelf, before)
            while step := await self._files.check(lambda: list(islice(old, _STEP))):  # noqa: B023 - it waits for it
                gone += await self._take(step, now, before)
        for tenant in await self._files.check(self._files.store.tenants):
            await self._files.check(partial(self._files.store.room.count, tenant))
        if gone:
            log.info("files swept", files=gone)
        return gone

    async def _take(self, found: Sequence[Lying], now: datetime, before: float) -> int:
        """Whoever would bring one of them meanwhile is told to come again, and then begins anew."""
        whole = [each.id for each in found if not each.partial]
        unwanted: set[UUID] = set()
        if whole:
            unwanted = {row["id"] for row in await self._node.fetch(sql("files_unwanted"), whole, now)}
        going = [each for each in found if (each.partial or each.id in unwanted) and self._files.occupy(each.id)]
        try:
            return await self._files.check(lambda: sum(self._files.store.take_away(each, before) for each in going))
        finally:
            self._files.busy.difference_update(each.id for each in going)
