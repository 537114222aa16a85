"""The worker's side of jobs, across tenants: claim what is due, say what became of it.

A claim is a lease: a worker that dies loses it when its time is over, and another goes on from the state last kept. So
a handler runs at least once; what must not happen twice, it keeps in `state` before it does it (`keep`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from storage.jobs.jobs import Job
from storage.pool import Pool
from storage.sql import sql
from storage.web.statements import all_made


@attrs.frozen
class Room:
    """How many jobs a worker takes more: `most`, `each` at a time of one tenant. `taken`: what tenants have of it."""

    most: int
    each: int
    taken: Mapping[UUID, int] = attrs.field(factory=dict)


@attrs.frozen
class Later:
    """How a job goes on. `attempts`: failures in a row; `waits`: how often in a row its station could not be asked."""

    state: dict[str, Any]
    run_at: datetime
    waits_for: str | None = None
    error: str | None = None
    attempts: int = 0
    waits: int = 0


class JobQueue:
    """`pool` is voltyard_node's."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(
        self, lease: UUID, room: Room, now: datetime, kinds: Mapping[str, timedelta], busy: Sequence[UUID]
    ) -> list[Job]:
        """Jobs of those kinds that are due, as many as there is room for, tenant by tenant in turn.

        One a station and none of the stations in `busy`. Taken under `lease` for as long as `kinds` says of each. What
        is past its `expires_at` is left to `claim_over`.
        """
        rows = await self._pool.fetch(
            sql("jobs_claim"), lease, room.most, now, list(kinds.values()), list(kinds), list(busy),
            list(room.taken), list(room.taken.values()), room.each,
        )  # fmt: skip
        return all_made(Job, rows)

    async def claim_over(
        self, lease: UUID, most: int, now: datetime, kinds: Mapping[str, timedelta], other: timedelta
    ) -> list[Job]:
        """At most `most` jobs whose time is over; they are `expiring` until they end. `other`: of unknown kinds."""
        arguments = (lease, most, now, list(kinds.values()), list(kinds), other)
        return all_made(Job, await self._pool.fetch(sql("jobs_claim_over"), *arguments))

    async def keep(self, job: Job, lease: UUID, state: dict[str, Any], now: datetime, until: datetime) -> bool:
        """Its state so far, and a longer lease. False when it is no longer ours, or was cancelled: stop."""
        return await self._pool.fetchval(sql("jobs_keep"), job.id, lease, state, now, until) is not None

    async def again(self, job: Job, lease: UUID, later: Later, now: datetime) -> bool:
        """It goes on later. False when it is no longer ours."""
        arguments = (
            job.id, lease, later.state, later.run_at, later.waits_for, later.error, now, later.attempts, later.waits
        )  # fmt: skip
        return await self._pool.fetchval(sql("jobs_again"), *arguments) is not None

    async def end(
        self, job: Job, lease: UUID, status: str, result: dict[str, Any] | None, error: str | None, now: datetime
    ) -> bool:
        """It is over: done, failed or expired. False when it is no longer ours."""
        return await self._pool.fetchval(sql("jobs_end"), job.id, lease, status, result, error, now) is not None

    async def station_ready(self, tenant_id: UUID, station_id: UUID, from_: datetime, spacing: timedelta) -> int:
        """It connected or was accepted: what waits for that is due from `from_` on, one each `spacing`, in order."""
        found: int = await self._pool.fetchval(sql("jobs_station_ready"), tenant_id, station_id, from_, spacing)
        return found

    async def wake(self, job_id: UUID, now: datetime) -> None:
        """It is due now."""
        await self._pool.execute(sql("jobs_wake"), job_id, now)
