"""Servers left behind by a killed owner: recognise them without doubt, stop them, wait until they are gone.

A pid in a file proves nothing, since numbers are used again. What counts is the process's own command line: the
postmaster of a cluster has `-D CLUSTER` in it, and its children show the cluster's unique name in their title.
Command lines are readable everywhere (unlike `/proc/PID/cwd`, which a container's root may not read). Signals go
through a pidfd, which cannot be redirected to another process of the same number.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from storage.errors import EmbeddedFault

_FAST = signal.SIGINT  # PostgreSQL's "fast shutdown": sessions end, a checkpoint, exit
_IMMEDIATE = signal.SIGQUIT


class Leftovers:
    """Processes of one cluster, known by its folder and by the name given to it with `cluster_name`."""

    def __init__(self, cluster: Path, name: str) -> None:
        self._cluster = os.fsencode(cluster)
        self._title = f"postgres: {name}: ".encode()

    def postmaster(self) -> int | None:
        return next((pid for pid in _pids() if self._is_postmaster(pid)), None)

    def children(self) -> list[int]:
        return [pid for pid in _pids() if _command_line(pid).startswith(self._title)]

    def _is_postmaster(self, pid: int) -> bool:
        words = _command_line(pid).split(b"\0")
        program = os.path.basename(words[0]) in (b"postgres", b"postmaster")
        return program and any(a == b"-D" and b == self._cluster for a, b in pairwise(words))

    def stop(self, report: Callable[[str], None], *, patience: float = 60.0) -> None:
        """Stop what is left and return when it is gone: at most `patience` s for a clean stop, then by force."""
        pid = self.postmaster()
        if pid is not None:
            report(f"stopping a PostgreSQL server left behind by an earlier run (process {pid})")
            for number, seconds in ((_FAST, patience), (_IMMEDIATE, 10.0), (signal.SIGKILL, 5.0)):
                if _signal_and_wait(pid, number, seconds, self._is_postmaster):
                    break
            else:
                raise EmbeddedFault(f"process {pid} of {os.fsdecode(self._cluster)} does not end, not even by SIGKILL")
        self._await_children()

    def _await_children(self) -> None:
        """A dead postmaster's children end by themselves within moments; the slow ones are pushed.

        Until the last one is gone a new server refuses to start, because it would share their memory.
        """
        pushes = ((0, 5.0), (_IMMEDIATE, 5.0), (signal.SIGKILL, 5.0))
        for number, seconds in pushes:
            for pid in self.children() if number else []:
                _signal_and_wait(pid, number, 0.0, lambda p: _command_line(p).startswith(self._title))
            until = time.monotonic() + seconds
            while self.children():
                if time.monotonic() > until:
                    break
                time.sleep(0.02)
            else:
                return
        raise EmbeddedFault(f"processes {self.children()} of {os.fsdecode(self._cluster)} do not end")


def _signal_and_wait(pid: int, number: int, seconds: float, is_ours: Callable[[int], bool]) -> bool:
    """Send `number` if `pid` is still the process meant, and wait; True when it is gone."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        if not is_ours(pid):  # checked after opening: from here the handle and the check mean the same process
            return True
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, number)
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it ended meanwhile
        return b""
