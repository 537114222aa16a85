"""Lists that stations are asked for because something about them changed: monitors, event streams."""

from datetime import timedelta
from typing import Final

from actors.station.face import NeutralCommand
from gateway.worker.outcome import Again, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job

_BUSY: Final = timedelta(seconds=30)
_COMMANDS: Final = {"monitoring-report": "monitoring-report", "event-streams": "list-streams"}


async def _ask(tools: Tools, job: Job, keep: Keep) -> Outcome:
    station = await tools.station(job)
    if station is None:
        return Done()
    result = await tools.command(job, station, NeutralCommand(_COMMANDS[job.kind], {}))
    if result.status == "station_offline":
        return Again(job.state, waits_for="online")
    if result.status in ("station_busy", "station_silent") and job.attempts < 5:
        return Again(job.state, _BUSY)
    if result.status != "answered":
        return Failed(result.detail or result.error_description or result.status)
    return Done({"outcome": result.outcome})


HANDLERS: Handlers = dict.fromkeys(_COMMANDS, Handler(_ask, deadline=60.0))
