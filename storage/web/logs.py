"""Logs asked of stations: our address for each, what lies there, and what the station said of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, statement


@attrs.frozen
class LogRow:
    """`status`: the station's last word; `file_status`: open (nothing whole yet), used (the file is here), ended."""

    id: UUID
    station_id: UUID
    station: str
    log_type: str
    file_status: str
    file_name: str | None
    size: int | None
    sha256: str | None
    error: str | None
    expires_at: datetime
    details: dict[str, Any]
    requested_by: str | None
    created_at: datetime
    updated_at: datetime
    request: str | None
    status: str | None
    data: dict[str, Any] | None


@attrs.frozen
class LogFilter:
    """What a list is narrowed to."""

    station_id: UUID | None = None
    type: str | None = None
    status: str | None = None


async def list_logs(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: LogFilter
) -> list[LogRow]:
    """At most `limit` by request, beyond `after`."""
    rows = await connection.fetch(
        statement("logs_page", oldest=oldest), limit, after, wanted.station_id, wanted.type, wanted.status, None
    )
    return all_made(LogRow, rows)


async def get_log(connection: Connection, log_id: UUID) -> LogRow | None:
    """None when this tenant has no such log."""
    found = all_made(LogRow, await connection.fetch(statement("logs_page"), 1, None, None, None, None, log_id))
    return found[0] if found else None
