"""Searching frames: what is found, in what order and for whom, and by which plan the web role finds it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from actors.ports import DEFAULT_TENANT
from tests.support.postgres import Database
from tests.support.units import add_station, add_tenant, admin

pytestmark = pytest.mark.server

DAY = datetime(2026, 5, 4, tzinfo=UTC)
FILL = """
insert into frames (tenant_id, station_id, received_at, id, direction, action, message_id, outcome, text)
select %(tenant)s, case when i %% 50 = 0 then %(station)s::uuid else %(other)s::uuid end,
       %(day)s::timestamptz + i * interval '14.4 seconds', gen_random_uuid(),
       case when i %% 2 = 0 then 'in' else 'out' end,
       case when i %% 100 = 3 then 'BootNotification' else 'StatusNotification' end, i::text,
       case when i %% 2 = 1 then 'sent' when i %% 1000 = 500 then 'refused' else 'accepted' end,
       '[2,"' || i || '","X",{"serial":"SN-' || lpad((i * 7919 %% 99991)::text, 6, '0') || '","note":"' ||
       case when i between 6000 and 6100 then 'burst' else 'calm' end || '"}]'
from generate_series(0, 17999) i
"""


@pytest.fixture
def filled(database: Database) -> tuple[Database, UUID, UUID]:
    """Three days, 18,000 frames of each of two tenants; the tenant's station, and the other tenant."""
    other = add_tenant(database, "other")
    station = add_station(database, identity="CP1")
    with admin(database) as connection:
        connection.execute("select partitions_ensure(%s, %s)", [DAY, DAY + timedelta(days=2)])
        for tenant in (DEFAULT_TENANT, other):
            mine = {"tenant": tenant, "station": station, "other": add_station(database, tenant=tenant), "day": DAY}
            connection.execute(FILL, mine)
        connection.execute("vacuum (analyze) frames")
    return database, station, other


def find(database: Database, tenant: UUID = DEFAULT_TENANT, **arguments: Any) -> list[tuple[Any, ...]]:
    given = {"p_limit": 51} | arguments
    with psycopg.connect(database.url("web"), connect_timeout=20) as connection:
        connection.execute("select set_config('voltyard.tenant', %s, true)", [str(tenant)])
        names = ", ".join(f"{name} => %({name})s" for name in given)
        query = f"select received_at, id, tenant_id, message_id from frames_find({names})"
        return connection.execute(query, given).fetchall()


def numbers(rows: list[tuple[Any, ...]]) -> list[int]:
    return [int(row[3]) for row in rows]


def test_every_way_of_looking_finds_what_it_should_in_its_order(filled: tuple[Database, UUID, UUID]) -> None:
    database, station, other = filled
    assert numbers(find(database)) == list(range(17999, 17948, -1))
    assert numbers(find(database, p_oldest=True, p_limit=3)) == [0, 1, 2]
    assert numbers(find(database, p_station=station, p_limit=2)) == [17950, 17900]
    assert numbers(find(database, p_action="BootNotification", p_limit=2)) == [17903, 17803]
    assert numbers(find(database, p_outcome="refused", p_limit=2)) == [17500, 16500]
    assert find(database, p_outcome="refused", p_direction="out") == []
    assert find(database, p_outcome="sent", p_direction="in") == []
    assert numbers(find(database, p_message="777")) == [777]
    window: dict[str, Any] = {"p_from": DAY + timedelta(days=1), "p_until": DAY + timedelta(days=1, minutes=1)}
    assert numbers(find(database, **window)) == [6004, 6003, 6002, 6001, 6000]
    assert numbers(find(database, p_text=f"sn-{7 * 7919:06}")) == [7]
    assert numbers(find(database, p_text=f"sn-{7 * 7919:06}", p_oldest=True)) == [7]
    assert find(database, p_text="SN_055433") == []
    assert numbers(find(database, p_text="BURST", p_limit=2)) == [6100, 6099]
    assert numbers(find(database, p_text="burst", p_oldest=True, p_limit=2, p_outcome="accepted")) == [6000, 6002]
    assert numbers(find(database, p_text="burst", p_action="BootNotification")) == [6003]
    assert {row[2] for row in find(database, other, p_text="burst", p_limit=500)} == {other}
    assert find(database, other, p_station=station, p_text="burst", p_limit=500) != []  # its own rows of that id alone


