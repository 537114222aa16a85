"""What the plug-and-charge messages of 1.6 stations are answered: the answers of 2.0.1, as text. Pure."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from actors.contract import consulting, incoming
from actors.contract.objects import Failure
from actors.contract.pnc16_requests import authorize_of, request
from actors.datatransfer.handlers import Handler, Transfer
from actors.ports import Consultation
from actors.station.heard import Heard
from actors.station.incoming import INCOMING
from actors.station.state import StationState
from actors.station.who import Station
from actors.station.work import Work
from protocol.ocpp import catalogue, neutral
from protocol.ocpp.translate import translator
from protocol.ocpp.version import Version

Answer = Callable[[Work, Station, dict[str, Any], Any], dict[str, Any]]
_REFUSED: Final = "Rejected"


def _answered(answer: Answer) -> Callable[[Work, Transfer], neutral.DataTransferReply]:
    def handle(work: Work, transfer: Transfer) -> neutral.DataTransferReply:
        asked = request(transfer.message)
        if isinstance(asked, Failure):
            return neutral.DataTransferReply(_REFUSED, info=(asked.reason, asked.text))
        return _accepted(answer(work, transfer.station, asked, transfer.answers.outside))

    return handle


def _accepted(payload: dict[str, Any]) -> neutral.DataTransferReply:
    return neutral.DataTransferReply("Accepted", msgspec.json.encode(payload).decode())


def _authorize(work: Work, transfer: Transfer) -> neutral.DataTransferReply:
    """C07 for a 1.6 station: decided like any Authorize, answered in the words of 2.0.1."""
    asked = authorize_of(transfer.station.version, transfer.message)
    if asked is None:
        wrong = request(transfer.message)
        text = wrong.text if isinstance(wrong, Failure) else ""
        return neutral.DataTransferReply(_REFUSED, info=("FormatViolation", text))
    reply = transfer.authorize(transfer.station, work, asked, transfer.answers)
    kind = catalogue.actions(Version.V201)["Authorize"]
    if kind.response is None:
        raise TypeError("Authorize has no response")
    told = translator(Version.V201).answer("Authorize", kind.response, reply)
    return neutral.DataTransferReply("Accepted", catalogue.encode(told).decode())


def _sign(work: Work, transfer: Transfer) -> neutral.DataTransferReply:
    """To whoever signs certificates of stations (block B)."""
    asked = request(transfer.message)
    handler = INCOMING.get("SignCertificate")
    if isinstance(asked, Failure):
        return neutral.DataTransferReply(_REFUSED, info=(asked.reason, asked.text))
    if handler is None:
        return neutral.DataTransferReply("UnknownMessageId")
    asked = {"certificateType": "V2GCertificate"} | asked  # the station's own go by the security extension
    typed = catalogue.actions(Version.V201)["SignCertificate"].decode_request(msgspec.json.encode(asked))
    reply = handler(work, Heard(transfer.station, "SignCertificate", typed, transfer.answers))
    return _accepted(reply.payload if isinstance(reply, neutral.GivenReply) else {"status": _REFUSED})


def _ask(make: Callable[[dict[str, Any]], Consultation]) -> Any:
    def ask(station: Station, state: StationState, message: neutral.DataTransferred) -> Consultation | None:
        asked = request(message)
        return None if isinstance(asked, Failure) else make(asked)

    return ask


def _ask_contract(station: Station, state: StationState, message: neutral.DataTransferred) -> Consultation | None:
    asked = authorize_of(station.version, message)
    return None if asked is None else consulting.contract(asked, strict=state.strict)


MESSAGES: Final = {
    "Authorize": Handler(_authorize, _ask_contract),
    "Get15118EVCertificate": Handler(_answered(incoming.certificate), _ask(consulting.pool)),
    "GetCertificateStatus": Handler(_answered(incoming.certificate_status), _ask(consulting.status)),
    "SignCertificate": Handler(_sign),
}
