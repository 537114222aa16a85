"""Commands that waited for their station: sent when it is back, in order, at a calm pace (quirk 12).

What must not be repeated is sent at most once: that it is being sent is kept before it is. An answer to it is its end,
though it came late: before it is sent again its row is looked at. What will be sent is sealed, since it may hold
secrets; it goes with the job's end.
"""

from base64 import b64decode
from datetime import timedelta
from typing import Any, Final

import msgspec

from actors.ports import StationConfig
from actors.records import CommandRecord
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from actors.station.late import was_answered
from actors.station.repeatable import repeatable
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import Again, Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.types import CommandAnswered
from protocol.redact import redact_payload
from storage.jobs import SEALED, Job
from storage.sealing import CannotOpen
from storage.web.commands import CommandRow, get_command
from storage.web.queued import KIND
from web.commands.preparing import For, Prepared, followed, prepared, unused
from web.problems import ApiProblem
from web.validation import NotValid

_SENT: Final = "sent"
_MOST_SENDINGS: Final = 3  # of what may be repeated
_AFTER_SILENCE: Final = timedelta(seconds=30)
_MOST_WAITS: Final = 100_000  # it has an end of its own: `expires_at`


async def _run(tools: Tools, job: Job, keep: Keep) -> Outcome:
    sendings = job.state.get(_SENT, 0)
    if sendings and (answered := await _answered(tools, job)) is not None:
        return answered
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        if isinstance(there, Failed):
            await _end(tools, job, "station_deleted")
        return there
    station = there.station
    action = job.state.get("action", "")
    if sendings and (not repeatable(action) or sendings >= _MOST_SENDINGS):
        await _end(tools, job, "lost")
        return Failed("it was being sent when this node ended, and may not be sent twice")
    try:
        command = _command(tools, job)
    except (NotValid, CannotOpen) as error:
        await _end(tools, job, "invalid_payload")
        return Failed(f"it cannot be sent any more: {error}")
    try:
        command, made, about = await _prepared(tools, job, station, command)
    except ApiProblem as problem:
        await _end(tools, job, "invalid_payload")
        return Failed(problem.detail)
    state = {**job.state, _SENT: sendings + 1}
    try:
        await keep(state)  # only now: what failed before has sent nothing
    except Exception:
        # Whatever it was, it is not sent by us.
        await unused(made, about)
        raise
    result = await tools.command(job, station, command, command_id=job.id)
    if result.id is None:
        await unused(made, about)
    elif result.status == "answered":
        await followed(made, about)
    return await _after(tools, job, result, state)


async def _after(tools: Tools, job: Job, result: CommandResult, state: dict[str, Any]) -> Outcome:
    later = not_now(job, result, job.state, pause=_AFTER_SILENCE, most=_MOST_WAITS)
    if later is not None:  # nothing was sent
        return later
    if result.status == "station_silent" and result.id is not None:
        if repeatable(result.action or "") and state[_SENT] < _MOST_SENDINGS:
            return Again(state, _AFTER_SILENCE)
        return await _answered(tools, job) or Done({"status": result.status, "outcome": result.outcome})
    if result.id is None:  # nothing was sent, and nothing will be: its row says why
        await _end(tools, job, result.status)
        return Failed(said(result))
    return Done({"status": result.status, "outcome": result.outcome})


async def _answered(tools: Tools, job: Job) -> Done | None:
    """Its end, when the station has said something to a sending of it, maybe late."""
    found = await tools.database(job.tenant_id, lambda connection: get_command(connection, job.id))
    if found is None or not was_answered(found.status):
        return None
    return Done({"status": found.status, "outcome": found.outcome})


def _command(tools: Tools, job: Job) -> RawCommand | NeutralCommand:
    """What is to be sent. Raises CannotOpen and NotValid."""
    state, held = job.state, _held(tools, job)
    if state.get("command") is None:
        return RawCommand(state["action"], held, state["validate"])
    name = state["command"]
    return NeutralCommand(name, tools.arguments(name, held))


def _held(tools: Tools, job: Job) -> Any:
    """The payload or body. Commands taken before they were sealed hold it as it is."""
    if SEALED in job.state:
        return msgspec.json.decode(tools.unseal(b64decode(job.state[SEALED]), job.id))
    return job.state.get("payload", job.state.get("body"))


async def _prepared(
    tools: Tools, job: Job, station: StationConfig, command: RawCommand | NeutralCommand
) -> tuple[RawCommand | NeutralCommand, Prepared, For]:
    """With what it needs (an address for a file …), made only now that the station is there."""
    about = For(tools.web, tools.files, station, job.requested_by or "queue", tools.clock.now())
    if isinstance(command, RawCommand):
        return command, Prepared({}), about
    made = await prepared(command.name, command.arguments, about)
    return NeutralCommand(command.name, made.arguments), made, about


async def _expired(tools: Tools, job: Job) -> None:
    await _end(tools, job, "expired")


async def _end(tools: Tools, job: Job, status: str) -> None:
    """The command's row and event, for an end that no sending gave it."""
    found = await tools.database(job.tenant_id, lambda connection: get_command(connection, job.id))
    if found is None or found.status not in ("queued", "sent"):
        return
    now = tools.clock.now()
    answered = CommandAnswered(
        command_id=job.id, station_id=found.station_id, station=found.station, action=found.action, status=status,
        command=found.command, version=found.version, requested_by=found.requested_by,
    )  # fmt: skip
    row = _row(found, status)
    ended = CommandRecord(**{**row, "finished_at": now})
    await tools.record(job.tenant_id, found.station_id, ended, tools.event(answered, job.request_id))


def _row(found: CommandRow, status: str) -> dict[str, Any]:
    return {
        "id": found.id, "action": found.action, "command": found.command, "status": status, "message_id": None,
        "version": found.version, "request": redact_payload(found.action, found.request, answer=False),
        "answer": None, "error": None, "outcome": None, "requested_by": found.requested_by,
        "request_id": found.request_id, "created_at": found.created_at, "sent_at": found.sent_at,
    }  # fmt: skip


HANDLERS: Handlers = {KIND: Handler(_run, deadline=60.0, expired=_expired)}
