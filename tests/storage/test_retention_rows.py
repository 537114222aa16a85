"""Rows whose time is over go in small steps; what is newer, or still under way, stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
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


def _certificate(database: Database, station: UUID, status: str, serial: str | None, days: int) -> None:
    """Changed and ended so many days ago; a serial number with a ! was revoked."""
    at, name = NOW - days * DAY, serial and serial.rstrip("!")
    run(database, "insert into certificates (tenant_id, id, station_id, use, status, issuer_hash, serial, not_after,"
        " created_at, updated_at) values (%s, %s, %s, 'station', %s, %s, %s, %s, %s, %s)",
        DEFAULT_TENANT, uuid7(), station, status, name and "ab", name, at if name else None, at, at)  # fmt: skip
    if serial is not None and serial.endswith("!"):
        run(database, "insert into revoked_certificates (tenant_id, issuer_hash, serial) values (%s, 'ab', %s)",
            DEFAULT_TENANT, name)  # fmt: skip


async def test_what_is_known_of_certificates_goes_after_their_end(database: Database) -> None:
    """A revocation stays as long as the certificate could be shown, whatever became of its row."""
    station, lenient = add_station(database), add_station(database)
    run(database, "update stations set settings = '{\"accept_expired_certificate\": true}' where id = %s", lenient)
    for status, serial, days in (("refused", None, 4), ("refused", None, 1), ("expired", "1", 30), ("expired", "2", 10),
                                 ("accepted", "3", 30), ("revoked", "4!", 30), ("revoked", "5!", 10)):  # fmt: skip
        _certificate(database, station, status, serial, days)
    _certificate(database, lenient, "revoked", "6!", 30)
    run(database, "insert into revoked_certificates (tenant_id, issuer_hash, serial) values (%s, 'outside', '7')",
        DEFAULT_TENANT)  # fmt: skip
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        gone = await forget(pool, NOW, attrs.evolve(KEPT, certificates=20 * DAY))
        assert gone == {"refused_certificates": 1, "revoked_certificates": 1, "certificates": 2}
    kept = rows(database, "select coalesce(serial, 'none') from certificates order by 1")
    assert [serial for (serial,) in kept] == ["2", "3", "5", "6", "none"]
    assert [serial for (serial,) in rows(database, "select serial from revoked_certificates order by 1")] == [
        "5", "6", "7"
    ]  # fmt: skip


async def test_a_round_takes_only_so_many(database: Database) -> None:
    station = add_station(database)
    for n in range(7):
        _told(database, station, NOW - 20 * DAY + timedelta(seconds=n))
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        first = await forget(pool, NOW, KEPT, step=2, most_steps=2)
        assert first["stream_values"] == 4
        assert (await forget(pool, NOW, KEPT, step=2, most_steps=2))["stream_values"] == 3


def _ended(database: Database, station: UUID, at: datetime, ended: datetime | None) -> None:
    """A reservation, a plan, a campaign's station and an object; without `ended` none of them is over."""
    over, shelf = ended is not None, uuid7()
    run(database, "insert into reservations (tenant_id, id, station_id, number, token, token_type, starts_at,"
        " expires_at, status, created_at, updated_at, ended_at)"
        " values (%s, %s, %s, %s, 'T', 'Local', %s, %s, %s, %s, %s, %s)",
        DEFAULT_TENANT, uuid7(), station, int(uuid7()) % 2**31, at, at + DAY, "used" if over else "accepted", at, at,
        ended)  # fmt: skip
    run(database, "insert into availability_plans (tenant_id, id, station_id, operative, starts_at, status, created_at,"
        " updated_at) values (%s, %s, %s, true, %s, %s, %s, %s)", DEFAULT_TENANT, uuid7(), station, at,
        "done" if over else "active", at, ended or at)  # fmt: skip
    run(database, "insert into firmware (tenant_id, id, name, version, created_at, updated_at)"
        " values (%s, %s, 'f', '1', %s, %s)", DEFAULT_TENANT, shelf, at, at)
    run(database, "insert into campaigns (tenant_id, id, name, firmware_id, status, rules, chosen, created_at,"
        " updated_at, ended_at) values (%s, %s, 'c', %s, %s, '{}', '{}', %s, %s, %s)", DEFAULT_TENANT, shelf, shelf,
        "ended" if over else "running", at, at, ended)  # fmt: skip
    run(database, "insert into campaign_stations (tenant_id, campaign_id, station_id, wave, created_at, updated_at)"
        " values (%s, %s, %s, 1, %s, %s)", DEFAULT_TENANT, shelf, station, at, at)
    run(database, "insert into station_objects (tenant_id, station_id, kind, key, since, received_at, removed_at)"
        " values (%s, %s, 'display_message', %s, %s, %s, %s)", DEFAULT_TENANT, station, str(shelf), at, at, ended)


async def test_what_ended_long_ago_is_forgotten_and_what_lasts_is_not(database: Database) -> None:
    """By the node's own role, through the fences."""
    station = add_station(database)
    old, forward = NOW - 20 * DAY, uuid7()
    for ended in (NOW - 11 * DAY, NOW - 9 * DAY, None):
        _ended(database, station, old, ended)
    away = add_station(database, deleted_at=NOW - 11 * DAY)
    _ended(database, away, old, None)
    run(database, "insert into forwards (tenant_id, id, station_id, url, identity, created_at, updated_at)"
        " values (%s, %s, %s, 'ws://x', 'CP', %s, %s)", DEFAULT_TENANT, forward, station, old, old)
    for ours, made in ((1, old), (2, NOW)):
        run(database, "insert into forward_transactions (tenant_id, forward_id, ours, theirs, made_at)"
            " values (%s, %s, %s, 1, %s)", DEFAULT_TENANT, forward, ours, made)
    async with open_bridge() as bridge, bridge.pool(database.url("node")) as pool:
        gone = await forget(pool, NOW, Kept(history=10 * DAY), step=1)
    assert gone == {"reservations": 1, "availability_plans": 1, "campaign_stations": 1, "forward_transactions": 1,
                    "station_objects": 1, "objects_of_deleted": 1}  # fmt: skip
    assert rows(database, "select ours from forward_transactions") == [(2,)]
    assert len(rows(database, "select id from campaigns")) == 4
    assert {row[0] for row in rows(database, "select removed_at from station_objects")} == {None, NOW - 9 * DAY}
