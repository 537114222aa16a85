"""The OCPP-J wire codec: JSON lists to frames and back (OCPP-J 1.6 ch. 4, OCPP 2.0.1 and 2.1 Part 4 ch. 4).

`decoder` is the fast way and knows only frames exactly as the specification writes them. `dissect` is the slow way
for all others: it finds out what a frame was meant to be, or says in a `Fault` how far it could be read.
Payloads stay raw JSON here. No state.
"""

import re
from typing import Final

import msgspec

from protocol.ocpp import repair
from protocol.ocpp.errors import DESCRIPTION_LIMIT
from protocol.ocpp.events import LiteralId, Repair, Violation
from protocol.ocpp.version import Version

ID_LIMIT: Final = 36
UNREADABLE_ID: Final = "-1"
"""Stands in a CALLERROR for a message id that could not be read (OCPP 2.0.1 Part 4, 4.2.3)."""


class CallFrame(msgspec.Struct, frozen=True, array_like=True, tag=2, forbid_unknown_fields=True):
    """`[2, id, action, payload]`."""

    message_id: str
    action: str
    payload: msgspec.Raw


class ResultFrame(msgspec.Struct, frozen=True, array_like=True, tag=3, forbid_unknown_fields=True):
    """`[3, id, payload]`."""

    message_id: str
    payload: msgspec.Raw


class ErrorFrame(msgspec.Struct, frozen=True, array_like=True, tag=4, forbid_unknown_fields=True):
    """`[4, id, code, description, details]`."""

    message_id: str
    code: str
    description: str
    details: msgspec.Raw


class ResultErrorFrame(msgspec.Struct, frozen=True, array_like=True, tag=5, forbid_unknown_fields=True):
    """`[5, id, code, description, details]`: OCPP 2.1."""

    message_id: str
    code: str
    description: str
    details: msgspec.Raw


class SendFrame(msgspec.Struct, frozen=True, array_like=True, tag=6, forbid_unknown_fields=True):
    """`[6, id, action, payload]`: OCPP 2.1."""

    message_id: str
    action: str
    payload: msgspec.Raw


Frame = CallFrame | ResultFrame | ErrorFrame | ResultErrorFrame | SendFrame

CALL, RESULT, ERROR, RESULT_ERROR, SEND = 2, 3, 4, 5, 6
_NAMES: Final = {CALL: "CALL", RESULT: "CALLRESULT", ERROR: "CALLERROR", RESULT_ERROR: "CALLRESULTERROR", SEND: "SEND"}
_LENGTHS: Final = {CALL: 4, RESULT: 3, ERROR: 5, RESULT_ERROR: 5, SEND: 4}
_OLD: Final = msgspec.json.Decoder(CallFrame | ResultFrame | ErrorFrame)
_NEW: Final = msgspec.json.Decoder(CallFrame | ResultFrame | ErrorFrame | ResultErrorFrame | SendFrame)
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_STRING: Final = msgspec.json.Decoder(str)
_NOTHING: Final = msgspec.Raw(b"{}")
# The head of a frame whose rest may be anything: type, id, and the action when one follows.
_HEAD: Final = re.compile(
    r'\s*\[[\s,]*"?(?P<type>\d{1,3})"?\s*,\s*'
    r'(?P<id>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?\d+(?:\.\d+)?|null|true|false)\s*'
    r'(?:,\s*"(?P<action>[A-Za-z0-9]{1,64})"|[,\]])',
    re.ASCII,
)


class Fault(msgspec.Struct, frozen=True):
    """Why a text is no frame, and what of its head could be read all the same."""

    violation: Violation
    detail: str
    type: int | None = None
    message_id: str | None = None
    action: str | None = None


def decoder(version: Version) -> msgspec.json.Decoder[Frame]:
    """Decodes a well-formed frame of `version`; raises MsgspecError, UnicodeError or RecursionError for any other."""
    return _NEW if version is Version.V21 else _OLD


