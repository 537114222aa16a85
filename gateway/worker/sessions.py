"""Work about running sessions: asking a station how one stands, and which tariffs it holds."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from actors.session.instructions import ASK, COST, Instruction
from actors.station.face import NeutralCommand
from actors.tariffs.learned import READ_AGAIN
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import GONE, Again, Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job
from storage.web.sessions import SessionRow, get_session

_SETTLE: Final = timedelta(minutes=2)  # what a station says after its queue is empty may still be under way
_QUEUED: Final = timedelta(minutes=10)
_MOST_LOOKS: Final = 12


async def _ask(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """GetTransactionStatus, once for each silence (OCPP 2.0.1 Part 2, E14).

    The transaction is over and nothing waits: its end was lost, and the session ends without it. Something waits: it
    will tell. It goes on: so does the session.
    """
    session = await _session(tools, job)
    if session is None or session.status != "active":
        return Done({"status": "ended meanwhile"})
    if session.last_received_at > job.created_at and not job.state.get("asked"):
        return Done({"status": "heard of meanwhile"})
    station = await tools.station(job)
    if station is None:
        return Failed(GONE)
    if job.state.get("over"):
        return await _close(tools, job, session)
    if job.state.get("asked") and not job.state.get("looks"):
        return Done({"status": "asked before; asked once only"})
    live = tools.stations.live(station.id)
    if live is None or not live.online:
        return Again(job.state, waits_for="online")
    state = {"asked": True, "looks": job.state.get("looks", 0)}
    await keep(state)
    result = await tools.command(job, station, NeutralCommand("transaction-status", {"session": session.id}))
    if result.status != "answered" or not isinstance(result.payload, dict):
        return not_now(job, result, job.state) or Done({"status": result.status})
    return _next(result.payload, state)


def _next(told: dict[str, Any], state: dict[str, Any]) -> Outcome:
    if told.get("messagesInQueue"):
        looks = state["looks"] + 1
        if looks >= _MOST_LOOKS:
            return Done({"status": "messages still wait at the station", **told})
        return Again({**state, "looks": looks}, after=_QUEUED)
    if told.get("ongoingIndicator") is False:
        return Again({**state, "over": True}, after=_SETTLE)
    return Done({"status": "goes on" if told.get("ongoingIndicator") else "the station does not say", **told})


async def _close(tools: Tools, job: Job, session: SessionRow) -> Outcome:
    station = await tools.station(job)
    if station is None:
        return Failed(GONE)
    instruction = Instruction(session.id, "close", {"reason": "station_says_it_is_over"})
    taken = await tools.stations.instruct(station, instruction)
    return Done({"status": "closed" if taken else "ended meanwhile"})


async def _session(tools: Tools, job: Job) -> SessionRow | None:
    session_id = UUID(job.subject.partition("/")[2]) if job.subject else None
    if session_id is None:
        return None
    return await tools.database(job.tenant_id, lambda connection: get_session(connection, session_id))


async def _tariffs(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """GetTariffs for all EVSEs; the answer is what is kept of it (actors/tariffs/learned.py)."""
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    result = await tools.command(job, there.station, NeutralCommand("tariffs", {}))
    if result.status in ("answered", "unsupported"):
        return Done({"status": result.outcome})
    later = not_now(job, result, job.state, repeat=True, most=3)
    return later or Failed(f"the station did not say which tariffs it holds: {said(result)}")


async def _cost(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """The last cost that a station was told becomes that of the session (E16.FR.11); what is over keeps its own."""
    station = await tools.station(job)
    if station is None:
        return Failed(GONE)
    told = job.state["transaction_id"]
    row = await tools.store.find_session(station.id, business_key=None, transaction_id=told)
    if row is None or row.status != "active":
        return Done({"status": "no such session is open"})
    instruction = Instruction(row.id, "cost", {"total_cost": job.state["total_cost"]})
    taken = await tools.stations.instruct(station, instruction)
    return Done({"status": "noted" if taken else "ended meanwhile"})


HANDLERS: Handlers = {ASK: Handler(_ask), READ_AGAIN: Handler(_tariffs), COST: Handler(_cost)}
