"""A vendor's message: its rule, and whoever the rule names, are asked. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from actors.datatransfer.objects import TransferAsked
from actors.datatransfer.registry import known_vendor
from actors.ports import Consultation
from actors.station.state import StationState
from actors.station.who import Station
from protocol.ocpp.neutral import DataTransferred

RULE: Final = "data-transfer"


def _transfer(station: Station, state: StationState, message: DataTransferred) -> Consultation | None:
    vendor = known_vendor(station.version, message)
    if vendor is not None:
        handler = vendor.get(message.message_id or "")
        return None if handler is None else handler.ask(station, state, message)
    asked = TransferAsked(
        station.identity, station.version.value, message.vendor, message.message_id, message.data
    )
    return Consultation(RULE, asked)


CONSULTED: Final[Mapping[str, Callable[[Station, StationState, Any], Consultation | None]]] = {
    "DataTransfer": _transfer,
}
