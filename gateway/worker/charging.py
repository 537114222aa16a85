"""A vehicle's schedule was refused, or it told its needs: the transaction's charging profile is sent once more.

OCPP 2.0.1 Part 2, K15.FR.13 and K16 (the station renegotiates with the vehicle when it gets the profile);
K15.FR.07, K16.FR.12 (needs are answered by a profile). And
transactions that go on after a reboot get their profiles again (2.1, E17).
"""

from typing import Final

from actors.session.instructions import RESUME
from actors.station.face import RawCommand
from gateway.worker.answers import not_now, said, status_of
from gateway.worker.outcome import GONE, Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job
from storage.web.charging import resumed

_MOST_TRIES: Final = 5


async def renegotiate(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Once a transaction: a vehicle that refuses again keeps its own schedule, and the event has told of it."""
    station = await tools.station(job)
    if station is None:
        return Failed(GONE)
    payload = {"evseId": job.state["evse"], "chargingProfile": job.state["profile"]}
    result = await tools.command(job, station, RawCommand("SetChargingProfile", payload))
    if result.status == "answered":
        return Done({"status": status_of(result)})
    later = not_now(job, result, job.state, repeat=True, most=_MOST_TRIES)
    return later or Failed(f"the charging profile could not be sent again: {said(result)}")


async def resume(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """The TxProfiles of a transaction that went on after a reboot, sent again as they were (B13.FR.31, E17.FR.15).

    None to a station that keeps them itself. Sending one twice does no harm.
    """
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    station = there.station
    transaction = job.state["transaction_id"]
    found = await tools.database(job.tenant_id, lambda c: resumed(c, station.id, transaction))
    answers = []
    for evse, profile in found:
        payload = {"evseId": evse, "chargingProfile": profile}
        result = await tools.command(job, station, RawCommand("SetChargingProfile", payload))
        later = not_now(job, result, job.state, repeat=True, most=_MOST_TRIES)
        if later is not None:
            return later
        answers.append(result.outcome or result.status)
    return Done({"sent": len(answers), "answers": answers})


HANDLERS: Final[Handlers] = {
    "charging-renegotiate": Handler(renegotiate, deadline=60.0, tries=2),
    RESUME: Handler(resume, deadline=180.0, tries=5),
}
