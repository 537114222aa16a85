"""A database of an earlier release, with its rows, is brought up to date: nothing is lost, no secret stays."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from storage.migrate import FOLDER, migrate
from tests.support.postgres import Database, Server
from tests.support.units import add_station, rows, run

pytestmark = pytest.mark.server

NOW = datetime(2026, 5, 4, tzinfo=UTC)
LAST = 17  # the last migration of that release


@pytest.fixture
async def earlier(postgres_server: Server, tmp_path: Path) -> Database:
    for each in FOLDER.glob("*.sql"):
        if int(each.name[:4]) <= LAST:
            shutil.copy(each, tmp_path)
    database = postgres_server.empty_database()
    await migrate(database.url("owner"), tmp_path)
    return database


def _job(database: Database, kind: str, status: str, state: dict[str, Any], **more: Any) -> None:
    fields = {"tenant_id": DEFAULT_TENANT, "id": uuid7(), "kind": kind, "status": status, "state": Jsonb(state),
              "run_at": NOW, "created_at": NOW, "updated_at": NOW} | more  # fmt: skip
    names, places = ", ".join(fields), ", ".join(["%s"] * len(fields))
    run(database, f"insert into jobs ({names}) values ({places})", *fields.values())


async def test_rows_of_an_earlier_release_are_taken_along(earlier: Database) -> None:
    database, secret = earlier, {"action": "ChangeConfiguration", "payload": {"value": "geheim"}}
    station = add_station(database)
    for status in ("done", "failed", "cancelled", "expired"):
        _job(database, "queued-command", status, secret, station_id=station, finished_at=NOW)
        _job(database, "get-log", status, {"payload": 1}, station_id=station, finished_at=NOW)
    _job(database, "queued-command", "waiting", secret, station_id=station, waits_for="online", expires_at=NOW)
    run(database, "insert into security_policies (tenant_id, organizations, updated_at) values (%s, %s, %s)",
        DEFAULT_TENANT, ["Operator"], NOW)  # fmt: skip
    run(database, "insert into commands (tenant_id, id, station_id, action, status, message_id, created_at)"
        " values (%s, %s, %s, 'Reset', 'timeout', 'a', %s)", DEFAULT_TENANT, uuid7(), station, NOW)  # fmt: skip
    assert len(await migrate(database.url("owner"))) > 5
    kept = rows(database, "select kind, status, state->'payload' from jobs where state ? 'payload' order by 1, 2")
    assert kept == [
        *(("get-log", status, 1) for status in ("cancelled", "done", "expired", "failed")),
        ("queued-command", "waiting", {"value": "geheim"}),  # it is yet to be sent
    ]
    run(database, "update jobs set status = 'expiring' where status = 'waiting'")
    run(database, "update jobs set status = 'expired' where status = 'expiring'")
    assert rows(database, "select count(*) from jobs where position('geheim' in state::text) > 0") == [(0,)]
    policy = rows(database, "select organizations, unverified_status, unnamed_status, revision from security_policies")
    assert policy == [(["Operator"], False, True, 1)]
