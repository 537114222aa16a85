"""A cluster from nothing to usable: initdb, passwords, and the running of it as one object.

Everything here blocks and is called from worker threads, except `Cluster.spawn` (see server.py for why).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping

import psycopg

from storage.embedded import server
from storage.embedded.binaries import ENVIRONMENT, Binaries
from storage.embedded.place import DATABASE, Place, kept_port, password, url, write_whole
from storage.embedded.processes import Leftovers
from storage.errors import EmbeddedFault
from storage.roles import prepare_embedded

_PORT_ATTEMPTS = 3


class Cluster:
    """The embedded server of one data directory. Made and kept running by `embedded_postgres`."""

    def __init__(
        self, place: Place, binaries: Binaries, report: Callable[[str], None], settings: Mapping[str, str]
    ) -> None:
        self.place = place
        self.binaries = binaries
        self.restarts = 0  # how often it died and was started again
        self._report = report
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def port(self) -> int:
        return self._port

    @property
    def pid(self) -> int:
        """The postmaster's."""
        return self.process.pid

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise EmbeddedFault("PostgreSQL has not been started")
        return self._process

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for role `owner`, `node`, `web`, or `admin` (the superuser: backups and set-up only)."""
        return url(self.place.data_dir, self.port, role, database)

    def create(self) -> None:
        """initdb into a folder beside the cluster's, renamed at the end: a kill half-way leaves nothing to repair."""
        place, account = self.place, self.place.account
        staging = place.cluster.with_name("postgres.new")
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        account.own(staging)
        word = staging.with_name("postgres.word")  # initdb, under its own account, must be able to read it
        write_whole(word, password(place.data_dir, "admin") + "\n", 0o600)
        account.own(word)
        command = [self.binaries.program("initdb"), "-D", str(staging), "-U", "postgres", "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={word}", "--data-checksums"]
        try:
            made = subprocess.run(  # noqa: S603 - a program we chose, no shell
                command, env=ENVIRONMENT, cwd="/", capture_output=True, text=True, timeout=300, **account.popen()
            )
        finally:
            word.unlink()
        if made.returncode != 0:
            raise EmbeddedFault(f"initdb for {place.cluster} failed: {(made.stderr or made.stdout).strip()}")
        os.rename(staging, place.cluster)

    def spawn(self) -> None:
        """Start the server process; quick. Call it from the thread that lives as long as the server shall."""
        self._port = server.free_port(self._port or kept_port(self.place))
        self._process = server.spawn(self.binaries, self.place, self._port, self._settings)

    def port_was_taken(self) -> bool:
        """Whether the server ended because somebody took the port between our look and its start."""
        return self.process.poll() is not None and "could not bind" in server.last_words(self.place, lines=20)

    def wait_until_ready(self, pause: Callable[[float], None]) -> None:
        server.wait_until_ready(self.process, self.place, self._report, pause)
        if kept_port(self.place) != self._port:
            write_whole(self.place.port_file, f"{self._port}\n", 0o644)

    def start(self, spawn: Callable[[], None] | None = None, pause: Callable[[float], None] = time.sleep) -> None:
        """From not running to ready. `spawn` runs `self.spawn` in the right thread; by default in this one.

        `pause` sleeps, and may raise to give up.
        """
        for attempt in range(1, _PORT_ATTEMPTS + 1):
            Leftovers(self.place.cluster, self.place.name).stop(self._report)
            # Nobody serves the cluster now. PostgreSQL would refuse to start if the number in a file left behind by a
            # kill belonged to some other process of its account today, as happens after a container's restart.
            (self.place.cluster / "postmaster.pid").unlink(missing_ok=True)
            (spawn or self.spawn)()
            try:
                return self.wait_until_ready(pause)
            except EmbeddedFault:
                if attempt == _PORT_ATTEMPTS or not self.port_was_taken():
                    raise
        return None

    def stop(self) -> None:
        if self._process is not None:
            server.stop(self._process, self.place)

    def prepare(self) -> None:
        """Roles, their passwords, our database. Quick when all is in place."""
        words = {role: password(self.place.data_dir, role) for role in ("owner", "node", "web")}
        with psycopg.connect(self.url("admin", "postgres"), autocommit=True, connect_timeout=20) as connection:
            prepare_embedded(connection, words, DATABASE)

    def knows_password(self) -> bool:
        """Whether the superuser's password on disk is the cluster's. The server must be running."""
        try:
            psycopg.connect(self.url("admin", "postgres"), connect_timeout=20).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                return False
            raise EmbeddedFault(f"cannot connect to the embedded PostgreSQL: {error}") from error
        return True

    def set_password(self) -> None:
        """Give the superuser the password on disk through single-user mode. The server must not be running."""
        word = password(self.place.data_dir, "admin")
        command = [self.binaries.program("postgres"), "--single", "-D", str(self.place.cluster), "postgres"]
        done = subprocess.run(  # noqa: S603 - a program we chose, no shell
            command,
            input=f"ALTER ROLE postgres PASSWORD '{word}'\n",
            env=ENVIRONMENT,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=server.RECOVERY_DEADLINE,
            **self.place.account.popen(),
        )
        if done.returncode != 0 or "ERROR" in done.stderr:
            raise EmbeddedFault(f"cannot set the superuser's password: {done.stderr.strip()}")
