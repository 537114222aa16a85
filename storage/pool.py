"""A pool of connections: the half that lives on the asyncio side, and its face for trio code.

Every piece of work gets a connection for its own time. Losing it, or not getting one, is StoreUnavailable; what the
database says about the work itself passes through as asyncpg's exception.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import asyncpg
import orjson

from storage.errors import (
    CannotConnect,
    ConnectionLost,
    ShuttingDown,
    StoreUnavailable,
    TooManyConnections,
    unavailable,
)

if TYPE_CHECKING:
    from storage.bridge import Bridge

T = TypeVar("T")
Connection = asyncpg.Connection
"""What work is given. asyncpg's, with jsonb as Python values (orjson) and uuid as `uuid.UUID`."""

_JSONB_VERSION = b"\x01"  # the byte that heads jsonb in PostgreSQL's binary format


class Pool:
    """Made by `Bridge.pool`. Each method is one crossing to the asyncio side, however many statements it sends."""

    def __init__(self, bridge: Bridge, side: PoolSide) -> None:
        self._bridge = bridge
        self._side = side

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """`await work(connection)` over there. No transaction is opened; leave none open."""
        return await self._bridge.run(lambda: self._side.run(work))

    async def run_as_tenant(self, tenant: uuid.UUID, work: Callable[[Connection], Awaitable[T]]) -> T:
        """The same in one transaction that sees this tenant's rows only (for the role `voltyard_web`)."""

        # One round trip for both, without parameters: a UUID's text holds nothing but hexadecimal digits and dashes.
        begin = f"BEGIN; SET LOCAL voltyard.tenant = '{tenant}'"

        async def fenced(connection: Connection) -> T:
            await connection.execute(begin)
            result = await work(connection)
            await connection.execute("COMMIT")
            return result

        return await self.run(fenced)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        return await self.run(lambda connection: connection.fetch(sql, *arguments))

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        return await self.run(lambda connection: connection.fetchrow(sql, *arguments))

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        return await self.run(lambda connection: connection.fetchval(sql, *arguments))

    async def execute(self, sql: str, *arguments: object) -> str:
        """Returns the command's tag (`UPDATE 1`)."""
        return await self.run(lambda connection: connection.execute(sql, *arguments))

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """All rows or none."""
        await self.run(lambda connection: connection.executemany(sql, rows))

    @property
    def size(self) -> int:
        """How many connections there may be."""
        return self._side.size

    @property
    def in_use(self) -> int:
        """How many are working just now; for metrics, so a moment old at worst."""
        return self._side.in_use


class PoolSide:
    """The asyncio half: for `Bridge`, and for work that already runs on that side.

    `keep`: the connection stays out between two pieces of work, which saves the pool's own 100 µs each time; only for a
    pool of one that is used by one task (the journal's).
    """

    def __init__(
        self,
        url: str,
        size: int,
        name: str,
        statement_timeout: float,
        acquire_timeout: float,
        silence: float,
        *,
        keep: bool = False,
    ) -> None:
        self.size = size
        self._keep = keep
        self._kept: Connection | None = None
        self.in_use = 0
        self._acquire_timeout = acquire_timeout
        self._silence = silence
        self._make: Callable[[], asyncpg.Pool] = lambda: asyncpg.create_pool(
            url,
            min_size=0,
            max_size=size,
            init=set_codecs,
            reset=_tidy,
            timeout=acquire_timeout,
            # The server ends a long statement itself; this is for a server that no longer answers at all.
            command_timeout=statement_timeout + silence,
            server_settings={
                "application_name": name,
                "timezone": "UTC",
                "statement_timeout": str(round(statement_timeout * 1000)),
                "idle_in_transaction_session_timeout": "60000",
            },
        )
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        self._pool = self._make()
        await self._pool

    async def close(self) -> None:
        """Say goodbye on every connection; cancelled, cut them."""
        if self._pool is not None:
            if (kept := self._kept) is not None:
                self._kept = None
                await self._pool.release(kept, timeout=self._silence)  # type: ignore[arg-type] # the proxy it gave
            await self._pool.close()

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        connection = await self._acquire()
        self.in_use += 1
        clean = False
        try:
            result = await work(connection)
            clean = True
            return result
        except Exception as error:
            # Everything goes on; only what means "try later" is given its own type.
            fault = _fault(error, connection)
            if fault is None:
                await _roll_back(connection)
                raise
            if isinstance(error, asyncpg.InternalClientError):
                connection.terminate()
            raise fault from error
        finally:
            self.in_use -= 1
            await self._release(connection, clean=clean)

    async def _acquire(self) -> Connection:
        if self._pool is None:
            raise ShuttingDown("the pool is not open")
        if (kept := self._kept) is not None:
            self._kept = None
            if not _is_gone(kept):
                return kept
            await self._pool.release(kept, timeout=self._silence)  # type: ignore[arg-type] # the proxy it gave
        try:
            return cast(Connection, await self._pool.acquire(timeout=self._acquire_timeout))
        except Exception as error:
            # A wrong password or an unknown database is the operator's to mend, and passes as it is.
            if isinstance(error, TimeoutError) and self.in_use >= self.size:
                message = f"all {self.size} connections were busy for {self._acquire_timeout:g} s"
                raise TooManyConnections(message) from error
            fault = unavailable(error, connecting=True)
            if isinstance(fault, ConnectionLost):  # lost while it was being made: nothing was under way
                fault = CannotConnect(str(fault))
            if fault is None:
                raise
            raise fault from error

    async def _release(self, connection: Connection, *, clean: bool) -> None:
        assert self._pool is not None
        if clean and self._keep and not _is_gone(connection) and not connection.is_in_transaction():
            self._kept = connection
            return
        try:
            await self._pool.release(connection, timeout=self._silence)  # type: ignore[arg-type] # the proxy it gave
        except Exception as error:
            # The work is done; a connection that could not be tidied has been cut, and the pool makes another.
            if _fault(error, connection) is None:
                raise


async def set_codecs(connection: Connection) -> None:
    """jsonb as Python values, uuid as the standard library's. For connections made outside a pool too."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: _JSONB_VERSION + orjson.dumps(value),
        decoder=lambda data: orjson.loads(memoryview(data)[1:]),
    )
    await connection.set_type_codec(
        "uuid",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: value.bytes,
        decoder=lambda data: uuid.UUID(bytes=bytes(data)),
    )


async def _roll_back(connection: Connection) -> None:
    """After work that failed. asyncpg would do it, too, and log it as an error, though a refused request is none."""
    # What goes wrong here is found again when the connection is given back, and judged there.
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        if connection.is_in_transaction():
            await connection.execute("ROLLBACK")


async def _tidy(connection: Connection) -> None:
    """Before a connection goes back: no transaction may stay open. Session settings are never changed, so not reset.

    (asyncpg's own reset sends a statement each time, which would double the cost of a small query.)
    """
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


def _fault(error: Exception, connection: Connection) -> StoreUnavailable | None:
    if isinstance(error, asyncpg.InterfaceError) and _is_gone(connection):
        return ConnectionLost(f"the connection to the database was lost: {error}")
    if isinstance(error, asyncpg.InternalClientError):
        # asyncpg's state machine is confused by a server that says "I crash" between two statements.
        return ConnectionLost(f"the connection to the database can no longer be used: {error}")
    if isinstance(error, TimeoutError):
        return ConnectionLost("the database did not answer in time")
    return unavailable(error)


def _is_gone(connection: Connection) -> bool:
    """Closed; or lost, and taken back by asyncpg's pool, after which what we hold answers nothing."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True
