"""Processor time, memory and cores of processes and of their children, as the kernel keeps them in /proc."""

import os
import time
from pathlib import Path

import attrs

TICKS = os.sysconf("SC_CLK_TCK")


@attrs.frozen
class Stat:
    """One line of /proc/PID/stat. `own` and `reaped` (children that have ended and were waited for) in seconds."""

    pid: int
    parent: int
    own: float
    reaped: float


def parse_stat(text: str) -> Stat:
    """Of the text of /proc/PID/stat; the program's name may hold anything, blanks and brackets too."""
    pid, _, rest = text.partition(" (")
    fields = rest.rpartition(") ")[2].split()
    user, system, children_user, children_system = (int(field) / TICKS for field in fields[11:15])
    return Stat(int(pid), int(fields[1]), user + system, children_user + children_system)


def _all_stats() -> dict[int, Stat]:
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = parse_stat(Path(f"/proc/{name}/stat").read_text("utf-8", "replace"))
            except OSError:  # it ended meanwhile
                continue
            found[stat.pid] = stat
    return found


def tree(root: int, stats: dict[int, Stat] | None = None) -> list[Stat]:
    """The process `root` and all that descend from it."""
    stats = _all_stats() if stats is None else stats
    children: dict[int, list[int]] = {}
    for stat in stats.values():
        children.setdefault(stat.parent, []).append(stat.pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in stats:
            found.append(stats[pid])
        waiting += children.get(pid, [])
    return found


def tree_seconds(root: int) -> float:
    """Processor time of `root` and of its children, those that have ended included.

    An ended child's time stands in its parent's books once it was waited for, as PostgreSQL does with its backends; so
    nothing is lost and nothing counts twice.
    """
    return sum(stat.own + stat.reaped for stat in tree(root))


def pin_tree(root: int, cores: set[int]) -> None:
    """Every thread of `root` and of its children runs on these cores from now on, and so will what they start."""
    for _ in range(2):  # what was born during the first round inherited from a parent that was pinned or not yet
        for stat in tree(root):
            try:
                threads = os.listdir(f"/proc/{stat.pid}/task")
                for thread in threads:
                    os.sched_setaffinity(int(thread), cores)
            except (FileNotFoundError, ProcessLookupError):
                continue


def resident_bytes(pid: int) -> int:
    """Memory of one process that lies in RAM (VmRSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(f"process {pid} has ended")


def busy_seconds(cores: tuple[int, ...], text: str | None = None) -> float:
    """Seconds since the machine's start in which these cores did something for anybody. `text`: of /proc/stat."""
    wanted = {f"cpu{core}" for core in cores}
    total = 0
    for line in (Path("/proc/stat").read_text() if text is None else text).splitlines():
        name, *fields = line.split()
        if name in wanted:
            user, nice, system, _idle, _iowait, interrupts, soft, steal = (int(field) for field in fields[:8])
            total += user + nice + system + interrupts + soft + steal
    return total / TICKS


@attrs.frozen
class Books:
    """Seconds at one moment: the clock, and the processor time of each part of a measurement."""

    clock: float
    subject: float
    database: float
    load: float
    busy: float


def books(subject: int, database: int | None, load: int, cores: tuple[int, ...]) -> Books:
    """All books at once. `database` is the postmaster, None when the subject has none."""
    return Books(
        time.monotonic(),
        tree_seconds(subject),
        tree_seconds(database) if database is not None else 0.0,
        tree_seconds(load),
        busy_seconds(cores),
    )


def between(before: Books, after: Books) -> Books:
    """What was spent between two moments."""
    pairs = zip(attrs.astuple(before), attrs.astuple(after), strict=True)
    return Books(*(later - earlier for earlier, later in pairs))
