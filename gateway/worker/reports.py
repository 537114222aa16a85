"""Reading a station's device model anew, or what of it did not fit into one request; asking it to boot again."""

from datetime import datetime, timedelta
from typing import Any, Final

from actors.device.prompts import REST
from actors.station.face import NeutralCommand
from gateway.worker.outcome import Again, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job

_BUSY: Final = timedelta(seconds=30)
_NOT_NOW: Final = frozenset(("station_busy", "station_silent", "station_offline"))


async def inventory(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Asks for the full device model (2.x) or all keys (1.6); what comes is stored as it comes (B07.FR.14)."""
    return await _say(tools, job, keep, NeutralCommand("base-report", {"kind": "full"}))


async def ask_boot(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Asks once for a BootNotification, unless there is nothing new to hear or it came meanwhile.

    A station that is accepted refuses (F06.FR.17), one that is rejected is sent nothing (B03.FR.03).
    """
    station = await tools.station(job)
    if station is None:
        return Failed("the station was deleted")
    live = tools.stations.live(station.id)
    if live is None or not live.online:
        return Again(job.state, waits_for="online")
    boot = live.boot or {}
    since = job.state.get("since")
    if since is not None:
        if boot.get("at") is not None and datetime.fromisoformat(str(boot["at"])) >= datetime.fromisoformat(since):
            return Done({"asked": False})
    elif boot.get("status") in (None, "accepted", "rejected"):
        return Done({"asked": False})
    return await _say(tools, job, keep, NeutralCommand("trigger", {"message": "BootNotification"}))


async def _say(tools: Tools, job: Job, keep: Keep, command: NeutralCommand) -> Outcome:
    station = await tools.station(job)
    if station is None:
        return Failed("the station was deleted")
    live = tools.stations.live(station.id)
    if live is None or not live.online:
        return Again(job.state, waits_for="online")
    if job.state.get("asked"):
        return Failed("the station gave no answer when it was asked")  # once: it may be our question that kills it
    await keep(job.state | {"asked": True})
    result = await tools.command(job, station, command)
    if result.status in _NOT_NOW and result.id is None:  # it was never sent
        away = result.status == "station_offline"
        return Again(job.state, timedelta() if away else _BUSY, waits_for="online" if away else None)
    if result.status != "answered":
        return Failed(result.detail or result.status)
    return Done({"asked": True, "outcome": result.outcome})


async def rest(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """What did not fit into one GetReport, one message after the other, each asked for once (B08.FR.06)."""
    station = await tools.station(job)
    if station is None:
        return Failed("the station was deleted")
    live = tools.stations.live(station.id)
    if live is None or not live.online:
        return Again(job.state, waits_for="online")
    left: list[dict[str, Any]] = job.state["rest"]
    answers: list[str] = job.state.get("answers", [])
    while left:
        arguments, *left = left
        await keep({"rest": left, "answers": answers})
        result = await tools.command(job, station, NeutralCommand("report", arguments))
        if result.status in _NOT_NOW and result.id is None:  # it was never sent
            away = result.status == "station_offline"
            state = {"rest": [arguments, *left], "answers": answers}
            return Again(state, timedelta() if away else _BUSY, waits_for="online" if away else None)
        answers = [*answers, result.outcome or result.status]
    return Done({"answers": answers})


HANDLERS: Final[Handlers] = {
    "inventory": Handler(inventory),
    "ask-boot": Handler(ask_boot),
    REST: Handler(rest, deadline=300.0),
}
