"""Our own calls of one connection: the one that is out, and what is remembered of those that have ended."""

from typing import Final

import attrs

from protocol.ocpp.catalogue import Action
from protocol.ocpp.events import CallAbandoned, CallTimedOut, DuplicateReply, LateReply, ReplyKind, UnknownReply

REMEMBERED: Final = 16
"""How many ended calls, and of our replies in 2.1, are remembered to recognise what comes late."""


@attrs.frozen
class Out:
    """Our call that waits for its answer; times in seconds."""

    message_id: str
    action: Action
    sent_at: float
    deadline: float


class Memory:
    """The action of the newest message ids; the oldest are forgotten."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._kept)

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._kept

    def keep(self, message_id: str, action: str) -> None:
        self._kept.pop(message_id, None)
        self._kept[message_id] = action
        if len(self._kept) > REMEMBERED:
            del self._kept[next(iter(self._kept))]

    def get(self, message_id: str) -> str | None:
        return self._kept.get(message_id)

    def pop(self, message_id: str) -> str | None:
        return self._kept.pop(message_id, None)

    def clear(self) -> None:
        self._kept.clear()


class Pending:
    """At most one call out; an answer ends it once, whatever comes afterwards."""

    __slots__ = ("_answered", "_late", "out")

    def __init__(self) -> None:
        self.out: Out | None = None
        self._late = Memory()
        self._answered = Memory()

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

    def unasked(self, message_id: str, kind: ReplyKind, payload: bytes) -> LateReply | DuplicateReply | UnknownReply:
        """What an answer is that no call waits for."""
        action = self._late.pop(message_id)
        if action is not None:
            self._answered.keep(message_id, action)
            return LateReply(message_id, action, kind, payload)
        action = self._answered.get(message_id)
        if action is not None:
            return DuplicateReply(message_id, action, kind, payload)
        return UnknownReply(message_id, kind, payload)

    def expire(self, now: float) -> CallTimedOut | None:
        out = self.out
        if out is None or now < out.deadline:
            return None
        self.out = None
        self._late.keep(out.message_id, out.action.name)
        return CallTimedOut(out.message_id, out.action.name)

    def abandon(self) -> CallAbandoned | None:
        out, self.out = self.out, None
        return None if out is None else CallAbandoned(out.message_id, out.action.name)
