"""A throwaway PostgreSQL server for a whole test run, and a migrated database of its own for each test.

Fixtures:

- `postgres_server`: the server (session). Embedded by default; `--postgres=15` or VOLTYARD_TEST_POSTGRES=15 takes the
  one in /usr/lib/postgresql/15. It does not wait for the disk, so it is not for crash tests.
- `fresh_database`: a function that makes a database, migrated as storage/migrations say, in some 30 ms; all are dropped
  at the end of the test.
- `database`: one such database.
- `postgres_binaries`: the programs of the server, for tests that start one of their own.

The server ends with the run, also when that is interrupted or killed (the kernel tells it).
Never together with trio's virtual time: the clock would jump while a query is on its way.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import psycopg
import pytest

from storage import migrate, roles
from storage.embedded.binaries import Binaries, bundled, inspect, reachable
from storage.embedded.cluster import Cluster
from storage.embedded.place import find_place

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "100"}
_TEMPLATE = "voltyard_template"
_MEMORY = Path("/dev/shm")
_ROOM = 3 * 2**30  # bytes free; a server takes a tenth of it


@attrs.frozen
class Database:
    """One database on the test server."""

    name: str
    _cluster: Cluster

    def url(self, role: str = "node") -> str:
        """The address for `owner`, `node`, `web` or `admin` (superuser)."""
        return self._cluster.url(role, self.name)

    @property
    def port(self) -> int:
        return self._cluster.port


class Server:
    """The server of a test run."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._numbers = itertools.count(1)
        self._template: str | None = None

    def empty_database(self) -> Database:
        """A database without any migration."""
        return self._create(None)

    def migrated_database(self) -> Database:
        if self._template is None:
            with self._admin() as connection:
                roles.create_database(connection, _TEMPLATE)
            migrate.apply(self.cluster.url("owner", _TEMPLATE))
            self._template = _TEMPLATE
        return self._create(self._template)

    def drop(self, database: Database) -> None:
        with self._admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')

    def _create(self, template: str | None) -> Database:
        name = f"test_{next(self._numbers)}"
        with self._admin() as connection:
            roles.create_database(connection, name, template=template)
        return Database(name, self.cluster)

    def _admin(self) -> roles.Connection:
        return psycopg.connect(self.cluster.url("admin", "postgres"), autocommit=True, connect_timeout=20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres",
        default=os.environ.get("VOLTYARD_TEST_POSTGRES", "embedded"),
        help="PostgreSQL to test on: embedded (default), or a major that is installed below /usr/lib/postgresql",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another PostgreSQL only what asks for it is run: the rest would be the same once more."""
    if config.getoption("--postgres") == "embedded":
        return
    others = [item for item in items if "postgres_binaries" not in getattr(item, "fixturenames", ())]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def installed(major: str) -> Path:
    """Where Debian puts the programs of that major."""
    return Path(f"/usr/lib/postgresql/{major}/bin")


def chosen_binaries(choice: str) -> Binaries:
    """The programs that `--postgres=CHOICE` means."""
    if choice == "embedded":
        return bundled()
    folder = installed(choice)
    if not (folder / "postgres").exists():
        pytest.fail(f"--postgres={choice}, but there is no {folder}/postgres: install postgresql-{choice}")
    return inspect(folder)


def throwaway_dir(*, in_memory: bool = False) -> Path:
    """A new folder for a server's data, where another account may pass (pytest's own are 0700).

    `in_memory`: off the disk, where there is room for it. A database is 400 files, made and deleted for each test, and
    some file systems take ten times as long for that.
    """
    folder = Path(tempfile.mkdtemp(prefix="voltyard-test-", dir=_MEMORY if in_memory and _has_room() else None))
    folder.chmod(0o711)
    return folder


def _has_room() -> bool:
    return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM


@pytest.fixture(scope="session")
def postgres_binaries(request: pytest.FixtureRequest) -> Binaries:
    """The programs of the PostgreSQL that this run is to test on."""
    return chosen_binaries(request.config.getoption("--postgres"))


@pytest.fixture(scope="session")
def postgres_server(postgres_binaries: Binaries) -> Iterator[Server]:
    folder = throwaway_dir(in_memory=True)
    place = find_place(folder, print)
    binaries = reachable(postgres_binaries, place.account, print)
    cluster = Cluster(place, binaries, print, FAST)
    try:
        cluster.create()
        cluster.start()
        cluster.prepare()
        yield Server(cluster)
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@pytest.fixture
def fresh_database(postgres_server: Server) -> Iterator[Callable[[], Database]]:
    made: list[Database] = []

    def make() -> Database:
        made.append(postgres_server.migrated_database())
        return made[-1]

    yield make
    for each in made:
        postgres_server.drop(each)


@pytest.fixture
def database(fresh_database: Callable[[], Database]) -> Database:
    return fresh_database()
