"""Commands about displays: `display-message`, `display-messages`, `clear-display-message` (OCPP 2.0.1 Part 2, O)."""

from collections.abc import Mapping
from typing import Any, Final

from actors.display.objects import whole
from actors.station.phrasing import Facts, Payload, Phrase, Phrases, Unsupported, only_by
from protocol.events.types import timestamp
from protocol.ocpp.version import Version

_OPTIONAL: Final = {"state": "state", "display": "display"}
_TIMES: Final = {"start": "startDateTime", "end": "endDateTime"}


def _set(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """O01; with a transaction the message is shown as long as that goes on (O02)."""
    texts = arguments["texts"]
    if len(texts) > 1 and facts.version is not Version.V21:
        raise Unsupported(f"OCPP {facts.version.value} shows one language a message: give one text")
    info: Payload = {
        "id": arguments["id"] if arguments.get("id") is not None else facts.number,
        "priority": arguments["priority"],
        "message": texts[0],
    }
    if len(texts) > 1:
        info["messageExtra"] = list(texts[1:])
    info |= {theirs: arguments[ours] for ours, theirs in _OPTIONAL.items() if arguments.get(ours) is not None}
    info |= {theirs: timestamp(arguments[ours]) for ours, theirs in _TIMES.items() if arguments.get(ours) is not None}
    if facts.transaction_id is not None:
        info["transactionId"] = facts.transaction_id
    return "SetDisplayMessage", {"message": info}


def _list(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    payload: Payload = {
        theirs: arguments[ours]
        for ours, theirs in {"ids": "id", "priority": "priority", "state": "state"}.items()
        if arguments.get(ours) is not None
    }
    payload["requestId"] = whole(facts.number) if not payload else facts.number // 1000 * 1000
    return "GetDisplayMessages", payload


def _clear(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "ClearDisplayMessage", {"id": arguments["id"]}


V2: Final[Phrases] = {"display-message": _set, "display-messages": _list, "clear-display-message": _clear}
V16: Final[Phrases] = dict.fromkeys(V2, only_by(Version.V201, Version.V21))
