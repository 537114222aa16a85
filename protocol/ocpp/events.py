"""What an OCPP connection tells its owner: one frozen class for each thing that can happen.

Structs rather than attrs classes: one is made for every frame, and they cost a tenth to build.
Every `reply_text` is complete and only needs to be sent.
"""

import enum
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from protocol.ocpp.catalogue import FieldProblem
from protocol.ocpp.errors import ErrorCode

ReplyKind = Literal["result", "error", "result_error"]


class Violation(enum.StrEnum):
    """The ways a peer can break the framing rules; the value is what logs and metrics show."""

    INVALID_UTF8 = "invalid_utf8"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    NOT_A_LIST = "not_a_list"
    WRONG_LENGTH = "wrong_length"
    MESSAGE_TYPE_UNREADABLE = "message_type_unreadable"
    MESSAGE_TYPE_UNKNOWN = "message_type_unknown"
    MESSAGE_ID_UNREADABLE = "message_id_unreadable"
    CALLS_OVERLAP = "calls_overlap"
    INVALID_SEND = "invalid_send"


class LiteralId(str):
    """A message id that is no plain JSON string: the JSON text as it came, so that the echo is exact.

    Numbers (`17`, `1.50`), null, and strings that hold NUL or half a surrogate pair (then with their quotes).
    """

    __slots__ = ()


class Repair(msgspec.Struct, frozen=True):
    """One thing that was put right so that a frame could be understood.

    `code` is a stable name in snake case, `path` a JSON pointer into the payload ("" is the payload or frame itself);
    `before` and `after` are JSON text, cut when long.
    """

    code: str
    path: str
    before: str = ""
    after: str = ""


def was_filled(repairs: Iterable[Repair], path: str) -> bool:
    """Whether the value at `path` was never sent but put there so that the message could be decoded.

    Ask before a register, a time or an id of a repaired message is believed: a filled value is no measurement.
    """
    return any(repair.code == "value_filled" and (path + "/").startswith(repair.path + "/") for repair in repairs)


class CallReceived(msgspec.Struct, frozen=True):
    """A CALL of the peer that decoded; it waits for `Connection.reply` or `reply_error`."""

    message_id: str
    action: str
    payload: msgspec.Struct
    repairs: tuple[Repair, ...] = ()


class CallRefused(msgspec.Struct, frozen=True):
    """A CALL of the peer that cannot be understood or is unknown; `reply_text` is the CALLERROR to send."""

    message_id: str
    action: str | None
    code: ErrorCode
    description: str
    problem: FieldProblem | None
    reply_text: str


class ReplyReceived(msgspec.Struct, frozen=True):
    """The peer's CALLRESULT to our call; `duration` in seconds since it was sent."""

    message_id: str
    action: str
    payload: msgspec.Struct
    duration: float
    repairs: tuple[Repair, ...] = ()


class ErrorReceived(msgspec.Struct, frozen=True):
    """The peer's CALLERROR to our call; `code` as the peer wrote it, `known` what that means."""

    message_id: str
    action: str
    code: str
    known: ErrorCode | None
    description: str
    details: Any
    duration: float


class InvalidReply(msgspec.Struct, frozen=True):
    """An answer to our call that is not valid for its type; the call is over.

    `payload` is the raw JSON of the answer; `reply_text` the CALLRESULTERROR of OCPP 2.1, None in older versions.
    """

    message_id: str
    action: str
    code: ErrorCode
    description: str
    problem: FieldProblem | None
    payload: bytes
    reply_text: str | None
    duration: float


class LateReply(msgspec.Struct, frozen=True):
    """An answer to a call of ours that had timed out: what it would have been in its time."""

    reply: ReplyReceived | ErrorReceived | InvalidReply

    @property
    def message_id(self) -> str:
        return self.reply.message_id

    @property
    def action(self) -> str:
        return self.reply.action


class DuplicateReply(msgspec.Struct, frozen=True):
    """A second answer to a call of ours; the first one counts."""

    message_id: str
    action: str
    kind: ReplyKind
    payload: bytes


class UnknownReply(msgspec.Struct, frozen=True):
    """An answer to nothing that we remember having sent. Id "-1": the peer could not read one of our frames.

    Who knows the call from elsewhere hands it to `Connection.recognised`.
    """

    message_id: str
    kind: ReplyKind
    payload: bytes


class ResultErrorReceived(msgspec.Struct, frozen=True):
    """OCPP 2.1: the peer could not use our CALLRESULT for its `action` (OCPP 2.1 Part 4, 4.2.3)."""

    message_id: str
    action: str
    code: str
    known: ErrorCode | None
    description: str
    details: Any


class SendReceived(msgspec.Struct, frozen=True):
    """OCPP 2.1: an unconfirmed message; never answered (OCPP 2.1 Part 4, 4.2.4)."""

    message_id: str
    action: str
    payload: msgspec.Struct
    repairs: tuple[Repair, ...] = ()


class CallTimedOut(msgspec.Struct, frozen=True):
    """Nobody answered our call in its time. A late answer still comes as `LateReply`."""

    message_id: str
    action: str


class CallAbandoned(msgspec.Struct, frozen=True):
    """The connection ended while our call was out: whether the peer got it is not known."""

    message_id: str
    action: str


class PeerViolated(msgspec.Struct, frozen=True):
    """The peer broke the framing rules. `fatal`: the connection has to end (invalid UTF-8: close code 1007)."""

    violation: Violation
    detail: str
    reply_text: str | None = None
    fatal: bool = False


class Ignored(msgspec.Struct, frozen=True):
    """A frame that means nothing and does no harm."""

    why: str


Event = (
    CallReceived
    | CallRefused
    | ReplyReceived
    | ErrorReceived
    | InvalidReply
    | LateReply
    | DuplicateReply
    | UnknownReply
    | ResultErrorReceived
    | SendReceived
    | CallTimedOut
    | CallAbandoned
    | PeerViolated
    | Ignored
)
