"""The migrations runner: what it applies, what it refuses, and that a kill leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import trio

from storage.errors import CannotConnect, MigrationFault
from storage.migrate import Migration, decide, migrate, pending, read_folder
from tests.support.postgres import Database, Server

pytestmark = pytest.mark.server


@pytest.fixture
def empty(postgres_server: Server) -> Database:
    return postgres_server.empty_database()


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name[1:]}.sql").write_text(text)
    return folder


def rows(database: Database, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.url("owner")) as connection:
        return connection.execute(statement.encode()).fetchall()


async def test_applies_in_order_once(empty: Database, tmp_path: Path) -> None:
    write(
        tmp_path, _0001_begin="CREATE TABLE t (n int); INSERT INTO t VALUES (1);", _0002_more="INSERT INTO t VALUES (2)"
    )
    assert await pending(empty.url("owner"), tmp_path) == ["0001_begin.sql", "0002_more.sql"]
    assert await migrate(empty.url("owner"), tmp_path) == ["0001_begin.sql", "0002_more.sql"]
    assert await migrate(empty.url("owner"), tmp_path) == []
    assert await pending(empty.url("owner"), tmp_path) == []
    assert rows(empty, "SELECT n FROM t ORDER BY n") == [(1,), (2,)]


async def test_functions_with_bodies_and_percent_signs_pass_unchanged(empty: Database, tmp_path: Path) -> None:
    script = """
    CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN format('%s;%%', 'a'); END $$;
    CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
    """
    await migrate(empty.url("owner"), write(tmp_path, _0001_functions=script))
    assert rows(empty, "SELECT f(), g()") == [("a;%", 2)]


async def test_failure_names_file_and_line_and_keeps_what_came_before(empty: Database, tmp_path: Path) -> None:
    write(
        tmp_path,
        _0001_good="CREATE TABLE good (n int)",
        _0002_bad="CREATE TABLE bad (n int);\nSELECT 1;\nSELECT nothing;",
    )
    with pytest.raises(MigrationFault, match=r"0002_bad\.sql, line 3: .*nothing"):
        await migrate(empty.url("owner"), tmp_path)
    assert rows(empty, "SELECT to_regclass('good')::text, to_regclass('bad')") == [("good", None)]
    write(tmp_path, _0002_bad="CREATE TABLE bad (n int)")
    assert await migrate(empty.url("owner"), tmp_path) == ["0002_bad.sql"]


async def test_changed_file_is_refused(empty: Database, tmp_path: Path) -> None:
    await migrate(empty.url("owner"), write(tmp_path, _0001_begin="CREATE TABLE t (n int)"))
    write(tmp_path, _0001_begin="CREATE TABLE t (n bigint)", _0002_next="SELECT 1")
    with pytest.raises(MigrationFault, match=r"0001_begin\.sql changed after being applied"):
        await migrate(empty.url("owner"), tmp_path)
    with pytest.raises(MigrationFault, match="changed"):
        await pending(empty.url("owner"), tmp_path)


async def test_script_that_commits_is_refused(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(MigrationFault, match=r"0001_sneaky\.sql ends its transaction"):
        await migrate(empty.url("owner"), write(tmp_path, _0001_sneaky="CREATE TABLE t (n int); COMMIT;"))


async def test_two_nodes_migrate_at_once(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, _0001_slow="SELECT pg_sleep(0.2); CREATE TABLE t (n int)")
    applied: list[list[str]] = []

    async def node() -> None:
        applied.append(await migrate(empty.url("owner"), tmp_path))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(node)
        nursery.start_soon(node)
    assert sorted(applied) == [[], ["0001_slow.sql"]]


async def test_the_repositorys_own_migrations_are_applied_in_a_fresh_database(
    fresh_database: Callable[[], Database],
) -> None:
    first, second = fresh_database(), fresh_database()
    assert first.name != second.name
    assert await pending(first.url("owner")) == []


async def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(CannotConnect):
        await migrate("postgresql://x:y@127.0.0.1:1/z", tmp_path)


def test_decisions() -> None:
    one, two, three = (Migration(f"000{n}_x.sql", f"SELECT {n}") for n in (1, 2, 3))
    assert decide([one, two], {one.name: one.checksum}) == [two]
    with pytest.raises(MigrationFault, match=r"0002_x\.sql comes before 0003"):
        decide([one, two, three], {one.name: one.checksum, three.name: three.checksum})
    with pytest.raises(MigrationFault, match=r"does not know: 0003_x\.sql.*newer version"):
        decide([one, two], {three.name: three.checksum})


def test_folder_with_wrong_names(tmp_path: Path) -> None:
    write(tmp_path, _0001_one="", _0001_two="")
    with pytest.raises(MigrationFault, match=r"0001_one\.sql and 0001_two\.sql have one number"):
        read_folder(tmp_path)
    write(tmp_path, _12_short="")
    with pytest.raises(MigrationFault, match=r"12_short\.sql: a migration is called NNNN_name\.sql"):
        read_folder(tmp_path)
