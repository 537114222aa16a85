"""Connections refused, merged by path, address prefix and reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement


@attrs.frozen
class RefusalRow:
    """Refusals of one path, address prefix and reason; `admitted_as` is the station that was made of them.

    `request`: the last one as it came, without secrets; None for what was refused before this was kept.
    """

    id: UUID
    path: str
    identity: str | None
    address_prefix: str
    reason: str
    detail: str | None
    headers: dict[str, Any]
    count: int
    first_at: datetime
    last_at: datetime
    admitted_as: UUID | None
    request: str | None


@attrs.frozen
class RefusalFilter:
    """What a list is narrowed to; times are those of the last one. `identity` ignores case."""

    since: datetime | None = None
    until: datetime | None = None
    reason: str | None = None
    identity: str | None = None


async def list_refusals(
    connection: Connection, limit: int, after: tuple[datetime, UUID] | None, oldest: bool, wanted: RefusalFilter
) -> list[RefusalRow]:
    """By when each was last seen."""
    at, refusal_id = after or (None, None)
    rows = await connection.fetch(
        statement("refusals_page", oldest=oldest), limit, at, refusal_id, wanted.since, wanted.until, wanted.reason,
        wanted.identity.lower() if wanted.identity else None,
    )
    return all_made(RefusalRow, rows)


async def lock_refusal(connection: Connection, refusal_id: UUID) -> RefusalRow | None:
    """By id, held until the transaction ends; None when there is none."""
    row = await connection.fetchrow(statement("refusal_lock"), refusal_id)
    return made(RefusalRow, row) if row else None


async def mark_admitted(connection: Connection, refusal_id: UUID, station_id: UUID) -> None:
    """Notes which station was made of it."""
    await connection.execute(statement("refusal_admit"), refusal_id, station_id)
