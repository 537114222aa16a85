"""What the answers to stream commands tell. Pure. OCPP 2.1 Part 2, N12, N14."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from actors.records import ObjectsSweptRecord, Record
from actors.station.exchange import Exchange, Learned
from actors.streams.objects import STREAM, stream


def _listed(exchange: Exchange) -> Iterable[Record]:
    """N12: all that are open."""
    told = exchange.answer.get("constantStreamData") or ()
    for constant in told:
        yield from exchange.object(STREAM, str(constant["id"]), stream(dict(constant)), "open")
    yield ObjectsSweptRecord(STREAM, sorted(str(constant["id"]) for constant in told), exchange.at)


def _adjusted(exchange: Exchange) -> Iterable[Record]:
    """The station does not say again which monitor it is: the list does, so it is asked for."""
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    if exchange.accepted and isinstance(request.get("id"), int):
        yield exchange.job("event-streams", {}, key=str(exchange.station.id))


LEARN: Final[Learned] = {"GetPeriodicEventStream": _listed, "AdjustPeriodicEventStream": _adjusted}
