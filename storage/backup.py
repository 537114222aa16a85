"""Backup and restore: one file that holds the database and what the node keeps privately beside it.

The file is a tar: `manifest.json`, `database.dump` (pg_dump's custom format, one moment of the database, taken while
the node runs), and `files/…`: everything private (mode 0600) in the data directory, such as the pepper without which
no station's password could be verified. Being logical, it can be restored into every later PostgreSQL. It is as
secret as the data directory, and written with mode 0600.
"""

from __future__ import annotations

import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import trio
from psycopg.conninfo import conninfo_to_dict

from storage.backup_file import DUMP, bring_files, read_manifest, take_out, write_whole_file
from storage.embedded import dump, embedded_postgres
from storage.embedded.binaries import Binaries, bundled, elsewhere
from storage.embedded.lock import DirectoryLock
from storage.embedded.place import DATABASE, kept_port, url
from storage.errors import BackupFault, DataDirInUse
from storage.roles import NODE, OWNER, WEB

_ROLES = {OWNER, NODE, WEB}
_threads = trio.CapacityLimiter(1)
Report = Callable[[str], None]

_USER_TABLES = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""


async def backup(data_dir: Path, target: Path, report: Report, *, database_url: str | None = None) -> None:
    """Write a backup of the embedded database of `data_dir`, whether its node runs or not, to `target`.

    With `database_url`, of that database instead (its role must see every tenant's rows: a superuser, or BYPASSRLS).
    `target` must not exist. Raises BackupFault; nothing incomplete is left under its name.
    """
    running = await _in_thread(_source, data_dir, target, database_url)
    if running is not None:
        await _in_thread(_write, data_dir, running, target, report)
        return
    async with embedded_postgres(data_dir, report) as cluster:
        await _in_thread(_write, data_dir, cluster.url("admin"), target, report)


async def restore(data_dir: Path, source: Path, report: Report, *, database_url: str | None = None) -> None:
    """Bring a backup back into a data directory that has no database yet, or into the empty `database_url`.

    Raises BackupFault when there is something already (nothing is ever overwritten) or `source` is not a backup. When
    it fails half-way, a database made for it is put aside, so that it can be tried again.
    """
    manifest = await _in_thread(read_manifest, source)
    report(f"restoring the backup of {manifest['taken_at']} (PostgreSQL {manifest['postgres']})")
    if database_url is not None:
        await _in_thread(_read, data_dir, database_url, source, report)
        return
    if _has_cluster(data_dir):
        raise BackupFault(
            f"{data_dir} has a database already: restore into an empty VOLTYARD_DATA_DIR "
            f"(if an interrupted restore left it, move {data_dir / 'postgres'} away)"
        )
    place = None
    try:
        async with embedded_postgres(data_dir, report) as cluster:
            place = cluster.place
            await _in_thread(_read, data_dir, cluster.url("admin"), source, report)
    except BaseException:
        if place is not None:  # made a moment ago, and stopped again
            place.cluster.rename(place.cluster.with_name(f"postgres.failed-restore-{time.time_ns()}"))
        raise


def _write(data_dir: Path, address: str, target: Path, report: Report) -> None:
    with _connect(address) as connection:
        version = connection.info.server_version // 10000
    try:
        with tempfile.TemporaryDirectory(prefix=".voltyard-backup-", dir=target.parent) as folder:
            database, whole = Path(folder, DUMP), Path(folder, "whole")
            dump.dump(_tools(version, data_dir), address, database)
            manifest = {"taken_at": _now(), "postgres": version, "database": DATABASE}
            write_whole_file(whole, manifest, database, data_dir)
            whole.rename(target)
    except OSError as error:
        raise BackupFault(f"cannot write {target}: {error}") from error
    report(f"wrote {target}, {target.stat().st_size:,} bytes; keep it as secret as the data directory")


def _read(data_dir: Path, address: str, source: Path, report: Report) -> None:
    with _connect(address) as connection:
        version = connection.info.server_version // 10000
        found = connection.execute(_USER_TABLES).fetchone()
        if found is not None and found[0]:
            raise BackupFault("the database is not empty: restore into one that has just been created")
        missing = _ROLES - {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if missing:
            raise BackupFault(f"the server lacks the roles {', '.join(sorted(missing))}: create them first")
    data_dir.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".voltyard-restore-", dir=data_dir) as folder,
        tarfile.open(source) as archive,
    ):
        take_out(archive, archive.getmember(DUMP), Path(folder, DUMP))
        dump.load(_tools(version, data_dir), address, Path(folder, DUMP), version)
        restored = bring_files(archive, data_dir)
    report(f"restored the database and {restored} private files")


def _source(data_dir: Path, target: Path, database_url: str | None) -> str | None:
    """The address to dump from; None when it is the embedded server's and that does not run."""
    if target.exists():
        raise BackupFault(f"{target} exists: choose another name, or remove it")
    if not target.absolute().parent.is_dir():
        raise BackupFault(f"cannot write {target}: there is no folder {target.absolute().parent}")
    if database_url is not None:
        return database_url
    if not _has_cluster(data_dir):
        raise BackupFault(f"there is no database in {data_dir}: set VOLTYARD_DATA_DIR to the node's data directory")
    return _running_url(data_dir)


def _running_url(data_dir: Path) -> str | None:
    """The superuser's address when another process has the embedded server running."""
    lock = DirectoryLock(data_dir)
    try:
        lock.take()
    except DataDirInUse as error:
        port = kept_port(data_dir)
        if port is None:
            raise BackupFault(f"process {error.owner} is just making the database in {data_dir}: try again") from None
        return url(data_dir, port, "admin", DATABASE)
    lock.release()
    return None


def _tools(server_major: int, data_dir: Path) -> Binaries:
    """Programs that can dump that server: a pg_dump reads servers of its own major and older ones."""
    ours = bundled()
    if server_major <= ours.major:
        return ours
    for found in elsewhere(server_major, data_dir):
        if (found.bin / "pg_dump").exists():
            return found
    raise BackupFault(
        f"the server is PostgreSQL {server_major}: install postgresql-client-{server_major} for its pg_dump"
    )


def _has_cluster(data_dir: Path) -> bool:
    pointer = data_dir / "postgres.elsewhere"
    cluster = Path(pointer.read_text().strip()) if pointer.exists() else data_dir / "postgres"
    return (cluster / "PG_VERSION").exists()


def _connect(address: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(address, autocommit=True, connect_timeout=20)
    except psycopg.OperationalError as error:
        where = {k: v for k, v in conninfo_to_dict(address).items() if k in ("host", "port", "dbname", "user")}
        raise BackupFault(f"cannot connect to {where}: {error}") from error


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


async def _in_thread(work: Callable[..., Any], *arguments: object) -> Any:
    return await trio.to_thread.run_sync(work, *arguments, limiter=_threads)
