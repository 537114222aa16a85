"""The frame log."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, statement


@attrs.frozen
class FrameRow:
    """A frame as it was said, secrets redacted; `repairs` None when none was needed."""

    id: UUID
    received_at: datetime
    direction: str
    action: str | None
    message_id: str | None
    outcome: str
    text: str
    repairs: list[dict[str, Any]] | None


@attrs.frozen
class FrameFilter:
    """What a list is narrowed to; times are of receipt."""

    since: datetime | None = None
    until: datetime | None = None
    action: str | None = None
    direction: str | None = None
    outcome: str | None = None
    q: str | None = None  # part of the text, ignoring case


async def list_frames(
    connection: Connection,
    limit: int,
    after: tuple[datetime, UUID] | None,
    oldest: bool,
    station_id: UUID,
    wanted: FrameFilter,
) -> list[FrameRow]:
    """At most `limit` by receipt, beyond `after`. A search for text runs newest first by a statement of its own."""
    at, frame_id = after or (None, None)
    searching = wanted.q is not None and not oldest
    query = statement("frames_search") if searching else statement("frames_page", oldest=oldest)
    rows = await connection.fetch(
        query, limit, at, frame_id, station_id,
        wanted.since, wanted.until, wanted.action, wanted.direction, wanted.outcome, wanted.q,
    )
    return all_made(FrameRow, rows)
