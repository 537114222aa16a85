"""A whole node as its users start it: `voltyard run` in a process of its own, with a data directory of its own.

It is told apart from the tests by nothing but its settings. Everything is asked from outside: HTTP, sockets, signals,
its log, and the database by a connection of the test's own.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg

from storage.embedded.place import DATABASE, kept_port, url
from tests.support.postgres import throwaway_dir

ADMIN = "test-administrator-token"
_ROOT = Path(__file__).resolve().parents[2]
_READY = 60.0  # s; a machine that is busy with other things
_STOPPED = 45.0


class NotReady(AssertionError):  # noqa: N818 - what has happened
    """The node ended, or did not become ready in time; its log is the message."""


class Node:
    """One node. `process` is None while it is stopped."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str], database_url: str | None = None) -> None:
        self.data_dir = data_dir
        self.ocpp_port, self.http_port = free_ports(2)
        self.process: subprocess.Popen[bytes] | None = None
        self.settings = {
            "VOLTYARD_DATA_DIR": str(data_dir),
            "VOLTYARD_OCPP_LISTEN": f"ws://127.0.0.1:{self.ocpp_port}",
            "VOLTYARD_HTTP_LISTEN": f"http://127.0.0.1:{self.http_port}",
            "VOLTYARD_ADMIN_TOKEN": ADMIN,
            "VOLTYARD_LOG_FORMAT": "json",
            **settings,
        }
        self._database_url = database_url
        self.log_path = data_dir / "node.log"

    # Life

    def start(self) -> None:
        """Starts and returns when it is ready. Raises NotReady."""
        self.launch()
        self.wait_ready()

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts without waiting. What it prints is appended to its log."""
        self.process = launch(self.settings, self.log_path)
        return self.process

    def wait_ready(self, deadline: float = _READY) -> None:
        wait_until(self.is_ready, deadline, self.last_words)

    def is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise NotReady(f"the node ended with {self.process.returncode}: {self.last_words()}")
        return self.readiness().get("status") == "ready"

    def readiness(self) -> dict[str, Any]:
        """What /readyz says; empty while nobody answers there. Asked often: httpx would read authorities each time."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=10)
        with contextlib.closing(connection):
            try:
                connection.request("GET", "/readyz")
                body: dict[str, Any] = json.loads(connection.getresponse().read())
            except (OSError, http.client.HTTPException):
                return {}
        return body

    def stop(self) -> int:
        """SIGTERM and wait. Returns the exit status."""
        return self._end(signal.SIGTERM)

    def kill9(self) -> None:
        """The process is gone at once, as by a power cut of its own."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Starts the process again, which must have ended, and waits until it is ready."""
        self.start()

    def _end(self, number: signal.Signals) -> int:
        process, self.process = self.process, None
        assert process is not None, "the node does not run"
        process.send_signal(number)
        try:
            return process.wait(_STOPPED)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the node did not stop by {number.name}: {self.last_words()}") from None

    # Its database

    @property
    def postgres_pid(self) -> int:
        """The embedded server's first process."""
        return int((self.data_dir / "postgres.pid").read_text())

    def kill9_postgres(self) -> None:
        os.kill(self.postgres_pid, signal.SIGKILL)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of the administrator, for tests to look at what is really there. Each statement commits."""
        address = self._database_url
        if address is None:
            port = kept_port(self.data_dir)
            assert port is not None
            address = url(self.data_dir, port, "admin", DATABASE)
        with psycopg.connect(address, autocommit=True, connect_timeout=20) as connection:
            yield connection

    def rows(self, statement: LiteralString, *arguments: object) -> list[tuple[Any, ...]]:
        with self.database() as connection:
            return connection.execute(statement, arguments or None).fetchall()

    def value(self, statement: LiteralString, *arguments: object) -> Any:
        return self.rows(statement, *arguments)[0][0]

    # Its faces

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def ocpp(self) -> str:
        return f"ws://127.0.0.1:{self.ocpp_port}"

    def api(self, **options: Any) -> httpx.Client:
        """A client of the API, signed in as the administrator. Close it, or use it as a block."""
        return httpx.Client(**self._client_options(), **options)

    def async_api(self, **options: Any) -> httpx.AsyncClient:
        """The same for trio and asyncio."""
        return httpx.AsyncClient(**self._client_options(), **options)

    def _client_options(self) -> dict[str, Any]:
        return {
            "base_url": f"{self.http}/api/v1",
            "headers": {"Authorization": f"Bearer {ADMIN}"},
            "timeout": 30.0,
            "verify": False,  # there is no TLS here, and to read the authorities takes longer than most requests
        }

    def add_stations(self, *identities: str, **settings: Any) -> None:
        with self.api() as api:
            for identity in identities:
                answer = api.post("/stations", json={"identity": identity, **settings})
                assert answer.status_code == 201, answer.text

    def add_token(self, uid: str, **settings: Any) -> None:
        with self.api() as api:
            answer = api.post("/tokens", json={"uid": uid, **settings})
        assert answer.status_code == 201, answer.text

    # Its log

    def logs(self) -> str:
        """Everything the process has printed, over all its lives."""
        return self.log_path.read_text("utf-8", "replace") if self.log_path.exists() else ""

    def database_logs(self) -> str:
        """What the embedded server has written."""
        files = [*(self.data_dir / "postgres" / "log").glob("*"), self.data_dir / "postgres.start.log"]
        return "".join(file.read_text("utf-8", "replace") for file in files if file.is_file())

    def last_words(self) -> str:
        return self.logs()[-4000:]


def launch(settings: Mapping[str, str], log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """`voltyard run` with these settings and no others of ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOLTYARD_")}
    with open(log, "ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "gateway.cli", "run", *arguments],
            cwd=_ROOT,
            env={**inherited, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def running_node(
    *,
    database_url: str | None = None,
    seen_by_node: str | None = None,
    below: Path | None = None,
    on_disk: bool = False,
    **settings: str,
) -> Iterator[Node]:
    """A node that is ready, stopped at the end. `settings` are named like the fields of `Settings`.

    With `database_url` it uses that server, by the address `seen_by_node` when that is given (a proxy's, say). Its data
    directory lies `below` that folder, or in one of its own: in memory unless it must be `on_disk`.
    """
    given = {f"VOLTYARD_{name.upper()}": value for name, value in settings.items()}
    if database_url is not None:
        given["VOLTYARD_DATABASE_URL"] = seen_by_node or database_url
    folder = throwaway_dir(in_memory=not on_disk)
    node = Node((below or folder) / "data", given, database_url)
    node.data_dir.mkdir(mode=0o711)
    if below is not None:
        node.log_path = folder / "node.log"
    try:
        node.start()
        yield node
    finally:
        if node.process is not None:
            node.stop()
        with contextlib.suppress(FileNotFoundError, AssertionError):
            wait_until(lambda: not _alive(node.postgres_pid), 30.0)  # after a kill -9 it stops by itself
        shutil.rmtree(folder)


def free_ports(number: int) -> list[int]:
    """Ports that are free now; held together, so that they differ."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def wait_until(is_so: Callable[[], bool], deadline: float, explain: Callable[[], str] = lambda: "") -> None:
    """Returns when it is so. Raises AssertionError after `deadline` seconds."""
    give_up = time.monotonic() + deadline
    while not is_so():
        if time.monotonic() > give_up:
            raise AssertionError(f"not so after {deadline:.0f} s. {explain()}")
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
