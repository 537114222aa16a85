"""The fences, by walking the catalogue: a table or view that is new and has none fails here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from tests.support.postgres import Database
from tests.support.units import NOON, add_station, add_tenant, admin, rows

pytestmark = pytest.mark.server

OUTSIDE = {"voltyard_migrations"}  # the migration runner's own: no role of ours is granted it
SERIES = {"frames", "meter_values", "events"}

ROLES_REACH = """
    select c.relname, r.rolname from pg_class c, pg_roles r
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
      and r.rolname = any(%s)
      and (has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate, references, trigger')
           or has_any_column_privilege(r.oid, c.oid, 'select, insert, update, references'))
"""


def tables(database: Database) -> list[tuple[str, str, bool, bool, bool]]:
    return rows(
        database,
        "select relname, relkind::text, relrowsecurity, relforcerowsecurity, relispartition from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') order by 1",
    )


def test_every_ordinary_table_has_forced_row_security_and_a_tenant(database: Database) -> None:
    ordinary = [row for row in tables(database) if row[1] == "r" and not row[4] and row[0] not in OUTSIDE]
    assert len(ordinary) >= 17
    for name, _, enabled, forced, _ in ordinary:
        assert enabled, f"{name} has no row level security"
        assert forced, f"{name} does not force row level security on its owner"
        question = "select polname, pg_get_expr(polqual, polrelid) from pg_policy where polrelid = %s::regclass"
        policies = dict(rows(database, question, name))
        assert "voltyard.tenant" in policies["web_own"], f"{name}: the web role's policy does not ask for the tenant"
    untold = rows(
        database,
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
        " and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')",
    )
    assert {name for (name,) in untold} == OUTSIDE | {"tenants"}


def test_the_web_role_reaches_series_only_through_barrier_views(database: Database) -> None:
    reach = {name for name, _ in rows(database, ROLES_REACH, ["voltyard_web"])}
    kinds = {row[0]: row[1] for row in tables(database)}
    assert {name for name in reach if kinds[name] != "r"} == {"web_frames", "web_meter_values", "web_events"}
    for name in reach:
        if kinds[name] == "v":
            options = rows(database, "select reloptions from pg_class where oid = %s::regclass", name)[0][0]
            assert options == ["security_barrier=true"], name
            definition = rows(database, "select pg_get_viewdef(%s::regclass)", name)[0][0]
            assert "voltyard.tenant" in definition, name


def test_nothing_is_granted_on_single_partitions_or_outside_tables(database: Database) -> None:
    reach = {name for name, _ in rows(database, ROLES_REACH, ["voltyard_web", "voltyard_node"])}
    single = {row[0] for row in tables(database) if row[4]}
    assert len(single) >= 3
    assert not reach & (single | OUTSIDE)


def test_roles_bypass_nothing_and_belong_to_nobody(database: Database) -> None:
    found = rows(
        database,
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles"
        " where rolname in ('voltyard_owner', 'voltyard_node', 'voltyard_web') order by 1",
    )
    assert [row[1:] for row in found] == [(False,) * 5] * 3
    members = rows(
        database,
        "select m.roleid from pg_auth_members m join pg_roles r on r.oid = m.member"
        " where r.rolname in ('voltyard_node', 'voltyard_web')",
    )
    assert members == []


def test_functions_of_the_owner_have_a_fixed_path_and_are_not_for_everybody(database: Database) -> None:
    found = rows(
        database,
        "select p.proname, p.prosecdef, p.proconfig, has_function_privilege('voltyard_web', p.oid, 'execute'),"
        " has_function_privilege('voltyard_node', p.oid, 'execute'), o.rolname,"
        " exists (select from aclexplode(p.proacl) a where a.grantee = 0)"
        " from pg_proc p join pg_roles o on o.oid = p.proowner where p.pronamespace = 'public'::regnamespace",
    )
    by_name = {row[0]: row for row in found}
    assert {name for name, row in by_name.items() if row[3]} == {"frames_find"}
    upkeep = {"partitions_of", "partitions_ensure", "partitions_drop"}
    assert {name for name, row in by_name.items() if row[4]} == upkeep
    for name, row in by_name.items():
        assert row[5] == "voltyard_owner", name
        assert not row[6], f"{name} may be called by everybody"
        assert any(setting == "search_path=pg_catalog, pg_temp" for setting in row[2] or []), name


# Two tenants with a row each in every table, then everything the web role can read or change.


@pytest.fixture
def crowded(database: Database) -> tuple[Database, list[UUID]]:
    tenants = [DEFAULT_TENANT, add_tenant(database, "other")]
    with admin(database) as connection:
        # Rows go past foreign keys and required values are made up by type: what is tested is who sees them.
        connection.execute("set session_replication_role = replica")
        stations = {tenant: add_station(database, tenant=tenant) for tenant in tenants}
        for name, kind, _, _, partition in tables(database):
            if kind in "rp" and not partition and name not in OUTSIDE | {"tenants", "stations"}:
                for tenant in tenants:
                    insert_something(connection, name, tenant, stations[tenant])
        insert_something(connection, "refusals", None, stations[DEFAULT_TENANT])
    return database, tenants


ALLOWED = {"status": "active", "admission": "accepted", "kind": "began", "frame_log": "all"}
FITTING = {("contract_roots", "use"): "MORoot", ("data_transfer_rules", "direction"): "in",
    ("data_transfer_rules", "answer"): "accept", ("file_addresses", "purpose"): "log", ("tokens", "status"): "accepted",
    ("local_list_rules", "rule"): "accepted", ("reservations", "status"): "accepted",
    ("reservations", "expires_at"): NOON + timedelta(hours=1), ("availability_plans", "status"): "planned",
}


def insert_something(connection: psycopg.Connection[Any], table: str, tenant: UUID | None, station: UUID) -> None:
    columns = connection.execute(
        "select column_name, udt_name from information_schema.columns where table_schema = 'public' and table_name = %s"
        " and (is_nullable = 'NO' and column_default is null or column_name = 'tenant_id')",
        [table],
    ).fetchall()
    values: dict[str, Any] = {}
    made: dict[str, Callable[[], Any]] = {
        "uuid": uuid7,
        "text": lambda: str(uuid7()),
        "timestamptz": lambda: NOON,
        "jsonb": lambda: "{}",
        "json": lambda: "[]",
        "bytea": lambda: b"x",
        "bool": lambda: "true",
    }
    for column, kind in columns:
        values[column] = (
            tenant if column == "tenant_id"
            else station if column == "station_id"
            else FITTING.get((table, column)) or ALLOWED.get(column) or made.get(kind, lambda: "7")()
        )  # fmt: skip
    names, places = ", ".join(values), ", ".join(["%s"] * len(values))
    connection.execute(f"insert into {table} ({names}) values ({places})", list(values.values()))


def as_web(database: Database, tenant: str | None) -> psycopg.Connection[Any]:
    connection = psycopg.connect(database.url("web"), autocommit=False, connect_timeout=20)
    if tenant is not None:
        connection.execute("select set_config('voltyard.tenant', %s, true)", [tenant])
    return connection


def readable(database: Database) -> list[str]:
    return sorted(
        name
        for (name,) in rows(
            database,
            "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace"
            " and c.relkind in ('r', 'p', 'v', 'm') and has_table_privilege('voltyard_web', c.oid, 'select')",
        )
    )


def test_each_tenant_sees_its_own_rows_and_no_others(crowded: tuple[Database, list[UUID]]) -> None:
    database, tenants = crowded
    names = readable(database)
    assert {"stations", "sessions", "web_frames", "web_meter_values", "web_events", "refusals"} <= set(names)
    for tenant in tenants:
        with as_web(database, str(tenant)) as connection:
            for name in names:
                owner = "id" if name == "tenants" else "tenant_id"
                found = connection.execute(f"select {owner} from {name}").fetchall()
                expected: list[tuple[UUID | None]] = [(tenant,)]
                if name == "refusals" and tenant == DEFAULT_TENANT:  # the platform's: no tenant could be told
                    expected.append((None,))
                assert sorted(found, key=str) == sorted(expected, key=str), name


@pytest.mark.parametrize("setting", [None, ""])
def test_without_a_tenant_nothing_at_all_is_seen(crowded: tuple[Database, list[UUID]], setting: str | None) -> None:
    database, _ = crowded
    with as_web(database, setting) as connection:
        for name in readable(database):
            assert connection.execute(f"select count(*) from {name}").fetchone() == (0,), name
        found = connection.execute("select count(*) from frames_find(10)").fetchone()
        assert found == (0,)


def test_the_setting_ends_with_its_transaction(crowded: tuple[Database, list[UUID]]) -> None:
    database, tenants = crowded
    with as_web(database, str(tenants[1])) as connection:
        assert connection.execute("select count(*) from stations").fetchone() == (1,)
        connection.commit()
        assert connection.execute("select count(*) from stations").fetchone() == (0,)


def test_no_row_of_another_tenant_can_be_changed_or_made(crowded: tuple[Database, list[UUID]]) -> None:
    database, (mine, theirs) = crowded
    for name in readable(database):
        for verb in ("update", "delete", "insert"):
            allowed = rows(
                database,
                "select has_table_privilege('voltyard_web', %s, %s) or has_any_column_privilege('voltyard_web', %s,"
                " case when %s = 'delete' then 'insert' else %s end) and %s <> 'delete'",
                name, verb, name, verb, verb, verb,
            )[0][0]  # fmt: skip
            if not allowed:
                continue
            with as_web(database, str(mine)) as connection:
                if verb == "delete":
                    assert connection.execute(f"delete from {name} where tenant_id = %s", [theirs]).rowcount == 0
                elif verb == "insert":
                    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                        insert_something(connection, name, theirs, uuid7())
                else:
                    [(column,), *_] = rows(
                        database,
                        "select column_name from information_schema.columns where table_name = %s"
                        " and has_column_privilege('voltyard_web', %s, column_name, 'update') order by 1",
                        name, name,
                    )  # fmt: skip
                    change = f"update {name} set {column} = {column} where tenant_id = %s"
                    assert connection.execute(change, [theirs]).rowcount == 0, name
                connection.rollback()


def test_the_owner_itself_is_fenced(crowded: tuple[Database, list[UUID]]) -> None:
    database, _ = crowded
    with psycopg.connect(database.url("owner"), connect_timeout=20) as connection:
        assert connection.execute("select count(*) from stations").fetchone() == (0,)
        assert connection.execute("select count(*) from tokens").fetchone() == (0,)


def test_frame_search_finds_text_of_its_own_tenant_alone(crowded: tuple[Database, list[UUID]]) -> None:
    database, (mine, theirs) = crowded
    station, frame = rows(database, "select station_id, id from frames where tenant_id = %s", theirs)[0]
    with admin(database) as connection:
        connection.execute("update frames set text = 'Boot 100%% needle' where id = %s", [frame])
    question = "select id from frames_find(10, p_station => %s, p_text => 'NEEDLE')"
    with as_web(database, str(theirs)) as connection:
        assert connection.execute(question, [station]).fetchall() == [(frame,)]
        assert connection.execute("select id from frames_find(10, p_text => '_needle')").fetchall() == []
    with as_web(database, str(mine)) as connection:
        assert connection.execute(question, [station]).fetchall() == []


def test_a_function_in_a_condition_sees_no_row_of_another_tenant(crowded: tuple[Database, list[UUID]]) -> None:
    """The barrier: a leaky function must not run before the fence. Division by zero would tell of a foreign row."""
    database, (mine, theirs) = crowded
    with as_web(database, str(mine)) as connection:
        for view in ("web_frames", "web_meter_values", "web_events"):
            probe = f"select 1 from {view} where 1 / (case when tenant_id = %s then 0 else 1 end) = 1"
            assert connection.execute(probe, [theirs]).fetchall() == [(1,)]
