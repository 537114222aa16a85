"""How far along an upload is by each status. Pure. OCPP 2.0.1 Part 2, 3.97 UploadLogStatusEnumType; 1.6, 7.24."""

from typing import Final

from actors.station.steps import CANCELLED, FAILURE, REFUSED, Rank, going

_STATUS: Final = {
    "Uploading": going(20),
    "Uploaded": going(90),
    "AcceptedCanceled": CANCELLED,
    "UploadFailed": FAILURE,
    "UploadFailure": FAILURE,
    "BadMessage": FAILURE,
    "PermissionDenied": FAILURE,
    "NotSupportedOperation": FAILURE,
}
_ANSWERS: Final = {"Accepted": going(1), "AcceptedCanceled": going(1)}
FAILURES: Final = frozenset(name for name, rank in _STATUS.items() if rank is FAILURE)
CANCELED: Final = CANCELLED


def of_status(status: str) -> Rank:
    """A status of an upload."""
    return _STATUS.get(status, going(5))


def of_answer(status: str) -> Rank:
    """The answer to the request."""
    return _ANSWERS.get(status, going(REFUSED))
