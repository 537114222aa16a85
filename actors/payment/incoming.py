"""NotifySettlement, VatNumberValidation and NotifyWebPaymentStarted (OCPP 2.1 Part 2, C18 to C25)."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from actors.payment.objects import KIND, Settlement
from actors.payment.vat import well_formed
from actors.session import matching
from actors.session.model import Session
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.events.costs import SettlementReported
from protocol.events.types import make
from protocol.ocpp import neutral


def _settled(work: Work, heard: Heard) -> neutral.Reply:
    """Settled, or rejected or failed (C22): kept by its reference, also with its session while that is known.

    Answered with our receipt (C21.FR.03).
    """
    told = heard.json
    work.report(heard.station, heard.action, told)
    receipt = heard.answers.outside if isinstance(heard.answers.outside, Mapping) else {}
    session = _session(work, told.get("transactionId"))
    settled = _read(told, receipt, session)
    work.object(heard.station, KIND, settled.psp_ref, msgspec.to_builtins(settled), settled.status)
    if session is not None:
        work.fact(session, "corrected", work.now, {"details": {"settlement": msgspec.to_builtins(settled)}})
    work.event(
        make(
            SettlementReported(
                station_id=heard.station.id, station=heard.station.identity, psp_ref=settled.psp_ref,
                status=settled.status, amount=settled.amount, transaction_id=settled.transaction_id,
                session_id=None if session is None else session.id, receipt_url=settled.receipt_url,
            )
        )
    )  # fmt: skip
    answer = {"receiptUrl": receipt.get("url"), "receiptId": receipt.get("id")}
    given = {name: value for name, value in answer.items() if value is not None}
    return neutral.GivenReply(given) if given else EMPTY


def _session(work: Work, transaction_id: str | None) -> Session | None:
    return None if transaction_id is None else matching.by_transaction(work.all_sessions(), transaction_id)


def _read(told: Mapping[str, Any], receipt: Mapping[str, Any], session: Session | None) -> Settlement:
    return Settlement(
        told["pspRef"], told["status"], str(told["settlementAmount"]), told["settlementTime"],
        told.get("transactionId"), None if session is None else str(session.id), told.get("statusInfo"),
        receipt.get("id") or told.get("receiptId"), receipt.get("url") or told.get("receiptUrl"),
        told.get("vatNumber"), told.get("vatCompany"),
    )  # fmt: skip


def _vat(work: Work, heard: Heard) -> neutral.Reply:
    """Accepted or Rejected, for the EVSE that was asked for (C18.FR.10)."""
    told = heard.json
    verdict = heard.answers.outside if isinstance(heard.answers.outside, Mapping) else None
    answer: dict[str, Any] = {"vatNumber": told["vatNumber"]}
    if told.get("evseId") is not None:
        answer["evseId"] = told["evseId"]
    if not well_formed(told["vatNumber"]):
        answer |= _rejected("InvalidFormat", "no country's VAT numbers look like this")
    elif verdict is None:
        answer |= _rejected("ServiceUnavailable", "the number cannot be checked now")
    elif not verdict["valid"]:
        answer |= _rejected("UnknownNumber", "the tax authority does not know this number")
    else:
        answer["status"] = "Accepted"
        if verdict.get("company"):
            answer["company"] = verdict["company"]
    work.report(heard.station, heard.action, told | {"answered": answer["status"]})
    return neutral.GivenReply(answer)


def _rejected(code: str, why: str) -> dict[str, Any]:
    return {"status": "Rejected", "statusInfo": {"reasonCode": code, "additionalInfo": why}}


def _kept(work: Work, heard: Heard) -> neutral.Reply:
    """Ours to send (C25.FR.21); a station that says it itself is heard all the same."""
    work.report(heard.station, heard.action, heard.json)
    return EMPTY


INCOMING: Final[Incoming] = {
    "NotifySettlement": _settled,
    "VatNumberValidation": _vat,
    "NotifyWebPaymentStarted": _kept,
}
