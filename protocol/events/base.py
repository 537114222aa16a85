"""What every event's data shares, and the registry of types.

A type's name ends in its version: a change that could break a reader is a new type beside the old one; a new optional
field is not.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec

Text = str | None


def told(description: str, **limits: Any) -> Any:
    """A field's meaning, unit included, for the schemas."""
    return msgspec.Meta(description=description, **limits)


Instant = Annotated[datetime, msgspec.Meta(tz=True)]
StationId = Annotated[UUID, told("Our id of the station.")]
StationName = Annotated[str, told("The station's OCPP identity, as the operator wrote it.")]
SessionId = Annotated[UUID, told("Our id of the session.")]
Evse = Annotated[int | None, told("EVSE number, from 1; 0 is the station as a whole. In 1.6 the connector's number.")]
Connector = Annotated[int | None, told("Connector number on its EVSE, from 1. In 1.6 always 1.")]
TransactionId = Annotated[str | None, told("The station's transaction id; in 1.6 the number we handed out, as text.")]
Energy = Annotated[int | None, told("Energy taken from the grid in this session so far, in Wh.")]
Export = Annotated[int | None, told("Energy given back to the grid in this session so far, in Wh.")]
Power = Annotated[float | None, told("Power now, in W; negative when the vehicle feeds the grid.")]
Charge = Annotated[float | None, told("The vehicle's state of charge, in percent.")]
OcppVersion = Annotated[str | None, told("OCPP version: 1.6, 2.0.1 or 2.1.")]


class EventData(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The data of one type of event. A subclass names its `type`, its `subject` and an `example`.

    `subject` is a template over the fields: `stations/{station_id}`. Fields are only ever added, with a default, so a
    reader of an older version still reads the newer data. Ephemeral types never reach the outbox.
    """

    type: ClassVar[str] = ""
    subject: ClassVar[str] = ""
    ephemeral: ClassVar[bool] = False
    example: ClassVar[dict[str, Any]] = {}


_SUBJECT = re.compile(r"([a-z]+)/\{([a-z_]+)\}")


def make(event: EventData) -> tuple[str, str, bytes]:
    """(type, subject, data as JSON), the three an outbox row is made of. Times are UTC with milliseconds."""
    return event.type, subject_of(event), encode(event)


def subject_of(event: EventData) -> str:
    """What the event is about: `stations/{id}`, `sessions/{id}`, `commands/{id}`, `refusals/{id}`."""
    match = _SUBJECT.fullmatch(event.subject)
    if match is None:
        name = type(event).__name__
        raise TypeError(f"{name}.subject must read like 'stations/{{station_id}}', not {event.subject!r}")
    return f"{match[1]}/{getattr(event, match[2])}"


def encode(event: EventData) -> bytes:
    """The data as JSON text."""
    plain = msgspec.to_builtins(event, builtin_types=(datetime,))
    for name, value in plain.items():
        if isinstance(value, datetime):
            plain[name] = timestamp(value)
    return msgspec.json.encode(plain)


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds. Refuses naive times."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; give UTC")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
