"""Children of the benchmark: pinned to a core, talked to in JSON lines, stopped by number, never left behind."""

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl


class BenchError(Exception):
    """The benchmark cannot go on; the text says what, where and what to do."""


class Child:
    """`python -m MODULE …` on the given cores. A context manager: at the end of the block it is gone.

    It runs in a session of its own, so that Ctrl-C reaches the benchmark alone, which then stops its children in
    order; should the benchmark be killed, the kernel ends them.
    """

    def __init__(self, name: str, module: str, arguments: Sequence[str], cores: set[int], log: Path,
                 environment: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._log = log
        self._buffer = b""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("VOLTYARD_")}
        chosen = inherited | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | dict(environment or {})
        with open(log, "ab") as errors:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                [sys.executable, "-m", module, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, start_new_session=True, cwd=log.parent, env=chosen,
                preexec_fn=lambda: _before(cores))

    @property
    def pid(self) -> int:
        return self.process.pid

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its end is told when the answer is read
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

    def receive(self, seconds: float) -> dict[str, Any]:
        """Its next line. Raises BenchError when it ends or says nothing in time."""
        assert self.process.stdout is not None
        until = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise BenchError(f"{self.name} said nothing for {seconds:.0f} s; its log: {self.last_words()}")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise BenchError(f"{self.name} ended: {self.last_words()}")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def last_words(self, most: int = 1500) -> str:
        """The end of its log."""
        try:
            return self._log.read_bytes()[-most:].decode("utf-8", "replace").strip() or f"nothing in {self._log}"
        except OSError as error:
            return str(error)

    def stop(self, patience: float = 20.0) -> None:
        """SIGTERM, and SIGKILL when it takes longer than `patience` seconds."""
        for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
            if self.process.poll() is not None:
                break
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()


def _before(cores: set[int]) -> None:
    """Between fork and exec: end with the benchmark, run on the wanted cores."""
    _prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    os.sched_setaffinity(0, cores)


def say(message: dict[str, Any]) -> None:
    """What a child's own side writes: one JSON line."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
