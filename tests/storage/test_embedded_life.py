"""The embedded server through its life: start, stop, kill in every combination, and start again at once."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import trio

from storage.bridge import open_bridge
from storage.embedded import Cluster, embedded_postgres, launcher
from storage.embedded.binaries import ENVIRONMENT
from storage.errors import DataDirInUse, EmbeddedFault, StoreUnavailable
from tests.support.postgres import throwaway_dir

pytestmark = [pytest.mark.server, pytest.mark.slow]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = throwaway_dir()
    yield folder / "data"
    shutil.rmtree(folder)


class Owner:
    """Another process that owns the data directory."""

    def __init__(self, data_dir: Path, **run: Any) -> None:
        self.reports: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.embedded_owner", str(data_dir)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            **run,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("ready"):
                self.port, self.postmaster = (int(word) for word in line.split()[1:])
                return
            self.reports.append(line)
        raise AssertionError(f"the owner ended before it was ready: {self.reports}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def end(self) -> None:
        """Kill it, and wait for the server to follow."""
        self.kill()
        for _ in range(500):
            if gone(self.postmaster):
                return
            time.sleep(0.02)
        raise AssertionError("the server outlived its killed owner by ten seconds")


def fill(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def count(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url("owner")) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


async def test_second_start_is_quick_and_keeps_port_and_data(data_dir: Path) -> None:
    said: list[str] = []
    async with embedded_postgres(data_dir, said.append) as cluster:
        fill(cluster)
        port, pid = cluster.port, cluster.pid
        assert int((data_dir / "postgres.pid").read_text()) == pid
    assert gone(pid)
    assert not (data_dir / "postgres.pid").exists()
    assert len(said) == 1
    assert "making a new PostgreSQL 18" in said[0]
    began = time.monotonic()
    async with embedded_postgres(data_dir, said.append) as cluster:
        took = time.monotonic() - began
        assert (cluster.port, count(cluster)) == (port, 1)
    assert took < 1.5
    assert len(said) == 1


async def test_roles_are_what_they_should_be(data_dir: Path) -> None:
    async with embedded_postgres(data_dir, print) as cluster:
        for role in ("owner", "node", "web"):
            with psycopg.connect(cluster.url(role)) as connection:
                row = connection.execute(
                    "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
                assert row == (f"voltyard_{role}", False, False, False)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(cluster.url("node"), password="wrong")
        with psycopg.connect(cluster.url("admin")) as connection:
            row = connection.execute(
                "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('jit')"
            ).fetchone()
            assert row == ("on", "on", "off")
        for secret in (data_dir / "secrets").iterdir():
            assert secret.stat().st_mode & 0o777 == 0o600


async def test_taken_port_is_changed(data_dir: Path) -> None:
    async with embedded_postgres(data_dir, print) as cluster:
        port = cluster.port
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections to the server may still be closing
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        async with embedded_postgres(data_dir, print) as cluster:
            assert cluster.port != port
            port = cluster.port
    async with embedded_postgres(data_dir, print) as cluster:
        assert cluster.port == port


async def test_living_owner_is_named(data_dir: Path) -> None:
    owner = Owner(data_dir)
    try:
        with pytest.raises(DataDirInUse, match=f"in use by process {owner.process.pid}: ") as caught:
            async with embedded_postgres(data_dir, print):
                pass
        assert caught.value.owner == owner.process.pid
    finally:
        owner.end()


async def test_killed_owner_takes_the_server_along_and_the_next_starts_at_once(data_dir: Path) -> None:
    owner = Owner(data_dir)
    owner.kill()
    async with embedded_postgres(data_dir, print) as cluster:
        assert gone(owner.postmaster)
        fill(cluster)
        assert count(cluster) == 1


async def test_owner_and_server_killed_together(data_dir: Path) -> None:
    owner = Owner(data_dir)
    word = (data_dir / "secrets" / "database-owner").read_text().strip()
    url = f"postgresql://voltyard_owner:{word}@127.0.0.1:{owner.port}/voltyard"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        for _ in range(20):
            connection.execute("INSERT INTO kept VALUES (1)")
        os.kill(owner.postmaster, signal.SIGKILL)
        owner.kill()
    async with embedded_postgres(data_dir, print) as cluster:
        assert count(cluster) == 20


async def test_orphaned_server_is_stopped(data_dir: Path) -> None:
    """One that nothing told of its owner's end, with a client that holds on to it."""
    async with embedded_postgres(data_dir, print) as cluster:
        fill(cluster)
        command = [cluster.binaries.program("postgres"), "-D", str(cluster.place.cluster), "-p", str(cluster.port)]
        command += ["-c", "unix_socket_directories=", "-c", f"cluster_name={cluster.place.name}"]
        url, run = cluster.url("owner"), cluster.place.account.popen()
    orphan = subprocess.Popen(command, env=ENVIRONMENT, cwd="/", stderr=subprocess.DEVNULL, **run)
    try:
        for _ in range(500):
            try:
                client = psycopg.connect(url)
                break
            except psycopg.OperationalError:
                time.sleep(0.02)
        client.execute("SELECT 1")
        said: list[str] = []
        async with embedded_postgres(data_dir, said.append) as cluster:
            assert orphan.wait(5) == 0
            assert count(cluster) == 1
            assert f"stopping a PostgreSQL server left behind by an earlier run (process {orphan.pid})" in said
        client.close()
    finally:
        orphan.kill()
        orphan.wait()


