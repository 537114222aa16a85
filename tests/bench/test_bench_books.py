"""The kernel's books as the benchmark reads them."""

import os
import signal
import subprocess
import sys
import time

import pytest

from simulators.bench import cpu
from simulators.bench.cpu import Books, Stat, between, busy_seconds, parse_stat, tree, tree_seconds

_LINE = "4711 (a (bad) name 1) S 12 4711 4711 0 -1 4194560 1 2 3 4 {} {} {} {} 20 0 1 0 99 1 2"


def test_a_process_with_brackets_and_blanks_in_its_name() -> None:
    ticks = cpu.TICKS
    stat = parse_stat(_LINE.format(ticks, 2 * ticks, 3 * ticks, 4 * ticks))
    assert stat == Stat(pid=4711, parent=12, own=3.0, reaped=7.0)


def test_a_tree_is_the_root_and_all_below_and_nobody_else() -> None:
    stats = {pid: Stat(pid, parent, 1.0, 0.0) for pid, parent in ((1, 0), (5, 1), (6, 5), (7, 6), (8, 1))}
    assert sorted(stat.pid for stat in tree(5, stats)) == [5, 6, 7]
    assert tree(99, stats) == []


def test_busy_time_is_of_the_cores_asked_for_and_leaves_idling_out() -> None:
    text = "\n".join(("cpu  9 9 9 9 9 9 9 9 0 0", "cpu0 1 2 3 1000 1000 4 5 6 0 0", "cpu1 100 0 0 7 7 0 0 0 0 0",
                      "cpu10 5 5 5 5 5 5 5 5 0 0", "intr 1 2 3"))
    assert busy_seconds((0,), text) * cpu.TICKS == pytest.approx(21)
    assert busy_seconds((0, 1), text) * cpu.TICKS == pytest.approx(121)


def test_what_was_spent_between_two_moments() -> None:
    spent = between(Books(10, 1, 2, 3, 4), Books(12, 1.5, 2, 4, 8))
    assert spent == Books(clock=2, subject=0.5, database=0, load=1, busy=4)


_BURNS_IN_A_CHILD = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.3: pass"])
print(1, flush=True)
time.sleep(60)
"""
_HAS_TWO_CHILDREN = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
input()
subprocess.run([sys.executable, "-c", "import os; print(*os.sched_getaffinity(0))"])
"""


def test_the_time_of_children_that_have_ended_is_counted() -> None:
    with subprocess.Popen([sys.executable, "-c", _BURNS_IN_A_CHILD], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"1\n"
            assert tree_seconds(process.pid) >= 0.29
        finally:
            process.send_signal(signal.SIGKILL)


def test_pinning_reaches_children_and_those_born_later() -> None:
    core = min(os.sched_getaffinity(0))
    command = [sys.executable, "-c", _HAS_TWO_CHILDREN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdin is not None
            child = int(process.stdout.readline())
            cpu.pin_tree(process.pid, {core})
            assert os.sched_getaffinity(child) == {core}
            process.stdin.write(b"\n")
            process.stdin.flush()
            assert process.stdout.readline().split() == [str(core).encode()]
        finally:
            process.kill()


def test_memory_of_a_living_process_and_of_a_dead_one() -> None:
    assert cpu.resident_bytes(os.getpid()) > 5_000_000
    process = subprocess.Popen([sys.executable, "-c", ""])
    while process.poll() is None:
        time.sleep(0.005)
    with pytest.raises((ProcessLookupError, FileNotFoundError)):
        cpu.resident_bytes(process.pid)
