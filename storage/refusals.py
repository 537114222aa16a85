"""Refused connections on their way to the table `refusals`: merged there by path, address prefix and reason."""

import datetime
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import attrs
import orjson
import structlog
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT, StoreUnavailable
from protocol.events.types import RefusalRecorded, make
from storage import errors
from storage.pool import Connection, Pool
from storage.sql import sql

KEPT = 10_000

log = structlog.get_logger(__name__)


@attrs.frozen
class Refusal:
    """One line for the operator: times in UTC, `tenant_id` None when no tenant could be told.

    `headers` and `request` (what came, as it can be shown) are without secrets.
    """

    path: str
    address_prefix: str
    reason: str
    detail: str | None
    identity: str | None
    tenant_id: UUID | None
    headers: dict[str, str]
    count: int
    first_at: datetime.datetime
    last_at: datetime.datetime
    request: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.path, self.address_prefix, self.reason

    def merged(self, later: "Refusal") -> "Refusal":
        """Both as one: the newest words, counts added."""
        return attrs.evolve(later, count=self.count + later.count, first_at=min(self.first_at, later.first_at))


class RefusalTable:
    """Writes as `voltyard_node`; never keeps more than KEPT rows."""

    def __init__(self, pool: Pool, kept: int = KEPT) -> None:
        self._pool = pool
        self._kept = kept

    async def write(self, refusals: Sequence[Refusal]) -> None:
        """All of them in one transaction; one that the database refuses for its content is logged and left out.

        Raises StoreUnavailable when the database gives no answer; then none was written.
        """
        try:
            await self._pool.run(lambda connection: self._write(connection, refusals))
        except (errors.StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StoreUnavailable(f"refusals could not be written: {error}") from error

    async def _write(self, connection: Connection, refusals: Sequence[Refusal]) -> None:
        merge = sql("refusal_merge")
        named = {uuid7(): refusal for refusal in refusals}
        async with connection.transaction():
            try:
                async with connection.transaction():
                    await connection.executemany(merge, [_row(*pair) for pair in named.items()])
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError):
                await self._one_by_one(connection, merge, named)
            await self._tell(connection, named)
            await connection.execute(sql("refusals_prune"), self._kept)

    async def _tell(self, connection: Connection, named: Mapping[UUID, Refusal]) -> None:
        """An event for each that is new; one that was merged into an older row has that row's id."""
        fresh = await connection.fetch(sql("refusals_fresh"), list(named))
        told = [_event(row["id"], named[row["id"]]) for row in fresh]
        await connection.executemany(sql("refusal_event_insert"), told)

    async def _one_by_one(self, connection: Connection, merge: str, named: Mapping[UUID, Refusal]) -> None:
        for refusal_id, refusal in named.items():
            try:
                async with connection.transaction():
                    await connection.execute(merge, *_row(refusal_id, refusal))
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
                log.warning("a refusal cannot be kept", reason=refusal.reason, error=str(error))


def _event(refusal_id: UUID, refusal: Refusal) -> tuple[object, ...]:
    kind, subject, data = make(
        RefusalRecorded(
            refusal_id=refusal_id, path=refusal.path, reason=refusal.reason, address_prefix=refusal.address_prefix,
            identity=refusal.identity, detail=refusal.detail, count=refusal.count,
        )
    )  # fmt: skip
    return refusal.tenant_id or DEFAULT_TENANT, uuid7(), kind, subject, orjson.loads(data)


def _row(refusal_id: UUID, refusal: Refusal) -> tuple[object, ...]:
    return (
        refusal_id, refusal.tenant_id, refusal.path, refusal.identity, refusal.address_prefix, refusal.reason,
        refusal.detail, refusal.headers, refusal.count, refusal.first_at, refusal.last_at,
        refusal.request,
    )  # fmt: skip
