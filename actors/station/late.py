"""Commands that went unanswered, for answers that come after their time, on this connection or on a later one. Pure."""

from typing import Final
from uuid import UUID

import attrs

from actors.records import CommandRecord
from protocol.ocpp.version import Version

REMEMBERED: Final = 16
"""Commands of a station that are known without asking the store."""
LOOKUPS: Final = 16
"""Answers of one connection for which the store is asked which command they are for."""
_LATE: Final = "late_"
_ANSWERED: Final = frozenset(("answered", "error", "invalid_answer"))


@attrs.frozen
class Unanswered:
    """A command whose answer may yet come. `secrets`: those of its request, which `row` does not hold.

    `password`: the kept form of the one that it set, None when it set none, or when that is not known any more.
    """

    row: CommandRecord
    version: Version
    secrets: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    password: str | None = attrs.field(default=None, repr=False)

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def action(self) -> str:
        return self.row.action


class Unheard:
    """The newest of them by message id; the oldest are forgotten."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[str, Unanswered] = {}

    def keep(self, message_id: str, command: Unanswered) -> None:
        self._kept[message_id] = command
        if len(self._kept) > REMEMBERED:
            del self._kept[next(iter(self._kept))]

    def take(self, message_id: str) -> Unanswered | None:
        return self._kept.pop(message_id, None)


def may_be_ours(message_id: str) -> bool:
    """Whether a message id has the form of those we make."""
    try:
        return str(UUID(message_id)) == message_id
    except ValueError:
        return False


def recalled(row: CommandRecord) -> Unanswered | None:
    """From its row; None when its version is none that we know."""
    try:
        return Unanswered(row, Version(row.version or ""))
    except ValueError:
        return None


def late(status: str) -> str:
    """The status of a row that was answered late; `status`: as it would have been in time."""
    return _LATE + status


def was_late(status: str) -> bool:
    """Whether a row's status says that its answer came after its time."""
    return status.startswith(_LATE)


def was_answered(status: str) -> bool:
    """Whether a row's status says that the station has said something to it, in time or late: that is its end."""
    return status in _ANSWERED or was_late(status)
