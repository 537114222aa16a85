"""Sessions derived anew from their facts and readings: what `voltyard rebuild sessions` runs.

One session at a time, its readings streamed by a cursor, so memory is that of the longest session. A row is written
only when it differs, and only over the version that was read: what a running node wrote meanwhile is newer.
"""

from collections.abc import Callable
from uuid import UUID

import asyncpg
import attrs
import msgspec
import trio

from actors.records import ReadingRecord, SessionFactRecord, SessionRecord
from actors.session.rebuild import rebuild
from storage.pool import Connection, Pool
from storage.sql import sql

_PAGE = 200
_PREFETCH = 1000  # readings a round trip


@attrs.frozen
class Rebuilt:
    """How many sessions were found as they should be, brought up to date, sealed, or changed under our hands."""

    same: int = 0
    changed: int = 0
    sealed: int = 0
    busy: int = 0


Derive = Callable[[list[SessionFactRecord], list[ReadingRecord], SessionRecord], SessionRecord]


async def rebuild_sessions(pool: Pool, derive: Derive = rebuild) -> Rebuilt:
    """Derive every unsealed session again and write back those that differ. `pool`: role voltyard_node."""
    counts = Rebuilt()
    after: UUID | None = None
    while True:
        page = await pool.fetch(sql("session_rebuild_page"), after, _PAGE)
        if not page:
            return counts
        for found in page:
            outcome = "sealed" if found["sealed"] else await _one(pool, found, derive)
            counts = attrs.evolve(counts, **{outcome: getattr(counts, outcome) + 1})
        after = page[-1]["id"]


async def _one(pool: Pool, found: asyncpg.Record, derive: Derive) -> str:
    row = msgspec.json.decode(found["row"], type=SessionRecord)
    facts, readings = await pool.run(lambda connection: _history(connection, found))
    derived = derive(facts, readings, row)
    await trio.lowlevel.checkpoint()
    if derived == row:
        return "same"
    said = await pool.execute(
        sql("session_rebuild_write"), found["id"], found["version"], msgspec.json.encode(derived).decode()
    )
    return "changed" if said == "UPDATE 1" else "busy"


async def _history(
    connection: Connection, found: asyncpg.Record
) -> tuple[list[SessionFactRecord], list[ReadingRecord]]:
    """Facts and readings of one session, of one moment."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        facts = await connection.fetch(sql("session_rebuild_facts"), found["id"])
        rows = connection.cursor(
            sql("session_rebuild_readings"),
            found["station_id"],
            found["id"],
            found["began_received_at"],
            prefetch=_PREFETCH,
        )
        readings = [ReadingRecord(**dict(row)) async for row in rows]
    return [SessionFactRecord(**dict(fact)) for fact in facts], readings
