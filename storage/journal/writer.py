"""What the journal does at the database, each one crossing: commit a batch, settle a doubt, put into quarantine."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from actors.records import Unit
from protocol.events.types import RecordQuarantined, make
from storage.journal import tables
from storage.journal.rows import columns
from storage.journal.verdict import sqlstate
from storage.pool import Connection, Pool
from storage.sql import sql


class Writer:
    """Needs the role voltyard_node. Raises what Pool raises."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def commit(self, batch: UUID, units: Sequence[Unit]) -> tuple[int, bool]:
        """Write all rows of these units in one statement, which is one transaction.

        Returns the number of rows sent and whether events are among them.
        """
        found = columns(units)
        order = tables.ordered(found)
        arguments = [column for table in order for column in found[table]]
        await self._pool.execute(tables.statement(order), batch, *arguments)
        return sum(len(found[table][0]) for table in order), tables.EVENTS in found

    async def settle(self, batch: UUID) -> bool:
        """Whether that batch is in; when it is not, it never will be, whatever of it is still on its way.

        The id is taken with a mark first: that waits for a transaction of the batch still open in the server, and lets
        none commit afterwards. The mark tells our own attempt from the batch, so asking again is safe.
        """

        async def ask(connection: Connection) -> bool:
            await connection.execute(sql("journal_batch_void"), batch)
            return bool(await connection.fetchval(sql("journal_batch_settle"), batch))

        return await self._pool.run(ask)

    async def quarantine(self, batch: UUID, unit: Unit, error: Exception) -> None:
        """Keep the raw frame of a unit whose content was refused, in a transaction of its own."""
        said = f"{type(error).__name__}: {error}".replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()
        row, state = uuid7(), sqlstate(error)
        kind, subject, data = make(
            RecordQuarantined(station_id=unit.station_id, quarantine_id=row, sqlstate=state, error=said[:4000])
        )
        await self._pool.execute(
            sql("journal_quarantine_insert"),
            batch,
            unit.tenant_id,
            row,
            unit.station_id,
            datetime.now(UTC),
            state,
            said[:4000],
            unit.raw.encode("utf-8", "surrogatepass"),
            uuid7(),
            kind,
            subject,
            orjson.loads(data),
        )
