"""Other backends that a station's messages are told to, as operators set them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class ForwardRow:
    """A forward as the API shows it. `state` is what the node last said of it."""

    id: UUID
    station_id: UUID
    station: str
    url: str
    identity: str
    username: str | None
    has_password: bool
    mode: str
    allowed: list[str]
    enabled: bool
    accepted_at: datetime | None
    state: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    revision: int
    waiting: int


@attrs.frozen
class NewForward:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    url: str
    identity: str
    username: str | None
    password_sealed: bytes | None
    mode: str
    allowed: list[str]
    enabled: bool
    now: datetime


@attrs.frozen
class ForwardChange:
    """What may change, as it shall be, in the statement's order."""

    id: UUID
    username: str | None
    sets_password: bool
    password_sealed: bytes | None
    mode: str
    allowed: list[str]
    enabled: bool
    now: datetime


async def list_forwards(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID | None
) -> list[ForwardRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(statement("forwards_page", oldest=oldest), limit, after, station_id)
    return all_made(ForwardRow, rows)


async def get_forward(connection: Connection, forward_id: UUID, *, lock: bool = False) -> ForwardRow | None:
    """None when this tenant has none of that id. `lock`: until the transaction ends."""
    row = await connection.fetchrow(statement("forward_lock" if lock else "forward_get"), forward_id)
    return made(ForwardRow, row) if row else None


async def insert_forward(connection: Connection, forward: NewForward) -> bool:
    """False when this station is told there under this name already."""
    if await connection.fetchval(statement("forward_insert"), *values(forward)) is None:
        return False
    await _mark(connection, forward.station_id, forward.now)
    return True


async def update_forward(connection: Connection, station_id: UUID, change: ForwardChange) -> None:
    """Writes the change."""
    await connection.execute(statement("forward_update"), *values(change))
    await _mark(connection, station_id, change.now)


async def delete_forward(connection: Connection, station_id: UUID, forward_id: UUID, now: datetime) -> None:
    """It is told nothing more, and what waited for it alone goes."""
    await connection.execute(statement("forward_delete"), forward_id)
    await _mark(connection, station_id, now)


async def _mark(connection: Connection, station_id: UUID, now: datetime) -> None:
    await connection.execute(statement("forward_mark"), station_id, now)
