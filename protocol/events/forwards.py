"""Events about second backends that stations are told to."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, OcppVersion, StationId, StationName, told

_FORWARD = {
    "forward_id": "01930c23-1111-7c3e-9a55-3f1f0b6c2d11", "station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11",
    "station": "CP001",
}  # fmt: skip
_ForwardId = Annotated[UUID, told("Our id of the forward.")]


class ForwardConnected(EventData, frozen=True, kw_only=True, gc=False):
    """A second backend has taken our connection for a station."""

    type: ClassVar[str] = "voltyard.forward.connected.v1"
    subject: ClassVar[str] = "forwards/{forward_id}"
    example: ClassVar[dict[str, Any]] = _FORWARD | {"version": "1.6"}

    forward_id: _ForwardId
    station_id: StationId
    station: StationName
    version: OcppVersion = None


class ForwardLost(EventData, frozen=True, kw_only=True, gc=False):
    """The connection to a second backend has ended; what is not told yet waits."""

    type: ClassVar[str] = "voltyard.forward.lost.v1"
    subject: ClassVar[str] = "forwards/{forward_id}"
    example: ClassVar[dict[str, Any]] = _FORWARD | {"reason": "closed: CloseReason(1001)"}

    forward_id: _ForwardId
    station_id: StationId
    station: StationName
    reason: Annotated[str, told("Why, in words.")]


class ForwardRefused(EventData, frozen=True, kw_only=True, gc=False):
    """A second backend sent commands that it may not; they were refused. At most one a minute for each action."""

    type: ClassVar[str] = "voltyard.forward.command_refused.v1"
    subject: ClassVar[str] = "forwards/{forward_id}"
    example: ClassVar[dict[str, Any]] = _FORWARD | {"action": "Reset", "count": 1}

    forward_id: _ForwardId
    station_id: StationId
    station: StationName
    action: Annotated[str, told("The OCPP action it sent.")]
    count: Annotated[int, told("How often since the last such event.", ge=1)] = 1


class ForwardSkipped(EventData, frozen=True, kw_only=True, gc=False):
    """A second backend will not be told of messages of a station. At most one event a minute for each action."""

    type: ClassVar[str] = "voltyard.forward.message_skipped.v1"
    subject: ClassVar[str] = "forwards/{forward_id}"
    example: ClassVar[dict[str, Any]] = _FORWARD | {
        "action": "StopTransaction", "count": 1, "reason": "transaction 7 has no number on the other side",
    }  # fmt: skip

    forward_id: _ForwardId
    station_id: StationId
    station: StationName
    action: Annotated[str, told("The OCPP action that is not told.")]
    count: Annotated[int, told("How many messages since the last such event.", ge=1)]
    reason: Annotated[str, told("Why the last of them is not, in words.")]


EVENTS: tuple[type[EventData], ...] = (ForwardConnected, ForwardLost, ForwardRefused, ForwardSkipped)
