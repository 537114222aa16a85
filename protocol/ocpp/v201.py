"""OCPP 2.0.1: what it has of its own beside what `v2.py` does for both 2.x versions."""

import msgspec

from protocol.ocpp import neutral, v2
from protocol.ocpp.messages import v201 as types


def understand(action: str, request: msgspec.Struct) -> neutral.Message:
    """What a station's request means."""
    translate = v2.INCOMING.get(action)
    if translate is not None:
        return translate(request)
    return neutral.Notified(action, request)


def answer(action: str, response: type[msgspec.Struct], reply: neutral.Reply) -> msgspec.Struct:
    """The typed response to that action. Raises TypeError for a reply that does not belong to it."""
    return v2.answer(types, action, response, reply)
