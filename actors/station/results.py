"""What became of a command, out of what the connection tells of it. Pure."""

from collections.abc import Collection
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec

from actors.control.words import in_words
from actors.station.face import CommandResult
from actors.station.outcomes import outcome, refused
from protocol.ocpp import catalogue
from protocol.ocpp import events as wire
from protocol.ocpp.version import Version
from protocol.redact import redact_frame, redact_payload


class Asked(Protocol):
    """A command as its answer needs to know it."""

    @property
    def id(self) -> UUID: ...

    @property
    def action(self) -> str: ...

    @property
    def version(self) -> Version: ...


STATUS_IN_ROW: Final = {
    "answered": "answered",
    "station_error": "error",
    "station_silent": "timeout",
    "invalid_answer": "invalid_answer",
    "station_offline": "lost",
}


def from_answer(asked: Asked, event: wire.ReplyReceived | wire.ErrorReceived | wire.InvalidReply) -> CommandResult:
    """Whatever the station said to it."""
    match event:
        case wire.ReplyReceived():
            return _from_reply(asked, event)
        case wire.ErrorReceived():
            return _from_error(asked, event)
        case wire.InvalidReply():
            return _from_invalid(asked, event)


def _from_reply(asked: Asked, event: wire.ReplyReceived) -> CommandResult:
    payload = msgspec.json.decode(catalogue.encode(event.payload))
    return CommandResult(
        asked.id,
        "answered",
        asked.action,
        asked.version,
        payload,
        _milliseconds(event.duration),
        outcome(asked.action, payload),
        detail=refused(asked.action, payload) or in_words(asked.action, payload),
    )


def _from_error(asked: Asked, event: wire.ErrorReceived) -> CommandResult:
    return CommandResult(
        asked.id,
        "station_error",
        asked.action,
        asked.version,
        duration_ms=_milliseconds(event.duration),
        error_code=event.code,
        error_description=event.description,
        error_details=event.details,
    )


def _from_invalid(asked: Asked, event: wire.InvalidReply) -> CommandResult:
    """A CALLRESULT that is not of its type."""
    return CommandResult(
        asked.id,
        "invalid_answer",
        asked.action,
        asked.version,
        duration_ms=_milliseconds(event.duration),
        raw=event.payload.decode("utf-8", "replace"),
        detail=event.description,
    )


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def silent(asked: Asked, *, lost: bool) -> CommandResult:
    """No answer in time, or the connection ended while it was out: whether it arrived is not known."""
    return CommandResult(
        asked.id,
        "station_silent",
        asked.action,
        asked.version,
        delivery="unknown" if lost else None,
        detail="the connection was lost while waiting" if lost else "no answer in time",
    )


def offline(asked: Asked) -> CommandResult:
    """It was never sent, so nothing is kept of it."""
    return CommandResult(None, "station_offline", asked.action, asked.version)


def busy(asked: Asked) -> CommandResult:
    """As many wait as may, or another is out."""
    return CommandResult(None, "station_busy", asked.action, asked.version, retry_after=5)


def too_late(asked: Asked) -> CommandResult:
    """Its time ended before its turn came: it was never sent, so nothing is kept of it."""
    told = "others are before it at this station: its turn did not come in time, so it was not sent"
    return CommandResult(None, "station_silent", asked.action, asked.version, detail=told)


def kept(result: CommandResult, action: str, secrets: Collection[str]) -> tuple[Any, Any]:
    """(answer, error) as its row keeps them, without secrets: those of its fields and the request's own (`secrets`)."""
    answer = error = None
    if result.payload is not None:
        answer = redact_payload(action, result.payload, answer=True, secrets=secrets)
    if result.error_code is not None:
        told = {"error_code": result.error_code, "error_description": result.error_description or ""}
        error = redact_payload(action, told, answer=True, secrets=secrets)
    elif result.raw is not None:
        error = {"raw": redact_frame(result.raw, action, secrets)}
    return answer, error
