"""Reading a station's device model anew, or what of it did not fit into one request; asking it to boot again."""

from datetime import datetime
from typing import Any, Final

from actors.device.prompts import REST
from actors.station.face import NeutralCommand
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job


async def inventory(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Asks for the full device model (2.x) or all keys (1.6); what comes is stored as it comes (B07.FR.14)."""
    return await _say(tools, job, keep, NeutralCommand("base-report", {"kind": "full"}))


async def ask_boot(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Asks once for a BootNotification, unless there is nothing new to hear or it came meanwhile.

    A station that is accepted refuses (F06.FR.17), one that is rejected is sent nothing (B03.FR.03).
    """
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    boot = there.live.boot or {}
    since = job.state.get("since")
    if since is not None:
        if boot.get("at") is not None and datetime.fromisoformat(str(boot["at"])) >= datetime.fromisoformat(since):
            return Done({"asked": False})
    elif boot.get("status") in (None, "accepted", "rejected"):
        return Done({"asked": False})
    return await _say(tools, job, keep, NeutralCommand("trigger", {"message": "BootNotification"}))


async def _say(tools: Tools, job: Job, keep: Keep, command: NeutralCommand) -> Outcome:
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    if job.state.get("asked"):
        return Failed("the station gave no answer when it was asked")  # once: it may be our question that kills it
    await keep(job.state | {"asked": True})
    result = await tools.command(job, there.station, command)
    if result.status != "answered":
        return not_now(job, result, job.state) or Failed(said(result))
    return Done({"asked": True, "outcome": result.outcome})


async def rest(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """What did not fit into one message, one after the other, each sent once (B08.FR.06, N06.FR.04)."""
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    left: list[dict[str, Any]] = job.state["rest"]
    answers: list[str] = job.state.get("answers", [])
    while left:
        arguments, *left = left
        await keep({"rest": left, "answers": answers})
        result = await tools.command(job, there.station, _of_rest(arguments))
        later = not_now(job, result, {"rest": [arguments, *left], "answers": answers})
        if later is not None:  # it was never sent
            return later
        answers = [*answers, result.outcome or result.status]
    return Done({"answers": answers})


def _of_rest(arguments: dict[str, Any]) -> NeutralCommand:
    """A `report`, unless it names another command."""
    return NeutralCommand(
        arguments.get("command", "report"), {name: value for name, value in arguments.items() if name != "command"}
    )


HANDLERS: Final[Handlers] = {
    "inventory": Handler(inventory),
    "ask-boot": Handler(ask_boot),
    REST: Handler(rest, deadline=300.0),
}
