"""Our three roles on a server that is somebody else's, with the one or two logins that we were given.

The roles are made when the owner's login may make them; else the error says what an administrator must run. A login
that is not itself one of them becomes one at the start of each connection, by `options=-c role=…` in the address, so
that grants and policies hold for it as they do for a login of that name. What this cannot do is keep such a login from
becoming the other role again: `roles_apart` tells.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import attrs
import psycopg
import trio
from psycopg import errors, sql

from storage.errors import CannotConnect, StoreError
from storage.roles import NODE, OWNER, WEB, Connection

_threads = trio.CapacityLimiter(2)


class RolesMissing(StoreError):  # noqa: N818 - named for what is the case
    """The roles are not there and we may not make them; the message holds the SQL for an administrator."""


@attrs.frozen
class RoleUrls:
    """One address for each of our roles."""

    owner: str
    node: str
    web: str


async def prepare_roles(url: str, owner_url: str | None = None) -> RoleUrls:
    """See that the roles exist and that our logins may become them; idempotent, quick when all is in place.

    `url` is VOLTYARD_DATABASE_URL, `owner_url` VOLTYARD_DATABASE_OWNER_URL. Raises RolesMissing or CannotConnect.
    """
    return await trio.to_thread.run_sync(_prepare, url, owner_url or url, limiter=_threads)


async def roles_apart(url: str) -> list[str]:
    """What keeps the login of `url` from being held to one role: one sentence each; empty when all is well."""
    return await trio.to_thread.run_sync(_apart, url, limiter=_threads)


def with_role(url: str, role: str) -> str:
    """`url` with `options=-c role=…` added, which both asyncpg and libpq hand to the server."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query["options"] = f"{query.get('options', '')} -c role={role}".strip()
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def _prepare(url: str, owner_url: str) -> RoleUrls:
    with _connect(url) as ordinary, _connect(owner_url) as owning:
        login = _one(ordinary, "SELECT session_user::text")
        _make_roles(owning)
        for role in (NODE, WEB):
            _let_become(owning, login, role)
        owner = _owner(owning)
        node, web = (url if login == role else with_role(url, role) for role in (NODE, WEB))
        same = _one(owning, "SELECT session_user::text") == owner
        return RoleUrls(owner_url if same else with_role(owner_url, owner), node, web)


def _make_roles(owning: Connection) -> None:
    """NODE and WEB there must be; OWNER is better than owning everything by a login, but not needed."""
    for role in (NODE, WEB, OWNER):
        if not _one(owning, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", role):
            try:
                owning.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            except errors.InsufficientPrivilege as error:
                if role != OWNER:
                    raise RolesMissing(
                        f"the server has no role {role}, and the login of VOLTYARD_DATABASE_OWNER_URL may not make it. "
                        f"Have an administrator run: CREATE ROLE {NODE}; CREATE ROLE {WEB};"
                    ) from error


def _let_become(owning: Connection, login: str, role: str) -> None:
    if login == role or may_become(owning, login, role):
        return
    grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(login))
    try:
        owning.execute(grant)
    except errors.InsufficientPrivilege as error:
        raise RolesMissing(
            f"the login {login} may not become {role}. Have an administrator run: {grant.as_string(owning)};"
        ) from error


def may_become(connection: Connection, login: str, role: str) -> bool:
    """Whether `SET ROLE role` is allowed to `login` (from 16 on, being a member is not enough)."""
    kind = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    return bool(_one(connection, "SELECT pg_has_role(%s::name, %s::name, %s)", login, role, kind))


def _owner(owning: Connection) -> str:
    """Who owns our tables, or shall: whoever does already, else OWNER when it can, else the login itself."""
    already = _existing_owner(owning)
    login = str(_one(owning, "SELECT session_user::text"))
    if already is not None:
        return already
    exists = _one(owning, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", OWNER)
    if not exists or login == OWNER:
        return login
    try:
        with owning.transaction():
            if not may_become(owning, login, OWNER):
                owning.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
            database = sql.Identifier(str(_one(owning, "SELECT current_database()::text")))
            owning.execute(sql.SQL("GRANT ALL ON DATABASE {} TO {}").format(database, sql.Identifier(OWNER)))
            owning.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))
            if not _one(owning, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", OWNER):
                return login  # the grant was only warned about: not ours to give
    except errors.InsufficientPrivilege:
        return login
    return OWNER


def _apart(url: str) -> list[str]:
    problems = []
    with _connect(url) as connection:
        login, powerful, bypasses = _row(
            connection, "SELECT rolname::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user"
        )
        if powerful or bypasses:
            what = "is a superuser" if powerful else "has BYPASSRLS"
            problems.append(f"the database login {login} {what}: row-level security does not hold it to one tenant")
        there = {row[0] for row in connection.execute("SELECT rolname::text FROM pg_roles")}
        owner = _existing_owner(connection)
        if owner and (login == owner or may_become(connection, login, owner)):
            problems.append(f"the database login {login} owns the tables or may become their owner, {owner}")
        if {NODE, WEB} <= there and all(login == role or may_become(connection, login, role) for role in (NODE, WEB)):
            problems.append(f"the database login {login} is both node and web: only our code keeps them apart")
    return problems


def _existing_owner(connection: Connection) -> str | None:
    found = _one(
        connection,
        "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = to_regclass('voltyard_migrations')",
    )
    return None if found is None else str(found)


def _connect(url: str) -> Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=20, application_name="voltyard set-up")
    except psycopg.OperationalError as error:
        raise CannotConnect(f"cannot connect to the database: {error}") from error


def _one(connection: Connection, statement: str, *arguments: object) -> Any:
    row = connection.execute(statement.encode(), arguments or None).fetchone()
    return None if row is None else row[0]


def _row(connection: Connection, statement: str) -> tuple[Any, ...]:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None, "a login is always in pg_roles"
    return tuple(row)
