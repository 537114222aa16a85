"""Events about money at stations: costs told, tariffs changed, payments settled."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, StationId, StationName, Text, TransactionId, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001", "transaction_id": "4711"}
Amount = Annotated[str, told("Decimal number as text, in the currency of the station's tariffs, taxes included.")]


class CostTold(EventData, frozen=True, kw_only=True, gc=False):
    """A station has taken the running cost of a transaction, to show it."""

    type: ClassVar[str] = "voltyard.transaction.cost_told.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"total_cost": "4.2"}

    station_id: StationId
    station: StationName
    total_cost: Amount
    transaction_id: TransactionId = None


class TransactionTariffChanged(EventData, frozen=True, kw_only=True, gc=False):
    """A station has taken another tariff for a running transaction."""

    type: ClassVar[str] = "voltyard.transaction.tariff_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"tariff_id": "NIGHT-2"}

    station_id: StationId
    station: StationName
    tariff_id: Annotated[str, told("The tariff that counts from now on.")]
    transaction_id: TransactionId = None


class SettlementReported(EventData, frozen=True, kw_only=True, gc=False):
    """A payment terminal of a station says what became of a payment."""

    type: ClassVar[str] = "voltyard.payment.settlement_reported.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "psp_ref": "PSP-1", "status": "Settled", "amount": "12.5",
        "session_id": "01930c20-1111-7c3e-9a55-3f1f0b6c2d11",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    psp_ref: Annotated[str, told("The payment provider's reference.")]
    status: Annotated[str, told("Settled, Canceled, Rejected or Failed.")]
    amount: Amount
    transaction_id: TransactionId = None
    session_id: Annotated[UUID | None, told("Our session, when the transaction is known.")] = None
    receipt_url: Annotated[Text, told("Where the receipt is.")] = None


class SettlementDue(EventData, frozen=True, kw_only=True, gc=False):
    """A transaction that was paid for ad hoc has ended, and the payment is ours to settle (2.1, C21, C24, C25)."""

    type: ClassVar[str] = "voltyard.payment.settlement_due.v1"
    subject: ClassVar[str] = "sessions/{session_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "psp_ref": "PSP-1", "session_id": "01930c20-1111-7c3e-9a55-3f1f0b6c2d11", "total_cost": "12.5",
        "energy_wh": 20160, "remote_start_id": 17,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    session_id: Annotated[UUID, told("Our session.")]
    psp_ref: Annotated[str, told("The payment provider's reference: the token that began the transaction.")]
    total_cost: Annotated[Text, told("What it costs as far as we know, decimal text; null: nobody has told.")] = None
    energy_wh: Annotated[int | None, told("Energy delivered to the vehicle, in Wh.")] = None
    remote_start_id: Annotated[int | None, told("The start that a kiosk or a web page asked for.")] = None
    transaction_id: TransactionId = None


EVENTS: tuple[type[EventData], ...] = (CostTold, TransactionTariffChanged, SettlementReported, SettlementDue)
