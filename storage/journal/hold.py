"""Units that wait because the database refuses what they touch, so that the others need not.

Known by the kinds of rows they have: while units like it are held, a new one joins them without being tried, and every
later unit of a held unit's station waits behind it. Each kind is tried again after a growing wait.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

import attrs

from storage.journal.queue import Entry

FIRST_WAIT = 0.05  # s
LONGEST_WAIT = 1.0
_GROWTH = 2.0


@attrs.define
class _Group:
    due: float
    wait: float
    entries: list[Entry] = attrs.Factory(list)


class Hold:
    """`drop` is told every entry whose deadline passed while it was held."""

    def __init__(self, drop: Callable[[Entry], None]) -> None:
        self._drop = drop
        self._groups: dict[frozenset[type], _Group] = {}
        self._behind: dict[UUID, list[Entry]] = {}  # by station; the key exists while a unit of it is held
        self._released: list[Entry] = []

    def __len__(self) -> int:
        held = sum(len(group.entries) for group in self._groups.values())
        return held + sum(map(len, self._behind.values())) + len(self._released)

    @property
    def active(self) -> bool:
        """Whether anything is held, or being tried again."""
        return bool(self._groups or self._behind or self._released)

    def next_due(self) -> float | None:
        """When the next try is due; at once when units wait that were behind one now decided."""
        if self._released:
            return float("-inf")
        return min((group.due for group in self._groups.values()), default=None)

    def keep(self, entries: list[Entry], now: float) -> None:
        """These were refused: hold them by kind, and try that kind again after its wait, now longer."""
        for kinds in {entry.kinds for entry in entries}:
            group = self._groups.setdefault(kinds, _Group(now, 0.0))
            if group.due <= now:  # else another part of the same round has postponed it already
                group.wait = min(max(group.wait * _GROWTH, FIRST_WAIT), LONGEST_WAIT)
                group.due = now + group.wait
        for entry in entries:
            self._join(entry)

    def filter(self, entries: list[Entry]) -> list[Entry]:
        """What may be tried now; the rest joins those held before it."""
        if not self.active:
            return entries
        passing = []
        waiting = {entry.station for entry in self._released}
        for entry in entries:
            if entry.station in waiting:
                self._released.append(entry)
            elif entry.station in self._behind:
                self._behind[entry.station].append(entry)
            elif entry.kinds in self._groups:
                self._join(entry)
            else:
                passing.append(entry)
        return passing

    def take_due(self, now: float, limit: int) -> tuple[list[Entry], bool]:
        """Entries to try now, and whether they were refused before. Empty when nothing is due."""
        if self._released:
            released, self._released = self._released[:limit], self._released[limit:]
            return released, False
        for group in self._groups.values():
            if group.due <= now and group.entries:
                taken, group.entries = group.entries[:limit], group.entries[limit:]
                return taken, True
        return [], False

    def free(self, entries: Iterable[Entry], *, worked: bool) -> None:
        """These are decided. `worked`: their kinds are no longer refused."""
        for entry in entries:
            group = self._groups.get(entry.kinds)
            if group is not None and worked:
                group.wait = 0.0
                group.due = float("-inf")
            self._released += self._behind.pop(entry.station, ())
        for kinds in [kinds for kinds, group in self._groups.items() if not group.entries]:
            del self._groups[kinds]

    def sweep(self) -> None:
        """Drop what has expired."""
        gone = [e for group in self._groups.values() for e in group.entries if e.expired]
        if gone:
            for group in self._groups.values():
                group.entries = [entry for entry in group.entries if not entry.expired]
            for entry in gone:
                self._drop(entry)
        for station, waiting in self._behind.items():
            self._behind[station] = [entry for entry in waiting if not entry.expired]
            for entry in waiting:
                if entry.expired:
                    self._drop(entry)
        self.free(gone, worked=False)

    def _join(self, entry: Entry) -> None:
        self._groups.setdefault(entry.kinds, _Group(float("-inf"), 0.0)).entries.append(entry)
        self._behind.setdefault(entry.station, [])
