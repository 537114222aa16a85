"""Every event we tell of, by name. Import from here: `from protocol.events.types import SessionBegan, make`."""

from protocol.events import operations, sessions, stations
from protocol.events.base import EventData, encode, make, subject_of, timestamp
from protocol.events.operations import CommandAnswered, CommandSent, RefusalRecorded
from protocol.events.sessions import (
    SessionBegan,
    SessionEnded,
    SessionMeasured,
    SessionOrphaned,
    SessionReopened,
    SessionUpdated,
    UnmatchedRecorded,
)
from protocol.events.stations import (
    RecordQuarantined,
    StationBooted,
    StationHeldOff,
    StationObjectChanged,
    StationOffline,
    StationOnline,
    StationReported,
    StationStatusChanged,
)

EVENTS: tuple[type[EventData], ...] = (*stations.EVENTS, *sessions.EVENTS, *operations.EVENTS)
BY_TYPE: dict[str, type[EventData]] = {event.type: event for event in EVENTS}

__all__ = [
    "BY_TYPE",
    "EVENTS",
    "CommandAnswered",
    "CommandSent",
    "EventData",
    "RecordQuarantined",
    "RefusalRecorded",
    "SessionBegan",
    "SessionEnded",
    "SessionMeasured",
    "SessionOrphaned",
    "SessionReopened",
    "SessionUpdated",
    "StationBooted",
    "StationHeldOff",
    "StationObjectChanged",
    "StationOffline",
    "StationOnline",
    "StationReported",
    "StationStatusChanged",
    "UnmatchedRecorded",
    "encode",
    "make",
    "subject_of",
    "timestamp",
]
