"""Feature profiles that are claimed and absent, or absent and working (quirk 29): tried once, then remembered. Pure.

Jobs of our own leave out what a station said it does not support, until its model or firmware is another one. An
operator may always try: an answer that is better than before counts.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from actors.records import CommandRecord, Record
from actors.station.exchange import Exchange
from actors.verify.known import CAPABILITY, Known

WORKS, UNSUPPORTED = "works", "unsupported"
_NO: Final = frozenset(("NotSupported", "NotImplemented"))
_PART: Final = {"TriggerMessage": "requestedMessage", "ExtendedTriggerMessage": "requestedMessage",
                "ChangeConfiguration": "key"}  # fmt: skip
"""Actions of which a station may support a part: the field that names it."""
_MOST: Final = 200


def keys(action: str, request: Any) -> tuple[str, ...]:
    """The names under which an answer may be known, the narrowest first."""
    part = request.get(_PART[action]) if action in _PART and isinstance(request, Mapping) else None
    return (f"{action}/{str(part)[:100]}", action) if part else (action,)


def answered(known: Known, exchange: Exchange, row: CommandRecord) -> tuple[Known, list[Record]]:
    """What the fate of a command tells: `row.status` answered or error; everything else tells nothing."""
    names = keys(exchange.action, exchange.request)
    said = str(exchange.answer.get("status") or "") or None
    if row.status == "answered":
        key, status = names[0], UNSUPPORTED if said in _NO else WORKS
    elif row.status == "error" and isinstance(row.error, Mapping) and row.error.get("error_code") in _NO:
        key, status, said = names[-1], UNSUPPORTED, str(row.error["error_code"])
    else:
        return known, []
    if known.capabilities.get(key) == status or (key not in known.capabilities and len(known.capabilities) >= _MOST):
        return known, []
    found = {**known.capabilities, key: status}
    news = status == UNSUPPORTED or known.capabilities.get(key) == UNSUPPORTED  # that a thing works is no news
    records = list(exchange.object(CAPABILITY, key, {"said": said}, status)) if news else []
    if status == WORKS and found.get(exchange.action) == UNSUPPORTED:
        found[exchange.action] = WORKS
        records += exchange.object(CAPABILITY, exchange.action, {"said": said}, WORKS)
    return replace(known, capabilities=found), records


def missing(known: Known, action: str, request: Any) -> bool:
    """Whether the station has said that it does not support this."""
    return any(known.capabilities.get(key) == UNSUPPORTED for key in keys(action, request))
