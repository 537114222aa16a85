"""Which payment messages need somebody outside: the tax authority, and whoever writes receipts."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from actors.payment.vat import normal, well_formed
from actors.ports import Consultation
from actors.station.state import StationState
from actors.station.who import Station
from protocol.ocpp.given import given

VAT: Final = "vat"
RECEIPT: Final = "receipt"


def _vat(station: Station, state: StationState, message: Any) -> Consultation | None:
    number = message.payload.vatNumber
    return Consultation(VAT, normal(number)) if well_formed(number) else None


def _receipt(station: Station, state: StationState, message: Any) -> Consultation | None:
    """Only for money that was taken, and where the station has no receipt of its own (C21.FR.03)."""
    told = message.payload
    if told.status != "Settled" or given(told.receiptUrl) is not None:
        return None
    return Consultation(RECEIPT, {"psp_ref": told.pspRef, "transaction_id": given(told.transactionId)})


CONSULTED: Final[Mapping[str, Callable[[Station, StationState, Any], Consultation | None]]] = {
    "VatNumberValidation": _vat,
    "NotifySettlement": _receipt,
}
