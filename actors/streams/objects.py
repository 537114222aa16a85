"""What station_objects hold of streams.

`event_stream`, by the stream's id: monitor (the id of what it tells of), interval?, values?, pending? (what the station
    still held back at its last message, as far as it grew or shrank). status: open, gone: closed.
"""

from typing import Any, Final

STREAM: Final = "event_stream"
MOST_STREAMS: Final = 100
"""Of one station; more are refused (N11.FR.05)."""


def stream(constant: dict[str, Any]) -> dict[str, Any]:
    """`data` of a stream from OCPP's ConstantStreamData."""
    params: dict[str, Any] = constant.get("params", {})
    return {"monitor": constant["variableMonitoringId"]} | params
