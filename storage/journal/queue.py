"""Units on their way to a batch, and whoever waits for each.

A unit is *accepted* when it is in the bounded queue: from then on a caller's cancellation does not take it back. While
the queue is full callers wait in line with theirs; one that leaves the line takes its unit along.
Waiting costs no timer: deadlines rise in the order of arrival, so one sweep from the front finds all that have passed.
"""

from collections import deque
from collections.abc import Callable
from typing import Any
from uuid import UUID

import attrs
import outcome
import trio

from actors.ports import StoreUnavailable
from actors.records import Unit
from storage.journal.rows import kinds
from storage.journal.stats import JournalStats

_BYTES_A_RECORD = 400  # a struct, its values and its place in columns, roughly


@attrs.define(eq=False)
class Entry:
    """One unit and its fate so far."""

    unit: Unit
    size: int
    deadline: float
    task: trio.lowlevel.Task | None = None
    accepted: bool = False
    withdrawn: bool = False  # nobody wants it any more and it was never accepted
    expired: bool = False    # its caller was told StoreUnavailable: not written from now on, unless on its way already
    finished: bool = False

    @property
    def station(self) -> UUID:
        return self.unit.station_id

    @property
    def kinds(self) -> frozenset[type]:
        return kinds(self.unit)

    def abandon(self, _raise_cancel: Callable[[], Any]) -> trio.lowlevel.Abort:
        """The caller is cancelled."""
        self.task = None
        self.withdrawn = not self.accepted
        return trio.lowlevel.Abort.SUCCEEDED

    def answer(self, result: outcome.Outcome[bool]) -> None:
        """Wake the caller, if it is still there."""
        task, self.task = self.task, None
        if task is not None:
            trio.lowlevel.reschedule(task, result)


class Queue:
    """First come, first taken, bounded by units and bytes. Knows which stations have units whose fate is open."""

    def __init__(self, stats: JournalStats, max_units: int, max_bytes: int) -> None:
        self._stats = stats
        self._max_units = max_units
        self._max_bytes = max_bytes
        self._accepted: deque[Entry] = deque()
        self._line: deque[Entry] = deque()
        self._arrivals: deque[Entry] = deque()
        self._open: dict[int, int] = {}  # by the station's number: a UUID's own hash is computed in Python
        self._settled: dict[int, trio.Event] = {}

    def push(self, unit: Unit, deadline: float) -> Entry:
        entry = Entry(unit, 2 * len(unit.raw) + _BYTES_A_RECORD * (len(unit.records) + 1), deadline)
        self._arrivals.append(entry)
        if self._line or self._full():
            self._line.append(entry)
        else:
            self._accept(entry)
        return entry

    def take(self, max_units: int, max_bytes: int) -> list[Entry]:
        """The next batch, at least one entry when there is any."""
        taken: list[Entry] = []
        size = 0
        stats = self._stats
        while self._accepted and len(taken) < max_units and (not taken or size + self._accepted[0].size <= max_bytes):
            entry = self._accepted.popleft()
            stats.queued -= 1
            stats.queued_bytes -= entry.size
            if entry.expired:
                self.finish(entry)
                continue
            size += entry.size
            taken.append(entry)
        while self._line and not self._full():
            entry = self._line.popleft()
            if not entry.withdrawn and not entry.expired:
                self._accept(entry)
        return taken

    def expire(self, now: float) -> int:
        """Tell every caller whose deadline has passed. Units not on their way are never written after that."""
        told = 0
        while self._arrivals and (self._arrivals[0].finished or self._arrivals[0].deadline <= now):
            entry = self._arrivals.popleft()
            if not entry.finished and not entry.withdrawn:
                entry.expired = True
                told += 1
                entry.answer(outcome.Error(StoreUnavailable("the message was not stored within its deadline")))
        self._stats.expired += told
        return told

    def finish(self, entry: Entry, result: outcome.Outcome[bool] | None = None) -> None:
        """Its fate is known: `result` for the caller, None when it was dropped after its deadline."""
        if entry.finished:
            return
        entry.finished = True
        if entry.accepted:
            self._close(entry.unit.station_id.int)
        if entry.task is not None:
            entry.answer(result or outcome.Error(StoreUnavailable("the message was not stored")))

    def refuse_all(self) -> None:
        """The journal is gone: everybody still waiting is told."""
        for entry in self._arrivals:
            self.finish(entry, outcome.Error(StoreUnavailable("the store is closing")))
        self._arrivals.clear()
        self._accepted.clear()
        self._line.clear()
        self._stats.queued = self._stats.queued_bytes = 0

    @property
    def empty(self) -> bool:
        return not self._accepted and not self._line

    @property
    def behind(self) -> bool:
        """More than half full."""
        return 2 * self._stats.queued > self._max_units or 2 * self._stats.queued_bytes > self._max_bytes

    def undecided(self, station: UUID) -> bool:
        """Whether a unit of that station is accepted and its fate not known."""
        return station.int in self._open

    async def settled(self, station: UUID) -> None:
        """Returns when no unit of that station is undecided."""
        while station.int in self._open:
            await self._settled.setdefault(station.int, trio.Event()).wait()

    def _full(self) -> bool:
        return self._stats.queued >= self._max_units or self._stats.queued_bytes >= self._max_bytes

    def _accept(self, entry: Entry) -> None:
        entry.accepted = True
        self._accepted.append(entry)
        self._stats.queued += 1
        self._stats.queued_bytes += entry.size
        number = entry.unit.station_id.int
        self._open[number] = self._open.get(number, 0) + 1

    def _close(self, number: int) -> None:
        left = self._open.pop(number) - 1
        if left:
            self._open[number] = left
        elif number in self._settled:
            self._settled.pop(number).set()
