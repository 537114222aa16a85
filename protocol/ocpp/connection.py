"""One OCPP-J connection as a state machine: text in, events out; no I/O and no clock.

It plays both roles. Our side has one CALL out at a time (OCPP 2.0.1 Part 4, 4.1.1); the peer's calls may cross it.
Times are seconds on any clock that only rises, as long as it is always the same one.
Tolerant mode (the default) understands what it can and answers everything else with the exact error code; strict mode
refuses whatever the specification allows to refuse.
"""

import enum
import functools
import uuid
from collections.abc import Callable

import msgspec

from protocol.ocpp import catalogue, errors, frames, repair
from protocol.ocpp.catalogue import Action, FieldProblem
from protocol.ocpp.errors import ErrorCode
from protocol.ocpp.events import (
    CallReceived,
    CallRefused,
    Event,
    Ignored,
    InvalidReply,
    LateReply,
    PeerViolated,
    Repair,
    ReplyReceived,
    ResultErrorReceived,
    SendReceived,
    UnknownReply,
    Violation,
)
from protocol.ocpp.pending import REMEMBERED, Memory, Out, Pending
from protocol.ocpp.understand import (
    UNDECODABLE,
    Unusable,
    WrongPayload,
    body,
    describe,
    details,
    error_frame,
    error_json,
    error_received,
    storable,
    understand,
    unknown,
)
from protocol.ocpp.version import Version

__all__ = ["REMEMBERED", "CallInFlight", "Connection", "Role", "UnknownAction", "WrongPayload"]


class Role(enum.Enum):
    """Which end of the connection this is."""

    CSMS = "csms"
    STATION = "station"


class CallInFlight(Exception):  # noqa: N818 - named for what happened
    """A call of ours is still out: wait for its answer, its time-out or the end of the connection."""


class UnknownAction(ValueError):  # noqa: N818 - named for what happened
    """The version has no such action, or not as this message type; the text names the nearest ones."""


