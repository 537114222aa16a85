"""Backup while the node runs and while it does not, restore, and what is refused."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage import migrate
from storage.backup import backup, restore
from storage.embedded import Cluster, embedded_postgres
from storage.errors import BackupFault
from tests.support.postgres import Database, Server, throwaway_dir

pytestmark = [pytest.mark.server, pytest.mark.slow]
TENANT = uuid.UUID("0190a0a0-0000-7000-8000-000000000001")


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = throwaway_dir(in_memory=True)
    yield folder
    shutil.rmtree(folder)


def fill(url: str) -> None:
    """A table fenced like ours: the owner itself sees nothing, so that a careless dump would be empty."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE fenced (tenant_id uuid, note text, data jsonb)")
        connection.execute("GRANT SELECT ON fenced TO voltyard_web")
        connection.execute("INSERT INTO fenced VALUES (%s, 'ü', '{\"a\": 1}')", [TENANT])
        connection.execute("ALTER TABLE fenced ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE fenced FORCE ROW LEVEL SECURITY")
        connection.execute(
            "CREATE POLICY one ON fenced TO voltyard_web "
            "USING (tenant_id = (SELECT current_setting('voltyard.tenant', true))::uuid)"
        )


def seen(cluster: Cluster, tenant: uuid.UUID) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.url("web")) as connection:
        connection.execute("SELECT set_config('voltyard.tenant', %s, true)", [str(tenant)])
        return connection.execute("SELECT note, data FROM fenced").fetchall()


async def test_online_backup_restores_rows_rights_and_private_files(folder: Path) -> None:
    node, copy, target = folder / "node", folder / "copy", folder / "backup.tar"
    async with embedded_postgres(node, print) as cluster:
        migrate.apply(cluster.url("owner"))
        fill(cluster.url("owner"))
        (node / "pepper").write_text("salt's sibling")
        (node / "pepper").chmod(0o600)
        (node / "notes.txt").write_text("not private")
        await backup(node, target, print)  # the lock is held, as by another process
        password = (node / "secrets" / "database-web").read_text()
    assert target.stat().st_mode & 0o777 == 0o600
    await restore(copy, target, print)
    assert (copy / "pepper").read_text() == "salt's sibling"
    assert (copy / "pepper").stat().st_mode & 0o777 == 0o600
    assert not (copy / "notes.txt").exists()
    assert (copy / "secrets" / "database-web").read_text() != password
    async with embedded_postgres(copy, print) as cluster:
        assert seen(cluster, TENANT) == [("ü", {"a": 1})]
        assert seen(cluster, uuid.uuid4()) == []
        assert migrate.apply(cluster.url("owner")) == []


async def test_backup_of_a_node_that_does_not_run(folder: Path) -> None:
    node, target = folder / "node", folder / "backup.tar"
    async with embedded_postgres(node, print) as cluster:
        fill(cluster.url("owner"))
    await backup(node, target, print)
    assert list(folder.glob(".voltyard*")) == []
    with pytest.raises(BackupFault, match=r"backup\.tar exists"):
        await backup(node, target, print)
    with pytest.raises(BackupFault, match="has a database already"):
        await restore(node, target, print)


async def test_nothing_to_back_up(folder: Path) -> None:
    with pytest.raises(BackupFault, match="there is no database in"):
        await backup(folder / "nothing", folder / "backup.tar", print)


async def test_not_a_backup(folder: Path) -> None:
    (folder / "text").write_text("hello")
    with pytest.raises(BackupFault, match="is not a Voltyard backup"):
        await restore(folder / "copy", folder / "text", print)
    with tarfile.open(folder / "newer", "w") as archive:
        manifest = json.dumps({"format": 99}).encode()
        member = tarfile.TarInfo("manifest.json")
        member.size = len(manifest)
        archive.addfile(member, io.BytesIO(manifest))
    with pytest.raises(BackupFault, match="has format 99"):
        await restore(folder / "copy", folder / "newer", print)
    assert not (folder / "copy").exists()


async def test_damaged_dump_leaves_the_way_free_and_names_cannot_escape(folder: Path) -> None:
    with tarfile.open(folder / "bad", "w") as archive:
        manifest = json.dumps({"format": 1, "taken_at": "now", "postgres": 18}).encode()
        for name, content in (
            ("manifest.json", manifest),
            ("database.dump", b"PGDMP nonsense"),
            ("files/../evil", b"x"),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    for _ in range(2):
        with pytest.raises(BackupFault, match="pg_restore failed"):
            await restore(folder / "copy", folder / "bad", print)
    assert not (folder / "evil").exists()


async def test_another_server(folder: Path, postgres_server: Server, database: Database) -> None:
    target, other = folder / "backup.tar", postgres_server.empty_database()
    with psycopg.connect(database.url("owner")) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 7 AS n")
    await backup(folder / "unused", target, print, database_url=database.url("admin"))
    with pytest.raises(BackupFault, match="is not empty"):
        await restore(folder / "unused", target, print, database_url=database.url("admin"))
    await restore(folder / "unused", target, print, database_url=other.url("admin"))
    with psycopg.connect(other.url("owner")) as connection:
        assert connection.execute("SELECT n FROM mine").fetchone() == (7,)


async def test_nowhere_to_write(folder: Path, database: Database) -> None:
    with pytest.raises(BackupFault, match=r"there is no folder .*/missing"):
        await backup(folder, folder / "missing" / "backup.tar", print, database_url=database.url("admin"))


async def test_role_that_does_not_see_all_rows_is_refused(folder: Path, database: Database) -> None:
    fill(database.url("owner"))
    with pytest.raises(BackupFault, match="BYPASSRLS"):
        await backup(folder, folder / "backup.tar", print, database_url=database.url("owner"))
    assert not (folder / "backup.tar").exists()