@pytest.mark.parametrize("oldest", [False, True])
def test_pages_of_a_text_meet_and_do_not_overlap(filled: tuple[Database, UUID, UUID], oldest: bool) -> None:
    database, _, _ = filled
    seen: list[int] = []
    at: datetime | None = None
    last: UUID | None = None
    for _ in range(6):
        rows = find(database, p_text="burst", p_limit=20, p_oldest=oldest, p_at=at, p_id=last)
        seen += numbers(rows)
        if rows:
            at, last = rows[-1][0], rows[-1][1]
    assert seen == sorted(range(6000, 6101), reverse=not oldest)


def test_a_text_without_an_index_is_looked_for_in_a_limited_number_of_rows(filled: tuple[Database, UUID, UUID]) -> None:
    database, _, _ = filled
    assert numbers(find(database, p_text="7]", p_limit=1)) == []  # 18,000 rows: all are looked at
    with admin(database) as connection:
        connection.execute("drop index frames_by_text")
        body = connection.execute("select pg_get_functiondef('frames_find'::regproc)").fetchone()
        assert body is not None
        connection.execute(body[0].replace("200000", "10000"))
    assert numbers(find(database, p_text="calm", p_limit=1)) == [17999]
    with pytest.raises(psycopg.Error, match="do not hold the text") as raised:
        find(database, p_text="burst")
    assert raised.value.sqlstate == "VY001"


PLANS = [
    ({}, "tenant_id_received_at"),
    ({"p_action": "BootNotification"}, "action_received_at"),
    ({"p_outcome": "refused"}, "outcome_received_at"),
    ({"p_message": "777"}, "message_id_received_at"),
    ({"p_text": "SN-055433"}, "tenant_id_text"),
]


@pytest.mark.parametrize(("arguments", "index"), PLANS)
def test_the_web_role_finds_by_an_index_and_touches_no_row_of_another_tenant(
    filled: tuple[Database, UUID, UUID], arguments: dict[str, str], index: str
) -> None:
    """The plans of the statements inside the function, as they ran for voltyard_web."""
    database, _, other = filled
    plans: list[str] = []
    with admin(database) as connection:
        connection.execute("load 'auto_explain'")
        for name, value in {"log_nested_statements": "on", "log_min_duration": "0", "log_analyze": "on",
                            "log_level": "notice"}.items():  # fmt: skip
            connection.execute(f"set auto_explain.{name} = {value}")
        connection.execute("set client_min_messages = notice")
        connection.execute("set role voltyard_web")
        connection.add_notice_handler(lambda told: plans.append(told.message_primary or ""))
        with connection.transaction():
            connection.execute("select set_config('voltyard.tenant', %s, true)", [str(DEFAULT_TENANT)])
            names = ", ".join(f"{name} => %({name})s" for name in arguments)
            connection.execute(f"select * from frames_find(51{', ' if names else ''}{names})", arguments).fetchall()
    read = [plan for plan in plans if "public.frames f" in plan.split("\n")[1]]
    assert read, plans
    assert any(index in plan for plan in read), read
    for plan in read:
        assert "tenant_id = " in plan
        for line in plan.splitlines():
            # The default partition is empty; whole days are never read through.
            assert "Seq Scan" not in line or "frames_default" in line, plan
        for condition in re.findall(r"(?:Index|Recheck) Cond: .*", plan):
            assert str(DEFAULT_TENANT) in condition, condition
        assert str(other) not in plan
