"""An instruction for a session becomes a fact of it. Pure."""

from datetime import datetime

from actors.session.instructions import Instruction, fact_of
from actors.station.decide import Decision, conclude
from actors.station.state import StationState
from actors.station.who import NewId, Station
from actors.station.work import Work


def instructed(
    station: Station, state: StationState, instruction: Instruction, now: datetime, new_id: NewId
) -> Decision | None:
    """None when no such session is open."""
    session = state.sessions.get(instruction.session_id)
    if session is None or not session.open:
        return None
    work = Work(station.id, state, now, new_id)
    kind, data = fact_of(session, instruction)
    work.fact(session, kind, now, data)
    return conclude(station, work, None)
