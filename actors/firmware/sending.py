"""An update begins when its request goes out, and ends at once when the station never took it. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from actors.firmware.objects import PUBLISHED, UPDATE
from actors.records import Record
from actors.station.exchange import Exchange, Learned
from actors.station.steps import going, step

_ADDRESS = re.compile(r"/files/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/")


def address_of(location: Any) -> UUID | None:
    """Which of our one-time addresses a location is; None for somebody else's."""
    found = _ADDRESS.search(location) if isinstance(location, str) else None
    return UUID(found[1]) if found else None


def key_of(exchange: Exchange, location: Any) -> str:
    """What the request is known by: its number, else our address, else the command."""
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    number = request.get("requestId")
    if isinstance(number, int):
        return str(number)
    return str(address_of(location) or exchange.id)


def location_of(exchange: Exchange) -> Any:
    """Where the station shall fetch from or bring to, credentials hidden."""
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    for holder, name in ((request.get("firmware"), "location"), (request.get("log"), "remoteLocation")):
        if isinstance(holder, Mapping):
            return holder.get(name)
    return request.get("location")


def _update_sent(exchange: Exchange) -> Iterable[Record]:
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    firmware = request.get("firmware")
    details: Mapping[str, Any] = firmware if isinstance(firmware, Mapping) else request
    location = location_of(exchange)
    data = {
        "location": location,
        "address": str(address_of(location) or "") or None,
        "retrieve_at": details.get("retrieveDateTime") or details.get("retrieveDate"),
        "install_at": details.get("installDateTime"),
        "signed": bool(details.get("signature")),
        "command": str(exchange.id),
    }
    yield step(UPDATE, key_of(exchange, location), "Requested", going(0), exchange.at, data=data)


def _publish_sent(exchange: Exchange) -> Iterable[Record]:
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    data = {"checksum": request.get("checksum"), "location": request.get("location"), "command": str(exchange.id)}
    yield step(PUBLISHED, key_of(exchange, None), "Requested", going(0), exchange.at, data=data)


def undo(kind: str) -> Callable[[Exchange, str], Iterable[Record]]:
    """An error says that nothing was taken; after silence the station may have taken it all the same."""

    def record(exchange: Exchange, status: str) -> Iterable[Record]:
        refused = status == "error"
        yield step(
            kind, key_of(exchange, location_of(exchange)), status, going(95 if refused else 1), exchange.at
        )

    return record


SENT: Final[Learned] = {
    "UpdateFirmware": _update_sent,
    "SignedUpdateFirmware": _update_sent,
    "PublishFirmware": _publish_sent,
}
UNDONE: Final[dict[str, Callable[[Exchange, str], Iterable[Record]]]] = {
    "UpdateFirmware": undo(UPDATE),
    "SignedUpdateFirmware": undo(UPDATE),
    "PublishFirmware": undo(PUBLISHED),
}
