"""The journal's loop: group commit without timers.

A batch goes as soon as the previous commit is back; whoever comes meanwhile is in the next one. One batch is on its way
at a time, so units of a station are committed in the order they came.

The fate of a unit whose caller was told StoreUnavailable: it is not written from then on, except when it was on its way
at that moment; then it may still be found committed. So nothing may be concluded from StoreUnavailable, messages must
be recognised by business key when they come again, and `settled` tells when a station's units are all decided.
"""

import math
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import outcome
import structlog
import trio
from uuid_utils.compat import uuid7

from actors.ports import StoreUnavailable
from actors.records import Unit
from storage.journal import split
from storage.journal.hold import FIRST_WAIT, LONGEST_WAIT, Hold
from storage.journal.queue import Entry, Queue
from storage.journal.stats import JournalStats
from storage.journal.verdict import Verdict, judge
from storage.journal.writer import Writer
from storage.pool import Pool

log = structlog.get_logger(__name__)

Write = Callable[[UUID, list[Entry]], Awaitable[tuple[int, bool]]]
"""Writes entries under a batch's id; returns the number of rows and whether events are among them."""

_TRIES_A_ROUND = 20  # attempts spent on dividing units that were refused before: enough to single one out of 512


class Journal:
    """Made by `open_journal`. `stats` counts."""

    def __init__(
        self,
        writer: Writer,
        *,
        deadline: float,
        max_units: int,
        max_bytes: int,
        batch_units: int,
        batch_bytes: int,
        on_committed: Callable[[bool], None],
    ) -> None:
        self.stats = JournalStats()
        self._away: str | None = None
        self._refused = ""
        self._writer = writer
        self._deadline = deadline
        self._batch = (batch_units, batch_bytes)
        self._on_committed = on_committed
        self._queue = Queue(self.stats, max_units, max_bytes)
        self._hold = Hold(self._queue.finish)
        self._wake: trio.Event | None = None
        self._busy = False
        self._closing = False

    async def record(self, unit: Unit) -> bool:
        """True when the unit is on disk, False when its content was refused and its raw frame is in quarantine.

        Raises StoreUnavailable after the store deadline (see the module for the unit's fate), or when closing. While
        the queue is full the caller waits. A cancelled caller does not take an accepted unit back.
        """
        await trio.lowlevel.checkpoint_if_cancelled()
        if self._closing:
            raise StoreUnavailable("the store is closing")
        entry = self._queue.push(unit, trio.current_time() + self._deadline)
        if self._wake is not None:
            self._wake.set()
        entry.task = trio.lowlevel.current_task()
        stored: bool = await trio.lowlevel.wait_task_rescheduled(entry.abandon)
        return stored

    @property
    def trouble(self) -> str | None:
        """What keeps messages from being stored now; None while all is well."""
        if self._away is not None:
            return f"the database cannot be asked: {self._away}"
        if self._hold.active:
            return f"the database refuses some messages: {self._refused}"
        return None

    @property
    def behind(self) -> bool:
        """The queue is more than half full: readers of sockets should pause, and no new station be let in."""
        return self._queue.behind

    def undecided(self, station: UUID) -> bool:
        """Whether a unit of this station may yet be committed."""
        return self._queue.undecided(station)

    async def settled(self, station: UUID) -> None:
        """Returns when no unit of this station is undecided."""
        await self._queue.settled(station)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Until cancelled; then everybody who still waits is told."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._expire)
                task_status.started()
                while True:
                    entries, again = self._next()
                    if entries:
                        self._busy = True
                        await self._commit(entries, _TRIES_A_ROUND if again else 0)
                        self._busy = False
                    else:
                        await self._sleep()
        finally:
            self._closing = True
            self._queue.refuse_all()

    async def drain(self) -> None:
        """Accept nothing more; returns when everything accepted is decided."""
        self._closing = True
        while self._busy or self._hold.active or not self._queue.empty:  # noqa: ASYNC110 - once in a node's life
            await trio.sleep(0.005)

    def _next(self) -> tuple[list[Entry], bool]:
        entries, again = self._hold.take_due(trio.current_time(), self._batch[0])
        if not entries:
            entries = self._queue.take(*self._batch)
        self.stats.held = len(self._hold)
        return entries, again

    async def _sleep(self) -> None:
        """Until a unit comes or a held one is due."""
        due = self._hold.next_due()
        self._wake = trio.Event()
        with trio.move_on_at(math.inf if due is None else max(due, trio.current_time())):
            await self._wake.wait()
        self._wake = None

    async def _commit(self, entries: list[Entry], tries: int) -> None:
        """Bring these to their fate: committed, in quarantine, held or dropped."""
        todo = deque([entries])
        again = tries > 0  # what was held before must not be filtered into the hold again
        while todo:
            part = todo.popleft()
            part = part if again else self._hold.filter(part)
            failure = await self._attempt(part, self._write, stored=True)
            if failure is None:
                continue
            part = self._current(part)
            if judge(failure) is Verdict.CONTENT:
                if len(part) > 1:
                    todo.extendleft(reversed(split.halves(part)))
                elif part:
                    await self._quarantine(part, failure)
                continue
            groups = split.alike(part, lambda e: e.station, lambda e: e.kinds)
            if len(groups) == 1 and len(part) > 1 and tries > 0:
                groups = split.halves(part)
            if len(groups) > 1:
                tries -= 1
                todo.extendleft(reversed(groups))
            elif part:
                self._keep(part, failure)

    async def _quarantine(self, part: list[Entry], failure: Exception) -> None:
        """One unit whose content was refused."""
        unit = part[0].unit
        log.warning("unit refused for its content", station=str(unit.station_id), error=str(failure)[:500])

        async def write(batch: UUID, _part: list[Entry]) -> tuple[int, bool]:
            await self._writer.quarantine(batch, unit, failure)
            return 0, False

        refused = await self._attempt(part, write, stored=False)
        if refused is not None:
            self._keep(part, refused)

    async def _write(self, batch: UUID, part: list[Entry]) -> tuple[int, bool]:
        return await self._writer.commit(batch, [entry.unit for entry in part])

    async def _attempt(self, part: list[Entry], write: Write, *, stored: bool) -> Exception | None:
        """Write `part` under a new id until the database gives a verdict. None: all decided; else the verdict's error.

        While the database is away this waits, longer each time, and nothing else is tried: it would fare alike.
        """
        wait = FIRST_WAIT
        while part := self._current(part):
            batch = uuid7()
            began = trio.current_time()
            try:
                rows, events = await write(batch, part)
            except Exception as error:  # noqa: BLE001 - judge tells every kind apart, and all but one are retried
                verdict = judge(error)
                self._failed(error, verdict)
                if verdict in (Verdict.CONTENT, Verdict.REFUSED):
                    return error
                if verdict is Verdict.AWAY or not await self._settle(batch):
                    await trio.sleep(wait)
                    wait = min(wait * 2, LONGEST_WAIT)
                    continue
                rows, events = 0, stored  # how many is not known any more; that there were events must be assumed
            self._away = None
            self.stats.rows += rows
            self.stats.seconds += trio.current_time() - began
            self._decided(part, stored=stored, events=events)
            return None
        return None

    async def _settle(self, batch: UUID) -> bool:
        """Whether that batch is in. Asks until it is answered: nothing may be written before."""
        self.stats.doubts += 1
        wait = FIRST_WAIT
        while True:
            try:
                committed = await self._writer.settle(batch)
            except Exception as error:  # noqa: BLE001 - whatever stands in the way, the question stays
                self._failed(error, judge(error))
                await trio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                log.info("commit in doubt settled", batch=str(batch), committed=committed)
                return committed

    def _current(self, part: list[Entry]) -> list[Entry]:
        """Those whose callers still may be told something good; the others are dropped."""
        late = [entry for entry in part if entry.expired]
        if not late:
            return part
        for entry in late:
            self._queue.finish(entry)
        if self._hold.active:
            self._hold.free(late, worked=False)
        return [entry for entry in part if not entry.expired]

    def _decided(self, part: list[Entry], *, stored: bool, events: bool) -> None:
        stats = self.stats
        finish = self._queue.finish
        for entry in part:
            finish(entry, outcome.Value(stored))
        if self._hold.active:
            self._hold.free(part, worked=stored)
        if stored:
            stats.batches += 1
            stats.units += len(part)
            stats.largest_batch = max(stats.largest_batch, len(part))
            self._on_committed(events)
        else:
            stats.quarantined += len(part)

    def _keep(self, part: list[Entry], failure: Exception) -> None:
        self._hold.keep(part, trio.current_time())
        self.stats.held = len(self._hold)
        self._refused = str(failure)

    def _failed(self, error: Exception, verdict: Verdict) -> None:
        self.stats.attempts_failed += 1
        if verdict is not Verdict.CONTENT:
            if verdict is not Verdict.REFUSED:
                self._away = str(error) or type(error).__name__
            log.warning("batch not stored", verdict=verdict.value, error=str(error)[:500], kind=type(error).__name__)

    async def _expire(self) -> None:
        """Look for passed deadlines a few times within one; nobody else keeps time for the callers."""
        while True:
            await trio.sleep(min(0.25, self._deadline / 10))
            if self._queue.expire(trio.current_time()) and self._hold.active:
                self._hold.sweep()
                if self._wake is not None:
                    self._wake.set()


@asynccontextmanager
async def open_journal(
    pool: Pool,
    *,
    deadline: float = 20.0,
    max_units: int = 10_000,
    max_bytes: int = 64 * 2**20,
    batch_units: int = 512,
    batch_bytes: int = 4 * 2**20,
    grace: float = 10.0,
    on_committed: Callable[[bool], None] = lambda _events: None,
) -> AsyncIterator[Journal]:
    """The journal while the block runs; at its end what was accepted is written, for at most `grace` s.

    `pool` needs one connection of the role voltyard_node. `on_committed(had_events)` is called after every commit.
    """
    journal = Journal(
        Writer(pool),
        deadline=deadline,
        max_units=max_units,
        max_bytes=max_bytes,
        batch_units=batch_units,
        batch_bytes=batch_bytes,
        on_committed=on_committed,
    )
    async with trio.open_nursery() as nursery:
        nursery.cancel_scope.shield = True  # when the block is cancelled, what was accepted is still written
        await nursery.start(journal.run)
        try:
            yield journal
        finally:
            with trio.move_on_after(grace):
                await journal.drain()
            nursery.cancel_scope.cancel()
