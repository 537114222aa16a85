"""A vehicle's schedule that was refused is negotiated anew: its charging profile is sent once more.

OCPP 2.0.1 Part 2, K15.FR.13 and K16 (the station renegotiates with the vehicle when it gets the profile).
"""

from typing import Final

from actors.station.face import RawCommand
from gateway.worker.outcome import Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job


async def renegotiate(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Once a transaction: a vehicle that refuses again keeps its own schedule, and the event has told of it."""
    station = await tools.station(job)
    if station is None:
        return Failed("the station was deleted")
    payload = {"evseId": job.state["evse"], "chargingProfile": job.state["profile"]}
    result = await tools.command(job, station, RawCommand("SetChargingProfile", payload))
    if result.status != "answered":
        return Failed(f"the charging profile could not be sent again: {result.status}")
    return Done({"status": result.payload.get("status") if isinstance(result.payload, dict) else None})


HANDLERS: Final[Handlers] = {"charging-renegotiate": Handler(renegotiate, deadline=60.0, tries=2)}
