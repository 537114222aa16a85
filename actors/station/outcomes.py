"""What a station's answer to a neutral command means: accepted, rejected, scheduled or unsupported. Pure."""

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final = {
    "Accepted": "accepted",
    "AcceptedCanceled": "accepted",
    "Unlocked": "accepted",
    "Unpublished": "accepted",
    "RebootRequired": "accepted",
    "Scheduled": "scheduled",
    "NotSupported": "unsupported",
    "NotImplemented": "unsupported",
    "UnknownComponent": "unsupported",
    "UnknownVariable": "unsupported",
    "NotSupportedAttributeType": "unsupported",
}
_NOTHING_THERE: Final = frozenset(
    (
        ("ClearChargingProfile", "Unknown"),
        ("ClearDisplayMessage", "Unknown"),
        ("GetDisplayMessages", "Unknown"),
        ("GetTariffs", "NoTariff"),
        ("ClearTariffs", "NoTariff"),
        ("GetChargingProfiles", "NoProfiles"),
        ("GetDERControl", "NotFound"),
        ("ClearDERControl", "NotFound"),
        ("ClearVariableMonitoring", "NotFound"),
        ("GetMonitoringReport", "EmptyResultSet"),
        ("UnpublishFirmware", "NoFirmware"),
    )
)
"""What was to be taken away, or listed, is not there: as good as accepted."""
_RESULTS: Final = ("setMonitoringResult", "clearMonitoringResult")
_HEARD: Final = frozenset(("CostUpdated", "GetTransactionStatus", "NotifyWebPaymentStarted"))
"""Their answers have no status: to answer is to accept."""


def outcome(action: str, payload: Any) -> str | None:
    """The word for an answer; None when it has no status. Several results: the first that is not well counts."""
    status = _status(payload)
    if status is None:
        return "accepted" if action in _HEARD else None
    if (action, status) in _NOTHING_THERE:
        return "accepted"
    return _WORDS.get(status, "rejected")


def at_once(payload: Any) -> bool:
    """Whether what was accepted is in force now, and not only after a restart."""
    return _status(payload) == "Accepted"


def _status(payload: Any) -> str | None:
    if not isinstance(payload, Mapping):
        return None
    results = payload.get("setVariableResult")
    if isinstance(results, list) and results:
        return str(results[0].get("attributeStatus"))
    for name in _RESULTS:
        monitors = payload.get(name)
        if isinstance(monitors, list) and monitors:
            told = [str(each.get("status")) for each in monitors]
            return next((status for status in told if status not in ("Accepted", "NotFound")), told[0])
    cleared = payload.get("clearTariffsResult")
    if isinstance(cleared, list) and cleared:
        told = [str(each.get("status")) for each in cleared]
        return next((status for status in told if status not in ("Accepted", "NoTariff")), "Accepted")
    status = payload.get("status")
    return status if isinstance(status, str) else None
