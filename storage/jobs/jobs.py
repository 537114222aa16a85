"""Jobs as the web layer and handlers see them: within one tenant's transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values

SEALED = "sealed"
"""The name in a job's state under which a secret lies, closed by storage/sealing.py and gone with the job's end."""


@attrs.frozen
class Job:
    """A job. `state` is what its handler goes on from.

    `status`: waiting, done, failed, cancelled, expiring (its time is over, and what follows from that is being done),
    expired. `waits_for`: online or accepted, of its station. `attempts`: failures in a row, this run included;
    `waits`: how often in a row its station could not be asked.
    """

    tenant_id: UUID
    id: UUID
    kind: str
    key: str | None
    station_id: UUID | None
    subject: str | None
    status: str
    run_at: datetime
    waits_for: str | None
    expires_at: datetime | None
    attempts: int
    waits: int
    state: dict[str, Any]
    result: dict[str, Any] | None
    error: str | None
    requested_by: str | None
    request_id: str | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@attrs.frozen
class NewJob:
    """A job to begin, in the statement's order. With `key`, nothing happens while one of that kind and key is open."""

    tenant_id: UUID
    id: UUID
    kind: str
    key: str | None
    station_id: UUID | None
    subject: str | None
    run_at: datetime
    now: datetime
    state: dict[str, Any] = attrs.field(factory=dict)
    waits_for: str | None = None
    expires_at: datetime | None = None
    priority: int = 0
    requested_by: str | None = None
    request_id: str | None = None


@attrs.frozen
class JobFilter:
    """What a list is narrowed to."""

    kind: str | None = None
    status: str | None = None
    station_id: UUID | None = None
    subject: str | None = None


async def enqueue(connection: Connection, job: NewJob) -> bool:
    """Begins it in the caller's transaction. False when one of that kind and key is open already."""
    return await connection.fetchval(statement("job_insert"), *values(job)) is not None


async def get_job(connection: Connection, job_id: UUID) -> Job | None:
    """None when this tenant has no such job."""
    row = await connection.fetchrow(statement("job_get"), job_id)
    return made(Job, row) if row else None


async def list_jobs(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: JobFilter
) -> list[Job]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("jobs_page", oldest=oldest), limit, after, wanted.kind, wanted.status, wanted.station_id,
        wanted.subject,
    )  # fmt: skip
    return all_made(Job, rows)


async def cancel_job(connection: Connection, job_id: UUID, now: datetime) -> bool:
    """False when it is not open any more. What a worker has under way just now may still take effect."""
    return await connection.fetchval(statement("job_cancel"), job_id, now) is not None


async def look_again(connection: Connection, station_id: UUID, now: datetime, waits_for: str | None = None) -> None:
    """What waits for that station is due now; `waits_for`: only what waits for this."""
    await connection.execute(statement("jobs_look_again"), station_id, now, waits_for)
