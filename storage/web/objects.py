"""What stations hold and have told: station_objects and station_reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement


@attrs.frozen
class ObjectRow:
    """One thing a station holds. `removed_at` is set when it is gone."""

    station_id: UUID
    station: str
    kind: str
    key: str
    status: str | None
    data: dict[str, Any]
    since: datetime
    received_at: datetime
    removed_at: datetime | None


@attrs.frozen
class ObjectFilter:
    """What a list is narrowed to; `removed`: also what is gone."""

    kinds: tuple[str, ...] = ()
    station_id: UUID | None = None
    status: str | None = None
    key: str | None = None
    removed: bool = False


@attrs.frozen
class ReportRow:
    """Something a station told, as it came, redacted."""

    id: UUID
    station_id: UUID
    station: str
    action: str
    received_at: datetime
    payload: Any


async def list_objects(
    connection: Connection, limit: int, after: tuple[datetime, UUID, str] | None, oldest: bool, wanted: ObjectFilter
) -> list[ObjectRow]:
    """At most `limit` by last change, beyond `after` (received_at, station, key)."""
    rows = await connection.fetch(
        statement("objects_page", oldest=oldest), limit, *(after or (None, None, None)), list(wanted.kinds) or None,
        wanted.station_id, wanted.status, wanted.key, wanted.removed,
    )  # fmt: skip
    return all_made(ObjectRow, rows)


async def get_object(connection: Connection, station_id: UUID, kind: str, key: str) -> ObjectRow | None:
    """None when the station never held it; one that is gone has `removed_at`."""
    row = await connection.fetchrow(statement("object_get"), station_id, kind, key)
    return made(ObjectRow, row) if row else None


async def list_reports(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID | None, action: str | None
) -> list[ReportRow]:
    """At most `limit` by arrival, beyond `after`."""
    rows = await connection.fetch(
        statement("reports_page", oldest=oldest), limit, after, station_id, action
    )
    return all_made(ReportRow, rows)
