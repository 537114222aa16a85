"""A payment terminal at the station (OCPP 2.1 Part 2, C18 to C24)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station.acting import Acts
from simulators.station.charging import NotPossible, outlet_of
from simulators.station.outbox import Failure, JsonObject, Outgoing

if TYPE_CHECKING:
    from simulators.station.station import Station


def settle(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act settle EVSE REFERENCE AMOUNT [Settled|Canceled|Rejected|Failed]`: NotifySettlement."""
    if len(words) not in (3, 4) or not words[0].isdecimal():
        raise NotPossible("settle EVSE REFERENCE AMOUNT [STATUS]")
    outlet = outlet_of(station, int(words[0]))
    transaction = outlet.transaction or outlet.last_transaction
    payload: JsonObject = {
        "pspRef": words[1], "status": words[3] if len(words) == 4 else "Settled",
        "settlementAmount": _amount(words[2]), "settlementTime": station.stamp(now),
    }  # fmt: skip
    if transaction is not None and transaction.id is not None:
        payload["transactionId"] = transaction.id

    def done(answer: JsonObject | None, failure: Failure | None, at: datetime) -> None:
        if answer is not None:
            station.note(f"receipt {answer.get('receiptUrl') or 'none'}")

    station.outbox.put(Outgoing("NotifySettlement", lambda: payload, done=done))


def _amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise NotPossible(f"{text!r} is no amount") from None


def vat(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act vat NUMBER [EVSE]`: VatNumberValidation."""
    if len(words) not in (1, 2):
        raise NotPossible("vat NUMBER [EVSE]")
    payload: JsonObject = {"vatNumber": words[0]} | ({"evseId": int(words[1])} if len(words) == 2 else {})

    def done(answer: JsonObject | None, failure: Failure | None, at: datetime) -> None:
        if answer is not None:
            station.note(f"VAT number {words[0]} {answer['status'].lower()}")

    station.outbox.put(Outgoing("VatNumberValidation", lambda: payload, done=done))


ACTS: Acts = {"settle": settle, "vat": vat}
