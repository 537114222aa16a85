"""What a station's answer to a neutral command means: accepted, rejected, scheduled or unsupported. Pure."""

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final = {
    "Accepted": "accepted",
    "AcceptedCanceled": "accepted",
    "Unlocked": "accepted",
    "RebootRequired": "accepted",
    "Scheduled": "scheduled",
    "NotSupported": "unsupported",
    "NotImplemented": "unsupported",
    "UnknownComponent": "unsupported",
    "UnknownVariable": "unsupported",
    "NotSupportedAttributeType": "unsupported",
}


def outcome(action: str, payload: Any) -> str | None:
    """The word for an answer; None when it has no status. "Unknown" to a ClearChargingProfile: nothing was there."""
    status = _status(payload)
    if status is None:
        return None
    if action == "ClearChargingProfile" and status == "Unknown":
        return "accepted"
    return _WORDS.get(status, "rejected")


def _status(payload: Any) -> str | None:
    if not isinstance(payload, Mapping):
        return None
    results = payload.get("setVariableResult")
    if isinstance(results, list) and results:
        return str(results[0].get("attributeStatus"))
    status = payload.get("status")
    return status if isinstance(status, str) else None
