"""Events about what operators do, and about connections we refused."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, OcppVersion, StationId, StationName, Text, told

_COMMAND = {
    "command_id": "01930c21-1111-7c3e-9a55-3f1f0b6c2d11", "station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11",
    "station": "CP001", "action": "Reset", "command": "reset", "version": "1.6",
}  # fmt: skip
Command = Annotated[Text, told("The version-neutral command (start, stop, reset …), when it was one.")]


class CommandSent(EventData, frozen=True, kw_only=True, gc=False):
    """A command has gone out to a station. Its payload is under /commands/{id}, redacted."""

    type: ClassVar[str] = "voltyard.command.sent.v1"
    subject: ClassVar[str] = "commands/{command_id}"
    example: ClassVar[dict[str, Any]] = _COMMAND | {"requested_by": "admin"}

    command_id: Annotated[UUID, told("Our id of the command.")]
    station_id: StationId
    station: StationName
    action: Annotated[str, told("The OCPP action.")]
    command: Command = None
    version: OcppVersion = None
    requested_by: Annotated[Text, told("Who asked for it.")] = None


class CommandAnswered(EventData, frozen=True, kw_only=True, gc=False):
    """A command's fate is known, or known better: an answer that came too late gives a second event."""

    type: ClassVar[str] = "voltyard.command.answered.v1"
    subject: ClassVar[str] = "commands/{command_id}"
    example: ClassVar[dict[str, Any]] = _COMMAND | {
        "status": "answered", "outcome": "accepted", "error_code": None, "duration_ms": 84, "requested_by": "admin",
    }  # fmt: skip

    command_id: Annotated[UUID, told("Our id of the command.")]
    station_id: StationId
    station: StationName
    action: Annotated[str, told("The OCPP action.")]
    status: Annotated[str, told(
        "answered, error, invalid_answer, each also late_… when it came after its time; timeout or lost."
    )]
    command: Command = None
    version: OcppVersion = None
    outcome: Annotated[Text, told(
        "accepted, partly, rejected, scheduled or unsupported, where the answer says so."
    )] = None
    error_code: Annotated[Text, told("The station's error code, when it answered with an error.")] = None
    duration_ms: Annotated[int | None, told("From sending to answer, in milliseconds.")] = None
    requested_by: Annotated[Text, told("Who asked for it.")] = None


class RefusalRecorded(EventData, frozen=True, kw_only=True, gc=False):
    """A connection was refused for a reason, path and address prefix not seen together before."""

    type: ClassVar[str] = "voltyard.refusal.recorded.v1"
    subject: ClassVar[str] = "refusals/{refusal_id}"
    example: ClassVar[dict[str, Any]] = {
        "refusal_id": "01930c22-1111-7c3e-9a55-3f1f0b6c2d11", "path": "/ocpp/CP999", "reason": "unknown_station",
        "address_prefix": "192.0.2.0/24", "identity": "CP999", "detail": None, "count": 1,
    }  # fmt: skip

    refusal_id: Annotated[UUID, told("Our id of the refusal.")]
    path: Annotated[str, told("The path that was asked for.")]
    reason: Annotated[str, told("Why, in our stable words.")]
    address_prefix: Annotated[str, told("Network the connection came from.")]
    identity: Annotated[Text, told("The identity it claimed, where one could be told.")] = None
    detail: Annotated[Text, told("More about it.")] = None
    count: Annotated[int, told("How often so far.")] = 1


EVENTS: tuple[type[EventData], ...] = (CommandSent, CommandAnswered, RefusalRecorded)
