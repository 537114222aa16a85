"""The loop of the worker role: claims jobs that are due, runs their handlers side by side, says what became of each.

Bounded: so many at once, one a station, each run with a deadline, each failure with a growing pause and a limit.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
import trio

from actors.ports import StoreUnavailable
from gateway.background import keep_running
from gateway.worker.outcome import Again, Done, Failed, Handler, Outcome, Tools
from protocol.events.envelope import Event
from protocol.events.types import StationOnline
from protocol.redact import redact_text
from storage.jobs import Job, JobQueue
from storage.outbox import Bus

log = structlog.get_logger("worker")
_AT_ONCE: Final = 64
_POLL: Final = 1.0  # seconds without a wake-up
_EXPIRE_EVERY: Final = 5.0
_SPARE: Final = 30.0  # a lease outlasts its run's deadline by so many seconds
_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 300.0
SPACING: Final = timedelta(seconds=2)


class Lost(Exception):  # noqa: N818 - a state
    """The job is no longer ours: it was cancelled, or another worker has it."""


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
        self._woken = trio.Event()
        self.done = self.failed = 0

    def wake(self) -> None:
        """There may be work. Cheap, never waits."""
        self._woken.set()

    def counts(self) -> dict[str, int]:
        """running, done, failed: for metrics."""
        return {"running": len(self._running), "done": self.done, "failed": self.failed}

    async def online(self, event: Event) -> None:
        """The bus's handler: what waits for that station becomes due, after a calm time."""
        station_id = UUID(event.subject.removeprefix("stations/"))
        await self._queue.station_online(event.tenant_id, station_id, self._tools.clock.now() + self._calm, SPACING)

    async def run(self) -> None:
        """Until cancelled."""
        expired_at = -_EXPIRE_EVERY
        while True:
            self._woken = trio.Event()
            try:
                if trio.current_time() - expired_at >= _EXPIRE_EVERY:
                    expired_at = trio.current_time()
                    await self._expire()
                took = len(await self._claim())
            except StoreUnavailable as error:
                log.warning("jobs_wait_for_the_database", error=str(error))
                took = 0
            if not took:
                with trio.move_on_after(_POLL):
                    await self._woken.wait()

    async def once(self) -> None:
        """Ends what has expired and runs what is due now, to the end of those jobs."""
        await self._expire()
        for job in await self._claim():
            while job.id in self._running:
                await self._woken.wait()
                self._woken = trio.Event()

    async def _claim(self) -> list[Job]:
        room = _AT_ONCE - len(self._running)
        if room <= 0 or not self._handlers:
            return []
        busy = [job.station_id for job in self._running.values() if job.station_id is not None]
        found = await self._queue.claim(self._lease, room, self._tools.clock.now(), self._leases, busy)
        for job in found:
            self._running[job.id] = job
            self._nursery.start_soon(self._one, job)
        return found

    async def _one(self, job: Job) -> None:
        handler = self._handlers[job.kind]
        try:
            kept = [job.state]

            async def keep(state: dict[str, Any]) -> None:
                await self._keep(job, handler, state)
                kept[0] = state  # what a failure goes on from: it must not forget what was about to be done

            try:
                with trio.fail_after(handler.deadline):
                    outcome = await handler.run(self._tools, job, keep)
            except Lost:
                return
            except StoreUnavailable as error:
                outcome = self._after(job, handler, error, kept[0], patient=True)
            except Exception as error:
                # A bug over one job ends that run only: it is told, and tried again within its limit.
                log.error("job_failed", job=str(job.id), kind=job.kind, error=_told(error), exc_info=error)
                outcome = self._after(job, handler, error, kept[0], patient=False)
            await self._say(job, outcome)
        except StoreUnavailable as error:
            log.warning("job_outcome_not_stored", job=str(job.id), error=str(error))  # its lease ends: it runs again
        finally:
            del self._running[job.id]
            self.wake()

    def _after(
        self, job: Job, handler: Handler, error: Exception, state: dict[str, Any], *, patient: bool
    ) -> Outcome:
        if job.attempts >= handler.tries and not patient:
            return Failed(_told(error))
        pause = min(_FIRST_PAUSE * 2 ** min(job.attempts - 1, 20), _LONGEST_PAUSE)
        return Again(state, timedelta(seconds=pause), error=_told(error))

    async def _keep(self, job: Job, handler: Handler, state: dict[str, Any]) -> None:
        now = self._tools.clock.now()
        until = now + timedelta(seconds=handler.deadline + _SPARE)
        if not await self._queue.keep(job, self._lease, state, now, until):
            raise Lost

    async def _say(self, job: Job, outcome: Outcome) -> None:
        now = self._tools.clock.now()
        match outcome:
            case Done(result):
                self.done += 1
                await self._queue.end(job, self._lease, "done", result, None, now)
            case Failed(error, result):
                self.failed += 1
                await self._queue.end(job, self._lease, "failed", result, error, now)
            case Again(state, after, waits_for, why):
                await self._queue.again(job, self._lease, state, now + after, waits_for, why, now)
                if waits_for == "online":
                    await self._look_again(job)

    async def _look_again(self, job: Job) -> None:
        """Its station may have come back just before we said that we wait for it: nobody else would wake us."""
        live = self._tools.stations.live(job.station_id) if job.station_id is not None else None
        if live is not None and live.online:
            await self._queue.wake(job.id, self._tools.clock.now() + self._calm)

    async def _expire(self) -> None:
        for job in await self._queue.expire(self._tools.clock.now()):
            handler = self._handlers.get(job.kind)
            if handler is not None and handler.expired is not None:
                try:
                    await handler.expired(self._tools, job)
                except Exception as error:
                    # The job has ended; what follows from that must not hold up others.
                    log.error("job_expiry_failed", job=str(job.id), kind=job.kind, error=_told(error), exc_info=error)


def _told(error: Exception) -> str:
    return redact_text(f"{type(error).__name__}: {error}")[:500]


class OnlineListener:
    """Subscribes before the dispatcher starts; the worker comes later."""

    def __init__(self, bus: Bus) -> None:
        self.worker: Worker | None = None
        bus.subscribe("jobs", self.take, durable=True, start="now", types=(StationOnline.type,))

    async def take(self, event: Event) -> None:
        if self.worker is not None:
            await self.worker.online(event)


@asynccontextmanager
async def worker(queue: JobQueue, tools: Tools, handlers: Mapping[str, Handler]) -> AsyncIterator[Worker]:
    """Runs jobs while the block does; what is under way at its end is cut and taken up again after its lease."""
    async with trio.open_nursery() as nursery:
        made = Worker(queue, tools, handlers, nursery)
        nursery.start_soon(keep_running, made.run)
        yield made
        nursery.cancel_scope.cancel()
