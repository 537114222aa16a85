"""Migrations: numbered plain SQL files, each applied once, in order, in a transaction of its own.

A session-level advisory lock keeps two nodes from migrating at once; the server drops it with the connection, so a
killed node leaves nothing behind. What was applied is kept with a checksum in `voltyard_migrations`: a file that was
edited afterwards is an error, since databases would no longer be alike. Why not a ready-made tool: see
docs/decisions/0003-migrations.md.
"""

from __future__ import annotations

import hashlib
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import psycopg
import trio

from storage.errors import CannotConnect, MigrationFault

FOLDER = Path(__file__).parent / "migrations"

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK = 0x766F6C7479617264  # "voltyard" as a number; any constant that nobody else uses
_LOCK_TIMEOUT = "15min"  # as long as another node's longest migration may take
_threads = trio.CapacityLimiter(2)

_TABLE = """
CREATE TABLE IF NOT EXISTS voltyard_migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    seconds double precision NOT NULL
)"""


@attrs.frozen
class Migration:
    """One file: its name (`0001_begin.sql`) and its text."""

    name: str
    text: str

    @property
    def number(self) -> int:
        return int(self.name[:4])

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


async def migrate(owner_url: str, folder: Path = FOLDER) -> list[str]:
    """Apply what is pending in `folder` to the database, as its owner. Returns the names applied, in order.

    Raises MigrationFault, naming file and line, when one fails (it and all after it are not applied, those before it
    are), when an applied file was changed, or when the database knows migrations that `folder` does not.
    """
    return await trio.to_thread.run_sync(apply, owner_url, folder, limiter=_threads)


async def pending(owner_url: str, folder: Path = FOLDER) -> list[str]:
    """The names that `migrate` would apply. Raises as it would, and changes nothing."""
    return await trio.to_thread.run_sync(_pending, owner_url, folder, limiter=_threads)


def read_folder(folder: Path) -> list[Migration]:
    """The migrations in `folder`, by number."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        if not _NAME.fullmatch(path.name):
            raise MigrationFault(f"{path}: a migration is called NNNN_name.sql, with a-z, 0-9 and _ in its name")
        found.append(Migration(path.name, path.read_text(encoding="utf-8")))
    for before, after in pairwise(found):
        if before.number == after.number:
            raise MigrationFault(f"{folder}: {before.name} and {after.name} have one number; renumber the newer")
    return found


def decide(at_hand: list[Migration], applied: dict[str, str]) -> list[Migration]:
    """What remains to be applied, given what was: name to checksum. MigrationFault when the two do not fit."""
    known = {migration.name: migration for migration in at_hand}
    strange = sorted(applied.keys() - known.keys())
    if strange:
        raise MigrationFault(
            f"the database has migrations that this Voltyard does not know: {', '.join(strange)}. "
            f"It was migrated by a newer version: install that version, or restore a backup taken before"
        )
    changed = [name for name, checksum in applied.items() if known[name].checksum != checksum]
    if changed:
        raise MigrationFault(
            f"{', '.join(sorted(changed))} changed after being applied to this database: "
            f"put the old text back and write the change as a new migration"
        )
    last = max((known[name].number for name in applied), default=-1)
    remaining = [migration for migration in at_hand if migration.name not in applied]
    late = [migration.name for migration in remaining if migration.number < last]
    if late:
        raise MigrationFault(f"{', '.join(late)} comes before {last:04d}, which is applied: give it a higher number")
    return remaining


def apply(owner_url: str, folder: Path = FOLDER) -> list[str]:
    """`migrate`, blocking."""
    at_hand = read_folder(folder)
    with _connect(owner_url) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET client_min_messages = warning")
        _lock(connection)
        connection.execute(_TABLE)
        remaining = decide(at_hand, _applied(connection))
        for migration in remaining:
            _apply_one(connection, migration)
    return [migration.name for migration in remaining]


def _pending(owner_url: str, folder: Path) -> list[str]:
    with _connect(owner_url) as connection:
        return [migration.name for migration in decide(read_folder(folder), _applied(connection))]


def _connect(owner_url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(owner_url, autocommit=True, connect_timeout=20, application_name="voltyard migrate")
    except psycopg.OperationalError as error:
        raise CannotConnect(f"cannot connect to migrate the database: {error}") from error


def _lock(connection: psycopg.Connection[Any]) -> None:
    connection.execute(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    except psycopg.errors.LockNotAvailable as error:
        raise MigrationFault(
            f"another node has been migrating this database for {_LOCK_TIMEOUT}; see what it does"
        ) from error


def _applied(connection: psycopg.Connection[Any]) -> dict[str, str]:
    if connection.execute("SELECT to_regclass('voltyard_migrations')").fetchone() == (None,):
        return {}
    return dict(connection.execute("SELECT name, checksum FROM voltyard_migrations ORDER BY name").fetchall())


def _apply_one(connection: psycopg.Connection[Any], migration: Migration) -> None:
    began = time.monotonic()
    try:
        with connection.transaction():
            connection.execute(migration.text.encode())  # without arguments: a script of many statements is allowed
            if connection.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
                raise MigrationFault(
                    f"{migration.name} ends its transaction: leave BEGIN, COMMIT and ROLLBACK out of it"
                )
            connection.execute(
                "INSERT INTO voltyard_migrations (name, checksum, seconds) VALUES (%s, %s, %s)",
                [migration.name, migration.checksum, time.monotonic() - began],
            )
    except psycopg.Error as error:
        raise MigrationFault(
            f"{migration.name}, {_where(migration, error)}: {error}. Nothing of it was applied"
        ) from error


def _where(migration: Migration, error: psycopg.Error) -> str:
    position = error.diag.statement_position
    if position is None:
        return "place unknown"
    return f"line {migration.text.count(chr(10), 0, int(position) - 1) + 1}"