async def test_stranger_with_the_old_servers_pid_is_left_alone(data_dir: Path) -> None:
    async with embedded_postgres(data_dir, print) as cluster:
        fill(cluster)
        place = cluster.place
    stranger = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **place.account.popen())
    try:
        (data_dir / "postgres.pid").write_text(f"{stranger.pid}\n")
        left = place.cluster / "postmaster.pid"
        left.write_text(f"{stranger.pid}\n{place.cluster}\n1700000000\n1\n\n127.0.0.1\n    1 1\nready   \n")
        place.account.own(left)
        async with embedded_postgres(data_dir, print) as cluster:
            assert count(cluster) == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_dead_server_is_restarted_and_the_pool_recovers(data_dir: Path) -> None:
    said: list[str] = []
    async with (
        embedded_postgres(data_dir, said.append) as cluster,
        open_bridge() as bridge,
        bridge.pool(cluster.url("owner")) as pool,
    ):
        await pool.execute("CREATE TABLE kept (n int)")
        await pool.execute("INSERT INTO kept VALUES (1)")
        killed = cluster.pid
        os.kill(killed, signal.SIGKILL)
        with trio.fail_after(20):
            while True:
                try:
                    assert await pool.fetchval("SELECT count(*) FROM kept") == 1
                except StoreUnavailable:
                    await trio.sleep(0.05)
                else:
                    if cluster.restarts:
                        break
        assert cluster.pid != killed
    assert any("ended unexpectedly (status -9)" in line for line in said)


async def test_server_that_dies_again_and_again_is_given_up(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_RESTARTS", 1)

    async def kill_twice() -> None:
        async with embedded_postgres(data_dir, print) as cluster:
            os.kill(cluster.pid, signal.SIGKILL)
            while not cluster.restarts:  # noqa: ASYNC110 - nothing signals it
                await trio.sleep(0.01)
            os.kill(cluster.pid, signal.SIGKILL)
            await trio.sleep_forever()

    with pytest.raises(EmbeddedFault, match="ended 2 times in a row"), trio.fail_after(30):
        await kill_twice()


async def test_error_in_the_block_comes_out_as_itself_and_the_server_is_stopped(data_dir: Path) -> None:
    pids = []

    async def fail() -> None:
        async with embedded_postgres(data_dir, print) as cluster:
            pids.append(cluster.pid)
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await fail()
    assert gone(pids[0])


async def test_lost_passwords_are_made_anew(data_dir: Path) -> None:
    async with embedded_postgres(data_dir, print) as cluster:
        fill(cluster)
        before = cluster.url("node")
    shutil.rmtree(data_dir / "secrets")
    async with embedded_postgres(data_dir, print) as cluster:
        assert count(cluster) == 1
        assert cluster.url("node") != before
        psycopg.connect(cluster.url("node")).close()


async def test_interrupted_initdb_leaves_nothing_to_repair(data_dir: Path) -> None:
    (data_dir / "postgres.new" / "base").mkdir(parents=True)
    data_dir.chmod(0o711)
    (data_dir / "postgres.new" / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(data_dir, print) as cluster:
        fill(cluster)
    assert not (data_dir / "postgres.new").exists()


async def test_cluster_that_cannot_start_says_why(data_dir: Path) -> None:
    async with embedded_postgres(data_dir, print):
        pass
    with pytest.raises(EmbeddedFault, match=r"ended at its start.*shared_buffers"):
        async with embedded_postgres(data_dir, print, settings={"shared_buffers": "none"}):
            pass
