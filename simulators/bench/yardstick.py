"""The yardstick: what a Python developer writes by hand today. The `ocpp` package with `websockets` and asyncpg.

One handler an action, one INSERT a message through a pool, the answer after its commit; on plain asyncio, as the
package's own examples run it, or on uvloop when told so. A process of its own: `yardstick DATABASE_URL asyncio|uvloop`;
says `{"port": …}` when it listens.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import Any

import asyncpg
import uvloop
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.datatypes import IdTagInfo
from ocpp.v16.enums import AuthorizationStatus, RegistrationStatus
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from simulators.bench.child import say

SCHEMA = """
create table if not exists yardstick_transactions (
    id serial primary key, station text not null, connector integer not null, id_tag text not null,
    meter_start integer not null, started_at timestamptz not null, received_at timestamptz not null);
create table if not exists yardstick_meter_values (
    id bigserial primary key, station text not null, connector integer not null, transaction_id integer,
    received_at timestamptz not null, meter_value jsonb not null);
create index if not exists yardstick_by_station on yardstick_meter_values (station, received_at);
"""
_START = """insert into yardstick_transactions (station, connector, id_tag, meter_start, started_at, received_at)
            values ($1, $2, $3, $4, $5, $6) returning id"""
_METER = """insert into yardstick_meter_values (station, connector, transaction_id, received_at, meter_value)
            values ($1, $2, $3, $4, $5)"""


class Station(ChargePoint):  # the package is untyped
    """One connected station of 1.6."""

    def __init__(self, identity: str, connection: ServerConnection, pool: asyncpg.Pool) -> None:
        super().__init__(identity, connection)  # type: ignore[no-untyped-call]  # as above
        self._pool = pool

    @on("BootNotification")  # type: ignore[no-untyped-call,untyped-decorator]  # as above
    async def boot(self, **_: Any) -> call_result.BootNotification:
        return call_result.BootNotification(
            current_time=datetime.now(UTC).isoformat(), interval=300, status=RegistrationStatus.accepted)

    @on("Heartbeat")  # type: ignore[no-untyped-call,untyped-decorator]  # as above
    async def heartbeat(self) -> call_result.Heartbeat:
        return call_result.Heartbeat(current_time=datetime.now(UTC).isoformat())

    @on("StartTransaction")  # type: ignore[no-untyped-call,untyped-decorator]  # as above
    async def begin(self, connector_id: int, id_tag: str, meter_start: int, timestamp: str,
                    **_: Any) -> call_result.StartTransaction:
        number = await self._pool.fetchval(_START, self.id, connector_id, id_tag, meter_start,
                                           datetime.fromisoformat(timestamp), datetime.now(UTC))
        return call_result.StartTransaction(number, IdTagInfo(status=AuthorizationStatus.accepted))

    @on("MeterValues")  # type: ignore[no-untyped-call,untyped-decorator]  # as above
    async def meter_values(self, connector_id: int, meter_value: list[dict[str, Any]],
                           transaction_id: int | None = None, **_: Any) -> call_result.MeterValues:
        await self._pool.execute(_METER, self.id, connector_id, transaction_id, datetime.now(UTC),
                                 json.dumps(meter_value))
        return call_result.MeterValues()


async def main(url: str) -> None:
    """Until SIGTERM."""
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10)
    await pool.execute(SCHEMA)

    async def serve_station(connection: ServerConnection) -> None:
        assert connection.request is not None
        try:
            await Station(connection.request.path.rsplit("/", 1)[1], connection, pool).start()  # type: ignore[no-untyped-call]  # as above
        except ConnectionClosed:
            return

    async with serve(serve_station, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
        say({"port": next(iter(server.sockets)).getsockname()[1]})
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    {"asyncio": asyncio.run, "uvloop": uvloop.run}[sys.argv[2]](main(sys.argv[1]))
