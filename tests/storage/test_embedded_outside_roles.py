"""Somebody else's server: one login, two, some that may little; each ends in roles that hold or a clear error."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage import migrate
from storage.bridge import open_bridge
from storage.embedded import Cluster
from storage.embedded.binaries import Binaries, reachable
from storage.embedded.place import find_place
from storage.errors import CannotConnect
from storage.outside_roles import RolesMissing, prepare_roles, roles_apart, with_role
from storage.roles import scram_matches
from tests.support.postgres import FAST, throwaway_dir

pytestmark = [pytest.mark.server, pytest.mark.slow]


class Bare:
    """A server that has never heard of us."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def admin(self, database: str = "postgres") -> str:
        return self._cluster.url("admin", database)

    def url(self, login: str) -> str:
        return f"postgresql://{login}:word@127.0.0.1:{self._cluster.port}/theirs?sslmode=disable"

    def run(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.admin(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture
def bare(postgres_binaries: Binaries) -> Iterator[Bare]:
    folder = throwaway_dir(in_memory=True)
    place = find_place(folder, print)
    binaries = reachable(postgres_binaries, place.account, print)
    cluster = Cluster(place, binaries, print, FAST)
    try:
        cluster.create()
        cluster.start()
        yield Bare(cluster)
    finally:
        cluster.stop()
        shutil.rmtree(folder)


FENCED = """
CREATE TABLE fenced (tenant_id uuid, n int);
ALTER TABLE fenced ENABLE ROW LEVEL SECURITY;
ALTER TABLE fenced FORCE ROW LEVEL SECURITY;
CREATE POLICY node ON fenced TO voltyard_node USING (true);
CREATE POLICY web ON fenced TO voltyard_web USING (tenant_id::text = (SELECT current_setting('voltyard.tenant', true)));
GRANT SELECT, INSERT ON fenced TO voltyard_node;
GRANT SELECT ON fenced TO voltyard_web;
"""


async def test_one_superuser_login_is_held_by_the_policies_all_the_same(bare: Bare, tmp_path: Path) -> None:
    urls = await prepare_roles(bare.admin())
    assert await prepare_roles(bare.admin()) == urls
    (tmp_path / "0001_fenced.sql").write_text(FENCED)
    await migrate.migrate(urls.owner, tmp_path)
    assert await prepare_roles(bare.admin()) == urls
    one, other = uuid.uuid4(), uuid.uuid4()
    async with open_bridge() as bridge, bridge.pool(urls.node) as node, bridge.pool(urls.web) as web:
        assert await node.fetchval("SELECT current_user") == "voltyard_node"
        await node.executemany("INSERT INTO fenced VALUES ($1, $2)", [(one, 1), (other, 2)])
        assert await web.fetch("SELECT n FROM fenced") == []
        rows = await web.run_as_tenant(one, lambda connection: connection.fetch("SELECT n FROM fenced"))
        assert [row["n"] for row in rows] == [1]
    problems = await roles_apart(bare.admin())
    assert len(problems) == 3
    assert "is a superuser" in problems[0]


async def test_login_that_may_make_roles_and_owns_the_database(bare: Bare, tmp_path: Path) -> None:
    bare.run("CREATE ROLE app LOGIN CREATEROLE PASSWORD 'word'", "CREATE DATABASE theirs OWNER app")
    urls = await prepare_roles(bare.url("app"))
    (tmp_path / "0001_fenced.sql").write_text(FENCED)
    await migrate.migrate(urls.owner, tmp_path)
    async with open_bridge() as bridge, bridge.pool(urls.web) as web, bridge.pool(urls.node) as node:
        assert await web.fetchval("SELECT current_user") == "voltyard_web"
        await node.execute("INSERT INTO fenced VALUES ($1, 1)", uuid.uuid4())
        assert await web.fetch("SELECT n FROM fenced") == []
    assert any("both node and web" in problem for problem in await roles_apart(bare.url("app")))


async def test_login_that_may_little_is_told_what_to_ask_for(bare: Bare, tmp_path: Path) -> None:
    bare.run("CREATE ROLE app LOGIN PASSWORD 'word'", "CREATE DATABASE theirs OWNER app")
    with pytest.raises(RolesMissing, match="CREATE ROLE voltyard_node; CREATE ROLE voltyard_web;"):
        await prepare_roles(bare.url("app"))
    bare.run("CREATE ROLE voltyard_node", "CREATE ROLE voltyard_web")
    with pytest.raises(RolesMissing, match='GRANT "voltyard_node" TO "app";'):
        await prepare_roles(bare.url("app"))
    bare.run("GRANT voltyard_node, voltyard_web TO app")
    urls = await prepare_roles(bare.url("app"))
    assert urls.owner == bare.url("app")
    (tmp_path / "0001_fenced.sql").write_text(FENCED)
    assert await migrate.migrate(urls.owner, tmp_path) == ["0001_fenced.sql"]


async def test_logins_of_our_names_are_apart(bare: Bare, tmp_path: Path) -> None:
    roles = ("voltyard_owner", "voltyard_node", "voltyard_web")
    bare.run(
        *(f"CREATE ROLE {role} LOGIN PASSWORD 'word'" for role in roles), "CREATE DATABASE theirs OWNER voltyard_owner"
    )
    bare.run("GRANT voltyard_web TO voltyard_node")
    urls = await prepare_roles(bare.url("voltyard_node"), bare.url("voltyard_owner"))
    assert (urls.owner, urls.node) == (bare.url("voltyard_owner"), bare.url("voltyard_node"))
    (tmp_path / "0001_fenced.sql").write_text(FENCED)
    await migrate.migrate(urls.owner, tmp_path)
    assert await roles_apart(bare.url("voltyard_web")) == []
    assert len(await roles_apart(bare.url("voltyard_node"))) == 1


async def test_nobody_there() -> None:
    with pytest.raises(CannotConnect):
        await prepare_roles("postgresql://x:y@127.0.0.1:1/z")


def test_role_in_the_address() -> None:
    assert with_role("postgresql://h/d", "r") == "postgresql://h/d?options=-c%20role%3Dr"
    assert with_role("postgresql://h/d?sslmode=require&options=-c%20a%3Db", "r") == (
        "postgresql://h/d?sslmode=require&options=-c%20a%3Db%20-c%20role%3Dr"
    )


def test_scram_verifier_of_the_server(bare: Bare) -> None:
    bare.run("CREATE ROLE app PASSWORD 'wörd'")
    with psycopg.connect(bare.admin()) as connection:
        row = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'").fetchone()
    assert row is not None
    assert scram_matches(row[0], "wörd")
    assert not scram_matches(row[0], "word")
    assert not scram_matches("md5abc", "word")
    assert not scram_matches(None, "word")
