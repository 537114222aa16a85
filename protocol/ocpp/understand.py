"""A raw payload → a typed message, as it stands or repaired; and payloads for the record and for the wire.

What the connection needs to know about the inside of a frame. No state.
"""

from typing import Any, Final

import msgspec

from protocol.ocpp import catalogue, errors, repair
from protocol.ocpp.catalogue import Action, FieldProblem
from protocol.ocpp.events import ErrorReceived, Repair
from protocol.ocpp.frames import ErrorFrame, ResultErrorFrame
from protocol.ocpp.version import Version

UNDECODABLE: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""All that msgspec raises for a text it cannot take."""


class WrongPayload(ValueError):  # noqa: N818 - named for what happened
    """A payload that is not of the action's type, or raw bytes that are not one JSON value."""


class Unusable(Exception):  # noqa: N818 - named for what happened
    """A payload that neither decodes nor can be repaired."""

    def __init__(self, problem: FieldProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def understand(
    action: Action, version: Version, raw: msgspec.Raw, *, response: bool, strict: bool
) -> tuple[msgspec.Struct, tuple[Repair, ...]]:
    """The typed payload with its repairs, of which strict mode makes none; raises Unusable."""
    if b"\\u0000" in bytes(raw):
        problem = FieldProblem("", "constraint", "a text holds U+0000, which no field may hold")
    else:
        try:
            return (action.decode_response(raw) if response else action.decode_request(raw)), ()
        except UNDECODABLE as error:
            problem = _problem(error)
    if strict:
        raise Unusable(problem)
    mended = repair.payload(action, version, bytes(raw), response=response)
    if isinstance(mended, FieldProblem):
        raise Unusable(mended)
    return mended


def body(action: Action, payload: msgspec.Struct | bytes) -> bytes:
    """The JSON of a request that is to be sent; bytes go as they are. Raises WrongPayload."""
    if isinstance(payload, bytes):
        try:
            msgspec.json.decode(payload)
            payload.decode()
        except UNDECODABLE as error:
            raise WrongPayload(f"the payload is not one JSON value: {error}") from error
        return payload
    if type(payload) is not action.request:
        raise WrongPayload(f"{action.name} carries {action.request}, not {type(payload)}")
    return catalogue.encode(payload)


def describe(problem: FieldProblem) -> str:
    """A problem as an error description."""
    return f"{problem.path or 'payload'}: {problem.message}"


def unknown(version: Version, name: str) -> str:
    """The description for an action that the version does not have, with the nearest ones."""
    near = catalogue.nearest(version, name)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    return f"OCPP {version} has no action {name[:100]!r}{hint}"


def details(raw: msgspec.Raw) -> Any:
    """errorDetails as JSON values."""
    try:
        return repair.plain(msgspec.json.decode(raw))
    except UNDECODABLE:
        return {}


def error_json(frame: ErrorFrame | ResultErrorFrame) -> bytes:
    """Code, description and details of an error as one JSON object, for the record."""
    told = {"code": frame.code, "description": frame.description, "details": details(frame.details)}
    return msgspec.json.encode(repair.plain(told))


def error_frame(message_id: str, told: bytes) -> ErrorFrame:
    """The frame that `error_json` was made of."""
    found = msgspec.json.decode(told)
    details = msgspec.Raw(msgspec.json.encode(found["details"]))
    return ErrorFrame(message_id, found["code"], found["description"], details)


def error_received(frame: ErrorFrame, action: str, took: float) -> ErrorReceived:
    """A CALLERROR to our call of `action`, `took` seconds after it."""
    code, description = repair.plain(frame.code), repair.plain(frame.description)
    known = errors.recognise(frame.code)
    return ErrorReceived(frame.message_id, action, code, known, description, details(frame.details), took)


def storable(raw: msgspec.Raw) -> bytes:
    """The JSON of an answer for the record, without U+0000, which PostgreSQL refuses."""
    data = bytes(raw)
    if b"\\u0000" not in data:
        return data
    try:
        return msgspec.json.encode(repair.plain(msgspec.json.decode(data)))
    except UNDECODABLE:
        return data


def _problem(error: Exception) -> FieldProblem:
    if isinstance(error, msgspec.ValidationError):
        return catalogue.problem(error)
    return FieldProblem("", "format", "nested too deeply" if isinstance(error, RecursionError) else str(error))
