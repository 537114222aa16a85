"""The frame log, searched by the owner's function that keeps tenants apart (storage/migrations/0015)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import attrs

from storage.pool import Connection
from storage.web.statements import all_made, statement

_TOO_WIDE = "VY001"  # what frames_find raises


class SearchTooWide(Exception):  # noqa: N818 - named for what is the case
    """A text without an index to find it by was not found among as many frames as are looked at."""


@attrs.frozen
class FrameRow:
    """A frame as it was said, secrets redacted; `repairs` None when none was needed.

    `station`: its identity; None when the station is not there any more. `reply`: our answer to one that was refused.
    """

    id: UUID
    station_id: UUID
    station: str | None
    received_at: datetime
    direction: str
    action: str | None
    message_id: str | None
    outcome: str
    text: str
    repairs: list[dict[str, Any]] | None
    reply: str | None


@attrs.frozen
class FrameFilter:
    """What a list is narrowed to; times are of receipt, `station` None: those of all stations of the tenant."""

    station: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    action: str | None = None
    direction: str | None = None
    outcome: str | None = None
    message_id: str | None = None
    q: str | None = None  # part of the text, ignoring case


async def list_frames(
    connection: Connection, limit: int, after: tuple[datetime, UUID] | None, oldest: bool, wanted: FrameFilter
) -> list[FrameRow]:
    """At most `limit` by receipt, beyond `after`. Raises SearchTooWide."""
    at, frame_id = after or (None, None)
    try:
        rows = await connection.fetch(
            statement("frames_find"), limit, oldest, at, frame_id, wanted.station, wanted.since, wanted.until,
            wanted.action, wanted.direction, wanted.outcome, wanted.message_id, wanted.q,
        )
    except asyncpg.PostgresError as error:
        if error.sqlstate == _TOO_WIDE:
            raise SearchTooWide(str(error)) from None
        raise
    return all_made(FrameRow, rows)
