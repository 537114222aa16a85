"""What a station's answer to a remote command means, in words for an operator. Pure. OCPP 2.0.1 Part 2, F, G."""

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final = {
    ("UnlockConnector", "Unlocked"): "the plug is released",
    ("UnlockConnector", "UnlockFailed"): "the lock did not open: somebody has to look at it",
    ("UnlockConnector", "NotSupported"): "the connector has no lock, or there is no such connector",
    ("UnlockConnector", "OngoingAuthorizedTransaction"): "a session is running there: stop it first",
    ("UnlockConnector", "UnknownConnector"): "the station has no such connector",
    ("ChangeAvailability", "Scheduled"): "it changes when the running session ends; followed until then",
    ("ChangeAvailability", "Rejected"): "the station did not change it; look whether there is such a connector",
    ("TriggerMessage", "NotImplemented"): "the station does not know this message",
    ("ExtendedTriggerMessage", "NotImplemented"): "the station does not know this message",
    ("RequestStartTransaction", "Rejected"): "the station does not start: in use, reserved, faulted or out of service",
    ("RemoteStartTransaction", "Rejected"): "the station does not start: in use, reserved, faulted or out of service",
    ("RequestStopTransaction", "Rejected"): "the station knows no such transaction",
    ("RemoteStopTransaction", "Rejected"): "the station knows no such transaction",
    ("ClearCache", "Rejected"): "the station has no cache, or it is off",
}  # fmt: skip


def in_words(action: str, payload: Any) -> str | None:
    """What there is to say beyond the status: ours, and the station's own reason where it gives one."""
    if not isinstance(payload, Mapping):
        return None
    info = payload.get("statusInfo")
    reason = None
    if isinstance(info, Mapping):
        reason = ": ".join(str(info[name]) for name in ("reasonCode", "additionalInfo") if info.get(name))
    ours = _WORDS.get((action, str(payload.get("status"))))
    return f"{ours} ({reason})" if ours and reason else ours or reason or None
