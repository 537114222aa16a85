"""Event streams whose station falls behind are made wider (OCPP 2.1 Part 2, N15.FR.05, N14)."""

from actors.station.face import NeutralCommand
from actors.streams.objects import STREAM, WIDEN, wider
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job
from storage.web.objects import get_object


async def widen(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Once; when it still falls behind afterwards, its next messages begin another."""
    station = await tools.station(job)
    if station is None:
        return Done()
    key = str(job.state["stream"])
    row = await tools.database(job.tenant_id, lambda connection: get_object(connection, station.id, STREAM, key))
    params = None if row is None or row.removed_at is not None else wider(row.data)
    if params is None:
        return Done({"widened": False})
    result = await tools.command(job, station, NeutralCommand("adjust-stream", {"stream": int(key), **params}))
    if result.status != "answered":
        return not_now(job, result, job.state) or Failed(said(result))
    return Done({"widened": True, "outcome": result.outcome, **params})


HANDLERS: Handlers = {WIDEN: Handler(widen, deadline=60.0)}
