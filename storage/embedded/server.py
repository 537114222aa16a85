"""One run of PostgreSQL's server process: how it is started, when it is ready, how it is stopped.

The server must not outlive us for long: the kernel is asked to send it SIGINT (a clean, fast shutdown) when the
*thread* that started it ends. So `spawn` is called from the thread that lives as long as we do, which is the one that
runs trio; forking takes a few milliseconds. Everything that waits runs in worker threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from storage.embedded.binaries import ENVIRONMENT, Binaries
from storage.embedded.place import Place, write_whole
from storage.errors import EmbeddedFault

RECOVERY_DEADLINE = 1800.0  # s; crash recovery of a big database may take minutes, and hurrying it only starts it again
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl

#: For a charging platform on a small machine: durable, modest in memory, quiet about the values it stores.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "50",
    "shared_buffers": "128MB",
    "huge_pages": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "wal_compression": "on",
    "min_wal_size": "256MB",
    "max_wal_size": "1GB",
    "checkpoint_completion_target": "0.9",
    "password_encryption": "scram-sha-256",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",  # one a weekday, overwritten a week later
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_file_mode": "0600",
    "log_line_prefix": "%m [%p] %u ",
    # Statements and rows may hold what must not be in a log: name the error, not the values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def spawn(binaries: Binaries, place: Place, port: int, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the server on `port`. The calling thread must outlive it (see above)."""
    chosen = {**SETTINGS, "port": str(port), "cluster_name": place.name, **settings}
    command = [binaries.program("postgres"), "-D", str(place.cluster)]
    for name, value in chosen.items():
        command += ["-c", f"{name}={value}"]
    with open(place.start_log, "wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a program we chose, no shell
            command,
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C at the terminal is for us; we stop the server when we have finished
            preexec_fn=_tied_to(os.getpid()),  # one system call: no lock is taken between fork and exec
            **place.account.popen(),
        )
    write_whole(place.pid_file, f"{process.pid}\n", 0o644)
    return process


def _tied_to(parent: int) -> Callable[[], None]:
    def between_fork_and_exec() -> None:
        _prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:  # we were killed before the call took effect
            os._exit(1)

    return between_fork_and_exec


def wait_until_ready(
    process: subprocess.Popen[bytes], place: Place, report: Callable[[str], None], pause: Callable[[float], None]
) -> None:
    """Return when the server takes connections; as long as it lives it may be recovering, and is waited for.

    Raises EmbeddedFault with the end of its log when it ends instead. `pause` sleeps, and may raise to give up.
    """
    began = time.monotonic()
    told = began
    nap = 0.005
    while not _says_ready(process.pid, place):
        if process.poll() is not None:
            raise EmbeddedFault(f"PostgreSQL ended at its start, exit status {process.returncode}: {last_words(place)}")
        now = time.monotonic()
        if now - began > RECOVERY_DEADLINE:
            raise EmbeddedFault(f"PostgreSQL was not ready after {now - began:.0f} s: {last_words(place)}")
        if now - told > 5.0:
            report(f"waiting for PostgreSQL, {now - began:.0f} s so far: {last_words(place, lines=1)}")
            told = now
        pause(nap)
        nap = min(nap * 1.5, 0.1)


def _says_ready(pid: int, place: Place) -> bool:
    """The eighth line of `postmaster.pid` is the server's own word on it; the first tells whose word it is."""
    try:
        lines = (place.cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def stop(process: subprocess.Popen[bytes], place: Place, *, patience: float = 30.0) -> None:
    """Stop the server: cleanly within `patience` s, else by force. Committed work is safe either way."""
    for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        raise EmbeddedFault(f"PostgreSQL (process {process.pid}) does not end, not even by SIGKILL")
    place.pid_file.unlink(missing_ok=True)


def free_port(wanted: int | None) -> int:
    """`wanted` if it can be listened on, else one that can. It may be taken meanwhile: the caller tries again then."""
    for port in (wanted, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedFault("no port is free on 127.0.0.1 for PostgreSQL")


def last_words(place: Place, *, lines: int = 6) -> str:
    """The end of what the server said in this run, for an error message: to us, or to its log once it has begun one."""
    said = _tail(place.start_log)
    if any("redirecting log output" in line for line in said):
        said = [line for path in _newest_log(place) for line in _tail(path)]
    return " / ".join(said[-lines:]) or f"it said nothing in {place.start_log}"


def _tail(path: Path) -> list[str]:
    try:
        with open(path, "rb") as log:
            log.seek(max(0, path.stat().st_size - 4096))
            return log.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return []


def _newest_log(place: Place) -> list[Path]:
    try:
        return sorted(place.log_folder.glob("postgres-*.log"), key=lambda path: path.stat().st_mtime)[-1:]
    except OSError:
        return []
