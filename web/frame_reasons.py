"""Why a frame was refused, read from how it was answered. Pure."""

import msgspec
from msgspec import Struct

from protocol.ocpp import reasons


class WhyView(Struct, frozen=True, kw_only=True):
    """Why a frame was refused: in words, and as it was answered. `path`: of the payload's field, where it is one."""

    text: str
    code: str | None
    message: str | None
    path: str | None


def explained(direction: str, outcome: str, reply: str | None) -> tuple[WhyView | None, str | None]:
    """Why a frame of a station came to nothing, and what to do; (None, None) for what went well."""
    if direction != "in":
        return None, None
    code, message, path = _answered(reply)
    reason = reasons.of_frame(outcome, code)
    if reason is None:
        return None, None
    return WhyView(text=reason.why, code=code, message=message, path=path), reason.advice


def _answered(reply: str | None) -> tuple[str | None, str | None, str | None]:
    """Code, description and path of the error that a frame was answered with: [4, id, code, description, details]."""
    try:
        frame = msgspec.json.decode(reply or "null")
    except msgspec.DecodeError:
        return None, None, None
    if not isinstance(frame, list) or len(frame) < 4 or frame[0] not in (4, 5):
        return None, None, None
    message = str(frame[3]) or None
    details = frame[4] if len(frame) > 4 and isinstance(frame[4], dict) else {}
    path = details.get("path")
    if path is None and message is not None and message.startswith("/"):
        path = message.partition(":")[0].partition(" ")[0]
    return str(frame[2]), message, None if path is None else str(path)
