"""Pools against a real server: types, tenants, time limits, cancellation, and what counts as unavailable."""

from __future__ import annotations

import contextlib
import decimal
import socket
import uuid
from typing import Any

import asyncpg
import pytest
import trio

from storage.bridge import open_bridge
from storage.errors import CannotConnect, ConnectionLost, StoreUnavailable, TooManyConnections
from storage.pool import Connection, Pool
from tests.support.postgres import Database, Server

pytestmark = pytest.mark.server


@pytest.fixture
def plain(postgres_server: Server) -> Database:
    return postgres_server.empty_database()


async def busy(pool: Pool) -> None:
    while pool.in_use == 0:  # noqa: ASYNC110 - nothing signals it
        await trio.sleep(0.01)


async def test_values_come_back_as_ours(plain: Database) -> None:
    number = uuid.uuid4()
    value = {"a": [1, 2.5, None], "ü": "€"}
    async with open_bridge() as bridge, bridge.pool(plain.url()) as pool:
        row = await pool.fetchrow(
            "SELECT $1::uuid AS u, $2::jsonb AS j, $3::uuid[] AS us, 1.10::numeric AS n", number, value, [number]
        )
        assert row is not None
        assert type(row["u"]) is uuid.UUID
        assert row["u"] == number
        assert row["j"] == value
        assert row["us"] == [number]
        assert row["n"] == decimal.Decimal("1.10")
        assert await pool.fetchval("SHOW timezone") == "UTC"
        assert await pool.fetchval("SELECT current_user") == "voltyard_node"
        assert [r[0] for r in await pool.fetch("SELECT * FROM generate_series(1, 3)")] == [1, 2, 3]


