"""The laboratory: which process runs on which core, the database that serves them all, and what is measured.

Core 0 is the subject's (our node, the floor or the yardstick, one at a time), core 1 the load's, the database's and
our own. For figures that count the database it moves to core 0, beside the subject.
"""

import contextlib
import os
import shutil
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from simulators.bench.child import BenchError, Child
from simulators.bench.cpu import pin_tree
from simulators.bench.rows import Rows

ADMIN_TOKEN = "bench-admin-token-that-is-long-enough"  # noqa: S105 - of a node on loopback that lives for a minute
_START_S = 60.0


@attrs.frozen
class Subject:
    """A process that stations connect to. `http`: of our node alone."""

    name: str
    child: Child
    url: str
    http: str = ""

    @property
    def pid(self) -> int:
        return self.child.pid


class Load:
    """The stations of one subject, in a process of their own."""

    def __init__(self, child: Child) -> None:
        self._child = child

    @property
    def pid(self) -> int:
        return self._child.pid

    def do(self, what: str, *, patience: float = 60.0, **how: Any) -> dict[str, Any]:
        """An order of load.py, and what came of it; `patience`: seconds beyond the order's own duration."""
        own = float(how.get("seconds", how.get("deadline_s", 0.0)))
        self._child.send({"do": what, **how})
        return self._child.receive(own + patience)


class Lab:
    """Made by `open_lab`."""

    def __init__(self, folder: Path, cores: tuple[int, int], database: Child) -> None:
        self.folder = folder
        self.subject_core, self.other_core = cores
        self.cores = tuple(dict.fromkeys(cores))
        self._database = database
        said = database.receive(_START_S * 3)
        self.postmaster: int = said["pid"]
        self._admin: str = said["admin"]
        self.rows = Rows(self._admin, folder / "node")
        self._count = 0

    def place_database(self, *, beside_subject: bool) -> None:
        """On the subject's core, or on the load's."""
        pin_tree(self.postmaster, {self.subject_core if beside_subject else self.other_core})

    def spread_database(self) -> None:
        """On all cores, for preparations."""
        pin_tree(self.postmaster, set(self.cores))

    def address(self, database: str) -> str:
        """The administrator's address of one of the server's databases."""
        return self.rows.address(database)

    def migrate(self, database: str) -> None:
        """Makes a database with our tables."""
        self.rows.create_database(database)
        with Child("voltyard migrate", "gateway.cli", ["migrate"], set(self.cores), self._log("migrate"),
                   self._environment(database)) as child:
            if child.process.wait(120) != 0:
                raise BenchError(f"voltyard migrate failed: {child.last_words()}")

    @contextlib.contextmanager
    def node(self, database: str = "bench", **settings: str) -> Iterator[Subject]:
        """`voltyard run` with default settings but for addresses, and ready."""
        ocpp, http = free_port(), free_port()
        environment = self._environment(database) | {
            "VOLTYARD_OCPP_LISTEN": f"ws://127.0.0.1:{ocpp}", "VOLTYARD_HTTP_LISTEN": f"http://127.0.0.1:{http}",
            "VOLTYARD_ADMIN_TOKEN": ADMIN_TOKEN} | settings
        log, cores = self._log("node"), {self.subject_core}
        with Child("voltyard run", "gateway.cli", ["run"], cores, log, environment) as child:
            _wait_ready(child, f"http://127.0.0.1:{http}/readyz")
            yield Subject("full", child, f"ws://127.0.0.1:{ocpp}/ocpp", f"http://127.0.0.1:{http}")

    @contextlib.contextmanager
    def floor(self) -> Iterator[Subject]:
        with Child("the floor", "simulators.bench.floor", [], {self.subject_core}, self._log("floor")) as child:
            yield Subject("floor", child, f"ws://127.0.0.1:{child.receive(_START_S)['port']}/ocpp")

    @contextlib.contextmanager
    def yardstick(self, loop: str = "asyncio") -> Iterator[Subject]:
        with Child("the yardstick", "simulators.bench.yardstick", [self.address("yardstick"), loop],
                   {self.subject_core}, self._log("yardstick")) as child:
            yield Subject("yardstick" if loop == "asyncio" else f"yardstick_{loop}", child, f"ws://127.0.0.1:{child.receive(_START_S)['port']}/ocpp")

    @contextlib.contextmanager
    def load(self, subject: Subject, stations: list[tuple[str, str | None]], *, version: str = "1.6",
             compressed: bool = False) -> Iterator[Load]:
        """The stations, not yet connected (unless `compressed`: those connect at once)."""
        with Child("the load", "simulators.bench.load", [], {self.other_core}, self._log("load")) as child:
            child.send({"url": subject.url, "version": version, "stations": stations, "compressed": compressed})
            said = child.receive(_START_S * 5)
            if compressed and said["connected"] != len(stations):
                raise BenchError(f"only {said['connected']} of {len(stations)} stations were given compression")
            yield Load(child)

    def _environment(self, database: str) -> dict[str, str]:
        return {"VOLTYARD_DATABASE_URL": self.address(database), "VOLTYARD_DATA_DIR": str(self.folder / "node")}

    def _log(self, name: str) -> Path:
        self._count += 1
        return self.folder / f"{self._count:02d}-{name}.log"


@contextlib.contextmanager
def open_lab(parent: Path, *, keep: bool = False) -> Iterator[Lab]:
    """With a new PostgreSQL in a new folder below `parent`, which should lie on a disk and not in memory."""
    allowed = sorted(os.sched_getaffinity(0))
    cores = (allowed[0], allowed[1] if len(allowed) > 1 else allowed[0])
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="work-", dir=parent)).resolve()
    folder.chmod(0o711)  # the server may run under another account, which must be able to pass
    os.sched_setaffinity(0, {cores[1]})
    try:
        with Child("the database", "simulators.bench.postgres", [str(folder / "database")], set(cores),
                   folder / "00-database.log") as database:
            lab = Lab(folder, cores, database)
            lab.migrate("bench")
            lab.rows.create_database("yardstick")
            yield lab
    finally:
        os.sched_setaffinity(0, allowed)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_ready(child: Child, url: str) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if child.process.poll() is not None:
            raise BenchError(f"{child.name} ended at its start: {child.last_words()}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - http on loopback
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise BenchError(f"{child.name} was not ready within {_START_S:.0f} s: {child.last_words()}")
