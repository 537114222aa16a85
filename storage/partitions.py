"""Upkeep of what grows: days made ahead, days dropped behind, old rows and batch ids forgotten."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
import trio

from storage.errors import StoreUnavailable
from storage.pool import Pool
from storage.retention import DEFAULT, Kept, forget
from storage.sql import sql

log = structlog.get_logger(__name__)

AHEAD = timedelta(days=7)
RETENTION: Mapping[str, timedelta] = {
    "frames": timedelta(days=30),
    "meter_values": timedelta(days=400),
    "events": timedelta(days=30),
}
BATCH_IDS = timedelta(minutes=15)  # far longer than any store deadline: past that nobody asks for an id
_EVERY = 3600.0  # s; days are made by the day, but a failed upkeep should not wait for tomorrow
_PRUNE_EVERY = 60.0
_TRIES_AFTER = 30.0


async def ensure(pool: Pool, now: datetime, ahead: timedelta = AHEAD) -> int:
    """Make the partitions from yesterday to `ahead` of `now`; returns how many are new."""
    made: int = await pool.fetchval(sql("partition_ensure"), now - timedelta(days=1), now + ahead)
    return made


async def drop(pool: Pool, now: datetime, retention: Mapping[str, timedelta] = RETENTION) -> list[str]:
    """Drop the partitions that lie whole before their table's retention; returns their names.

    Sessions whose readings go are sealed. A table that is not named keeps everything.
    """
    dropped: list[str] = []
    for table, kept in retention.items():
        rows = await pool.fetch(sql("partition_drop"), table, now - kept)
        dropped += [row[0] for row in rows]
    return dropped


async def prune_batches(pool: Pool) -> int:
    """Forget the ids of old batches; returns how many."""
    said = await pool.execute(sql("journal_batches_prune"), BATCH_IDS)
    return int(said.split(" ")[-1])


async def upkeep(
    pool: Pool,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    retention: Mapping[str, timedelta] = RETENTION,
    kept: Kept = DEFAULT,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """All of it, for as long as the node runs. Started when the first round is done, or failed.

    A failure is logged and tried again soon: meanwhile rows of a missing day go to the default partition.
    """
    next_round = next_prune = trio.current_time()
    next_forget = next_round + _PRUNE_EVERY  # a node that starts has better things to do
    started = False
    while True:
        try:
            if trio.current_time() >= next_round:
                made, dropped = await ensure(pool, now()), await drop(pool, now(), retention)
                if made or dropped:
                    log.info("partitions", made=made, dropped=dropped)
                next_round = trio.current_time() + _EVERY
            if trio.current_time() >= next_prune:
                await prune_batches(pool)
                next_prune = trio.current_time() + _PRUNE_EVERY
            if trio.current_time() >= next_forget:
                gone = await forget(pool, now(), kept)
                if gone:
                    log.info("forgotten", **gone)
                next_forget = trio.current_time() + _EVERY
        except (StoreUnavailable, asyncpg.PostgresError) as error:
            log.warning("upkeep of the database failed", error=str(error)[:500])
            next_round = max(next_round, trio.current_time() + _TRIES_AFTER)
            next_prune = max(next_prune, trio.current_time() + _TRIES_AFTER)
            next_forget = max(next_forget, trio.current_time() + _TRIES_AFTER)
        if not started:
            task_status.started()
            started = True
        await trio.sleep_until(min(next_round, next_prune, next_forget))
