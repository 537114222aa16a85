"""Who may do what in the database: one role that owns, one that runs the node, one that serves the web.

- `voltyard_owner` runs migrations and owns everything; not a superuser.
- `voltyard_node` writes the journal and reads across tenants, as far as policies and grants say.
- `voltyard_web` sees one tenant per transaction.

What each is granted is said by the migrations, which name these roles; here they are made, get their passwords, and
are told apart. The embedded server has a login for each. A server of somebody else may give us one login or two: then
the roles exist without login and a connection becomes one of them at its start (`role` in its options), so that the
same policies hold.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

OWNER, NODE, WEB = "voltyard_owner", "voltyard_node", "voltyard_web"
_LOGIN = {"owner": OWNER, "node": NODE, "web": WEB}

Connection = psycopg.Connection[Any]


def prepare_embedded(connection: Connection, passwords: Mapping[str, str], database: str) -> None:
    """Bring roles and database of our own server to what they must be. `connection`: superuser, autocommit."""
    for role, word in passwords.items():
        _login_role(connection, _LOGIN[role], word)
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
        create_database(connection, database)


def create_database(connection: Connection, database: str, *, template: str | None = None) -> None:
    """A database owned by `voltyard_owner` that only our roles may enter."""
    name = sql.Identifier(database)
    # Copying files is twice as fast as writing every page of a template to the log (measured, 11 MB).
    copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY")
    source = copied.format(sql.Identifier(template)) if template else sql.SQL("")
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(OWNER)) + source)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(name, sql.Identifier(NODE), sql.Identifier(WEB))
    )


def _login_role(connection: Connection, name: str, word: str) -> None:
    """Make the role, or give it `word` when it has another password; nothing is written when all is right."""
    row = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [name]).fetchone()
    if row is None:
        verb = "CREATE"
    elif not scram_matches(row[0], word):
        verb = "ALTER"
    else:
        return
    statement = sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(word)))


def scram_matches(verifier: str | None, word: str) -> bool:
    """Whether PostgreSQL's stored verifier (RFC 5803: `SCRAM-SHA-256$ITERATIONS:SALT$STORED:SERVER`) is of `word`."""
    try:
        scheme, cost, keys = (verifier or "").split("$")
        iterations, salt = cost.split(":")
        stored = base64.b64decode(keys.split(":")[0])
    except ValueError:
        return False
    if scheme != "SCRAM-SHA-256":
        return False
    salted = hashlib.pbkdf2_hmac("sha256", word.encode(), base64.b64decode(salt), int(iterations))
    client = hmac.digest(salted, b"Client Key", "sha256")
    return hmac.compare_digest(hashlib.sha256(client).digest(), stored)
