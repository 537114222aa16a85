"""Events of smart charging: limits of others, what vehicles ask for and plan, priority charging."""

from typing import Annotated, Any, ClassVar

from protocol.events.base import EventData, Evse, Instant, StationId, StationName, TransactionId, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}


class ChargingLimitChanged(EventData, frozen=True, kw_only=True, gc=False):
    """Somebody else limits charging at a station (an energy manager, the grid's operator), or no longer does."""

    type: ClassVar[str] = "voltyard.station.charging_limit_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "evse": 0, "source": "EMS", "active": True, "grid_critical": False, "local_generation": False,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    evse: Evse = None
    source: Annotated[str, told("Who limits: EMS, SO, CSO, Other or a name of the station's own.")]
    active: Annotated[bool, told("False: the limit is gone.")]
    grid_critical: Annotated[bool, told("True: for the grid's safety.")] = False
    local_generation: Annotated[bool, told("True: not a limit but power that is there in addition.")] = False


class ChargingNeedsTold(EventData, frozen=True, kw_only=True, gc=False):
    """A vehicle said what it needs. The whole of it is the station's object `charging_needs`."""

    type: ClassVar[str] = "voltyard.station.charging_needs_told.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "evse": 1, "transaction_id": "5f0d", "transfer": "DC_BPT", "departure_at": None, "answer": "Rejected",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    evse: Evse = None
    transaction_id: TransactionId = None
    transfer: Annotated[str, told("The energy transfer that it asks for, as OCPP names it.")]
    departure_at: Annotated[Instant | None, told("When it wants to leave.")] = None
    answer: Annotated[str, told("What it was answered: Accepted, Processing, Rejected or NoChargingProfile.")]


class EvScheduleTold(EventData, frozen=True, kw_only=True, gc=False):
    """A vehicle said how it will charge. Refused when that exceeds the schedule it was given."""

    type: ClassVar[str] = "voltyard.station.ev_schedule_told.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"evse": 1, "transaction_id": "5f0d", "accepted": True}

    station_id: StationId
    station: StationName
    evse: Evse = None
    transaction_id: TransactionId = None
    accepted: Annotated[bool, told("False: it must be negotiated anew.")]


class PriorityChargingChanged(EventData, frozen=True, kw_only=True, gc=False):
    """A transaction charges with priority from now on, or no longer: its driver's wish comes before any plan."""

    type: ClassVar[str] = "voltyard.station.priority_charging_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"transaction_id": "5f0d", "activated": True}

    station_id: StationId
    station: StationName
    transaction_id: TransactionId = None
    activated: Annotated[bool, told("True: it has begun.")]


EVENTS: tuple[type[EventData], ...] = (
    ChargingLimitChanged, ChargingNeedsTold, EvScheduleTold, PriorityChargingChanged,
)  # fmt: skip
