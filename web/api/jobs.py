"""/jobs: long work of the platform, how far it is, and how it ended."""

from typing import Any

from msgspec import Struct

from protocol.redact import redact_payload
from storage.jobs import SEALED, Job, cancel_job
from storage.jobs import get_job as read_job
from storage.jobs import list_jobs as read_jobs
from storage.jobs.jobs import JobFilter
from storage.pool import Connection
from storage.web.queued import KIND as QUEUED_COMMAND
from storage.web.queued import cancel_queued
from web.api.call import Answer, Call
from web.api.fields import Label
from web.api.listing import listed
from web.api.route import NoQuery, Route
from web.api.stations import named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem


class JobsQuery(Page, kw_only=True, frozen=True):
    """`subject`: what a job belongs to, for example `campaigns/{id}`."""

    kind: Label | None = None
    status: Label | None = None
    station: Label | None = None
    subject: Label | None = None


class JobView(Struct, frozen=True, kw_only=True):
    """A job. `status`: waiting, done, failed, cancelled, expiring or expired.

    `waits_for`: `online` or `accepted`, of its station. `error`: what it waits for, or what went wrong the last time.
    """

    id: str
    kind: str
    status: str
    station_id: str | None
    subject: str | None
    waits_for: str | None
    run_at: Instant
    expires_at: Instant | None
    attempts: int
    state: dict[str, Any]
    result: dict[str, Any] | None
    error: str | None
    requested_by: str | None
    created_at: Instant
    updated_at: Instant
    finished_at: Instant | None


async def list_jobs(call: Call[JobsQuery, None]) -> Answer:
    query = call.query
    station_id = None if query.station is None else await named_station(call, query.station)
    wanted = JobFilter(query.kind, query.status, station_id, query.subject)
    return await listed(call, "jobs", lambda connection, span: read_jobs(connection, *span, wanted), job_view)


async def get_job(call: Call[NoQuery, None]) -> Answer:
    missing = _missing(call)
    job_id = call.id_in_path("id", missing)
    job = await call.database(lambda connection: read_job(connection, job_id))
    if job is None:
        raise missing
    return Answer(job_view(job))


async def delete_job(call: Call[NoQuery, None]) -> Answer:
    """Cancels it; one that has ended stays as it ended."""
    missing = _missing(call)
    job_id = call.id_in_path("id", missing)

    async def cancel(connection: Connection) -> None:
        job = await read_job(connection, job_id)
        if job is None:
            raise missing
        if job.kind == QUEUED_COMMAND:  # its command goes with it
            await cancel_queued(connection, job_id, call.now)
        else:
            await cancel_job(connection, job_id, call.now)

    await call.database(cancel)
    return Answer(status=204)


def _missing(call: Call[Any, Any]) -> ApiProblem:
    return ApiProblem("unknown_job", f"no job has the id {call.path['id'][:64]!r}")


def job_view(job: Job) -> JobView:
    return JobView(
        id=str(job.id), kind=job.kind, status=job.status, station_id=str(job.station_id) if job.station_id else None,
        subject=job.subject, waits_for=job.waits_for, run_at=instant(job.run_at), expires_at=instant(job.expires_at),
        attempts=job.attempts, state=_shown(job.state), result=job.result, error=job.error,
        requested_by=job.requested_by,
        created_at=instant(job.created_at), updated_at=instant(job.updated_at), finished_at=instant(job.finished_at),
    )  # fmt: skip


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    """What a job goes on from, without secrets."""
    shown: Any = redact_payload("", {name: value for name, value in state.items() if name != SEALED}, answer=False)
    return dict(shown)


ROUTES = [
    Route("GET", "/jobs", list_jobs, "List long work", {200: ListOf[JobView]}, query=JobsQuery,
          problems=("unknown_station",)),
    Route("GET", "/jobs/{id}", get_job, "Read how far a job is", {200: JobView}, problems=("unknown_job",)),
    Route("DELETE", "/jobs/{id}", delete_job, "Cancel a job that has not ended", {204: None},
          problems=("unknown_job",)),
]
