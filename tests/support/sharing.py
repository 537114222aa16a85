"""Several pytest processes that do one run together: each takes the next group of tests that nobody has taken yet.

    python -m tests.support.sharing -m "not soak"

`main` starts one process per core and prints what they say, line by line, and at the end one summary of all, as pytest
writes it. What the groups are and in which order they
are taken is the same in each: the slow ones first, so that no core stands idle at the end. A group is a file, since a
file may share a node; a package that shares one is a group as a whole. A process that ends early fails the run, so
what it had taken cannot be missed.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.postgres import installed

_SUMMARY = re.compile(r"=+ .*\b(?:passed|failed|errors?|skipped|deselected|no tests ran)\b.* in [\d.]+s.*=+")
_COUNT = re.compile(r"(\d+) (failed|passed|skipped|xfailed|xpassed|warnings?|errors?)\b")
_COUNTED = ("failed", "passed", "skipped", "xfailed", "xpassed", "warning", "error")  # in pytest's order
_MOST = 4  # processes; each has a PostgreSQL of its own
_TOGETHER = ("tests/scenarios/usecases",)  # packages with a fixture of the package's


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shared", metavar="FOLDER", help="take only groups of tests that are not in this folder yet")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """pytest's own loop, over what this process takes. One test ahead, since fixtures end by what comes next."""
    folder = session.config.getoption("--shared")
    if folder is None or session.config.option.collectonly:
        return None
    if session.testsfailed:
        raise session.Interrupted(f"{session.testsfailed} errors during collection")
    taken = _taken(_groups(session.items), Path(folder))
    item = next(taken, None)
    while item is not None:
        following = next(taken, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def _groups(items: list[pytest.Item]) -> list[tuple[str, list[pytest.Item]]]:
    """Tests by group, the slowest first."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        found.setdefault(_group_of(item.nodeid.partition("::")[0]), []).append(item)
    return sorted(found.items(), key=lambda group: (*_weight(group[1]), group[0]))


def _group_of(file: str) -> str:
    return next((package for package in _TOGETHER if file.startswith(f"{package}/")), file)


def _weight(items: list[pytest.Item]) -> tuple[int, int, int]:
    """Negative, so that the heaviest comes first."""
    marked = [sum(item.get_closest_marker(name) is not None for item in items) for name in ("slow", "server")]
    return -marked[0], -marked[1], -len(items)


def _taken(groups: list[tuple[str, list[pytest.Item]]], folder: Path) -> Iterator[pytest.Item]:
    for name, items in groups:
        try:
            (folder / name.replace("/", "+")).touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from items


def main(arguments: list[str]) -> int:
    """Runs all, the storage tests on PostgreSQL 15 too when that is installed. Returns the worst status."""
    with tempfile.TemporaryDirectory(prefix="voltyard-shared-") as folder:
        lanes = [[[*arguments, f"--shared={folder}"]] for _ in range(min(_MOST, len(os.sched_getaffinity(0))))]
        if (installed("15") / "initdb").exists():
            lanes[0].insert(0, [*arguments, "--postgres=15", "tests/storage"])
        began = time.monotonic()
        with ThreadPoolExecutor(len(lanes)) as pool:
            ended = [each for lane in pool.map(_runs, itertools.count(1), lanes) for each in lane]
    status = max(status for status, _ in ended)
    counts = sum((counts for _, counts in ended), Counter[str]())
    print(summary(counts, timedelta(seconds=time.monotonic() - began), status), flush=True)
    return status


def summary(counts: Mapping[str, int], took: timedelta, status: int) -> str:
    """pytest's own last line, for all processes together. A process that ended early counts as an error."""
    if status not in (0, 1) and not counts.get("error"):
        counts = {**counts, "error": 1}
    said = [f"{counts[what]} {_plural(what, counts[what])}" for what in _COUNTED if counts.get(what)]
    seconds = took.total_seconds()
    time_taken = f"{seconds:.2f}s" + (f" ({timedelta(seconds=int(seconds))})" if seconds >= 60 else "")
    return f" {', '.join(said) or 'no tests ran'} in {time_taken} ".center(80, "=")


def _plural(what: str, count: int) -> str:
    return f"{what}s" if count != 1 and what in ("error", "warning") else what


def counted(line: str) -> Counter[str]:
    """What a process's own summary says; nothing for every other line."""
    if _SUMMARY.fullmatch(line.strip()) is None:
        return Counter()
    return Counter({what.removesuffix("s"): int(count) for count, what in _COUNT.findall(line)})


def _runs(lane: int, runs: list[list[str]]) -> list[tuple[int, Counter[str]]]:
    """One after the other: the status of each and what it counted."""
    return [_run(lane, arguments) for arguments in runs]


def _run(lane: int, arguments: list[str]) -> tuple[int, Counter[str]]:
    # A line for each file: what share of the whole it is, nobody knows here.
    command = [sys.executable, "-u", "-m", "pytest", "-v", "-o", "console_output_style=classic", *arguments]
    counts = Counter[str]()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(f"{lane} {line}", end="", flush=True)
            counts += counted(line)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode, counts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
