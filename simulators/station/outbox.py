"""What the station still has to say, in order: transaction messages survive the loss of the link, others do not."""

import enum
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs

JsonObject = dict[str, Any]


class Lane(enum.Enum):
    """BOOT goes before everything; TRANSACTION is kept and retried; PLAIN is dropped when the link is lost."""

    BOOT = "boot"
    TRANSACTION = "transaction"
    PLAIN = "plain"


@attrs.frozen
class Failure:
    """A call that got no result: the peer's error code, or "Offline" or "Timeout" of our own."""

    code: str
    description: str = ""


Done = Callable[[JsonObject | None, Failure | None, datetime], None]


def nothing(answer: JsonObject | None, failure: Failure | None, now: datetime) -> None:
    """For messages whose answer changes nothing."""


@attrs.define(eq=False)
class Outgoing:
    """One call to make. `build` gives the payload at the moment of sending, since 1.6 learns transaction ids late."""

    action: str
    build: Callable[[], JsonObject]
    lane: Lane = Lane.PLAIN
    done: Done = nothing
    droppable: bool = False
    number: int = 0
    attempts: int = 0
    not_before: datetime | None = None


MOST_PLAIN = 1000
MOST_TRANSACTION = 10_000


class Outbox:
    """Bounded: of plain messages the oldest goes first; of transaction messages only those in the middle of a
    transaction go (meter values; OCPP 2.0.1 Part 2, E04.FR.07), never a start or a stop."""

    def __init__(self) -> None:
        self._boot: Outgoing | None = None
        self._plain: deque[Outgoing] = deque()
        self._transaction: deque[Outgoing] = deque()
        self._numbers = 0
        self.dropped = 0

    def put(self, message: Outgoing) -> None:
        """Add at the end of its lane; a new boot message replaces a waiting one."""
        self._numbers += 1
        message.number = self._numbers
        if message.lane is Lane.BOOT:
            self._boot = message
        elif message.lane is Lane.TRANSACTION:
            if len(self._transaction) >= MOST_TRANSACTION:
                self._drop_one()
            self._transaction.append(message)
        else:
            if len(self._plain) >= MOST_PLAIN:
                self._plain.popleft()
                self.dropped += 1
            self._plain.append(message)

    def _drop_one(self) -> None:
        for message in self._transaction:
            if message.droppable:
                self._transaction.remove(message)
                self.dropped += 1
                return

    def take(self, now: datetime, *, accepted: bool) -> Outgoing | None:
        """The next message to send; only the boot message goes before the platform has accepted the station."""
        if self._boot is not None:
            if self._boot.not_before is not None and now < self._boot.not_before:
                return None
            boot, self._boot = self._boot, None
            return boot
        if not accepted:
            return None
        head = self._transaction[0] if self._transaction else None
        if head is not None and head.not_before is not None and now < head.not_before:
            head = None
        if self._plain and (head is None or self._plain[0].number < head.number):
            return self._plain.popleft()
        return self._transaction.popleft() if head is not None else None

    def give_back(self, message: Outgoing) -> None:
        """Put a transaction message that got no answer back at the head, so that order is kept."""
        self._transaction.appendleft(message)

    def retry_later(self, message: Outgoing, now: datetime, interval_s: int) -> None:
        """Give it back to be sent again after interval × attempts (OCPP 1.6, 9.1.24)."""
        message.not_before = now + timedelta(seconds=interval_s * message.attempts)
        self.give_back(message)

    def lose_link(self, now: datetime) -> None:
        """Forget what only made sense on the lost link, telling each that it will not be answered."""
        lost = list(self._plain)
        self._plain.clear()
        self._boot = None
        for message in lost:
            message.done(None, Failure("Offline"), now)

    @property
    def waiting_transactions(self) -> int:
        """How many transaction messages wait for the platform."""
        return len(self._transaction)

    @property
    def empty(self) -> bool:
        """True when nothing waits."""
        return self._boot is None and not self._plain and not self._transaction
