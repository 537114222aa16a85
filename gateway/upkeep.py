"""Upkeep of the database beside a block: how long everything is kept, by the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import trio

from gateway.settings import Settings
from storage.partitions import upkeep
from storage.pool import Pool
from storage.retention import Kept


@asynccontextmanager
async def open_upkeep(pool: Pool, settings: Settings) -> AsyncIterator[None]:
    """Partitions are made ahead and dropped behind; the first round is done when the block begins."""
    retention = {
        "frames": timedelta(seconds=settings.retention_frames),
        "meter_values": timedelta(seconds=settings.retention_meter_values),
        "events": timedelta(seconds=settings.retention_events),
    }
    kept = Kept(
        reports=timedelta(seconds=settings.retention_reports),
        streams=timedelta(seconds=settings.retention_streams),
        jobs=timedelta(seconds=settings.retention_jobs),
        customers=timedelta(seconds=settings.customer_retention),
        certificates=timedelta(seconds=settings.retention_certificates),
        history=timedelta(seconds=settings.retention_history),
    )

    async def run(*, task_status: trio.TaskStatus[None]) -> None:
        await upkeep(pool, retention=retention, kept=kept, task_status=task_status)

    async with trio.open_nursery() as nursery:
        await nursery.start(run)
        yield
        nursery.cancel_scope.cancel()
