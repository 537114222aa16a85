"""Claiming jobs when many are due: what it costs does not grow with them, and nobody's many hold up another's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
import trio
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from storage.bridge import open_bridge
from storage.jobs import Job, JobQueue
from storage.jobs.queue import Room
from tests.support.postgres import Database
from tests.support.units import add_tenant, admin

pytestmark = pytest.mark.server

NOW = datetime(2026, 5, 4, 13, 0, tzinfo=UTC)
KINDS = {"any": timedelta(seconds=60), "other": timedelta(seconds=60)}
STATIONS, EACH = 1_000, 30
PAGES = "select sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read) from pg_statio_user_tables"
FILL = """
with made as (
    insert into stations (tenant_id, id, identity, identity_key, created_at, updated_at)
    select %(tenant)s, gen_random_uuid(), 'S' || n, 's' || n, %(now)s, %(now)s from generate_series(1, %(stations)s) n
    returning id
)
insert into jobs (tenant_id, id, kind, station_id, run_at, created_at, updated_at, expires_at)
select %(tenant)s, gen_random_uuid(), 'any', id, %(now)s::timestamptz - n * interval '1 minute', %(now)s, %(now)s,
       case when n = %(each)s then %(now)s::timestamptz end
  from made, generate_series(1, %(each)s) n
"""


@pytest.fixture
def filled(database: Database) -> tuple[Database, UUID]:
    """30,000 due jobs of one tenant, the oldest of each station past its end; 60 of another."""
    other = add_tenant(database, "other")
    with admin(database) as connection:
        for tenant, stations, each in ((DEFAULT_TENANT, STATIONS, EACH), (other, 20, 3)):
            given = {"tenant": tenant, "stations": stations, "each": each, "now": NOW}
            connection.execute(FILL, given)
        connection.execute("vacuum (analyze) jobs")
    return database, other


def _touched(database: Database) -> int:
    """Pages that statements on jobs have looked at so far, those of its indexes included."""
    with psycopg.connect(database.url("admin"), autocommit=True) as connection:
        connection.execute("select pg_stat_force_next_flush()")
        row = connection.execute(PAGES + " where relname = 'jobs'").fetchone()
    assert row is not None
    return int(row[0])


async def test_a_claim_takes_the_heads_of_many_without_reading_the_rest(filled: tuple[Database, UUID]) -> None:
    database, other = filled
    before = _touched(database)
    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        queue = JobQueue(pool)
        first = await queue.claim(uuid7(), Room(64, 48), NOW, KINDS, [])
        busy = [job.station_id for job in first if job.station_id is not None]
        taken = Counter(job.tenant_id for job in first)
        second = await queue.claim(uuid7(), Room(64, 48, taken), NOW, KINDS, busy)
        over = await queue.claim_over(uuid7(), 16, NOW, KINDS, timedelta(seconds=60))
    assert Counter(job.tenant_id for job in first) == {DEFAULT_TENANT: 44, other: 20}
    assert len({job.station_id for job in first}) == 64  # one of a station
    oldest = {DEFAULT_TENANT: NOW - timedelta(minutes=EACH - 1), other: NOW - timedelta(minutes=2)}
    assert {(job.tenant_id, job.run_at) for job in first} == set(oldest.items())
    assert Counter(job.tenant_id for job in second) == {DEFAULT_TENANT: 4}  # as many as one tenant may have
    assert [job.status for job in over] == ["expiring"] * 16
    assert _touched(database) - before < 20_000  # each row read once would be 90,000 and more


async def test_of_several_priorities_a_tenant_gets_no_more_than_its_share(database: Database) -> None:
    with admin(database) as connection:
        for priority in (-1, 0, 7):
            connection.execute(
                "insert into jobs (tenant_id, id, kind, run_at, created_at, updated_at, priority, state)"
                " select %s, gen_random_uuid(), 'other', %s, %s, %s, %s, %s from generate_series(1, 3)",
                [DEFAULT_TENANT, NOW, NOW, NOW, priority, Jsonb({"priority": priority})],
            )

    def found(jobs: list[Job]) -> list[int]:
        return sorted(job.state["priority"] for job in jobs)

    async with open_bridge() as bridge, bridge.pool(database.url()) as pool:
        queue = JobQueue(pool)
        with trio.fail_after(10):
            assert found(await queue.claim(uuid7(), Room(64, 5), NOW, KINDS, [])) == [0, 0, 7, 7, 7]
            assert await queue.claim(uuid7(), Room(64, 5, {DEFAULT_TENANT: 5}), NOW, KINDS, []) == []
            rest = await queue.claim(uuid7(), Room(2, 5), NOW, KINDS, [])
            assert found(rest) == [-1, 0]
