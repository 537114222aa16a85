"""The loop of the worker role: claims jobs that are due, runs their handlers side by side, says what became of each.

Bounded: so many at once, one a station, each run with a deadline, each failure with a growing pause and a limit.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import attrs
import structlog
import trio

from actors.ports import StoreUnavailable
from gateway.background import keep_running
from gateway.worker.outcome import Again, Done, Failed, Handler, Outcome, Tools
from protocol.events.envelope import Event
from protocol.events.types import StationBooted, StationOnline
from protocol.redact import redact_text
from storage.jobs import Job, JobQueue
from storage.jobs.queue import Later, Room
from storage.outbox import Bus

log = structlog.get_logger("worker")
_AT_ONCE: Final = 64
_EACH: Final = 48  # of one tenant, so that another's never wait for all of them
_ENDING_AT_ONCE: Final = 16  # jobs whose time is over: beside the others
_POLL: Final = 1.0  # seconds without a wake-up
_EXPIRE_EVERY: Final = 5.0
_OTHER_LEASE: Final = timedelta(seconds=60)  # of kinds that nobody here knows
_SPARE: Final = 30.0  # a lease outlasts its run's deadline by so many seconds
_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 300.0
SPACING: Final = timedelta(seconds=2)


class Lost(Exception):  # noqa: N818 - a state
    """The job is no longer ours: it was cancelled, or another worker has it."""


@attrs.frozen
class Tried:
    """A run that failed; it goes on from `state`. `patient`: it was not the job's fault, and does not end it."""

    state: dict[str, Any]
    error: Exception
    patient: bool = False


@attrs.frozen
class Expired:
    """Its time is over, and what follows from that is done, or failed for the last time with `error`."""

    error: str | None = None


