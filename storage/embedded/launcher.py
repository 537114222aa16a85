"""`embedded_postgres`: our own PostgreSQL for as long as a block runs, kept alive while it does."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import trio

from storage.embedded.binaries import Binaries, bundled, reachable
from storage.embedded.cluster import Cluster
from storage.embedded.lock import DirectoryLock
from storage.embedded.place import find_place
from storage.embedded.processes import Leftovers
from storage.embedded.upgrade import finish_exchange, settle_version
from storage.errors import EmbeddedFault

_FIRST_WAIT, _LONGEST_WAIT = 0.05, 10.0  # s between restarts, doubling
_STEADY = 60.0  # s alive, after which a death counts as the first again
_RESTARTS = 10  # in a row
T = TypeVar("T")
_threads = trio.CapacityLimiter(4)


@asynccontextmanager
async def embedded_postgres(
    data_dir: Path,
    report: Callable[[str], None],
    *,
    binaries: Binaries | None = None,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Cluster]:
    """Run the server of `data_dir` (made at first use) while the block runs; it is restarted when it dies.

    `report` gets one line for each thing worth telling the operator, from any thread. `binaries` (default: those of
    the wheel) and `settings` (over our own) are for tests. Raises DataDirInUse when another process owns `data_dir`,
    OldCluster when it is of another major, and EmbeddedFault for the rest, the last also out of the block when the
    server cannot be kept alive.
    """
    locks = [await _in_thread(_take, data_dir)]
    cluster: Cluster | None = None
    try:
        cluster = await _in_thread(_open, locks, report, binaries, settings or {})
        await _start(cluster)
        async with _plain_nursery() as nursery:
            nursery.start_soon(_supervise, cluster, report)
            yield cluster
            nursery.cancel_scope.cancel()
    finally:
        with trio.CancelScope(shield=True):  # bounded: stopping escalates to SIGKILL within a minute
            if cluster is not None:
                await _in_thread(cluster.stop)
            for lock in locks:
                lock.release()


def _take(data_dir: Path) -> DirectoryLock:
    data_dir = data_dir.resolve()
    try:
        # As root the server runs under another account, which must be able to pass; secrets lie deeper, in 0600.
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedFault(f"cannot make the data directory {data_dir}: {error}. Set VOLTYARD_DATA_DIR") from error
    lock = DirectoryLock(data_dir)
    lock.take()
    return lock


def _open(
    locks: list[DirectoryLock], report: Callable[[str], None], binaries: Binaries | None, settings: Mapping[str, str]
) -> Cluster:
    """Everything up to a cluster that can be started. `locks`: the data directory's; what more is taken is added."""
    data_dir = locks[0].path.parent
    place = find_place(data_dir, report)
    if place.cluster.parent != data_dir:  # a copy of the data directory would point to the same cluster
        second = DirectoryLock(place.cluster.parent)
        second.take()
        locks.append(second)
    usable = reachable(binaries or bundled(), place.account, report)
    cluster = Cluster(place, usable, report, settings)
    Leftovers(place.cluster, place.name).stop(report)
    finish_exchange(place)
    if not place.exists():
        report(f"making a new PostgreSQL {usable.major} database in {place.cluster}")
        cluster.create()
    settle_version(cluster, report)
    return cluster


async def _start(cluster: Cluster) -> None:
    await _run(cluster)
    if not await _in_thread(cluster.knows_password):
        await _in_thread(cluster.stop)
        await _in_thread(cluster.set_password)
        await _run(cluster)
    await _in_thread(cluster.prepare)


async def _run(cluster: Cluster) -> None:
    """`Cluster.start` in a worker thread, but its fork in this one, which lives as long as we do."""

    def pause(seconds: float) -> None:
        trio.from_thread.check_cancelled()  # crash recovery may take minutes; whoever gives up need not wait for it
        time.sleep(seconds)

    await _in_thread(cluster.start, lambda: trio.from_thread.run_sync(cluster.spawn), pause)


async def _supervise(cluster: Cluster, report: Callable[[str], None]) -> None:
    """Start the server again whenever it ends, with growing waits; give up when it ends again and again."""
    in_a_row = 0
    while True:
        began = trio.current_time()
        await _ended(cluster.pid)
        status = cluster.process.poll()
        in_a_row = 1 if trio.current_time() - began > _STEADY else in_a_row + 1
        if in_a_row > _RESTARTS:
            raise EmbeddedFault(f"PostgreSQL ended {in_a_row} times in a row, the last time with status {status}")
        wait = min(_FIRST_WAIT * 2 ** (in_a_row - 1), _LONGEST_WAIT)
        report(f"PostgreSQL ended unexpectedly (status {status}); starting it again in {wait:.2g} s")
        await trio.sleep(wait)
        try:
            await _run(cluster)
        except (EmbeddedFault, OSError) as fault:  # OSError: no process or descriptor to be had just now
            report(f"PostgreSQL did not start again: {fault}")
            continue
        cluster.restarts += 1
        report(f"PostgreSQL runs again (process {cluster.pid})")


async def _ended(pid: int) -> None:
    """Return when our child `pid` has ended; it is not reaped here."""
    while True:
        try:
            handle = os.pidfd_open(pid)
            break
        except ProcessLookupError:  # ended and reaped already
            return
        except OSError:  # no descriptor free just now
            await trio.sleep(1.0)
    try:
        await trio.lowlevel.wait_readable(handle)
    finally:
        trio.lowlevel.notify_closing(handle)
        os.close(handle)


@asynccontextmanager
async def _plain_nursery() -> AsyncIterator[trio.Nursery]:
    """A nursery whose single failure comes out as itself, not in a group: callers catch EmbeddedFault."""
    try:
        async with trio.open_nursery() as nursery:
            yield nursery
    except BaseExceptionGroup as group:
        if len(group.exceptions) == 1:
            raise group.exceptions[0] from group.exceptions[0].__cause__
        raise


async def _in_thread(work: Callable[..., T], *arguments: object) -> T:
    return await trio.to_thread.run_sync(work, *arguments, limiter=_threads)
