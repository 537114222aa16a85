"""Commands on their way to one station, and the order they go in."""

from collections import deque
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import trio

from actors.records import CommandRecord
from actors.station.face import CommandResult
from actors.station.results import kept
from protocol.ocpp.version import Version
from protocol.redact import redact_payload, secrets_in

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
        "answered_before",
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
        "rotates",
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
        rotates: bool = False,
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
        self.rotates = rotates  # it sets the password that is kept as pending
        self.message_id: str | None = None
        self.sent_at: datetime | None = None
        self.settled = trio.Event()  # the connection has something to say of it
        self.done = trio.Event()  # its fate is stored and the one who asked may hear it
        self.answer_frame: str | None = None
        self.result: CommandResult | None = None
        self.answered_before = False  # an answer to an earlier sending came: its fate is stored with that

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
            answer, error = kept(result, self.action, secrets_in(self.action, self.shown))
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
