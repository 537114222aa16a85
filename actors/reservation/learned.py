"""What answers to ReserveNow and CancelReservation tell of a reservation. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from actors.records import Record, ReservationRecord
from actors.station.exchange import Exchange, Learned
from protocol.events.reservations import ReservationAccepted, ReservationCancelled, ReservationRefused

_WORDS: Final = {
    "Faulted": "the EVSE has a fault",
    "Occupied": "the EVSE is in use, or reserved for somebody else",
    "Rejected": "the station does not take reservations of this kind",
    "Unavailable": "the EVSE is out of service",
}


def _reserved(exchange: Exchange) -> Iterator[Record]:
    number = _number(exchange, "id", "reservationId")
    status = exchange.status
    if number is None or status is None:
        return
    who = exchange.station
    if exchange.accepted:
        yield ReservationRecord(number, "accepted", exchange.at, status)
        yield exchange.event(ReservationAccepted(station_id=who.id, station=who.identity, number=number))
        return
    detail = _info(exchange) or _WORDS.get(status)
    yield ReservationRecord(number, "refused", exchange.at, status, detail)
    refused = ReservationRefused(
        station_id=who.id, station=who.identity, number=number, answer=status, detail=detail
    )
    yield exchange.event(refused)


def _cancelled(exchange: Exchange) -> Iterator[Record]:
    """Rejected: the station holds no reservation of that number (H02.FR.01), so it is over as well."""
    number = _number(exchange, "reservationId")
    if number is None or exchange.status is None:
        return
    detail = None if exchange.accepted else "the station held it no longer"
    yield ReservationRecord(number, "cancelled", exchange.at, detail=detail)
    yield exchange.event(
        ReservationCancelled(
            station_id=exchange.station.id, station=exchange.station.identity, number=number, by="operator",
            detail=detail,
        )
    )  # fmt: skip


def _number(exchange: Exchange, *names: str) -> int | None:
    """What was sent unchecked may be anything."""
    if isinstance(exchange.request, Mapping):
        for name in names:
            if isinstance(found := exchange.request.get(name), int):
                return found
    return None


def _info(exchange: Exchange) -> str | None:
    info = exchange.answer.get("statusInfo")
    if not isinstance(info, Mapping):
        return None
    return ": ".join(str(info[name]) for name in ("reasonCode", "additionalInfo") if info.get(name))


LEARN: Final[Learned] = {"ReserveNow": _reserved, "CancelReservation": _cancelled}
