"""Reports that come in parts: which are here, which are missing, and when the whole is complete. Pure.

Parts count from 0 and may come in any order, twice, or not at all (OCPP 2.0.1 Part 2, B07.FR.09; N02; I03; K09).
"""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

MOST_PARTS: Final = 10_000
SILENCE: Final = timedelta(minutes=10)
"""A report of which nothing came for so long has ended incomplete."""


class Assembly(msgspec.Struct, frozen=True):
    """A report under way. `last` is the number of its last part once that is known; `keys` what it listed so far."""

    action: str
    request_id: int
    began_at: datetime
    at: datetime
    seen: frozenset[int] = frozenset()
    last: int | None = None
    keys: frozenset[str] = frozenset()
    items: int = 0  # how many things it listed, as far as its capability counts them
    about: dict[str, Any] = {}  # what was asked for

    @property
    def complete(self) -> bool:
        return self.last is not None and len(self.seen) == self.last + 1

    @property
    def missing(self) -> list[int]:
        """Numbers of parts that are not here, as far as can be told; at most 100."""
        top = self.last if self.last is not None else max(self.seen, default=-1)
        found: list[int] = []
        for number in range(top + 1):
            if number not in self.seen:
                found.append(number)
            if len(found) == 100:
                break
        return found

    @property
    def name(self) -> str:
        return f"{self.action}/{self.request_id}"


def begin(action: str, request_id: int, now: datetime) -> Assembly:
    """Before its first part."""
    return Assembly(action, request_id, now, now)


def add(
    assembly: Assembly, seq_no: int, more_follows: bool, now: datetime, keys: frozenset[str] = frozenset()
) -> Assembly:
    """With one part more. A number below 0 or beyond MOST_PARTS counts for nothing; a part seen before neither.

    The last part is the one that says so; when a station numbers on after it, the newest claim counts.
    """
    if not 0 <= seq_no < MOST_PARTS:
        return replace(assembly, at=now)
    last = assembly.last
    if not more_follows:
        last = seq_no
    elif last is not None and seq_no >= last:
        last = None  # it was not the last one after all
    seen = assembly.seen | {seq_no}
    if last is not None:
        seen = frozenset(number for number in seen if number <= last)
    return replace(assembly, seen=seen, last=last, keys=assembly.keys | keys, at=now)


def silent(assembly: Assembly, now: datetime) -> bool:
    """True when it will not be completed any more."""
    return now - assembly.at >= SILENCE
