"""What a station's answer means: accepted, rejected, scheduled, unsupported, or partly. Pure.

An answer about several things is accepted when all are, `partly` when only some are; `refused` names the others.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

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
_NO: Final = frozenset(("rejected", "unsupported"))
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
_LISTS: Final = {
    "setVariableResult": "attributeStatus",
    "getVariableResult": "attributeStatus",
    "setMonitoringResult": "status",
    "clearMonitoringResult": "status",
    "clearTariffsResult": "status",
}
"""Answers about several things: the field that lists them, and where each says how it went."""
_HEARD: Final = frozenset(("CostUpdated", "GetTransactionStatus", "NotifyWebPaymentStarted"))
"""Their answers have no status: to answer is to accept."""
_INSIDE: Final = frozenset(("Rejected", "Failed", "NotImplemented"))
"""What an answer inside an accepted DataTransfer says no with."""
_MOST_NAMED: Final = 5


def outcome(action: str, payload: Any) -> str | None:
    """The word for an answer; None when it says neither yes nor no."""
    if not isinstance(payload, Mapping):
        return None
    told = [_word(action, status) for _, status in _told(action, payload)]
    if told:
        return _joined(told)
    status = payload.get("status")
    if isinstance(status, str):
        return _word(action, _inside(payload) or status if action == "DataTransfer" else status)
    return "accepted" if action in _HEARD else None


def _inside(payload: Mapping[str, Any]) -> str | None:
    """The status of an answer of 2.0.1 that a 1.6 station gave as text, when it says no (ISO 15118 over 1.6)."""
    text = payload.get("data")
    try:
        found = msgspec.json.decode(text) if isinstance(text, str) and text.startswith("{") else None
    except msgspec.DecodeError:
        return None
    status = found.get("status") if isinstance(found, dict) else None
    return status if status in _INSIDE else None


def refused(action: str, payload: Any) -> str | None:
    """Which of several things were not accepted and why, in words; None when there is nothing to say."""
    if not isinstance(payload, Mapping):
        return None
    told = _told(action, payload)
    wrong = [f"{name}: {status}" for name, status in told if _word(action, status) in _NO]
    if not wrong:
        return None
    more = f" and {len(wrong) - _MOST_NAMED} more" if len(wrong) > _MOST_NAMED else ""
    return f"{len(wrong)} of {len(told)} not accepted: {'; '.join(wrong[:_MOST_NAMED])}{more}"


def _joined(words: Sequence[str]) -> str:
    wrong = [word for word in words if word in _NO]
    if not wrong:
        return "accepted"
    if len(wrong) < len(words):
        return "partly"
    return wrong[0] if len(set(wrong)) == 1 else "rejected"


def _word(action: str, status: str) -> str:
    return "accepted" if (action, status) in _NOTHING_THERE else _WORDS.get(status, "rejected")


def _told(action: str, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, status) of each thing that an answer is about; none where it is about one."""
    if action == "GetConfiguration":  # 1.6: what it does not know it lists
        known = [(str(each.get("key")), "Accepted") for each in _items(payload, "configurationKey")]
        unknown = payload.get("unknownKey")
        return known + [(str(key), "UnknownVariable") for key in (unknown if isinstance(unknown, list) else ())]
    for field, status in _LISTS.items():
        items = _items(payload, field)
        if items:
            return [(_name(each), str(each.get(status))) for each in items]
    return []


def _items(payload: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    found = payload.get(field)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _name(item: Mapping[str, Any]) -> str:
    """How an operator knows it: Component.Variable, or the id of a monitor or tariff."""
    named = [item[part] for part in ("component", "variable") if isinstance(item.get(part), Mapping)]
    if named:
        return ".".join(str(part.get("name")) for part in named)
    return str(next((item[name] for name in ("id", "tariffId") if item.get(name) is not None), "?"))
