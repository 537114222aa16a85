"""What a tenant's rule answers a vendor's message. Pure."""

from typing import Any, Final, Literal

from actors.datatransfer.objects import Ruled, Status

Answer = Literal["accept", "reject", "unknown_vendor", "unknown_message", "forward"]
STATUSES: Final[dict[str, Status]] = {
    "accept": "Accepted",
    "reject": "Rejected",
    "unknown_vendor": "UnknownVendorId",
    "unknown_message": "UnknownMessageId",
}


def ruled(answer: str, data: Any, *, about: str | None, message: str | None) -> Ruled:
    """`about`: the message id of the rule that was found; None: any.

    A vendor with rules for other messages alone is known, and its message is not (OCPP 2.0.1 Part 2, P02.FR.07). With
    an unknown vendor no data is given (1.6, 4.3).
    """
    if about is not None and about != message:
        return Ruled("UnknownMessageId")
    status = STATUSES[answer]
    return Ruled(status, data if status in ("Accepted", "Rejected") else None)
