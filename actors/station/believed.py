"""What of a mended message is believed: a value that was filled in to make it readable is no measurement. Pure."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from protocol.ocpp.events import Repair, was_filled
from protocol.ocpp.neutral import Message, TransactionHappened


def believed(message: Message, repairs: Sequence[Repair], now: datetime) -> Message:
    """A transaction message without the register, the time and the number that the station never told.

    The time becomes that of receiving it: the best claim there is.
    """
    if not isinstance(message, TransactionHappened):
        return message
    if was_filled(repairs, "/meterStart") or was_filled(repairs, "/meterStop"):
        message = replace(message, meter=None)
    if was_filled(repairs, "/timestamp"):
        message = replace(message, at=now, undated=True)
    if was_filled(repairs, "/seqNo"):
        message = replace(message, seq_no=None)
    if was_filled(repairs, "/transactionId") or was_filled(repairs, "/transactionInfo/transactionId"):
        message = replace(message, transaction_id=None)
    return message
