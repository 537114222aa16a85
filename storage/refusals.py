"""Refused connections on their way to the table `refusals`: merged there by path, address prefix and reason."""

import datetime
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import attrs
import structlog
from uuid_utils.compat import uuid7

from actors.ports import StoreUnavailable
from storage import errors
from storage.pool import Connection, Pool
from storage.sql import sql

KEPT = 10_000

log = structlog.get_logger(__name__)


@attrs.frozen
class Refusal:
    """One line for the operator: times in UTC, `headers` redacted, `tenant_id` None when no tenant could be told."""

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
        async with connection.transaction():
            try:
                async with connection.transaction():
                    await connection.executemany(merge, [_row(refusal) for refusal in refusals])
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError):
                await self._one_by_one(connection, merge, refusals)
            await connection.execute(sql("refusals_prune"), self._kept)

    async def _one_by_one(self, connection: Connection, merge: str, refusals: Sequence[Refusal]) -> None:
        for refusal in refusals:
            try:
                async with connection.transaction():
                    await connection.execute(merge, *_row(refusal))
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
                log.warning("a refusal cannot be kept", reason=refusal.reason, error=str(error))


def _row(refusal: Refusal) -> tuple[object, ...]:
    return (
        uuid7(), refusal.tenant_id, refusal.path, refusal.identity, refusal.address_prefix, refusal.reason,
        refusal.detail, refusal.headers, refusal.count, refusal.first_at, refusal.last_at,
    )  # fmt: skip
