"""Events of stations that do not follow the rules: frames that ended a connection, limits that power did not follow."""

from typing import Annotated, Any, ClassVar

from protocol.events.base import EventData, Evse, StationId, StationName, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}


class FrameViolated(EventData, frozen=True, kw_only=True, gc=False):
    """A frame broke the WebSocket rules, which ends its connection. Its bytes are in the frame log."""

    type: ClassVar[str] = "voltyard.station.frame_violated.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"code": 1007, "reason": "invalid start byte"}

    station_id: StationId
    station: StationName
    code: Annotated[int, told("The close code: 1002 rules, 1003 binary, 1007 no UTF-8, 1009 too large.")]
    reason: Annotated[str, told("What was wrong, in words.")]


class LimitIgnored(EventData, frozen=True, kw_only=True, gc=False):
    """A station accepted a charging limit, and its meter shows more power than that, sample after sample."""

    type: ClassVar[str] = "voltyard.station.limit_ignored.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"evse": 1, "limit_w": 4140.0, "power_w": 11000.0, "samples": 2}

    station_id: StationId
    station: StationName
    evse: Evse = None
    limit_w: Annotated[float, told("The limit, in W; one in A is taken at 230 V on the phases it may use.")]
    power_w: Annotated[float, told("What the meter showed last, in W.")]
    samples: Annotated[int, told("How many samples in a row were above it.")]


EVENTS: tuple[type[EventData], ...] = (FrameViolated, LimitIgnored)
