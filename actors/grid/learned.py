"""What the answers to our grid calls tell. Pure. OCPP 2.1 Part 2, R04; Q02 (energy transfer), Q08 (aFRR)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from actors.grid import objects
from actors.grid.der_types import TYPES
from actors.grid.incoming import meant
from actors.records import Record
from actors.station.exchange import Exchange, Learned


def _set(exchange: Exchange) -> Iterator[Record]:
    """SetDERControl, accepted (R04.FR.02, R04.FR.05). The answer names what counts no longer (R04.FR.03, 06, 07).

    When it names the control itself, one of higher priority is active already, and this one waits (R04.FR.08).
    """
    request = exchange.request
    if not exchange.accepted or not isinstance(request, Mapping):
        return
    number, kind = request.get("controlId"), TYPES.get(str(request.get("controlType")))
    control = None if kind is None else request.get(kind.field)
    if kind is None or not isinstance(number, str) or not isinstance(control, Mapping):
        return  # sent unchecked; the station will report what it made of it
    superseded = [str(each) for each in exchange.answer.get("supersededIds") or ()]
    beaten = number in superseded
    data = objects.control_data(
        number, kind.name, bool(request.get("isDefault")), control, superseded=beaten, set_by=exchange.requested_by,
        at=exchange.at,
    )  # fmt: skip
    yield from exchange.object(objects.CONTROL, number, data, "superseded" if beaten else "installed")
    others = [each for each in superseded if each != number]
    if others:
        yield exchange.matching(objects.CONTROL, {}, keys=others, status="superseded", removed=False)


def _cleared(exchange: Exchange) -> Iterator[Record]:
    """ClearDERControl (R04.FR.41 to R04.FR.46): gone, or not there whatever we believed."""
    if exchange.status in ("Accepted", "NotFound") and isinstance(exchange.request, Mapping):
        match, keys = meant(exchange.request)
        yield exchange.matching(objects.CONTROL, match, keys=keys, status="cleared")


def _asked(exchange: Exchange) -> Iterator[Record]:
    """GetDERControl: there are none of that kind (R04.FR.30)."""
    if exchange.status == "NotFound" and isinstance(exchange.request, Mapping):
        match, keys = meant(exchange.request)
        yield exchange.matching(objects.CONTROL, match, keys=keys)


def _signalled(exchange: Exchange) -> Iterator[Record]:
    """AFRRSignal, accepted (Q08.FR.10)."""
    request = exchange.request
    if exchange.accepted and isinstance(request, Mapping):
        data: dict[str, Any] = {"signal": request.get("signal"), "at": request.get("timestamp")}
        yield from exchange.object(objects.AFRR, "last", data, "Accepted")


def _allowed(exchange: Exchange) -> Iterator[Record]:
    """NotifyAllowedEnergyTransfer, accepted (Q02.FR.05, Q02.FR.06)."""
    request = exchange.request
    if exchange.accepted and isinstance(request, Mapping) and isinstance(request.get("transactionId"), str):
        transaction = request["transactionId"]
        data = {"transaction_id": transaction, "allowed": request.get("allowedEnergyTransfer")}
        yield from exchange.object(objects.TRANSFER, transaction, data, "Accepted")


LEARN: Final[Learned] = {
    "SetDERControl": _set,
    "ClearDERControl": _cleared,
    "GetDERControl": _asked,
    "AFRRSignal": _signalled,
    "NotifyAllowedEnergyTransfer": _allowed,
}
