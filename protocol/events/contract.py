"""Events of plug and charge."""

from typing import Annotated, Any, ClassVar

from protocol.events.base import EventData, StationId, StationName, Text, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}


class ContractChecked(EventData, frozen=True, kw_only=True, gc=False):
    """A vehicle asked to charge with its contract certificate."""

    type: ClassVar[str] = "voltyard.contract.checked.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "emaid": "DE8AA1A2B3C4D5", "certificate_status": "CertificateExpired", "token_status": "expired",
        "detail": "CN=DE8AA1A2B3C4D5 ended on 2026-01-31",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    emaid: Annotated[str, told("The contract id, as the station wrote it.")]
    certificate_status: Annotated[str, told("What the station was answered of the certificates, in OCPP's words.")]
    token_status: Annotated[str, told("What it was answered of the contract id, in our words.")]
    detail: Annotated[Text, told("Why the certificates were refused.")] = None


class ContractCertificateRelayed(EventData, frozen=True, kw_only=True, gc=False):
    """A vehicle's request for a contract certificate went to the pool and was answered, or could not be."""

    type: ClassVar[str] = "voltyard.contract.certificate_relayed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "action": "Install", "status": "Failed", "reason": "Timeout", "detail": "no answer in time",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    action: Annotated[str, told("Install or Update.")]
    status: Annotated[str, told("Accepted or Failed.")]
    reason: Annotated[Text, told("Why it failed, in one word.")] = None
    detail: Annotated[Text, told("Why it failed, in a sentence.")] = None


EVENTS: tuple[type[EventData], ...] = (ContractChecked, ContractCertificateRelayed)
