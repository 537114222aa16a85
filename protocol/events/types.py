"""Every event we tell of, by name. Import from here: `from protocol.events.types import SessionBegan, make`."""

from protocol.events import (
    authorization,
    certificates,
    charging,
    costs,
    device,
    forwards,
    grid,
    maintenance,
    monitoring,
    operations,
    repairs,
    reservations,
    security,
    sessions,
    stations,
)
from protocol.events import contract as contract_events
from protocol.events.base import EventData, encode, make, subject_of, timestamp
from protocol.events.device import ReportEnded, TemplateChecked
from protocol.events.maintenance import CampaignChanged, FirmwareProgressed, LogProgressed, LogReceived
from protocol.events.monitoring import MonitorAlerted
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
    StationObjectsChanged,
    StationOffline,
    StationOnline,
    StationReported,
    StationStatusChanged,
)

EVENTS: tuple[type[EventData], ...] = (
    *stations.EVENTS,
    *sessions.EVENTS,
    *operations.EVENTS,
    *device.EVENTS,
    *costs.EVENTS,
    *maintenance.EVENTS,
    *monitoring.EVENTS,
    *charging.EVENTS,
    *grid.EVENTS,
    *security.EVENTS,
    *authorization.EVENTS,
    *reservations.EVENTS,
    *contract_events.EVENTS,
    *certificates.EVENTS,
    *forwards.EVENTS,
    *repairs.EVENTS,
)
BY_TYPE: dict[str, type[EventData]] = {event.type: event for event in EVENTS}

__all__ = [
    "BY_TYPE",
    "EVENTS",
    "CampaignChanged",
    "CommandAnswered",
    "CommandSent",
    "EventData",
    "FirmwareProgressed",
    "LogProgressed",
    "LogReceived",
    "MonitorAlerted",
    "RecordQuarantined",
    "RefusalRecorded",
    "ReportEnded",
    "SessionBegan",
    "SessionEnded",
    "SessionMeasured",
    "SessionOrphaned",
    "SessionReopened",
    "SessionUpdated",
    "StationBooted",
    "StationHeldOff",
    "StationObjectChanged",
    "StationObjectsChanged",
    "StationOffline",
    "StationOnline",
    "StationReported",
    "StationStatusChanged",
    "TemplateChecked",
    "UnmatchedRecorded",
    "encode",
    "make",
    "subject_of",
    "timestamp",
]
