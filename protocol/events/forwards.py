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
    """A second backend sent a command that it may not; it was refused."""

    type: ClassVar[str] = "voltyard.forward.command_refused.v1"
    subject: ClassVar[str] = "forwards/{forward_id}"
    example: ClassVar[dict[str, Any]] = _FORWARD | {"action": "Reset"}

    forward_id: _ForwardId
    station_id: StationId
    station: StationName
    action: Annotated[str, told("The OCPP action it sent.")]


EVENTS: tuple[type[EventData], ...] = (ForwardConnected, ForwardLost, ForwardRefused)
