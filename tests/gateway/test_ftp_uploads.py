"""Uploads over FTP: checked before they are taken, one at a time, kept when they break off, never in others' way."""

import ftplib
import io
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import httpx
import pytest
import trio
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from gateway.fileserver.desk import Desk
from gateway.fileserver.ftp import ftp_server
from gateway.setting_types import listen_ftp
from gateway.settings import Settings
from storage.bridge import open_bridge
from storage.files import FileStore
from storage.files_room import Room
from storage.pool import Connection
from storage.web.firmware import NewFirmware, insert_firmware
from tests.gateway.test_ftp_server import login
from tests.support.api import NOW
from tests.support.files import make_files
from tests.support.postgres import Database
from tests.support.units import add_station, rows
from web.files.server import Files, Made, Wanted, make_address

pytestmark = pytest.mark.server
Make = Callable[..., Any]
_RST = struct.pack("ii", 1, 0)  # linger: close at once, and throw away what was not sent


@attrs.frozen
class Rig:
    port: int
    files: Files
    make: Make

    def here(self, made: Made) -> int:
        return self.files.store.here(DEFAULT_TENANT, "logs", made.id)

    async def client(self, work: Callable[[], Any]) -> Any:
        return await trio.to_thread.run_sync(work)


@asynccontextmanager
async def served(database: Database, folder: Path, **rules: Any) -> AsyncIterator[Rig]:
    station = add_station(database)
    settings = Settings(data_dir=folder, ftp_listen=listen_ftp("ftp://127.0.0.1:0"), ftp_connections_per_address=3)
    async with open_bridge() as bridge:
        pools = bridge.pool(database.url("web")), bridge.pool(database.url("node"))
        async with pools[0] as web, pools[1] as node:
            files = make_files(folder, node, most_log=200_000)
            files = attrs.evolve(files, store=FileStore(folder, 0, 300_000), rules=attrs.evolve(files.rules, **rules))

            async def make(purpose: str = "log", **more: Any) -> Made:
                async def work(connection: Connection) -> Made:
                    if image := more.get("firmware_id"):
                        new = NewFirmware(DEFAULT_TENANT, image, "fw.bin", "2", None, None, None, None, "me", NOW)
                        await insert_firmware(connection, new)
                    wanted = Wanted(DEFAULT_TENANT, purpose, NOW, "me", station, ftp=True, log_type="Any", **more)
                    return await make_address(connection, files, wanted)

                return await web.run_as_tenant(DEFAULT_TENANT, work)

            async with ftp_server(settings, Desk(files, web, lambda: NOW)) as port:
                yield Rig(port, files, make)


def answer(client: ftplib.FTP, data: bytes) -> str:
    """What an upload is told. The data connection may break before the client has sent all."""
    try:
        return client.storbinary("STOR a.log", io.BytesIO(data))
    except ftplib.Error as error:
        return str(error)
    except OSError:
        try:
            return client.getresp()
        except ftplib.Error as error:
            return str(error)


async def test_what_comes_is_checked_before_it_is_taken(database: Database, tmp_path: Path) -> None:
    """The digest of an upload blocks nobody; what was not announced, and images, are not taken."""
    async with served(database, tmp_path) as rig:
        wrong, slow, other = await rig.make(details={"sha256": "0" * 64}), await rig.make(), await rig.make()
        image = await rig.make("image", firmware_id=uuids.uuid7())

        def refused() -> None:
            with login(rig.port, wrong.location) as client, pytest.raises(ftplib.error_perm, match="checksum"):
                client.storbinary("STOR a.log", io.BytesIO(b"not that"))
            with pytest.raises(ftplib.error_perm):
                login(rig.port, image.location)

        await rig.client(refused)
        assert rig.here(wrong) == 0
        looked, go_on, real = threading.Event(), threading.Event(), FileStore.digests

        def digests(store: FileStore, *place: Any) -> Any:
            if place[2] == slow.id:
                looked.set()
                assert go_on.wait(10)
            return real(store, *place)

        def bring(made: Made) -> str:
            with login(rig.port, made.location) as client:
                return client.storbinary("STOR a.log", io.BytesIO(b"x" * 100_000))

        with mock.patch.object(FileStore, "digests", digests):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(rig.client, lambda: bring(slow))
                await rig.client(lambda: looked.wait(10))
                try:
                    assert (await rig.client(lambda: bring(other))).startswith("226")
                    assert slow.id in rig.files.busy
                    with pytest.raises(ftplib.error_perm, match="just now"):
                        await rig.client(lambda: bring(slow))
                finally:
                    go_on.set()
        assert {row[0] for row in rows(database, "select id from file_addresses where status = 'used'")} == {
            slow.id, other.id
        }  # fmt: skip
        assert not rig.files.busy


