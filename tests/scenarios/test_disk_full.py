"""A disk that is really full: a small file system of its own, where mounting is allowed."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio

from tests.support.books import check_books
from tests.support.load import fleet, total, until_more
from tests.support.node import running_node

pytestmark = [pytest.mark.server, pytest.mark.slow]

_SIZE = 160  # MiB: a new database and some of its log


@pytest.fixture
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="voltyard-disk-"))
    options = f"size={_SIZE}m,mode=0711"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("mounting is not allowed here; test_store_away.py has the same with a trigger that raises 53100")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


async def test_a_full_disk_promises_nothing_and_service_resumes(small_disk: Path) -> None:
    with running_node(below=small_disk, store_deadline="2s") as node:
        node.add_token("LOAD")
        stations = fleet(node, "disk", 4)
        enough = trio.Event()
        async with trio.open_nursery() as nursery:
            for station in stations:
                nursery.start_soon(station.run, enough)
            await until_more(stations, 100)
            ballast = small_disk / "ballast"
            await trio.to_thread.run_sync(_fill, ballast)
            with trio.fail_after(60):
                while (await trio.to_thread.run_sync(node.readiness)).get("status") != 503:  # noqa: ASYNC110 - a process
                    await trio.sleep(0.02)
            before = total(stations)
            ballast.unlink()
            await trio.to_thread.run_sync(node.wait_ready, 60.0)
            await until_more(stations, 100)
            assert total(stations) > before
            enough.set()
            nursery.cancel_scope.deadline = trio.current_time() + 60
        check_books(node, stations)


def _fill(ballast: Path) -> None:
    """Takes every block that is left, and what becomes free for the next second and a half."""
    with open(ballast, "wb", buffering=0) as file:
        for _ in range(30):
            try:
                while True:
                    os.write(file.fileno(), bytes(4096))
            except OSError:
                trio.from_thread.run(trio.sleep, 0.05)