def payload_text(text: str | bytes, version: Version) -> str | None:
    """The payload of a CALL or SEND in its sender's words; None for a frame that is not exactly as specified."""
    try:
        frame = decoder(version).decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return bytes(frame.payload).decode() if isinstance(frame, CallFrame | SendFrame) else None


def known_types(version: Version) -> frozenset[int]:
    """The message type numbers that `version` has."""
    return frozenset(_NAMES) if version is Version.V21 else frozenset((CALL, RESULT, ERROR))


def quote(message_id: str) -> str:
    """The id as JSON text, exactly as it came."""
    if type(message_id) is LiteralId:
        return str(message_id)
    return msgspec.json.encode(message_id).decode()


def call_text(message_id: str, action: str, payload: bytes) -> str:
    """A CALL. `payload` is JSON text."""
    return f'[2,{quote(message_id)},"{action}",{payload.decode()}]'


def send_text(message_id: str, action: str, payload: bytes) -> str:
    """A SEND (2.1). `payload` is JSON text."""
    return f'[6,{quote(message_id)},"{action}",{payload.decode()}]'


def result_text(message_id: str, payload: bytes) -> str:
    """A CALLRESULT. `payload` is JSON text."""
    return f"[3,{quote(message_id)},{payload.decode()}]"


def error_text(kind: int, message_id: str, code: str, description: str, details: object = None) -> str:
    """A CALLERROR or CALLRESULTERROR. The description is cut at its limit; it and `details` are encoded afresh,
    since a corrupt message must not be quoted as it is (OCPP 2.0.1 Part 4, 4.2.3)."""
    safe = description.encode("utf-8", "replace").decode()[:DESCRIPTION_LIMIT]
    told = msgspec.json.encode({} if details is None else details).decode()
    return (
        f"[{kind},{quote(message_id)},{msgspec.json.encode(code).decode()},{msgspec.json.encode(safe).decode()},{told}]"
    )


def dissect(text: str, version: Version, *, strict: bool) -> tuple[Frame, tuple[Repair, ...]] | Fault:
    """The frame that `text` was meant to be, with what had to be put right, or how it fails.

    A readable CALLERROR never fails: a call it ends must end, in strict mode too.
    """
    repairs: list[Repair] = []
    source = text
    try:
        elements = _LIST.decode(text)
    except RecursionError:
        return Fault(Violation.TOO_DEEP, "nested too deeply")
    except msgspec.ValidationError as error:
        return Fault(Violation.NOT_A_LIST, str(error))
    except (msgspec.DecodeError, UnicodeError) as error:
        mended = None if strict else repair.text(text)
        if mended is None:
            return _not_json(text, str(error))
        text, found = mended
        repairs.extend(found)
        try:
            elements = _LIST.decode(text)
        except msgspec.ValidationError as other:
            return Fault(Violation.NOT_A_LIST, str(other))
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return _not_json(source, str(error))
    return _assemble(elements, source if repairs else None, version, repairs, strict)


def _assemble(
    elements: list[msgspec.Raw], source: str | None, version: Version, repairs: list[Repair], strict: bool
) -> tuple[Frame, tuple[Repair, ...]] | Fault:
    if not elements:
        return Fault(Violation.WRONG_LENGTH, "the list is empty")
    kind = _read_type(bytes(elements[0]), repairs, strict)
    message_id = _read_id(bytes(elements[1]), source) if len(elements) > 1 else None
    if kind is None:
        return Fault(Violation.MESSAGE_TYPE_UNREADABLE, "the first element is no message type number", None, message_id)
    if kind not in known_types(version):
        return Fault(
            Violation.MESSAGE_TYPE_UNKNOWN, f"message type {kind} is unknown in OCPP {version}", kind, message_id
        )
    if message_id is None or (strict and type(message_id) is LiteralId):
        return Fault(Violation.MESSAGE_ID_UNREADABLE, f"the message id of a {_NAMES[kind]} must be a string", kind)
    rest = elements[2:]
    if len(elements) > _LENGTHS[kind]:
        repairs.append(Repair("elements_dropped", "", before=str(len(elements)), after=str(_LENGTHS[kind])))
        rest = rest[: _LENGTHS[kind] - 2]
    if kind in (ERROR, RESULT_ERROR):
        return _error_frame(kind, message_id, rest, repairs)
    return _message_frame(kind, message_id, rest, repairs, strict and len(elements) != _LENGTHS[kind])


