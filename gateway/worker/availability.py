"""In and out of service: followed until it is so, told again to stations that forget it, and done by plan.

A station that restarts may be back in service although it was taken out of it: it is asked again (G03, G04). A
`Scheduled` is believed when the connectors show it (quirk 31).
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from actors.control.learned import FOLLOW
from actors.control.objects import KIND, Availability, holds, read
from actors.records import StationObjectRecord
from actors.station.face import NeutralCommand
from gateway.worker.answers import not_now, said, status_of
from gateway.worker.outcome import Again, Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.types import StationObjectChanged
from storage.jobs import Job
from storage.sql import sql
from storage.web.availability import PlanRow, end_plan, get_plan
from storage.web.objects import ObjectRow, get_object

PLAN: Final = "availability-plan"
_FIRST_LOOK: Final = timedelta(seconds=30)
_LOOK: Final = timedelta(minutes=2)
_LONG_LOOK: Final = timedelta(minutes=15)
_MOST_TRIES: Final = 5
_MOST_ASKINGS: Final = 480  # of a plan, twice a minute, at a station that is there and does not answer
_STATUS: Final = {"accepted": "wanted", "scheduled": "scheduled"}


async def follow(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Back in service: until that is so. Out of it: as long as that is wanted."""
    station = await tools.station(job)
    if station is None:
        return Done()

    async def look(connection: Any) -> tuple[ObjectRow | None, list[tuple[int, int, str]]]:
        row = await get_object(connection, station.id, KIND, job.state["place"])
        found = await connection.fetch(sql("web_availability_connectors"), station.id)
        return row, [(each["evse"], each["connector"], each["status"]) for each in found]

    row, connectors = await tools.database(job.tenant_id, look)
    if row is None or row.status == "refused":
        return Done()
    if not job.state.get("looked"):  # the station has yet to tell its connectors' new status
        return Again(job.state | {"looked": True}, _FIRST_LOOK)
    wanted, so = read(row.data), None
    so = holds(wanted, connectors)
    if so:
        if row.status != "in_effect":
            await _say(tools, job, wanted, "in_effect")
        return Done({"in_effect": True}) if wanted.operative else Again(job.state, _LONG_LOOK)
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    if row.status == "scheduled" and any(status not in ("Available", "Unavailable") for _, _, status in connectors):
        return Again(job.state, _LOOK)  # a session runs on
    if wanted.tries >= _MOST_TRIES:
        await _say(tools, job, wanted, "refused")
        return Failed("the station says that it changes this, and does not: look at it")
    arguments: dict[str, Any] = {"operative": wanted.operative, "evse": wanted.evse}
    if wanted.connector is not None:
        arguments["connector"] = wanted.connector
    tries = 1 if row.status == "in_effect" else wanted.tries + 1
    result = await tools.command(job, station, NeutralCommand("availability", arguments))
    if result.status == "answered":
        again = Availability(wanted.evse, wanted.connector, wanted.operative, status_of(result), tries)
        await _say(tools, job, again, _STATUS.get(result.outcome or "", "refused"))
        return Again(job.state, _LOOK)
    later = not_now(job, result, job.state, repeat=True, pause=_LOOK)
    return later or Again(job.state, _LONG_LOOK, error=said(result))


async def _say(tools: Tools, job: Job, wanted: Availability, status: str) -> None:
    station = await tools.station(job)
    if station is None:
        return
    told = StationObjectChanged(
        station_id=station.id, station=station.identity, kind=KIND, key=wanted.key, status=status
    )
    row = StationObjectRecord(KIND, wanted.key, status, wanted.data(), tools.clock.now())
    await tools.record(job.tenant_id, station.id, row, tools.event(told))


async def planned(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """At its time one way, at its end the other, and so on as often as it repeats."""
    plan = await tools.database(job.tenant_id, lambda connection: get_plan(connection, UUID(job.state["plan"])))
    station = await tools.station(job)
    if plan is None or station is None or plan.status in ("cancelled", "done", "failed"):
        return Done()
    now, state = tools.clock.now(), dict(job.state)
    starts = datetime.fromisoformat(state["starts"]) if "starts" in state else plan.starts_at
    ends = None if plan.ends_at is None else starts + (plan.ends_at - plan.starts_at)
    if now < starts:
        return Again(state, starts - now)
    within = ends is None or now < ends
    result = await tools.command(job, station, NeutralCommand("availability", _arguments(plan, begins=within)))
    if result.status != "answered":
        later = not_now(job, result, state, repeat=True, most=_MOST_ASKINGS)
        if later is not None:
            return later
        error = said(result)
        await tools.database(job.tenant_id, lambda connection: end_plan(connection, plan.id, "failed", error, now))
        return Failed(error)
    following = _next(plan, starts)
    status = "active" if (within and ends is not None) or following is not None else "done"
    so_far = f"{'begun' if within else 'ended'}: {result.outcome}"
    await tools.database(job.tenant_id, lambda connection: end_plan(connection, plan.id, status, so_far, now))
    if within and ends is not None:
        return Again(state, ends - now)
    if following is None:
        return Done()
    state["starts"] = following.isoformat()
    return Again(state, max(following - now, timedelta()))


def _arguments(plan: PlanRow, *, begins: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"operative": plan.operative if begins else not plan.operative}
    if plan.evse is not None:
        found["evse"] = plan.evse
    if plan.connector is not None:
        found["connector"] = plan.connector
    return found


def _next(plan: PlanRow, starts: datetime) -> datetime | None:
    """The same time by the clock on the wall, a day or a week later."""
    if plan.repeats is None:
        return None
    where = ZoneInfo(plan.time_zone)
    local = starts.astimezone(where).replace(tzinfo=None) + timedelta(days=1 if plan.repeats == "daily" else 7)
    return local.replace(tzinfo=where).astimezone(starts.tzinfo)


HANDLERS: Final[Handlers] = {
    FOLLOW: Handler(follow, deadline=60.0),
    PLAN: Handler(planned, deadline=60.0),
}
