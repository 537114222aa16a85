"""What answers about display messages tell (OCPP 2.0.1 Part 2, O01 to O06)."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from actors.display.objects import KIND, from_ocpp, is_filtered, to_data
from actors.records import ObjectsSweptRecord, Record
from actors.station.exchange import Exchange, Learned


def _set(exchange: Exchange) -> Iterator[Record]:
    """Accepted: the message is there, in place of an older one of its id (O01, O06)."""
    request = exchange.request
    if not exchange.accepted or not isinstance(request, Mapping):
        return
    try:
        message = from_ocpp(request["message"])
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError):
        return  # sent unchecked
    yield from exchange.object(KIND, str(message.id), to_data(message), "installed")


def _cleared(exchange: Exchange) -> Iterator[Record]:
    """Gone; `Unknown` says that it was not there any more (O05.FR.02)."""
    request = exchange.request
    if exchange.status in ("Accepted", "Unknown") and isinstance(request, Mapping) and isinstance(
        request.get("id"), int
    ):
        yield from exchange.object(KIND, str(request["id"]), {}, removed=True)


def _listed(exchange: Exchange) -> Iterator[Record]:
    """`Unknown`: no message fits. Asked for all, the displays are empty (O03.FR.04)."""
    request = exchange.request
    if exchange.status == "Unknown" and isinstance(request, Mapping) and not is_filtered(request):
        yield ObjectsSweptRecord(KIND, [], exchange.at)


LEARN: Final[Learned] = {
    "SetDisplayMessage": _set,
    "ClearDisplayMessage": _cleared,
    "GetDisplayMessages": _listed,
}