def _message_frame(
    kind: int, message_id: str, rest: list[msgspec.Raw], repairs: list[Repair], wrong_length: bool
) -> tuple[Frame, tuple[Repair, ...]] | Fault:
    action = None
    if kind != RESULT:
        try:
            action = _STRING.decode(rest[0]) if rest else None
        except (msgspec.DecodeError, UnicodeError):
            action = None
    if wrong_length or (kind != RESULT and action is None):
        wants = "a string as third element" if rest and not wrong_length else f"{_LENGTHS[kind]} elements"
        return Fault(Violation.WRONG_LENGTH, f"a {_NAMES[kind]} has {wants}", kind, message_id, action)
    if len(rest) < _LENGTHS[kind] - 2:
        repairs.append(Repair("payload_missing", "", after="{}"))
        rest = [*rest, _NOTHING]
    if action is None:
        return ResultFrame(message_id, rest[0]), tuple(repairs)
    frame = CallFrame if kind == CALL else SendFrame
    return frame(message_id, action, rest[1]), tuple(repairs)


def _error_frame(
    kind: int, message_id: str, rest: list[msgspec.Raw], repairs: list[Repair]
) -> tuple[Frame, tuple[Repair, ...]]:
    texts = [_as_text(bytes(raw)) for raw in rest[:2]]
    if len(rest) < 3 or any(not bytes(raw).startswith(b'"') for raw in rest[:2]):
        repairs.append(Repair("error_incomplete", "", before=str(len(rest) + 2), after="5"))
    code, description = (*texts, "", "")[:2]
    details = rest[2] if len(rest) > 2 else _NOTHING
    frame = ErrorFrame if kind == ERROR else ResultErrorFrame
    return frame(message_id, code, description, details), tuple(repairs)


def _read_type(raw: bytes, repairs: list[Repair], strict: bool) -> int | None:
    if raw.isdigit() and len(raw) < 10:
        return int(raw)
    bare = raw.strip(b'"')
    bare = bare.removesuffix(b".0")
    if strict or not bare.isdigit() or len(bare) > 3:
        return None
    repairs.append(Repair("message_type_text", "", before=raw.decode("utf-8", "replace"), after=bare.decode()))
    return int(bare)


def _read_id(raw: bytes, source: str | None) -> str | None:
    """The id for the echo; from `source`, the text before it was mended, when that still shows it."""
    if source is not None and (head := _HEAD.match(source)):
        raw = head["id"].encode("utf-8", "replace")
    if raw[:1] in (b"[", b"{"):
        return None
    if not raw.startswith(b'"'):
        return LiteralId(raw.decode())
    try:
        text = _STRING.decode(raw)
    except UnicodeDecodeError:
        return None
    except msgspec.DecodeError:
        return LiteralId(raw.decode())
    return text if "\x00" not in text else LiteralId(raw.decode())


def _not_json(text: str, why: str) -> Fault:
    head = _HEAD.match(text)
    if head is None:
        return Fault(Violation.NOT_JSON, why)
    return Fault(Violation.NOT_JSON, why, int(head["type"]), _read_id(b"", text), head["action"])


def _as_text(raw: bytes) -> str:
    try:
        return _STRING.decode(raw)
    except (msgspec.DecodeError, UnicodeError):
        return raw.decode("utf-8", "replace")
