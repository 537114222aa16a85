"""A limit that was cleared at a station whose answer is not to be believed is looked after (quirk 31)."""

from collections.abc import Mapping
from typing import Any, Final

from actors.charging.objects import composite_data
from actors.records import StationObjectRecord
from actors.station.face import NeutralCommand
from actors.verify.known import LIMIT_CHECK
from actors.verify.power import in_watts
from actors.verify.steps import VERIFY_CLEAR
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.types import StationObjectChanged
from storage.jobs import Job

_SECONDS: Final = 60
_ALIKE: Final = 1.01


async def look(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Asks what holds at the EVSE now: when it is no more than what was cleared, nothing was cleared."""
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    station = there.station
    evse, limit = int(job.state["evse"]), float(job.state["limit_w"])
    asked = NeutralCommand("composite-schedule", {"evse": evse, "duration_s": _SECONDS})
    result = await tools.command(job, station, asked)
    if result.status != "answered" or not isinstance(result.payload, Mapping):
        later = not_now(job, result, job.state, repeat=True)
        return later or Failed(f"the station does not say what holds: {said(result)}")
    found = _now(result.payload, evse, float(station.settings.get("limit_factor") or 1))
    held = found is not None and found <= limit * _ALIKE
    status = "not_cleared" if held else "cleared"
    row = StationObjectRecord(
        LIMIT_CHECK, str(evse), status, {"limit_w": limit, "composite_w": found}, tools.clock.now()
    )
    told = StationObjectChanged(
        station_id=station.id, station=station.identity, kind=LIMIT_CHECK, key=str(evse), status=status
    )
    await tools.record(job.tenant_id, station.id, row, tools.event(told))
    if held:
        return Failed("the station says that it cleared the limit, and its schedule still has it: set a higher one")
    return Done({"composite_w": found})


def _now(answer: Mapping[str, Any], evse: int, factor: float) -> float | None:
    """The limit of the first period; None: there is no schedule, so nothing limits."""
    data = composite_data(answer, evse)
    if data is None or not data["periods"]:
        return None
    return in_watts(data["periods"][0], data["unit"], factor)


HANDLERS: Final[Handlers] = {VERIFY_CLEAR: Handler(look, deadline=60.0, tries=3)}
