"""Commands on their way to one station: the order they go in, and how an event of the connection settles one. Pure."""

from collections import deque
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import trio

from actors.control.words import in_words
from actors.records import CommandRecord
from actors.station.face import CommandResult
from actors.station.outcomes import outcome
from protocol.ocpp import catalogue
from protocol.ocpp import events as wire
from protocol.ocpp.version import Version
from protocol.redact import redact_frame, redact_payload, secrets_in

MOST_WAITING: Final = 32
# What must not wait behind reads and writes: they stop, free or limit a charge.
URGENT: Final = frozenset(
    (
        "RemoteStopTransaction",
        "RequestStopTransaction",
        "UnlockConnector",
        "SetChargingProfile",
        "ClearChargingProfile",
        "UpdateDynamicSchedule",
    )
)


class Pending:
    """One command between the operator's request and the station's answer."""

    __slots__ = (
        "action",
        "answer_frame",
        "command",
        "created_at",
        "deadline",
        "done",
        "id",
        "message_id",
        "payload",
        "request_id",
        "requested_by",
        "result",
        "sent_at",
        "settled",
        "shown",
        "version",
    )

    def __init__(
        self,
        id: UUID,  # noqa: A002 - the command's id, as everywhere
        version: Version,
        action: str,
        payload: msgspec.Struct | bytes,
        shown: Any,
        *,
        command: str | None,
        created_at: datetime,
        deadline: float,
        requested_by: str,
        request_id: str | None,
    ) -> None:
        self.id = id
        self.version = version
        self.action = action
        self.payload = payload
        self.shown = shown
        self.command = command
        self.created_at = created_at
        self.deadline = deadline
        self.requested_by = requested_by
        self.request_id = request_id
        self.message_id: str | None = None
        self.sent_at: datetime | None = None
        self.settled = trio.Event()  # the connection has something to say of it
        self.done = trio.Event()  # its fate is stored and the one who asked may hear it
        self.answer_frame: str | None = None
        self.result: CommandResult | None = None

    def settle(self, result: CommandResult, frame: str | None = None) -> None:
        """Its fate; the first one counts."""
        if self.result is None:
            self.result = result
            self.answer_frame = frame
            self.settled.set()

    def row(self, status: str, finished_at: datetime | None) -> CommandRecord:
        """Its row, redacted."""
        result = self.result
        answer = error = None
        if result is not None and status != "sent":
            secrets = secrets_in(self.action, self.shown)
            if result.payload is not None:
                answer = redact_payload(self.action, result.payload, answer=True, secrets=secrets)
            if result.error_code is not None:
                told = {"error_code": result.error_code, "error_description": result.error_description or ""}
                error = redact_payload(self.action, told, answer=True, secrets=secrets)
            elif result.raw is not None:
                error = {"raw": redact_frame(result.raw, self.action, secrets)}
        return CommandRecord(
            self.id,
            self.action,
            self.command,
            status,
            self.message_id,
            self.version.value,
            redact_payload(self.action, self.shown, answer=False),
            answer,
            error,
            result.outcome if result is not None else None,
            self.requested_by,
            self.request_id,
            self.created_at,
            self.sent_at,
            finished_at,
        )


class Queue:
    """Urgent ones first, each kind in order; at most MOST_WAITING."""

    __slots__ = ("_calm", "_urgent")

    def __init__(self) -> None:
        self._urgent: deque[Pending] = deque()
        self._calm: deque[Pending] = deque()

    def __len__(self) -> int:
        return len(self._urgent) + len(self._calm)

    def put(self, pending: Pending) -> bool:
        """False when as many wait as may."""
        if len(self) >= MOST_WAITING:
            return False
        (self._urgent if pending.action in URGENT else self._calm).append(pending)
        return True

    def drop(self, pending: Pending) -> bool:
        """Takes that one out; False when it no longer waits."""
        for queue in (self._urgent, self._calm):
            if pending in queue:
                queue.remove(pending)
                return True
        return False

    def take(self) -> Pending | None:
        """The next one."""
        if self._urgent:
            return self._urgent.popleft()
        return self._calm.popleft() if self._calm else None


STATUS_IN_ROW: Final = {
    "answered": "answered",
    "station_error": "error",
    "station_silent": "timeout",
    "invalid_answer": "invalid_answer",
    "station_offline": "lost",
}


def from_reply(pending: Pending, event: wire.ReplyReceived) -> CommandResult:
    """A CALLRESULT."""
    payload = msgspec.json.decode(catalogue.encode(event.payload))
    return CommandResult(
        pending.id,
        "answered",
        pending.action,
        pending.version,
        payload,
        round(event.duration * 1000),
        outcome(pending.action, payload),
        detail=in_words(pending.action, payload),
    )


def from_error(pending: Pending, event: wire.ErrorReceived) -> CommandResult:
    """A CALLERROR."""
    return CommandResult(
        pending.id,
        "station_error",
        pending.action,
        pending.version,
        duration_ms=round(event.duration * 1000),
        error_code=event.code,
        error_description=event.description,
        error_details=event.details,
    )


def from_invalid(pending: Pending, event: wire.InvalidReply) -> CommandResult:
    """A CALLRESULT that is not of its type."""
    return CommandResult(
        pending.id,
        "invalid_answer",
        pending.action,
        pending.version,
        duration_ms=round(event.duration * 1000),
        raw=event.payload.decode("utf-8", "replace"),
        detail=event.description,
    )


def silent(pending: Pending, *, lost: bool) -> CommandResult:
    """No answer in time, or the connection ended while it was out: whether it arrived is not known."""
    return CommandResult(
        pending.id,
        "station_silent",
        pending.action,
        pending.version,
        delivery="unknown" if lost else None,
        detail="the connection was lost while waiting" if lost else "no answer in time",
    )


def offline(pending: Pending) -> CommandResult:
    """It was never sent, so nothing is kept of it."""
    return CommandResult(None, "station_offline", pending.action, pending.version)


def too_late(pending: Pending) -> CommandResult:
    """Its time ended before its turn came: it was never sent, so nothing is kept of it."""
    told = "others are before it at this station: its turn did not come in time, so it was not sent"
    return CommandResult(None, "station_silent", pending.action, pending.version, detail=told)
