"""Messages on the station's display (OCPP 2.0.1 Part 2, O01 to O06)."""

from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station.dialect import Handler
from simulators.station.outbox import JsonObject, Outgoing

if TYPE_CHECKING:
    from simulators.station.station import Station

FORMATS = ("ASCII", "UTF8", "URI")
PRIORITIES = ("AlwaysFront", "InFront", "NormalCycle")
STATES = ("Charging", "Faulted", "Idle", "Unavailable")
MOST = 10
_A_PART = 2  # messages in one NotifyDisplayMessages


def set_message(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """Shown, in place of one of the same id; refused in the words of DisplayMessageStatusEnumType."""
    message = payload["message"]
    texts = [message["message"], *message.get("messageExtra", ())]
    if any(text["format"] not in FORMATS for text in texts):
        return {"status": "NotSupportedMessageFormat"}
    if message["priority"] not in PRIORITIES:
        return {"status": "NotSupportedPriority"}
    if message.get("state", STATES[0]) not in STATES:
        return {"status": "NotSupportedState"}
    wanted = message.get("transactionId")
    if wanted is not None and not any(o.transaction and o.transaction.id == wanted for o in station.outlets.values()):
        return {"status": "UnknownTransaction"}
    if message["id"] not in station.messages and len(station.messages) >= MOST:
        return {"status": "Rejected", "statusInfo": {"reasonCode": "TooManyElements"}}
    station.messages[message["id"]] = message
    return {"status": "Accepted"}


def get_messages(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """Answered, then told in parts."""
    found = [message for message in station.messages.values() if _fits(message, payload)]
    if not found:
        return {"status": "Unknown"}
    parts = [found[at : at + _A_PART] for at in range(0, len(found), _A_PART)]
    for number, part in enumerate(parts):
        _send(station, {"requestId": payload["requestId"], "messageInfo": part, "tbc": number < len(parts) - 1})
    return {"status": "Accepted"}


def _fits(message: JsonObject, wanted: JsonObject) -> bool:
    return (
        message["id"] in wanted.get("id", (message["id"],))
        and wanted.get("priority", message["priority"]) == message["priority"]
        and wanted.get("state", message.get("state")) == message.get("state")
    )


def _send(station: "Station", payload: JsonObject) -> None:
    station.outbox.put(Outgoing("NotifyDisplayMessages", lambda: payload))


def clear_message(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """Gone, or Unknown when it was not there."""
    return {"status": "Unknown" if station.messages.pop(payload["id"], None) is None else "Accepted"}


HANDLERS: dict[str, Handler] = {
    "SetDisplayMessage": set_message, "GetDisplayMessages": get_messages, "ClearDisplayMessage": clear_message,
}  # fmt: skip
