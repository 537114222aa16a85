"""Our own calls of one connection: the one that is out, and what is remembered of those that have ended."""

from typing import Final, Generic, TypeVar

import attrs

from protocol.ocpp.catalogue import Action
from protocol.ocpp.events import CallAbandoned, CallTimedOut, DuplicateReply, ReplyKind, UnknownReply

Kept = TypeVar("Kept")

REMEMBERED: Final = 16
"""How many ended calls, and of our replies in 2.1, are remembered to recognise what comes late."""


@attrs.frozen
class Out:
    """Our call that waits for its answer; times in seconds."""

    message_id: str
    action: Action
    sent_at: float
    deadline: float


class Memory(Generic[Kept]):
    """What belongs to the newest message ids; the oldest are forgotten."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def __bool__(self) -> bool:
        return bool(self._kept)

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._kept

    def keep(self, message_id: str, about: Kept) -> None:
        self._kept.pop(message_id, None)
        self._kept[message_id] = about
        if len(self._kept) > REMEMBERED:
            del self._kept[next(iter(self._kept))]

    def get(self, message_id: str) -> Kept | None:
        return self._kept.get(message_id)

    def pop(self, message_id: str) -> Kept | None:
        return self._kept.pop(message_id, None)

    def clear(self) -> None:
        self._kept.clear()


class Pending:
    """At most one call out; an answer ends it once, whatever comes afterwards."""

    __slots__ = ("_answered", "_late", "out")

    def __init__(self) -> None:
        self.out: Out | None = None
        self._late: Memory[Out] = Memory()
        self._answered: Memory[str] = Memory()  # the action

    def begin(self, out: Out) -> None:
        self._late.pop(out.message_id)
        self._answered.pop(out.message_id)
        self.out = out

    def take(self, message_id: str | None) -> Out | None:
        """Ends the call of that id, if it is the one that is out."""
        out = self.out
        if out is None or out.message_id != message_id:
            return None
        self.out = None
        self._answered.keep(out.message_id, out.action.name)
        return out

    def take_late(self, message_id: str | None) -> Out | None:
        """The call of that id, if it is one whose time was over; it counts as answered from now on."""
        out = None if message_id is None else self._late.pop(message_id)
        if out is not None:
            self._answered.keep(out.message_id, out.action.name)
        return out

    def recognise(self, message_id: str, action: str) -> None:
        """A call that was not remembered here has been answered."""
        self._answered.keep(message_id, action)

    def unasked(self, message_id: str, kind: ReplyKind, payload: bytes) -> DuplicateReply | UnknownReply:
        """What an answer is that belongs to no call that waits or has waited."""
        action = self._answered.get(message_id)
        if action is not None:
            return DuplicateReply(message_id, action, kind, payload)
        return UnknownReply(message_id, kind, payload)

    def expire(self, now: float) -> CallTimedOut | None:
        out = self.out
        if out is None or now < out.deadline:
            return None
        self.out = None
        self._late.keep(out.message_id, out)
        return CallTimedOut(out.message_id, out.action.name)

    def abandon(self) -> CallAbandoned | None:
        out, self.out = self.out, None
        return None if out is None else CallAbandoned(out.message_id, out.action.name)