async def test_the_databases_verdict_passes_unchanged(plain: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(plain.url("owner")) as pool:
        await pool.execute("CREATE TABLE t (n int PRIMARY KEY)")
        await pool.executemany("INSERT INTO t VALUES ($1)", [(1,), (2,)])
        with pytest.raises(asyncpg.UniqueViolationError):
            await pool.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(asyncpg.UndefinedTableError):
            await pool.fetch("SELECT * FROM nowhere")
        assert await pool.fetchval("SELECT count(*) FROM t") == 2


async def test_tenant_is_set_in_its_transaction_only(plain: Database) -> None:
    tenant = uuid.uuid4()

    async def whose(connection: Connection) -> Any:
        return await connection.fetchval("SELECT current_setting('voltyard.tenant', true)")

    async with open_bridge() as bridge, bridge.pool(plain.url("web"), size=1) as pool:
        assert await pool.run_as_tenant(tenant, whose) == str(tenant)
        assert await pool.run(whose) in (None, "")


async def test_tenant_work_that_fails_is_rolled_back(plain: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Most of it is a request that was refused: no error of ours, and none in the log."""
    async with open_bridge() as bridge, bridge.pool(plain.url("owner"), size=1) as pool:
        await pool.execute("CREATE TABLE t (n int)")

        async def half(connection: Connection) -> None:
            await connection.execute("INSERT INTO t VALUES (1)")
            raise LookupError("half-way")

        with pytest.raises(LookupError):
            await pool.run_as_tenant(uuid.uuid4(), half)
        assert await pool.fetchval("SELECT count(*) FROM t") == 0
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_cancelled_query_has_ended_on_the_server(plain: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(plain.url("owner"), size=2) as pool:
        with trio.move_on_after(0.2) as scope:
            await pool.fetchval("SELECT pg_sleep(30)")
        assert scope.cancelled_caught
        count = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active'"
        assert await pool.fetchval(count + " AND pid <> pg_backend_pid()") == 0


async def test_cancelled_transaction_frees_its_locks(plain: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(plain.url("owner"), size=2) as pool:
        await pool.execute("CREATE TABLE t (n int)")

        async def hold(connection: Connection) -> None:
            async with connection.transaction():
                await connection.execute("LOCK TABLE t")
                await connection.execute("SELECT pg_sleep(30)")

        with trio.move_on_after(0.2):
            await pool.run(hold)
        with trio.fail_after(5):
            await pool.execute("INSERT INTO t VALUES (1)")


async def test_transaction_left_open_is_rolled_back(plain: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(plain.url("owner"), size=1) as pool:
        await pool.execute("CREATE TABLE t (n int)")

        async def forget(connection: Connection) -> None:
            await connection.execute("BEGIN")
            await connection.execute("INSERT INTO t VALUES (1)")

        await pool.run(forget)
        assert await pool.fetchval("SELECT count(*) FROM t") == 0


async def test_statement_timeout_is_the_databases_verdict(plain: Database) -> None:
    async with open_bridge() as bridge, bridge.pool(plain.url(), statement_timeout=0.1) as pool:
        with pytest.raises(asyncpg.QueryCanceledError):
            await pool.fetchval("SELECT pg_sleep(30)")


async def test_exhausted_pool(plain: Database) -> None:
    async with (
        open_bridge() as bridge,
        bridge.pool(plain.url(), size=1, acquire_timeout=0.2) as pool,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(pool.fetchval, "SELECT pg_sleep(30)")
        await busy(pool)
        with pytest.raises(TooManyConnections, match="all 1 connections"):
            await pool.fetchval("SELECT 1")
        nursery.cancel_scope.cancel()


async def test_lost_connection_is_told_and_replaced(plain: Database) -> None:
    async with (
        open_bridge() as bridge,
        bridge.pool(plain.url("admin"), size=1) as pool,
        bridge.pool(plain.url("admin"), size=1) as axe,
    ):
        victim = await pool.fetchval("SELECT pg_backend_pid()")
        async with trio.open_nursery() as nursery:

            async def work() -> None:
                with pytest.raises(StoreUnavailable):
                    await pool.fetchval("SELECT pg_sleep(30)")

            nursery.start_soon(work)
            await busy(pool)
            await axe.execute("SELECT pg_terminate_backend($1)", victim)
        assert await pool.fetchval("SELECT pg_backend_pid()") != victim


async def test_nobody_there_and_later_somebody(plain: Database) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql://x:y@127.0.0.1:{unused.getsockname()[1]}/z"
        async with open_bridge() as bridge, bridge.pool(url) as pool:
            for _ in range(2):
                with pytest.raises(CannotConnect):
                    await pool.fetchval("SELECT 1")


async def test_silent_server(plain: Database) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://x:y@127.0.0.1:{silent.getsockname()[1]}/z?sslmode=disable"
        async with open_bridge() as bridge, bridge.pool(url, acquire_timeout=0.2) as pool:
            with pytest.raises(CannotConnect):
                await pool.fetchval("SELECT 1")


async def test_wrong_password_is_not_mistaken_for_an_outage(plain: Database) -> None:
    url = f"postgresql://voltyard_node:wrong@127.0.0.1:{plain.port}/{plain.name}"
    async with open_bridge() as bridge, bridge.pool(url) as pool:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await pool.fetchval("SELECT 1")


async def test_server_that_goes_silent_in_the_middle(plain: Database) -> None:
    """A wire that carries nothing more: the client's own limit ends the wait."""
    async with open_bridge() as bridge, trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        held = trio.Event()

        async def carry(near: trio.SocketStream) -> None:
            far = await trio.open_tcp_stream("127.0.0.1", plain.port)
            async with near, far, trio.open_nursery() as both:

                async def pump(source: trio.SocketStream, target: trio.SocketStream) -> None:
                    async for data in source:
                        if held.is_set():
                            await trio.sleep_forever()
                        await target.send_all(data)
                    both.cancel_scope.cancel()

                both.start_soon(pump, near, far)
                both.start_soon(pump, far, near)

        nursery.start_soon(trio.serve_listeners, carry, listeners)
        port = listeners[0].socket.getsockname()[1]
        url = plain.url().replace(f":{plain.port}/", f":{port}/")
        async with bridge.pool(url, size=1, statement_timeout=0.3, silence=0.3) as pool:
            assert await pool.fetchval("SELECT 1") == 1
            held.set()
            with pytest.raises(ConnectionLost), trio.fail_after(15):
                await pool.fetchval("SELECT 1")
        nursery.cancel_scope.cancel()


async def test_work_on_a_connection_that_is_gone_is_told_to_try_later(plain: Database) -> None:
    """asyncpg takes a lost connection back by itself: whoever still holds it must not take that for a verdict."""

    async def last_words(connection: Connection) -> int:
        with contextlib.suppress(asyncpg.PostgresError):
            await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        with contextlib.suppress(asyncpg.PostgresError):
            await connection.execute("SELECT 1")
        return int(await connection.fetchval("SELECT 2"))

    async with open_bridge() as bridge, bridge.pool(plain.url("owner"), size=1) as pool:
        with pytest.raises(ConnectionLost):
            await pool.run(last_words)
        assert await pool.fetchval("SELECT 3") == 3
        async with bridge.pool(plain.url("owner"), size=1, keep=True) as kept:
            number = await kept.fetchval("SELECT pg_backend_pid()")
            await pool.execute(f"SELECT pg_terminate_backend({number}, 5000)")
            await trio.sleep(0.1)  # until our side has seen it
            assert await kept.fetchval("SELECT 4") == 4
