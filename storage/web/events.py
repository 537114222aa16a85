"""Our own events, as kept in the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, statement


@attrs.frozen
class EventRow:
    """An event as it was committed; `data` is its JSON value."""

    id: UUID
    received_at: datetime
    type: str
    subject: str
    data: Any
    request_id: str | None


@attrs.frozen
class EventFilter:
    """What a list is narrowed to; times are of receipt."""

    since: datetime | None = None
    until: datetime | None = None
    types: Sequence[str] | None = None
    subject: str | None = None


async def list_events(
    connection: Connection, limit: int, after: tuple[datetime, UUID] | None, oldest: bool, wanted: EventFilter
) -> list[EventRow]:
    """At most `limit` by receipt, beyond `after` (receipt and id of the last one seen)."""
    at, event_id = after or (None, None)
    rows = await connection.fetch(
        statement("events_page", oldest=oldest), limit, at, event_id, wanted.since, wanted.until,
        list(wanted.types) if wanted.types else None, wanted.subject,
    )
    return all_made(EventRow, rows)
