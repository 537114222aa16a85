"""The keeper of sessions: those that fell silent are asked about, those of stations that never return are closed.

Every session ends some day, also when no stop ever comes; what nobody measured is not counted. It also has lists
looked at that a station may have lost, and monitors whose ids may be others: those of stations that booted since.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
import trio

from actors.ports import Clock, Store, StoreUnavailable
from actors.session.instructions import ASK, Instruction
from actors.station.face import Stations
from gateway.settings import Settings
from gateway.worker.local_lists import SYNC
from storage.keeping import Left, ask_about_silent, look_at_lists, look_at_monitors, sessions_left
from storage.pool import Pool

log = structlog.get_logger("sessions")
EVERY: Final = 300.0  # seconds
FIRST: Final = 120.0  # stations come back after a restart of ours, and tell
_MOST: Final = 200  # a round


class Keeper:
    """`pool` is voltyard_node's."""

    def __init__(
        self, pool: Pool, store: Store, stations: Stations, clock: Clock, new_id: Callable[[], UUID], settings: Settings
    ) -> None:
        self._pool = pool
        self._store = store
        self._stations = stations
        self._clock = clock
        self._new_id = new_id
        self._silent = timedelta(seconds=settings.session_silent_after)
        self._away = timedelta(seconds=settings.session_orphan_after)

    async def run(self) -> None:
        """Until cancelled."""
        await trio.sleep(FIRST)
        while True:
            try:
                await self.round()
            except StoreUnavailable as error:
                log.warning("sessions_not_kept", error=str(error))
            await trio.sleep(EVERY)

    async def round(self) -> tuple[int, int]:
        """(sessions closed, sessions asked about)."""
        now = self._clock.now()
        closed = 0
        for left in await sessions_left(self._pool, now - self._away, _MOST):
            closed += await self._close(left)
        ids = [self._new_id() for _ in range(_MOST)]
        asked = await ask_about_silent(self._pool, now - self._silent, ASK, now, ids)
        looked = await look_at_lists(self._pool, SYNC, now, [self._new_id() for _ in range(_MOST)])
        listed = await look_at_monitors(self._pool, "monitoring-report", now, [self._new_id() for _ in range(_MOST)])
        if listed:
            log.info("monitors_asked_for", stations=listed)
        if looked:
            log.info("lists_looked_at", stations=looked)
        if closed or asked:
            log.info("sessions_kept", closed=closed, asked=asked)
        return closed, asked

    async def _close(self, left: Left) -> bool:
        image = await self._store.load_station(left.slug, left.identity)
        if image is None:
            return False
        instruction = Instruction(left.id, "close", {"reason": "station_stayed_away"})
        return await self._stations.instruct(image.config, instruction)
