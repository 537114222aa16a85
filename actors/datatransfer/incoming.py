"""DataTransfer from a station: answered by its handler or rule, and kept either way. Pure.

OCPP 1.6, 4.3; OCPP 2.0.1 Part 2, P02.FR.06 (no implementation for the vendor: UnknownVendorId) and P02.FR.07 (message
id unknown: UnknownMessageId). Nobody answers for a vendor that nobody knows.
"""

from typing import Any

from actors.datatransfer.handlers import Authorize, Transfer
from actors.datatransfer.objects import Ruled
from actors.datatransfer.registry import known_vendor
from actors.station.questions import Answers
from actors.station.who import Station
from actors.station.work import Work
from protocol.ocpp import neutral


def transferred(
    station: Station, work: Work, message: neutral.DataTransferred, answers: Answers, authorize: Authorize
) -> neutral.DataTransferReply:
    """The reply, once the message and it are kept."""
    reply = _reply(work, Transfer(station, message, answers, authorize))
    kept: dict[str, Any] = {
        "direction": "in", "vendorId": message.vendor, "messageId": message.message_id, "data": message.data,
        "status": reply.status, "answer": reply.data,
    }  # fmt: skip
    work.report(station, "DataTransfer", kept)
    return reply


def _reply(work: Work, transfer: Transfer) -> neutral.DataTransferReply:
    message = transfer.message
    vendor = known_vendor(transfer.station.version, message)
    if vendor is not None:
        handler = vendor.get(message.message_id or "")
        return neutral.DataTransferReply("UnknownMessageId") if handler is None else handler.answer(work, transfer)
    ruled = transfer.answers.outside
    if not isinstance(ruled, Ruled):
        return neutral.DataTransferReply("UnknownVendorId")
    info = None if ruled.reason is None else (ruled.reason, ruled.text)
    return neutral.DataTransferReply(ruled.status, ruled.data, info)
