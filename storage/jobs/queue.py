"""The worker's side of jobs, across tenants: claim what is due, say what became of it.

A claim is a lease: a worker that dies loses it when its time is over, and another goes on from the state last kept. So
a handler runs at least once; what must not happen twice, it keeps in `state` before it does it (`keep`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from storage.jobs.jobs import Job
from storage.pool import Pool
from storage.sql import sql
from storage.web.statements import all_made


class JobQueue:
    """`pool` is voltyard_node's."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(
        self, lease: UUID, most: int, now: datetime, kinds: Mapping[str, timedelta], busy: Sequence[UUID]
    ) -> list[Job]:
        """At most `most` jobs of those kinds that are due, one a station and none of the stations in `busy`.

        Taken under `lease` for as long as `kinds` says of each. What is past its `expires_at` is left to `expire`.
        """
        lasts = list(kinds.values())
        rows = await self._pool.fetch(sql("jobs_claim"), lease, most, now, lasts, list(kinds), list(busy))
        return all_made(Job, rows)

    async def keep(self, job: Job, lease: UUID, state: dict[str, Any], now: datetime, until: datetime) -> bool:
        """Its state so far, and a longer lease. False when it is no longer ours, or was cancelled: stop."""
        return await self._pool.fetchval(sql("jobs_keep"), job.id, lease, state, now, until) is not None

    async def again(
        self, job: Job, lease: UUID, state: dict[str, Any], run_at: datetime, waits_for: str | None,
        error: str | None, now: datetime,
    ) -> bool:  # fmt: skip
        """It goes on later. False when it is no longer ours."""
        arguments = (job.id, lease, state, run_at, waits_for, error, now)
        return await self._pool.fetchval(sql("jobs_again"), *arguments) is not None

    async def end(
        self, job: Job, lease: UUID, status: str, result: dict[str, Any] | None, error: str | None, now: datetime
    ) -> bool:
        """It is over: done, failed or expired. False when it is no longer ours."""
        return await self._pool.fetchval(sql("jobs_end"), job.id, lease, status, result, error, now) is not None

    async def station_online(self, tenant_id: UUID, station_id: UUID, from_: datetime, spacing: timedelta) -> int:
        """The station is there: what waits for it is due from `from_` on, one each `spacing`, in order."""
        found: int = await self._pool.fetchval(sql("jobs_station_online"), tenant_id, station_id, from_, spacing)
        return found

    async def expire(self, now: datetime) -> list[Job]:
        """Ends what is past its `expires_at` and not under way; gives those jobs."""
        return all_made(Job, await self._pool.fetch(sql("jobs_expire"), now))

    async def wake(self, job_id: UUID, now: datetime) -> None:
        """It is due now."""
        await self._pool.execute(sql("jobs_wake"), job_id, now)
