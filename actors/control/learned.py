"""What an answer to ChangeAvailability tells: kept with what was wanted, and followed until it is so (quirk 31).

OCPP 2.0.1 Part 2, G03 and G04: what is set stays over a restart of the station; who forgets it is told again.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from actors.control.objects import KIND, Availability
from actors.records import Record
from actors.station.exchange import Exchange, Learned

FOLLOW: Final = "follow-availability"
_STATUS: Final = {"Accepted": "wanted", "Scheduled": "scheduled"}


def _changed(exchange: Exchange) -> Iterator[Record]:
    wanted = _wanted(exchange.request, exchange.status)
    if wanted is None:
        return
    status = _STATUS.get(exchange.status or "", "refused")
    yield from exchange.object(KIND, wanted.key, wanted.data(), status)
    if status != "refused":
        yield exchange.job(FOLLOW, {"place": wanted.key}, key=f"{exchange.station.id}/{wanted.key}")


def _wanted(request: Any, answer: str | None) -> Availability | None:
    """What was sent unchecked may be anything."""
    if not isinstance(request, Mapping):
        return None
    said = request.get("type", request.get("operationalStatus"))
    named = request.get("evse")
    evse = named if isinstance(named, Mapping) else {"id": request.get("connectorId", 0)}
    number, connector = evse.get("id"), evse.get("connectorId")
    if said not in ("Operative", "Inoperative") or not isinstance(number, int):
        return None
    return Availability(number, connector if isinstance(connector, int) else None, said == "Operative", answer)


LEARN: Final[Learned] = {"ChangeAvailability": _changed}
