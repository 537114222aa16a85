"""What station_objects hold of streams.

`event_stream`, by the stream's id: monitor (the id of what it tells of), interval?, values?. status: open, then closed.
"""

from collections.abc import Mapping
from typing import Any, Final

STREAM: Final = "event_stream"
MOST_STREAMS: Final = 100
"""Of one station; more are refused (N11.FR.05)."""


def stream(constant: dict[str, Any]) -> dict[str, Any]:
    """`data` of a stream from OCPP's ConstantStreamData."""
    params: dict[str, Any] = constant.get("params", {})
    return {"monitor": constant["variableMonitoringId"]} | params


GROWING: Final = 3
"""So many messages in a row that each left more behind than the one before: the stream is made wider (N15.FR.05)."""
WIDEN: Final = "widen-stream"  # the job
_MOST_VALUES: Final = 1000


def wider(data: Mapping[str, Any]) -> dict[str, int] | None:
    """Twice as many values in half the time; None when it is as wide as it gets."""
    interval, values = data.get("interval"), data.get("values")
    found: dict[str, int] = {}
    if isinstance(values, int) and 0 < values < _MOST_VALUES:
        found["values"] = min(2 * values, _MOST_VALUES)
    if isinstance(interval, int) and interval > 1:
        found["interval"] = interval // 2
    if not found:
        return None
    kept = {"interval": interval, "values": values}
    return {name: each for name, each in kept.items() if isinstance(each, int)} | found
