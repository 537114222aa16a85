"""Commands sent to stations, and what became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement


@attrs.frozen
class CommandRow:
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
    status: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_commands(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID, wanted: CommandFilter
) -> list[CommandRow]:
    rows = await connection.fetch(
        statement("commands_page", oldest=oldest), limit, after, station_id,
        wanted.status, wanted.action, wanted.since, wanted.until,
    )
    return all_made(CommandRow, rows)


async def get_command(connection: Connection, command_id: UUID) -> CommandRow | None:
    row = await connection.fetchrow(statement("command_get"), command_id)
    return made(CommandRow, row) if row else None
