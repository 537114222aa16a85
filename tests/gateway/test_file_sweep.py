"""The sweep of the files' folder: what uploads left behind goes, what is whole or still comes stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock
from uuid import UUID

import pytest
import trio
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from gateway.fileserver.sweep import Sweep
from storage.bridge import open_bridge
from storage.files import FileStore, NotThere, Shelf
from tests.support.files import make_files
from tests.support.postgres import Database
from tests.support.units import run

pytestmark = pytest.mark.server
NOW = datetime(2026, 5, 4, 13, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def log_address(database: Database, status: str, over: datetime) -> UUID:
    made = uuids.uuid7()
    run(database, "insert into file_addresses (tenant_id, id, key_hash, purpose, status, expires_at, created_at,"
        " updated_at) values (%s, %s, 'x', 'log', %s, %s, %s, %s)", DEFAULT_TENANT, made, status, over, over, over)
    return made


def image_row(database: Database, status: str) -> UUID:
    made = uuids.uuid7()
    run(database, "insert into firmware (tenant_id, id, name, version, status, created_at, updated_at)"
        " values (%s, %s, 'f', '1', %s, %s, %s)", DEFAULT_TENANT, made, status, NOW, NOW)
    return made


async def test_what_never_came_whole_goes_and_the_rest_stays(database: Database, tmp_path: Path) -> None:
    fresh, stale, busy, unknown = (uuids.uuid7() for _ in range(4))
    used, open_still = log_address(database, "used", NOW - DAY), log_address(database, "open", NOW + DAY)
    lost, ready, deleted = (
        log_address(database, "open", NOW - DAY), image_row(database, "ready"), image_row(database, "deleted")
    )  # fmt: skip
    async with open_bridge() as bridge, bridge.pool(database.url("node")) as node:
        files = make_files(tmp_path, node)

        def lay(shelf: str, file: UUID, days: int, *, whole: bool) -> None:
            place = (DEFAULT_TENANT, shelf, file)
            files.store.write(*place, 0, b"12345")  # type: ignore[arg-type]
            path = files.store.partial(*place)  # type: ignore[arg-type]
            os.utime(path, (0, (NOW - days * DAY).timestamp()))
            if whole:
                files.store.finish(*place)  # type: ignore[arg-type]

        for file, days in ((fresh, 1), (stale, 3), (busy, 3)):
            lay("logs", file, days, whole=False)
        for file in (used, open_still, lost, unknown):
            lay("logs", file, 3, whole=True)
        for file in (ready, deleted):
            lay("firmware", file, 3, whole=True)
        (tmp_path / "lost+found").mkdir()
        (tmp_path / str(DEFAULT_TENANT) / "logs" / "notes.txt").write_text("12345")
        assert files.occupy(busy)
        assert files.store.room.held(DEFAULT_TENANT) == 50
        (files.store.path(DEFAULT_TENANT, "logs", used)).unlink()  # by hand, or by another node
        sweep = Sweep(files, node, lambda: NOW, 2 * DAY)
        assert await sweep.round() == 3
        assert await sweep.round() == 0
        left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
        assert left == {f"{fresh}.part", f"{busy}.part", str(open_still), str(unknown), str(ready), "notes.txt"}
        assert files.store.room.held(DEFAULT_TENANT) == 30


async def test_who_brings_a_file_meets_the_sweep_before_or_after_it(database: Database, tmp_path: Path) -> None:
    """Between the two nothing is written behind bytes that are gone."""
    stale, taken = uuids.uuid7(), uuids.uuid7()
    free = list[bool]()
    async with open_bridge() as bridge, bridge.pool(database.url("node")) as node:
        files = make_files(tmp_path, node)
        for file in (stale, taken):
            files.store.write(DEFAULT_TENANT, "logs", file, 0, b"12345")
            os.utime(files.store.partial(DEFAULT_TENANT, "logs", file), (0, (NOW - 3 * DAY).timestamp()))
        real = FileStore.discard

        def discard(store: FileStore, tenant: UUID, shelf: Shelf, file: UUID) -> None:
            free.append(trio.from_thread.run_sync(files.occupy, file))
            files.store.write(tenant, shelf, taken if file == stale else stale, 5, b"6")  # while the sweep is at it
            real(store, tenant, shelf, file)

        with mock.patch.object(FileStore, "discard", discard):
            assert await Sweep(files, node, lambda: NOW, 2 * DAY).round() == 1
        assert free == [False]
        (left,) = tmp_path.rglob("*.part")
        assert left.read_bytes() == b"123456"
        with pytest.raises(NotThere):
            files.store.write(DEFAULT_TENANT, "logs", uuids.uuid7(), 5, b"6")
