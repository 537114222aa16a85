"""RFID and other id tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.keys import uid_key
from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class TokenRow:
    """A token as the API shows it; `revision` is its ETag."""

    id: UUID
    uid: str
    type: str
    status: str
    holder: str | None
    group_uid: str | None
    master: bool
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    revision: int
    additional: list[dict[str, Any]]
    language1: str | None
    language2: str | None
    message: dict[str, Any] | None
    more_messages: list[dict[str, Any]]
    priority: int | None
    places: list[dict[str, Any]]
    connector_types: list[str]
    windows: list[dict[str, Any]]
    time_zone: str
    concurrent: int | None
    cache_seconds: int | None
    prepaid: bool
    reason: str | None


@attrs.frozen
class NewToken:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    uid: str
    uid_key: str
    type: str
    status: str
    holder: str | None
    group_uid: str | None
    master: bool
    expires_at: datetime | None
    now: datetime
    additional: list[dict[str, Any]] = attrs.field(factory=list)
    language1: str | None = None
    language2: str | None = None
    message: dict[str, Any] | None = None
    more_messages: list[dict[str, Any]] = attrs.field(factory=list)
    priority: int | None = None
    places: list[dict[str, Any]] = attrs.field(factory=list)
    connector_types: list[str] = attrs.field(factory=list)
    windows: list[dict[str, Any]] = attrs.field(factory=list)
    time_zone: str = "UTC"
    concurrent: int | None = None
    cache_seconds: int | None = None
    prepaid: bool = False
    reason: str | None = None


@attrs.frozen
class TokenChange:
    """All that may change, as it shall be, in the statement's order."""

    id: UUID
    type: str
    status: str
    holder: str | None
    group_uid: str | None
    master: bool
    expires_at: datetime | None
    now: datetime
    additional: list[dict[str, Any]]
    language1: str | None
    language2: str | None
    message: dict[str, Any] | None
    more_messages: list[dict[str, Any]]
    priority: int | None
    places: list[dict[str, Any]]
    connector_types: list[str]
    windows: list[dict[str, Any]]
    time_zone: str
    concurrent: int | None
    cache_seconds: int | None
    prepaid: bool
    reason: str | None


@attrs.frozen
class TokenFilter:
    """What a list is narrowed to."""

    status: str | None = None
    type: str | None = None
    group: str | None = None
    q: str | None = None  # part of uid or holder, ignoring case
    uid: str | None = None  # ignoring case
    holder: str | None = None


async def list_tokens(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: TokenFilter
) -> list[TokenRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("tokens_page", oldest=oldest), limit, after,
        wanted.status, wanted.type, wanted.group, wanted.q.casefold() if wanted.q else None,
        uid_key(wanted.uid) if wanted.uid else None, wanted.holder,
    )
    return all_made(TokenRow, rows)


async def get_token(connection: Connection, uid: str, *, lock: bool = False) -> TokenRow | None:
    """By uid, ignoring case; None when there is none. `lock` holds it until the transaction ends."""
    row = await connection.fetchrow(statement("token_lock" if lock else "token_get"), uid_key(uid))
    return made(TokenRow, row) if row else None


async def insert_token(connection: Connection, token: NewToken) -> bool:
    """False when the uid is taken."""
    return await connection.fetchval(statement("token_insert"), *values(token)) is not None


async def update_token(connection: Connection, change: TokenChange) -> None:
    """Writes the change and raises the revision; the caller holds the lock."""
    await connection.execute(statement("token_update"), *values(change))


async def delete_token(connection: Connection, token_id: UUID) -> None:
    """By id; sessions keep the uid they were charged with."""
    await connection.execute(statement("token_delete"), token_id)
