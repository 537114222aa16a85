"""Commands sent to stations, and what became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement


@attrs.frozen
class CommandRow:
    """A command as the API shows it. `request`, `answer` and `error` are JSON values with secrets redacted."""

    id: UUID
    station_id: UUID
    station: str
    action: str
    command: str | None
    status: str
    version: str | None
    request: Any
    answer: Any
    error: Any
    outcome: str | None
    requested_by: str | None
    request_id: str | None
    created_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None


@attrs.frozen
class CommandFilter:
    """What a list is narrowed to; times are of creation, from `since` on and before `until`."""

    status: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_commands(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID, wanted: CommandFilter
) -> list[CommandRow]:
    """At most `limit` of a station's commands by id, which is by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("commands_page", oldest=oldest), limit, after, station_id,
        wanted.status, wanted.action, wanted.since, wanted.until,
    )
    return all_made(CommandRow, rows)


async def get_command(connection: Connection, command_id: UUID) -> CommandRow | None:
    """None when this tenant has no such command."""
    row = await connection.fetchrow(statement("command_get"), command_id)
    return made(CommandRow, row) if row else None
