"""Rows whose time is over go in small steps; what is newer, or still under way, stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from storage.bridge import open_bridge
from storage.retention import Kept, forget
from tests.support.postgres import Database
from tests.support.units import add_station, rows, run

pytestmark = pytest.mark.server

NOW = datetime(2026, 5, 4, 13, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = Kept(reports=10 * DAY, streams=5 * DAY, jobs=3 * DAY, customers=2 * DAY)


def _told(database: Database, station: UUID, at: datetime) -> None:
    start = (DEFAULT_TENANT, uuid7(), station)
    run(database, "insert into station_reports (tenant_id, id, station_id, action, received_at, payload)"
        " values (%s, %s, %s, 'NotifyEvent', %s, '{}')", *start, at)
    run(database, "insert into monitor_events (tenant_id, id, station_id, event_id, at, trigger, notification,"
        " component, variable, actual_value, received_at)"
        " values (%s, %s, %s, 1, %s, 'Delta', 'CustomMonitor', '{}', '{}', '1', %s)", *start, at, at)
    run(database, "insert into stream_values (tenant_id, id, station_id, n, stream_id, at, value, received_at)"
        " values (%s, %s, %s, 0, 1, %s, '1', %s)", *start, at, at)
    run(database, "insert into customer_reports (tenant_id, id, station_id, request_id, seq_no, text, received_at)"
        " values (%s, %s, %s, 5, 0, 'Erika', %s)", *start, at)


def _job(database: Database, status: str, at: datetime) -> None:
    ended = None if status == "waiting" else at
    run(database, "insert into jobs (tenant_id, id, kind, status, run_at, created_at, updated_at, finished_at)"
        " values (%s, %s, 'any', %s, %s, %s, %s, %s)", DEFAULT_TENANT, uuid7(), status, at, at, at, ended)


def _address(database: Database, purpose: str, over: datetime) -> None:
    run(database, "insert into file_addresses (tenant_id, id, key_hash, purpose, expires_at, created_at, updated_at)"
        " values (%s, %s, 'x', %s, %s, %s, %s)", DEFAULT_TENANT, uuid7(), purpose, over, over, over)


async def test_each_goes_when_its_own_time_is_over(database: Database) -> None:
    station = add_station(database)
    for days in (1, 4, 6, 11):
        _told(database, station, NOW - days * DAY)
    for status in ("done", "failed", "cancelled", "expired", "waiting"):
        _job(database, status, NOW - 4 * DAY)
    _job(database, "done", NOW - DAY)
    for purpose, days in (("firmware", 4), ("image", 4), ("firmware", -1), ("log", 4), ("log", 11)):
        _address(database, purpose, NOW - days * DAY)
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        gone = await forget(pool, NOW, KEPT)
        assert gone == {"station_reports": 1, "monitor_events": 1, "logs": 1, "stream_values": 2, "jobs": 4,
                        "addresses": 2, "customer_reports": 3}  # fmt: skip
        assert await forget(pool, NOW, KEPT) == {}
    assert rows(database, "select status, finished_at from jobs order by 1") == [
        ("done", NOW - DAY), ("waiting", None)
    ]  # fmt: skip
    assert rows(database, "select purpose, expires_at from file_addresses order by 1") == [
        ("firmware", NOW + DAY), ("log", NOW - 4 * DAY)
    ]  # fmt: skip
    assert rows(database, "select min(received_at) from customer_reports") == [(NOW - DAY,)]


async def test_a_round_takes_only_so_many(database: Database) -> None:
    station = add_station(database)
    for n in range(7):
        _told(database, station, NOW - 20 * DAY + timedelta(seconds=n))
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        first = await forget(pool, NOW, KEPT, step=2, most_steps=2)
        assert first["stream_values"] == 4
        assert (await forget(pool, NOW, KEPT, step=2, most_steps=2))["stream_values"] == 3
