"""Sessions that nobody tells of any more, and lists that may be lost, across tenants. `pool`: role voltyard_node."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import attrs

from storage.pool import Pool
from storage.sql import sql
from storage.web.statements import all_made


@attrs.frozen
class Left:
    """A running session whose station does not come back."""

    id: UUID
    tenant_id: UUID
    slug: str
    identity: str


async def sessions_left(pool: Pool, before: datetime, most: int) -> list[Left]:
    """Of stations that are away since before then, the longest silent first."""
    return all_made(Left, await pool.fetch(sql("sessions_left"), before, most))


async def ask_about_silent(pool: Pool, before: datetime, kind: str, now: datetime, ids: Sequence[UUID]) -> int:
    """Begins jobs of `kind` for silent sessions of connected stations, at most one an id; how many."""
    done = await pool.execute(sql("sessions_ask"), before, len(ids), now, kind, list(ids))
    return int(done.rpartition(" ")[2])


async def look_at_lists(pool: Pool, kind: str, now: datetime, ids: Sequence[UUID]) -> int:
    """Begins jobs of `kind` for stations with a local list that have booted since it was known; how many."""
    done = await pool.execute(sql("local_lists_look"), kind, now, len(ids), list(ids))
    return int(done.rpartition(" ")[2])


async def look_at_monitors(pool: Pool, kind: str, now: datetime, ids: Sequence[UUID]) -> int:
    """Begins jobs of `kind` for 2.x stations with monitors that have booted since they were listed; how many."""
    done = await pool.execute(sql("monitors_look"), kind, now, len(ids), list(ids))
    return int(done.rpartition(" ")[2])
