"""Units and rows for tests of storage: plausible content, every field settable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from actors.records import (
    ConnectorRecord,
    EventRecord,
    ReadingRecord,
    Record,
    SessionRecord,
    StationStateRecord,
    Unit,
)
from tests.support.postgres import Database

NOON = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


def unit(station: UUID, *records: Record, raw: str = '[2,"1","Test",{}]', tenant: UUID = DEFAULT_TENANT) -> Unit:
    return Unit(tenant_id=tenant, station_id=station, raw=raw, records=list(records))


def reading(**changes: Any) -> ReadingRecord:
    moment = now()
    fields: dict[str, Any] = {
        "received_at": moment,
        "session_id": None,
        "evse": 1,
        "connector": 1,
        "at": moment,
        "claimed_at": None,
        "context": "Sample.Periodic",
        "import_milli_wh": 12_345_600,
        "export_milli_wh": None,
        "power_w": 7200.0,
        "soc": None,
        "sampled": '[{"value":"12345.6"},{"value":"7200","measurand":"Power.Active.Import"},{"value":"16"}]',
    }
    return ReadingRecord(**(fields | changes))


def event(**changes: Any) -> EventRecord:
    fields: dict[str, Any] = {
        "id": uuid7(),
        "received_at": now(),
        "type": "org.voltyard.station.online",
        "subject": "stations/1",
        "data": b'{"a":1}',
    }
    return EventRecord(**(fields | changes))


def state(**changes: Any) -> StationStateRecord:
    fields: dict[str, Any] = {
        "online": True,
        "version": "1.6",
        "last_seen_at": NOON,
        "connected_at": NOON,
        "remote_address": "127.0.0.1",
        "boot": {"vendor": "Acme"},
        "quirks": [{"code": "x", "count": 1}],
        "clock_offset_ms": 12,
        "next_transaction": 7,
        "local": {},
    }
    return StationStateRecord(**(fields | changes))


def connector(**changes: Any) -> ConnectorRecord:
    fields: dict[str, Any] = {
        "evse": 1,
        "connector": 1,
        "status": "Available",
        "error": None,
        "info": None,
        "vendor_error": None,
        "since": NOON,
        "received_at": NOON,
    }
    return ConnectorRecord(**(fields | changes))


def session(**changes: Any) -> SessionRecord:
    fields: dict[str, Any] = {
        "id": uuid7(),
        "business_key": f"key-{uuid7()}",
        "transaction_id": "1",
        "evse": 1,
        "connector": 1,
        "token": "04AA",
        "token_type": "ISO14443",
        "status": "active",
        "charging_state": "Charging",
        "started_at": NOON,
        "ended_at": None,
        "import_milli_wh": 0,
        "export_milli_wh": None,
        "power_w": 11000.0,
        "soc": 50.0,
        "last_reading_at": None,
        "stop_reason": None,
        "remote_start_id": None,
        "flags": [],
        "registers": {"segments": []},
        "began_received_at": NOON,
        "last_received_at": NOON,
    }
    return SessionRecord(**(fields | changes))


def add_station(database: Database, identity: str = "", *, tenant: UUID = DEFAULT_TENANT, **columns: Any) -> UUID:
    """A row in stations; returns its id."""
    number = uuid7()
    identity = identity or f"CP-{number}"
    key = identity.casefold()
    values = {"identity": identity, "identity_key": key, "created_at": NOON, "updated_at": NOON} | columns
    names = ", ".join(values)
    places = ", ".join(["%s"] * len(values))
    with admin(database) as connection:
        connection.execute(
            f"insert into stations (tenant_id, id, {names}) values (%s, %s, {places})",
            [tenant, number, *values.values()],
        )
    return number


def add_tenant(database: Database, slug: str) -> UUID:
    number = uuid7()
    with admin(database) as connection:
        connection.execute("insert into tenants (id, slug, name) values (%s, %s, %s)", [number, slug, slug])
    return number


def rows(database: Database, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    """What a superuser sees."""
    with admin(database) as connection:
        return connection.execute(query, arguments).fetchall()


def run(database: Database, statement: str, *arguments: object) -> None:
    """Done by a superuser."""
    with admin(database) as connection:
        connection.execute(statement, arguments)


@contextmanager
def held_up(database: Database, table: str) -> Iterator[Callable[[], bool]]:
    """Inserts into the table wait while the block runs. Gives a function that says whether one does."""
    run(database, "create or replace function held_up() returns trigger language plpgsql as "
        "'begin perform pg_advisory_xact_lock(4711); return null; end'")
    run(database, f"create trigger held_up after insert on {table} for each statement execute function held_up()")
    with admin(database) as holding:
        holding.execute("select pg_advisory_lock(4711)")
        yield lambda: rows(database, "select 1 from pg_locks where locktype = 'advisory' and not granted") != []
    run(database, f"drop trigger held_up on {table}")


def admin(database: Database) -> psycopg.Connection[Any]:
    return psycopg.connect(database.url("admin"), autocommit=True, connect_timeout=20)
