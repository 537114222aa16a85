"""What contracts and certificates need to be asked of somebody outside. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, cast

import msgspec

from actors.contract.objects import ContractAsked, PoolAsked, Source, StatusAsked
from actors.ports import Consultation
from actors.station.state import StationState
from actors.station.who import Station
from protocol.ocpp import neutral

POOL: Final = "contract-pool"
STATUS: Final = "certificate-status"
CONTRACT: Final = "contract"


def _pool(station: Station, state: StationState, message: neutral.Notified) -> Consultation:
    return pool(msgspec.to_builtins(message.payload))


def _status(station: Station, state: StationState, message: neutral.Notified) -> Consultation:
    return status(msgspec.to_builtins(message.payload))


def _chain_status(station: Station, state: StationState, message: neutral.Notified) -> Consultation:
    """OCPP 2.1 Part 2, M07.FR.01 and FR.04."""
    asked: Iterable[Mapping[str, Any]] = msgspec.to_builtins(message.payload)["certificateStatusRequests"]
    return Consultation(STATUS, [_asked(each["source"], each["urls"], each["certificateHashData"]) for each in asked])


def _contract(station: Station, state: StationState, message: neutral.AuthorizeAsked) -> Consultation | None:
    """C07.FR.05. Without certificates an eMAID is a token like any other."""
    if message.certificate is None and not message.certificate_hashes:
        return None
    return contract(message, strict=state.strict)


def pool(request: Mapping[str, Any]) -> Consultation:
    """Of the JSON of a Get15118EVCertificateRequest."""
    asked = PoolAsked(
        request["iso15118SchemaVersion"], request["action"], request["exiRequest"],
        request.get("maximumContractCertificateChains"), tuple(request.get("prioritizedEMAIDs") or ()),
    )  # fmt: skip
    return Consultation(POOL, asked)


def status(request: Mapping[str, Any]) -> Consultation:
    """Of the JSON of a GetCertificateStatusRequest."""
    data = request["ocspRequestData"]
    return Consultation(STATUS, [StatusAsked("OCSP", (data["responderURL"],), data, relayed=True)])


def contract(message: neutral.AuthorizeAsked, *, strict: bool) -> Consultation | None:
    """Of an Authorize with certificates. None when there is nothing in them to ask about."""
    hashes = tuple(msgspec.to_builtins(each) for each in message.certificate_hashes)
    if not message.certificate and not hashes:
        return None
    return Consultation(CONTRACT, ContractAsked(message.token.uid, message.certificate or None, hashes, strict))


def _asked(source: str, urls: Iterable[str], data: Mapping[str, Any]) -> StatusAsked:
    return StatusAsked(cast("Source", source), tuple(urls), data)


CONSULTED: Final[Mapping[str, Callable[[Station, StationState, Any], Consultation | None]]] = {
    "Get15118EVCertificate": _pool,
    "GetCertificateStatus": _status,
    "GetCertificateChainStatus": _chain_status,
    "Authorize": _contract,
}
