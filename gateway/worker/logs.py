"""Jobs about files and reports of stations: news of a log that came, and what is deleted when its time is over."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from gateway.worker.outcome import Again, Done, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.types import LogReceived
from storage.jobs import Job, NewJob
from storage.pool import Connection
from storage.web.file_addresses import get_address
from storage.web.monitors import delete_customer_report
from web.files.finish import RECEIVED

EXPIRE: Final = "log-expire"


async def _received(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """The event; and the day on which the file goes."""
    log_id, now = UUID(job.key or ""), tools.clock.now()
    if job.station_id is None:
        return Done()
    event = LogReceived(
        log_id=log_id, station_id=job.station_id, size=job.state["size"], file_name=job.state.get("file_name")
    )
    await tools.record(job.tenant_id, job.station_id, tools.event(event, job.request_id))
    at = now + timedelta(seconds=tools.settings.files_retention)
    await tools.begin(NewJob(
        job.tenant_id, tools.new_id(), EXPIRE, str(log_id), job.station_id, f"logs/{log_id}", at, now
    ))  # fmt: skip
    return Done()


async def _expired(tools: Tools, job: Job, keep: Keep) -> Outcome:
    log_id, files = UUID(job.key or ""), tools.files
    if files is not None:
        await files.disk(lambda: files.store.remove(job.tenant_id, "logs", log_id))
    found = await tools.database(job.tenant_id, lambda connection: get_address(connection, log_id))
    return Done({"size": found.size if found is not None else None})


async def _forget(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """What was told about a customer is kept for a time only (customer_retention)."""
    if not job.state.get("due"):
        at = job.created_at + timedelta(seconds=tools.settings.customer_retention)
        wait = at - tools.clock.now()
        if wait > timedelta():
            return Again({**job.state, "due": True}, wait)
    station_id = job.station_id
    if station_id is None:
        return Done()

    async def delete(connection: Connection) -> bool:
        return await delete_customer_report(connection, station_id, job.state["request_id"])

    return Done({"deleted": await tools.database(job.tenant_id, delete)})


HANDLERS: Handlers = {
    RECEIVED: Handler(_received),
    EXPIRE: Handler(_expired),
    "customer-information-forget": Handler(_forget),
}
