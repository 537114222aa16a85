"""Events about reservations. `number` is the reservation id that the station knows."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, Evse, StationId, StationName, Text, told

_RESERVATION = {
    "station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001", "number": 17,
}  # fmt: skip
_Number = Annotated[int, told("Which one: the reservation id at the station.")]


class ReservationCreated(EventData, frozen=True, kw_only=True, gc=False):
    """Somebody has reserved; the station is asked when it begins."""

    type: ClassVar[str] = "voltyard.reservation.created.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _RESERVATION | {
        "reservation_id": "01930c22-1111-7c3e-9a55-3f1f0b6c2d11", "evse": 1, "token": "04A1B2C3",
        "starts_at": "2026-03-01T08:30:00.000Z", "expires_at": "2026-03-01T09:00:00.000Z",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    number: _Number
    reservation_id: Annotated[UUID, told("Our id of it.")]
    evse: Evse = None
    token: Annotated[str, told("Whom it is for.")]
    starts_at: Annotated[datetime, told("From when on.", tz=True)]
    expires_at: Annotated[datetime, told("Until when.", tz=True)]


class ReservationAccepted(EventData, frozen=True, kw_only=True, gc=False):
    """The station holds it."""

    type: ClassVar[str] = "voltyard.reservation.accepted.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _RESERVATION

    station_id: StationId
    station: StationName
    number: _Number


class ReservationRefused(EventData, frozen=True, kw_only=True, gc=False):
    """The station does not hold it."""

    type: ClassVar[str] = "voltyard.reservation.refused.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _RESERVATION | {"answer": "Occupied", "detail": None}

    station_id: StationId
    station: StationName
    number: _Number
    answer: Annotated[Text, told("The station's word: Faulted, Occupied, Rejected or Unavailable.")] = None
    detail: Annotated[Text, told("What there is to say beyond that word.")] = None


class ReservationUsed(EventData, frozen=True, kw_only=True, gc=False):
    """A transaction has begun on it."""

    type: ClassVar[str] = "voltyard.reservation.used.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _RESERVATION | {"session_id": "01930c20-1111-7c3e-9a55-3f1f0b6c2d11"}

    station_id: StationId
    station: StationName
    number: _Number
    session_id: Annotated[UUID | None, told("Our id of the session, where it is known.")] = None


class ReservationExpired(EventData, frozen=True, kw_only=True, gc=False):
    """Nobody came in time."""

    type: ClassVar[str] = "voltyard.reservation.expired.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _RESERVATION

    station_id: StationId
    station: StationName
    number: _Number


class ReservationCancelled(EventData, frozen=True, kw_only=True, gc=False):
    """It was taken back, by us or by the station."""

    type: ClassVar[str] = "voltyard.reservation.cancelled.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _RESERVATION | {"by": "operator", "detail": None}

    station_id: StationId
    station: StationName
    number: _Number
    by: Annotated[str, told("operator or station.")]
    detail: Annotated[Text, told("Why, where it is known.")] = None


EVENTS: tuple[type[EventData], ...] = (
    ReservationCreated, ReservationAccepted, ReservationRefused, ReservationUsed, ReservationExpired,
    ReservationCancelled,
)  # fmt: skip