class Connection:
    """One end of a connection. `receive` and `expire` never raise; the sending methods raise for the caller's faults.

    `tolerate_utf8`: invalid UTF-8 (given as bytes) is repaired instead of being a fatal violation (RFC 6455, 8.1).
    """

    __slots__ = (
        "_actions",
        "_callable",
        "_decode_frame",
        "_new_id",
        "_open",
        "_pending",
        "_replied",
        "_tolerate_utf8",
        "role",
        "strict",
        "version",
    )

    def __init__(
        self,
        version: Version,
        role: Role,
        *,
        strict: bool = False,
        tolerate_utf8: bool = False,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self.version = version
        self.role = role
        self.strict = strict
        self._tolerate_utf8 = tolerate_utf8 and not strict
        self._new_id = new_id
        self._actions = catalogue.actions(version)
        self._callable = _callable(version)
        self._decode_frame = frames.decoder(version).decode
        self._pending = Pending()
        self._open: Memory[str] = Memory()  # strict mode: calls of the peer that we have not answered
        self._replied: Memory[str] = Memory()  # 2.1: our answers, which the peer may refuse

    # Receiving

    def receive(self, text: str | bytes, now: float) -> list[Event]:
        """What one text frame means. Never raises, whatever the text."""
        try:
            if isinstance(text, bytes):
                text = text.decode()
            frame = self._decode_frame(text)
            if "\\u0000" in text:
                return self._receive_odd(text, now)
            if type(frame) is frames.CallFrame and not self.strict:
                action = self._callable[frame.action]
                return [CallReceived(frame.message_id, frame.action, action.decode_request(frame.payload))]
        except (*UNDECODABLE, KeyError):
            return self._receive_odd(text, now)
        return self._handle(frame, (), now)

    def _receive_odd(self, text: str | bytes, now: float) -> list[Event]:
        """The slow path: frames that are not exactly as specified, or whose payload did not decode."""
        repairs: tuple[Repair, ...] = ()
        if isinstance(text, bytes):
            data = text
            try:
                text = data.decode()
            except UnicodeDecodeError as error:
                if not self._tolerate_utf8:
                    return [PeerViolated(Violation.INVALID_UTF8, str(error), fatal=True)]
                text, repairs = data.decode("utf-8", "replace"), (repair.invalid_utf8(data, error),)
        elif not text.isascii():
            text, repairs = repair.surrogates(text)
        if not text.strip(" \t\r\n\x00") and not self.strict:
            return [Ignored("empty frame")]
        outcome = frames.dissect(text, self.version, strict=self.strict)
        if isinstance(outcome, frames.Fault):
            return self._on_fault(outcome, text, now)
        frame, found = outcome
        return self._handle(frame, repairs + found, now)

    def _handle(self, frame: frames.Frame, repairs: tuple[Repair, ...], now: float) -> list[Event]:
        match frame:
            case frames.CallFrame():
                return self._on_call(frame, repairs)
            case frames.ResultFrame():
                return [self._on_result(frame, repairs, now)]
            case frames.ErrorFrame():
                return [self._on_error(frame, now)]
            case frames.ResultErrorFrame():
                return [self._on_result_error(frame)]
            case frames.SendFrame():
                return [self._on_send(frame, repairs)]

    def _on_call(self, frame: frames.CallFrame, repairs: tuple[Repair, ...]) -> list[Event]:
        events: list[Event] = []
        if self.strict:
            if refused := self._against_the_rules(frame):
                return [refused]
            if self._open:
                # Told but answered: the peer may have given up waiting for the earlier one, which we cannot see.
                events.append(PeerViolated(Violation.CALLS_OVERLAP, f"{frame.action} came before our last answer"))
        name = frame.action
        action = self._actions.get(name)
        if action is None and not self.strict and (near := repair.action_name(self.version, name)):
            repairs += (Repair("action_spelling", "", before=name[:100], after=near),)
            name, action = near, self._actions[near]
        if action is None:
            return [*events, self._refuse(frame, ErrorCode.NOT_IMPLEMENTED, unknown(self.version, name))]
        if action.response is None:
            return [*events, self._refuse(frame, ErrorCode.NOT_SUPPORTED, f"{name} is sent by SEND, not by CALL")]
        try:
            payload, found = self._understand(action, frame.payload, response=False)
        except Unusable as error:
            code = errors.for_field(self.version, error.problem.kind)
            return [*events, self._refuse(frame, code, describe(error.problem), error.problem)]
        if self.strict:
            self._open.keep(frame.message_id, name)
        return [*events, CallReceived(frame.message_id, name, payload, repairs + found)]

    def _against_the_rules(self, frame: frames.CallFrame) -> CallRefused | None:
        """Strict mode: ids too long, or those of a call still being handled (OCPP 2.0.1 Part 4, 4.2.3)."""
        if len(frame.message_id) > frames.ID_LIMIT:
            why = f"the message id has {len(frame.message_id)} characters, at most {frames.ID_LIMIT} are allowed"
        elif frame.message_id in self._open:
            why = "a call with this message id is being handled already"
        else:
            return None
        return self._refuse(frame, ErrorCode.RPC_FRAMEWORK_ERROR, why)

    def _on_result(self, frame: frames.ResultFrame, repairs: tuple[Repair, ...], now: float) -> Event:
        out = self._pending.take(frame.message_id)
        if out is not None:
            return self._result(out, frame.payload, repairs, now)
        late = self._pending.take_late(frame.message_id)
        if late is not None:
            return LateReply(self._result(late, frame.payload, repairs, now))
        return self._pending.unasked(frame.message_id, "result", storable(frame.payload))

    def _result(
        self, out: Out, raw: msgspec.Raw, repairs: tuple[Repair, ...], now: float
    ) -> ReplyReceived | InvalidReply:
        try:
            payload, found = self._understand(out.action, raw, response=True)
        except Unusable as error:
            code = errors.for_field(self.version, error.problem.kind)
            return self._invalid(out, code, describe(error.problem), error.problem, storable(raw), now)
        return ReplyReceived(out.message_id, out.action.name, payload, now - out.sent_at, repairs + found)

    def _on_error(self, frame: frames.ErrorFrame, now: float) -> Event:
        out = self._pending.take(frame.message_id)
        if out is not None:
            return error_received(frame, out.action.name, now - out.sent_at)
        late = self._pending.take_late(frame.message_id)
        if late is not None:
            return LateReply(error_received(frame, late.action.name, now - late.sent_at))
        return self._pending.unasked(frame.message_id, "error", error_json(frame))

    def recognised(self, reply: UnknownReply, action: str, sent_at: float, now: float) -> LateReply | None:
        """What an answer is whose call the owner knows: one of an earlier connection, sent at `sent_at`.

        None for what is no answer, or an action that this version does not have.
        """
        known = self._actions.get(action)
        if known is None or known.response is None or reply.kind == "result_error":
            return None
        self._pending.recognise(reply.message_id, action)
        out = Out(reply.message_id, known, sent_at, now)
        if reply.kind == "error":
            return LateReply(error_received(error_frame(reply.message_id, reply.payload), action, now - sent_at))
        return LateReply(self._result(out, msgspec.Raw(reply.payload), (), now))

    def _on_result_error(self, frame: frames.ResultErrorFrame) -> Event:
        action = self._replied.pop(frame.message_id)
        if action is None:
            return UnknownReply(frame.message_id, "result_error", error_json(frame))
        known = errors.recognise(frame.code)
        code, description = repair.plain(frame.code), repair.plain(frame.description)
        return ResultErrorReceived(frame.message_id, action, code, known, description, details(frame.details))

    def _on_send(self, frame: frames.SendFrame, repairs: tuple[Repair, ...]) -> Event:
        action = self._actions.get(frame.action)
        if action is None or action.response is not None:
            return PeerViolated(Violation.INVALID_SEND, f"{frame.action[:100]} cannot be sent by SEND")
        try:
            payload, found = self._understand(action, frame.payload, response=False)
        except Unusable as error:
            return PeerViolated(Violation.INVALID_SEND, f"{action.name}: {describe(error.problem)}")
        return SendReceived(frame.message_id, action.name, payload, repairs + found)

    def _understand(
        self, action: Action, raw: msgspec.Raw, *, response: bool
    ) -> tuple[msgspec.Struct, tuple[Repair, ...]]:
        return understand(action, self.version, raw, response=response, strict=self.strict)

    def _on_fault(self, fault: frames.Fault, text: str, now: float) -> list[Event]:
        if fault.violation is Violation.MESSAGE_TYPE_UNKNOWN:
            return [self._on_unknown_type(fault)]
        code = ErrorCode.FORMAT_VIOLATION if fault.violation is Violation.NOT_JSON else ErrorCode.RPC_FRAMEWORK_ERROR
        if fault.type in (frames.RESULT, frames.ERROR, frames.RESULT_ERROR):
            raw = text.replace("\x00", "").encode("utf-8", "replace")
            if fault.type != frames.RESULT_ERROR:
                if (out := self._pending.take(fault.message_id)) is not None:
                    return [self._invalid(out, code, fault.detail, None, raw, now)]
                if (late := self._pending.take_late(fault.message_id)) is not None:
                    return [LateReply(self._invalid(late, code, fault.detail, None, raw, now))]
            return [PeerViolated(fault.violation, fault.detail)]
        if fault.type == frames.SEND and self.version is Version.V21:
            return [PeerViolated(Violation.INVALID_SEND, fault.detail)]
        if fault.type == frames.CALL and fault.message_id is not None:
            reply = self._error(frames.ERROR, fault.message_id, code, fault.detail)
            return [CallRefused(fault.message_id, fault.action, code, fault.detail, None, reply)]
        # What it was meant to be cannot be read, so neither can what its syntax broke: 2.x has a code for that.
        message_id = frames.UNREADABLE_ID if fault.message_id is None else fault.message_id
        reply = self._error(frames.ERROR, message_id, ErrorCode.RPC_FRAMEWORK_ERROR, fault.detail)
        return [PeerViolated(fault.violation, fault.detail, reply)]

    def _on_unknown_type(self, fault: frames.Fault) -> Event:
        if self.version is Version.V16:
            return Ignored(fault.detail)
        message_id = frames.UNREADABLE_ID if fault.message_id is None else fault.message_id
        reply = self._error(frames.ERROR, message_id, ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED, fault.detail)
        return PeerViolated(fault.violation, fault.detail, reply)

    # Sending

    def call(self, action: str, payload: msgspec.Struct | bytes, now: float, timeout: float) -> tuple[str, str]:
        """Our CALL: its message id and the text to send. `timeout` in seconds from `now`.

        Bytes are sent as they are, for diagnosis, once they are one JSON value. Raises CallInFlight, UnknownAction,
        WrongPayload; then nothing has changed.
        """
        if self._pending.out is not None:
            raise CallInFlight(f"{self._pending.out.action.name} has not been answered yet")
        known = self._known(action)
        if known.response is None:
            raise UnknownAction(f"{action} of OCPP {self.version} is sent by SEND, not by CALL")
        told = body(known, payload)
        message_id = self._new_id()
        self._pending.begin(Out(message_id, known, now, now + timeout))
        return message_id, frames.call_text(message_id, action, told)

    def reply(self, call: CallReceived, payload: msgspec.Struct) -> str:
        """The CALLRESULT to a call of the peer; raises WrongPayload when it is not of the action's response type."""
        action = self._actions[call.action]
        if type(payload) is not action.response:
            raise WrongPayload(f"{call.action} is answered by {action.response}, not by {type(payload)}")
        self._close(call.message_id)
        if self.version is Version.V21:
            self._replied.keep(call.message_id, call.action)
        return frames.result_text(call.message_id, catalogue.encode(payload))

    def reply_error(
        self, call_or_id: CallReceived | str, code: ErrorCode, description: str = "", details: object = None
    ) -> str:
        """The CALLERROR to a call of the peer, in the version's spelling; the description is cut at 255 characters."""
        message_id = call_or_id.message_id if isinstance(call_or_id, CallReceived) else call_or_id
        self._close(message_id)
        return self._error(frames.ERROR, message_id, code, description, details)

    def send(self, action: str, payload: msgspec.Struct | bytes) -> str:
        """OCPP 2.1: an unconfirmed message, at any time; bytes as in `call`. Raises UnknownAction and WrongPayload."""
        known = self._known(action)
        if known.response is not None or self.version is not Version.V21:
            raise UnknownAction(f"{action} of OCPP {self.version} is sent by CALL, not by SEND")
        return frames.send_text(self._new_id(), action, body(known, payload))

    # Endings

    def expire(self, now: float) -> list[Event]:
        """Ends our call when its time is over; the next one may then be sent."""
        over = self._pending.expire(now)
        return [] if over is None else [over]

    def abandon(self) -> list[Event]:
        """The connection is lost: the fate of our call. Nothing that comes afterwards is matched to it."""
        self._open.clear()
        lost = self._pending.abandon()
        return [] if lost is None else [lost]

    # Small steps

    def _close(self, message_id: str) -> None:
        if self._open:
            self._open.pop(message_id)

    def _known(self, name: str) -> Action:
        action = self._actions.get(name)
        if action is None:
            raise UnknownAction(unknown(self.version, name))
        return action

    def _error(self, kind: int, message_id: str, code: ErrorCode, description: str, details: object = None) -> str:
        return frames.error_text(kind, message_id, errors.spelling(self.version, code), description, details)

    def _refuse(
        self, frame: frames.CallFrame, code: ErrorCode, description: str, problem: FieldProblem | None = None
    ) -> CallRefused:
        text = self._error(frames.ERROR, frame.message_id, code, description)
        return CallRefused(frame.message_id, repair.plain(frame.action), code, description, problem, text)

    def _invalid(
        self, out: Out, code: ErrorCode, description: str, problem: FieldProblem | None, payload: bytes, now: float
    ) -> InvalidReply:
        text = None
        if self.version is Version.V21:
            text = self._error(frames.RESULT_ERROR, out.message_id, code, description)
        took = now - out.sent_at
        return InvalidReply(out.message_id, out.action.name, code, description, problem, payload, text, took)


@functools.cache
def _callable(version: Version) -> dict[str, Action]:
    """The actions that may come in a CALL: all but those of a SEND."""
    return {name: action for name, action in catalogue.actions(version).items() if action.response is not None}
