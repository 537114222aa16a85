"""Lists that stations are asked for because something about them changed: monitors, event streams."""

from typing import Final

from actors.station.face import NeutralCommand
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job

_COMMANDS: Final = {"monitoring-report": "monitoring-report", "event-streams": "list-streams"}


async def _ask(tools: Tools, job: Job, keep: Keep) -> Outcome:
    station = await tools.station(job)
    if station is None:
        return Done()
    result = await tools.command(job, station, NeutralCommand(_COMMANDS[job.kind], {}))
    if result.status == "answered":
        return Done({"outcome": result.outcome})
    return not_now(job, result, job.state, repeat=True, most=5) or Failed(said(result))


HANDLERS: Handlers = dict.fromkeys(_COMMANDS, Handler(_ask, deadline=60.0))
