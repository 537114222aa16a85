"""Whole OCPP-J frames, as they go to the frame log and the quarantine. Most hold nothing: the first look is cheap."""

import json
import re
from collections.abc import Collection
from typing import Any

import orjson

from protocol.redact.names import HIDDEN
from protocol.redact.payload import Cleaner
from protocol.redact.text import names_secret, redact_text

# Frequent messages with no field that could hold a secret: a look at the text is enough.
_MEASURED = frozenset({
    "Authorize", "Heartbeat", "MeterValues", "StartTransaction", "StopTransaction", "TransactionEvent",
})  # fmt: skip
# The same, but with free texts, in which a station may write anything.
_TOLD = frozenset({
    "BootNotification", "CostUpdated", "FirmwareStatusNotification", "NotifyChargingLimit", "NotifyEVChargingNeeds",
    "RemoteStartTransaction", "RemoteStopTransaction", "RequestStartTransaction", "RequestStopTransaction",
    "SetChargingProfile", "StatusNotification",
})  # fmt: skip
# An address, or characters written so that a look misses them. Searched only when their rare first letter is there.
_ADDRESS_SIGNS = ("//", "\\/", "\\u")
# Messages in which a secret's value can stand before its name: cut off in between, only the message tells.
_CARRIERS = frozenset({
    "ChangeConfiguration", "GetConfiguration", "GetVariables", "NotifyEvent", "NotifyReport", "SetVariables",
})  # fmt: skip
_CARRIER_SIGNS = (*_CARRIERS, "attributeValue", "actualValue", "configurationKey", "variableAttribute")
_HEAD = re.compile(r'\s*\[\s*[26]\s*,\s*"[^"\\]*"\s*,\s*"([A-Za-z0-9]+)"\s*,')
_HEADER = re.compile(r"authorization|basic |bearer ", re.IGNORECASE)
_CALLS = (2, 6)


def redact_frame(text: str, action: str | None = None, secrets: Collection[str] = ()) -> str:
    """The frame without its secrets; the very same text when it holds none.

    A CALLRESULT does not say what it answers: `action` is the call's. `secrets` (see `secrets_in`) are hidden wherever
    they turn up, for stations that repeat a password in their error. A frame in which something was hidden is written
    anew, without needless blanks; one that is no JSON is read as prose. Never raises.
    """
    if not secrets:
        if action is None and (head := _HEAD.match(text)):
            action = head[1]
        if action in _MEASURED:
            if not (("/" in text or "\\" in text) and _holds_sign(text)) and not (
                "customData" in text or "assword" in text or "KeyCode" in text
            ):
                return text
        elif action in _TOLD and not (_holds_sign(text) or _tells(text)):
            return text
    try:
        return _decoded(text, action, secrets)
    except (ValueError, TypeError, RecursionError):  # no JSON, or not within what can be taken apart
        return _broken(text, action, secrets)


def frame_secrets(text: str, action: str | None = None) -> frozenset[str]:
    """The secret texts that `redact_frame` would hide in this frame, to look for in what is told about it elsewhere.

    Empty for a frame that is no JSON. Costs as much as the whole cleaning: ask only when `redact_frame` changed it.
    """
    cleaner = Cleaner()
    try:
        frame = json.loads(text)
        if isinstance(frame, list):
            _frame(cleaner, frame, action)
    except (ValueError, TypeError, RecursionError):  # as in redact_frame
        return frozenset()
    return cleaner.secrets()


def _holds_sign(text: str) -> bool:
    return any(sign in text for sign in _ADDRESS_SIGNS)


def _tells(text: str) -> bool:
    """A vendor's own fields, a secret's name or a header, somewhere in the text."""
    if "customData" in text or "PRIVATE KEY" in text or "KeyCode" in text:
        return True
    return names_secret(text) or _HEADER.search(text) is not None


def _decoded(text: str, action: str | None, secrets: Collection[str]) -> str:
    frame: Any
    try:
        frame = orjson.loads(text)
        dumps = _compact
    except ValueError:  # orjson refuses what stations send and json reads: NaN, half surrogate pairs, huge numbers
        frame = json.loads(text)
        dumps = _escaped
    cleaner = Cleaner(secrets)
    cleaned = _frame(cleaner, frame, action) if isinstance(frame, list) else cleaner.value(frame)
    return text if cleaned is frame else dumps(cleaned)


def _frame(cleaner: Cleaner, frame: list[Any], action: str | None) -> list[Any]:
    """The payload by its action; everything else by its fields. The message id is the peer's and stays."""
    kind = frame[0] if frame else None
    if kind in _CALLS and len(frame) > 2 and isinstance(frame[2], str):
        action = frame[2]
    place = 3 if kind in _CALLS else 2 if kind == 3 else None
    items = list(frame)
    for index, part in enumerate(frame):
        if index == place:
            items[index] = cleaner.payload(action, part, answer=kind == 3)
        elif index != 1:
            items[index] = cleaner.value(part)
    return frame if all(new is old for new, old in zip(items, frame, strict=True)) else items


def _broken(text: str, action: str | None, secrets: Collection[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    carrier = action in _CARRIERS or any(name in text for name in _CARRIER_SIGNS)
    return redact_text(text, carrier=carrier)


def _compact(frame: Any) -> str:
    return orjson.dumps(frame).decode()


def _escaped(frame: Any) -> str:
    return json.dumps(frame, separators=(",", ":"))
