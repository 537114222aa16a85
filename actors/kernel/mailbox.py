"""What others leave for an actor: a bounded queue, and slots in which only the newest value of a key is kept."""

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

M = TypeVar("M")


class MailboxFull(Exception):  # noqa: N818 - a state, answered with "busy"
    """The actor has as many messages waiting as it may have. Try again later."""


class Mailbox(Generic[M]):
    """First in, first out; slots are served before the queue, since they hold what is true now."""

    __slots__ = ("_queue", "_size", "_slots")

    def __init__(self, size: int) -> None:
        self._size = size
        self._queue: deque[M] = deque()
        self._slots: dict[Hashable, M] = {}

    def __len__(self) -> int:
        return len(self._queue) + len(self._slots)

    def put(self, message: M) -> None:
        """Raises MailboxFull."""
        if len(self._queue) >= self._size:
            raise MailboxFull(f"{self._size} messages are waiting already")
        self._queue.append(message)

    def put_newest(self, key: Hashable, message: M) -> None:
        """Replaces what waits under that key: only the newest value of a key is of use."""
        self._slots.pop(key, None)
        self._slots[key] = message
        if len(self._slots) > self._size:
            del self._slots[next(iter(self._slots))]

    def take(self) -> M | None:
        """The next message, None when there is none."""
        if self._slots:
            return self._slots.pop(next(iter(self._slots)))
        return self._queue.popleft() if self._queue else None
