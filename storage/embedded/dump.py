"""Logical dumps through pg_dump and pg_restore: the one form that every later PostgreSQL can read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from storage.embedded.binaries import ENVIRONMENT, Binaries
from storage.errors import BackupFault

#: How libpq's parameters are called in its environment: passwords in arguments can be read by everybody.
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}

_KNOWS_TRANSACTION_TIMEOUT = 17  # the major from which on a server takes what newer pg_restores always send
_LEFT_OUT = ("SET transaction_timeout", "\\restrict", "\\unrestrict")


def dump(tools: Binaries, url: str, target: Path) -> None:
    """Write database `url`, as one moment shows it, to `target` in pg_dump's custom format. The server may be in use.

    The role must see every row: a superuser, or one with BYPASSRLS. Raises BackupFault with pg_dump's own words.
    """
    file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _run([tools.program("pg_dump"), "--format=custom", "--no-password"], url, stdout=file)
        os.fsync(file)
    finally:
        os.close(file)


def load(tools: Binaries, url: str, source: Path, server_major: int) -> None:
    """Restore a dump into the empty database `url`, all or nothing. Roles it names must exist."""
    if server_major < _KNOWS_TRANSACTION_TIMEOUT <= tools.major:
        _load_script(tools, url, source)
        return
    name = conninfo_to_dict(url).get("dbname")
    command = [tools.program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-password"]
    _run([*command, f"--dbname={name}", str(source)], url, stdout=subprocess.DEVNULL)


def _load_script(tools: Binaries, url: str, source: Path) -> None:
    """The same through pg_restore's script, without the one setting that older servers do not know."""
    script = source.with_suffix(".sql")
    _run([tools.program("pg_restore"), f"--file={script}", str(source)], url, stdout=subprocess.DEVNULL)
    try:
        with psycopg.connect(url, connect_timeout=20) as connection, script.open(encoding="utf-8") as lines:
            _play(connection, (line for line in lines if not line.startswith(_LEFT_OUT)))
    except psycopg.Error as error:
        raise BackupFault(f"the backup could not be restored: {error}") from error
    finally:
        script.unlink(missing_ok=True)


def _play(connection: psycopg.Connection[Any], lines: Iterator[str]) -> None:
    """Statements together, the data of each COPY in between."""
    statements: list[str] = []
    for line in lines:
        if not (line.startswith("COPY ") and line.endswith(" FROM stdin;\n")):
            statements.append(line)
            continue
        connection.execute("".join(statements).encode())
        statements.clear()
        with connection.cursor().copy(line.encode()) as copy:
            for row in lines:
                if row == "\\.\n":
                    break
                copy.write(row)
    connection.execute("".join(statements).encode())


def _run(command: list[str], url: str, stdout: int) -> None:
    # No time limit: how long it takes depends on the amount of data, and it ends when its connection does.
    done = subprocess.run(  # noqa: S603 - a program we chose, no shell
        command, env=_environment(url), stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        hint = ""
        if "row-level security" in said or "row security" in said:
            hint = " (the role must see every tenant's rows: use a superuser or a role with BYPASSRLS)"
        elif "server version mismatch" in said:
            hint = " (install the PostgreSQL client of the server's version)"
        raise BackupFault(f"{os.path.basename(command[0])} failed: {said}{hint}")


def _environment(url: str) -> dict[str, str]:
    found = {"PATH": os.defpath, **ENVIRONMENT}
    for name, value in conninfo_to_dict(url).items():
        if name not in _VARIABLES:
            raise BackupFault(f"the database address has a parameter that pg_dump cannot be given: leave out {name}")
        if value is not None:
            found[_VARIABLES[name]] = str(value)
    return found
