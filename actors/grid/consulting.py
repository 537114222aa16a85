"""What must be looked up before a station's report of grid controls is kept: what it was asked for. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from actors.ports import Consultation
from actors.station.state import StationState
from actors.station.who import Station


def _reported(station: Station, state: StationState, message: Any) -> Consultation:
    return Consultation("der_report", {"request_id": message.payload.requestId})


CONSULTED: Final[Mapping[str, Callable[[Station, StationState, Any], Consultation | None]]] = {
    "ReportDERControl": _reported,
}