class Worker:
    """Made by `worker(…)`."""

    def __init__(self, queue: JobQueue, tools: Tools, handlers: Mapping[str, Handler], nursery: trio.Nursery) -> None:
        self._queue = queue
        self._tools = tools
        self._handlers = handlers
        self._nursery = nursery
        self._lease = tools.new_id()
        self._leases = {kind: timedelta(seconds=each.deadline + _SPARE) for kind, each in handlers.items()}
        self._calm = timedelta(seconds=tools.settings.station_calm)
        self._running: dict[UUID, Job] = {}
        self._ending: dict[UUID, Job] = {}
        self._woken = trio.Event()
        self.done = self.failed = 0

    def wake(self) -> None:
        """There may be work. Cheap, never waits."""
        self._woken.set()

    def counts(self) -> dict[str, int]:
        """running, done, failed: for metrics."""
        return {"running": len(self._running), "done": self.done, "failed": self.failed}

    async def ready(self, event: Event) -> None:
        """The bus's handler: what waits for that station becomes due, after a calm time."""
        station_id = UUID(event.subject.removeprefix("stations/"))
        await self._queue.station_ready(event.tenant_id, station_id, self._tools.clock.now() + self._calm, SPACING)

    async def run(self) -> None:
        """Until cancelled."""
        looked_at = -_EXPIRE_EVERY
        while True:
            self._woken = trio.Event()
            took = 0
            try:
                if trio.current_time() - looked_at >= _EXPIRE_EVERY:
                    took = len(await self._claim_over())
                    if not took and len(self._ending) < _ENDING_AT_ONCE:
                        looked_at = trio.current_time()
                took += len(await self._claim())
            except StoreUnavailable as error:
                log.warning("jobs_wait_for_the_database", error=str(error))
                took = 0
            if not took:
                with trio.move_on_after(_POLL):
                    await self._woken.wait()

    async def once(self) -> None:
        """Ends what has expired and runs what is due now, to the end of those jobs."""
        for job in [*await self._claim_over(), *await self._claim()]:
            while job.id in self._running or job.id in self._ending:
                if self._woken.is_set():
                    self._woken = trio.Event()
                await self._woken.wait()

    async def _claim(self) -> list[Job]:
        most = _AT_ONCE - len(self._running)
        if most <= 0 or not self._handlers:
            return []
        busy = [job.station_id for job in self._running.values() if job.station_id is not None]
        room = Room(most, _EACH, Counter(job.tenant_id for job in self._running.values()))
        found = await self._queue.claim(self._lease, room, self._tools.clock.now(), self._leases, busy)
        self._begin(found, self._running)
        return found

    async def _claim_over(self) -> list[Job]:
        """Jobs whose time is over. What follows from that is done beside all else: it holds up nothing."""
        most = _ENDING_AT_ONCE - len(self._ending)
        if most <= 0:
            return []
        now = self._tools.clock.now()
        found = await self._queue.claim_over(self._lease, most, now, self._leases, _OTHER_LEASE)
        self._begin(found, self._ending)
        return found

    def _begin(self, jobs: list[Job], among: dict[UUID, Job]) -> None:
        for job in jobs:
            among[job.id] = job
            self._nursery.start_soon(self._one, job, among)

    async def _one(self, job: Job, among: dict[UUID, Job]) -> None:
        try:
            outcome = await (self._ended(job) if job.status == "expiring" else self._run(job))
            try:
                await self._say(job, outcome)
            except StoreUnavailable:
                raise
            except Exception as error:
                # Stations say what no database takes (U+0000): that is this job's failure, and nobody else's.
                log.error("job_outcome_refused", job=str(job.id), kind=job.kind, error=_told(error), exc_info=error)
                await self._say(job, Tried(job.state, error))
        except Lost:
            return
        except StoreUnavailable as error:
            log.warning("job_outcome_not_stored", job=str(job.id), error=str(error))  # its lease ends: it runs again
        finally:
            del among[job.id]
            self.wake()

    async def _run(self, job: Job) -> Outcome | Tried:
        """One run of its handler."""
        handler = self._handlers[job.kind]
        kept = [job.state]

        async def keep(state: dict[str, Any]) -> None:
            await self._keep(job, handler, state)
            kept[0] = state  # what a failure goes on from: it must not forget what was about to be done

        try:
            with trio.fail_after(handler.deadline):
                return await handler.run(self._tools, job, keep)
        except Lost:
            raise
        except StoreUnavailable as error:
            return Tried(kept[0], error, patient=True)
        except Exception as error:
            # A bug over one job ends that run only: it is told, and tried again within its limit.
            log.error("job_failed", job=str(job.id), kind=job.kind, error=_told(error), exc_info=error)
            return Tried(kept[0], error)

    async def _ended(self, job: Job) -> Expired | Tried:
        """What follows from the end of its time; only then it ends, so that a node that dies between loses nothing."""
        handler = self._handlers.get(job.kind)
        if handler is None or handler.expired is None:
            return Expired()
        try:
            with trio.fail_after(handler.deadline):
                await handler.expired(self._tools, job)
        except StoreUnavailable as error:
            return Tried(job.state, error, patient=True)
        except Exception as error:
            # As above: one job's end must not hold up others.
            log.error("job_expiry_failed", job=str(job.id), kind=job.kind, error=_told(error), exc_info=error)
            return Tried(job.state, error)
        return Expired()

    async def _keep(self, job: Job, handler: Handler, state: dict[str, Any]) -> None:
        now = self._tools.clock.now()
        until = now + timedelta(seconds=handler.deadline + _SPARE)
        if not await self._queue.keep(job, self._lease, state, now, until):
            raise Lost

    async def _say(self, job: Job, outcome: Outcome | Tried | Expired) -> None:
        now = self._tools.clock.now()
        match outcome:
            case Done(result):
                self.done += 1
                await self._queue.end(job, self._lease, "done", result, None, now)
            case Failed(error, result):
                self.failed += 1
                await self._queue.end(job, self._lease, "failed", result, error, now)
            case Expired(error):
                await self._queue.end(job, self._lease, "expired", None, error, now)
            case Again(state, after, waits_for, error):
                waits = job.waits + outcome.put_off if outcome.put_off or waits_for else 0
                later = Later(state, now + after, waits_for, error, waits=waits)
                if await self._queue.again(job, self._lease, later, now) and waits_for is not None:
                    await self._look_again(job, waits_for)
            case Tried():
                await self._try_again(job, outcome, now)

    async def _try_again(self, job: Job, tried: Tried, now: datetime) -> None:
        """After a growing pause; when that was the last try, it is over, or has its next occasion."""
        told, handler = _told(tried.error), self._handlers[job.kind]
        pause = timedelta(seconds=min(_FIRST_PAUSE * 2 ** min(job.attempts - 1, 20), _LONGEST_PAUSE))
        attempts = job.attempts
        if attempts >= handler.tries and not tried.patient:
            if job.status == "expiring":
                return await self._say(job, Expired(told))
            if handler.every is None:
                return await self._say(job, Failed(told))
            pause, attempts = handler.every, 0
        later = Later(tried.state, now + pause, error=told, attempts=attempts, waits=job.waits)
        await self._queue.again(job, self._lease, later, now)
        return None

    async def _look_again(self, job: Job, waits_for: str) -> None:
        """What it waits for may have come just before we said that we wait for it: nobody else would wake us."""
        live = self._tools.stations.live(job.station_id) if job.station_id is not None else None
        if live is not None and live.online and (waits_for == "online" or live.registration == "accepted"):
            await self._queue.wake(job.id, self._tools.clock.now() + self._calm)


def _told(error: Exception) -> str:
    return redact_text(f"{type(error).__name__}: {error}")[:500]


class ReadyListener:
    """Stations that connect or are accepted. Subscribes before the dispatcher starts; the worker comes later."""

    def __init__(self, bus: Bus) -> None:
        self.worker: Worker | None = None
        bus.subscribe("jobs", self.take, durable=True, start="now", types=(StationOnline.type, StationBooted.type))

    async def take(self, event: Event) -> None:
        if self.worker is None:
            return
        data = event.data
        if not isinstance(data, StationBooted) or data.admission == "accepted":
            await self.worker.ready(event)


@asynccontextmanager
async def worker(queue: JobQueue, tools: Tools, handlers: Mapping[str, Handler]) -> AsyncIterator[Worker]:
    """Runs jobs while the block does; what is under way at its end is cut and taken up again after its lease."""
    async with trio.open_nursery() as nursery:
        made = Worker(queue, tools, handlers, nursery)
        nursery.start_soon(keep_running, made.run)
        yield made
        nursery.cancel_scope.cancel()