async def test_what_breaks_off_is_kept_and_gone_on_with(database: Database, tmp_path: Path) -> None:
    """A reset is no end of a file; nor is a full disk, a used up quota, or a transfer that takes too long."""
    async with served(database, tmp_path) as rig:
        first, second = await rig.make(), await rig.make()

        def reset() -> None:
            client = login(rig.port, first.location)
            client.voidcmd("TYPE I")
            data = client.transfercmd("STOR a.log")
            data.sendall(b"12345")
            while rig.here(first) < 5:
                threading.Event().wait(0.01)
            data.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
            data.close()
            with pytest.raises(ftplib.error_temp, match="426"):
                client.getresp()
            assert client.size("a.log") == 5
            with pytest.raises(ftplib.Error, match="REST"):
                client.transfercmd("STOR a.log", rest=9)
            assert client.storbinary("STOR a.log", io.BytesIO(b"cd"), rest=3).startswith("226")
            client.close()

        await rig.client(reset)
        assert rig.files.store.read(DEFAULT_TENANT, "logs", first.id, 0, 99) == b"123cd"

        def full() -> None:
            with login(rig.port, second.location) as client:
                with mock.patch.object(Room, "free", side_effect=[True, False]):
                    assert answer(client, b"x" * 1000).startswith("452")
                rig.files.store.write(DEFAULT_TENANT, "firmware", uuids.uuid7(), 0, b"x" * 290_000)
                assert answer(client, b"x" * 50_000).startswith("552 All")

        await rig.client(full)
    found = rows(database, "select status, error from file_addresses where id = %s", second.id)
    assert found[0][0] == "open"
    assert "all files of this tenant" in found[0][1]


async def test_nobody_holds_a_connection_for_ever_or_all_of_them(database: Database, tmp_path: Path) -> None:
    async with served(database, tmp_path, longest=0.2) as rig:
        made = await rig.make()

        def slow() -> None:
            client = login(rig.port, made.location)
            data = client.transfercmd("STOR a.log")
            data.sendall(b"1")
            with pytest.raises(ftplib.error_temp, match="too long"):
                client.getresp()
            data.close()
            client.close()

        await rig.client(slow)
        assert rig.here(made) == 1

        def many() -> None:
            url = httpx.URL(made.location)
            clients = [ftplib.FTP() for _ in range(4)]
            for client in clients[:3]:
                client.connect("127.0.0.1", rig.port, timeout=10)
            with pytest.raises(ftplib.error_temp, match="421"):
                clients[3].connect("127.0.0.1", rig.port, timeout=10)
            clients[0].login(url.username, url.password)
            for client in clients:
                client.close()

        await rig.client(many)


async def test_a_file_deleted_while_it_is_taken_is_over_and_the_node_goes_on(
    database: Database, tmp_path: Path
) -> None:
    """Somebody deletes the log between the check and its place; a bug over one file is told, and ends no node."""
    real = FileStore.finish

    async with served(database, tmp_path) as rig:
        gone, odd, other = await rig.make(), await rig.make(), await rig.make()

        def finish(store: FileStore, *place: Any) -> None:
            if place[2] == gone.id:
                store.remove(*place)
            if place[2] == odd.id:
                raise ValueError("a bug")
            real(store, *place)

        def bring(made: Made) -> str:
            with login(rig.port, made.location) as client:
                return answer(client, b"x" * 1000)

        with mock.patch.object(FileStore, "finish", finish):
            assert "no longer in use" in await rig.client(lambda: bring(gone))
            assert (await rig.client(lambda: bring(odd))).startswith("451")
            assert (await rig.client(lambda: bring(other))).startswith("226")
        assert not rig.files.busy
