"""Reading events in order of (xid, number), below the oldest transaction still open: nothing is overtaken."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import attrs

from protocol.events.envelope import Event
from storage.pool import Pool
from storage.sql import sql

# An unread event may have been received before the last one read: by as long as its transaction took, or two nodes'
# clocks lie apart. Both are minutes at worst.
MARGIN = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@attrs.frozen
class Position:
    """The last event taken. `received_at` is its time, never in the future."""

    xid: int
    number: int
    received_at: datetime
    restored: bool = False  # copied from another server, whose transaction numbers are beyond ours


@attrs.frozen
class Read:
    """An event and the position behind it."""

    event: Event
    position: Position


async def read(pool: Pool, after: Position, *, limit: int, sweep: bool = False) -> Sequence[Read]:
    """The next events, at most `limit`.

    Partitions that end well before the position are left out, unless `sweep`: the reader's net against clocks that
    jumped, to be thrown now and then. Raises StoreUnavailable.
    """
    earliest = EPOCH if sweep or after.received_at < EPOCH + MARGIN else after.received_at - MARGIN
    rows = await pool.fetch(sql("outbox_read"), str(after.xid), after.number, earliest, limit, after.restored)
    return [
        Read(
            Event(
                row["id"],
                row["tenant_id"],
                row["received_at"],
                row["type"],
                row["subject"],
                row["data"].encode(),
                row["request_id"],
            ),
            Position(row["xid"], row["number"], row["received_at"], after.restored),
        )
        for row in rows
    ]
