"""Another PostgreSQL major: carried over from Debian's 15 to the wheel's 18, and what is said when it cannot be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage import migrate
from storage.embedded import embedded_postgres
from storage.embedded.upgrade import finish_exchange
from storage.errors import OldCluster
from tests.support.postgres import chosen_binaries, throwaway_dir

pytestmark = [pytest.mark.server, pytest.mark.slow]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = throwaway_dir(in_memory=True)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.mark.skipif(not Path("/usr/lib/postgresql/15/bin/postgres").exists(), reason="needs Debian's postgresql-15")
async def test_older_major_is_carried_over_and_kept(data_dir: Path) -> None:
    async with embedded_postgres(data_dir, print, binaries=chosen_binaries("15")) as cluster:
        migrate.apply(cluster.url("owner"))
        with psycopg.connect(cluster.url("owner")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT n, repeat('x', 100) AS t FROM generate_series(1, 5000) n")
            connection.execute("GRANT SELECT ON kept TO voltyard_node")
        port, address = cluster.port, cluster.url("node")
    said: list[str] = []
    async with embedded_postgres(data_dir, said.append) as cluster:
        assert cluster.place.major() == 18
        assert (cluster.port, cluster.url("node")) == (port, address)
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT count(*), sum(n) FROM kept").fetchone() == (5000, 12502500)
        assert migrate.apply(cluster.url("owner")) == []
    assert "carrying it over to 18" in said[0]
    (old,) = data_dir.glob("postgres-15-until-*")
    assert str(old) in said[-1]
    assert not list(data_dir.glob("*.dump"))
    async with embedded_postgres(data_dir, said.append) as cluster:
        assert cluster.port == port


async def test_no_programs_of_the_old_major(data_dir: Path) -> None:
    async with embedded_postgres(data_dir, print) as cluster:
        place = cluster.place
    version = place.cluster / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(OldCluster, match=r"written by PostgreSQL 9, .* install your system's package postgresql-9"):
        async with embedded_postgres(data_dir, print):
            pass
    version.write_text("99\n")
    with pytest.raises(OldCluster, match=r"written by PostgreSQL 99, and this installation has 18"):
        async with embedded_postgres(data_dir, print):
            pass
    version.write_text("18\n")
    async with embedded_postgres(data_dir, print):
        pass


@pytest.mark.parametrize("how_far", ["nothing moved", "old one moved"])
async def test_exchange_is_finished_after_a_kill(data_dir: Path, how_far: str) -> None:
    async with embedded_postgres(data_dir, print) as cluster:
        place = cluster.place
        with psycopg.connect(cluster.url("owner")) as connection:
            connection.execute("CREATE TABLE new (n int)")
    place.cluster.rename(data_dir / "postgres.next")
    if how_far == "nothing moved":
        place.cluster.mkdir()
        (place.cluster / "PG_VERSION").write_text("15\n")
    else:
        (data_dir / "postgres-15-until-x").mkdir()
    (data_dir / "postgres.exchange").write_text(f"{data_dir / 'postgres-15-until-x'}\n")
    async with embedded_postgres(data_dir, print) as cluster:
        with psycopg.connect(cluster.url("owner")) as connection:
            assert connection.execute("SELECT count(*) FROM new").fetchone() == (0,)
    assert (data_dir / "postgres-15-until-x").is_dir()
    assert not (data_dir / "postgres.exchange").exists()
    finish_exchange(place)  # nothing to do any more
    assert place.exists()
