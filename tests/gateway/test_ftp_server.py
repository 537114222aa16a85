"""The FTP server: one file for each address, whatever folders and names a client sends."""

import ftplib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import httpx
import pytest
import trio
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from gateway.fileserver.desk import Desk
from gateway.fileserver.ftp import ftp_server
from gateway.setting_types import listen_ftp, ports
from gateway.settings import InvalidSetting, Settings
from storage.bridge import open_bridge
from storage.files import Digests
from storage.pool import Connection
from storage.web.firmware import NewFirmware, firmware_ready, insert_firmware
from tests.support.api import NOW
from tests.support.files import make_files
from tests.support.postgres import Database
from tests.support.units import add_station, rows
from web.files.server import Made, Wanted, make_address

pytestmark = pytest.mark.server


def login(port: int, location: str) -> ftplib.FTP:
    url = httpx.URL(location)
    client = ftplib.FTP()
    client.connect("127.0.0.1", port, timeout=10)
    try:
        client.login(url.username, url.password)
    except ftplib.Error:
        client.close()
        raise
    return client


async def test_logs_in_firmware_out_and_nothing_else(database: Database, tmp_path: Path) -> None:
    station, image = add_station(database), uuids.uuid7()
    settings = Settings(data_dir=tmp_path, ftp_listen=listen_ftp("ftp://127.0.0.1:0"))
    async with open_bridge() as bridge:
        pools = bridge.pool(database.url("web")), bridge.pool(database.url("node"))
        async with pools[0] as web, pools[1] as node:
            files = make_files(tmp_path, node, most_log=200_000)

            async def make(purpose: str, **more: Any) -> Made:
                async def work(connection: Connection) -> Made:
                    wanted = Wanted(DEFAULT_TENANT, purpose, NOW, "me", station, ftp=True, **more)
                    return await make_address(connection, files, wanted)

                return await web.run_as_tenant(DEFAULT_TENANT, work)

            async def firmware(connection: Connection) -> None:
                await insert_firmware(connection, NewFirmware(
                    DEFAULT_TENANT, image, "fw.bin", "2", None, None, None, None, "me", NOW
                ))  # fmt: skip
                await firmware_ready(connection, image, Digests(6, "a", "b"), NOW)

            await web.run_as_tenant(DEFAULT_TENANT, firmware)
            files.store.write(DEFAULT_TENANT, "firmware", image, 0, b"IMAGE!")
            files.store.finish(DEFAULT_TENANT, "firmware", image)
            log, large = await make("log", log_type="DiagnosticsLog"), await make("log", log_type="SecurityLog")
            fetch = await make("firmware", firmware_id=image, name="fw.bin")
            async with ftp_server(settings, Desk(files, web, lambda: NOW)) as port:
                await trio.to_thread.run_sync(_bring, port, log.location)
                await trio.to_thread.run_sync(_too_much, port, large.location)
                await trio.to_thread.run_sync(_fetch, port, fetch.location)
                await trio.to_thread.run_sync(_strangers, port, log.location, fetch.location)
            async with ftp_server(settings, Desk(files, web, lambda: NOW + timedelta(days=30))) as port:
                await trio.to_thread.run_sync(_shut, port, fetch.location)
            assert files.store.read(DEFAULT_TENANT, "logs", log.id, 0, 100) == b"a log"
            assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == sorted(
                [str(image), str(log.id), f"{large.id}.part"]
            )
            found = rows(database, "select id, status, file_name, size from file_addresses where purpose = 'log'")
            assert set(found) == {(log.id, "used", "own.log", 5), (large.id, "open", "big.log", 0)}
            taken = attrs.evolve(settings, ftp_listen=listen_ftp("ftp://203.0.113.1:1"))
            with pytest.raises(InvalidSetting, match="VOLTYARD_FTP_LISTEN"):
                async with ftp_server(taken, Desk(files, web, lambda: NOW)):
                    pass


def _bring(port: int, location: str) -> None:
    """Folders and names of the client's own."""
    with login(port, location) as client:
        client.cwd("/files/anything/")
        client.cwd("../../../../etc")
        assert client.storbinary("STOR ../../../own.log", io.BytesIO(b"a log")).startswith("226")
        for again in ("STOR own.log", "APPE own.log"):  # on the same login
            with pytest.raises(ftplib.error_perm, match="already"):
                client.storbinary(again, io.BytesIO(b"another"))
    with pytest.raises(ftplib.error_perm):  # whole as far as FTP can tell: used
        login(port, location)


def _too_much(port: int, location: str) -> None:
    client = login(port, location)
    # The data connection may break before the client has read why: then that is the answer to its next command.
    with pytest.raises((ftplib.Error, OSError)):
        client.storbinary("STOR big.log", io.BytesIO(b"x" * 400_000))
    client.close()


def _fetch(port: int, location: str) -> None:
    got: list[bytes] = []
    with login(port, location) as client:
        path = httpx.URL(location).path
        client.retrbinary(f"RETR {path}", got.append, rest=2)
        assert b"".join(got) == b"AGE!"
        assert client.size("fw.bin") == 6
        refused: list[Callable[[], Any]] = [
            lambda: client.sendcmd("SITE CHMOD 777 /tmp"), lambda: client.sendcmd("site chmod 777 fw.bin"),
            lambda: client.sendcmd("MFMT 20260101000000 fw.bin"), lambda: client.sendcmd("USER somebody"),
            lambda: client.rmd("/files"),
            lambda: client.storbinary("STOR x", io.BytesIO(b"x")), lambda: client.delete("fw.bin"),
            lambda: client.rename("fw.bin", "../x"),
        ]  # fmt: skip
        for each in refused:
            with pytest.raises(ftplib.error_perm):
                each()


def _strangers(port: int, log: str, fetch: str) -> None:
    user, key = httpx.URL(fetch).username, httpx.URL(log).password
    assert str(UUID(user)) == user
    for name, password in ((user, key), ("anonymous", ""), ("../etc", "x"), (str(uuids.uuid7()), key)):
        client = ftplib.FTP()
        client.connect("127.0.0.1", port, timeout=10)
        client.sendcmd(f"USER {name}")
        client.putcmd(f"PASS {password}")  # the refusal itself comes seconds later
        client.close()


def _shut(port: int, fetch: str) -> None:
    with pytest.raises(ftplib.error_perm):
        login(port, fetch)


def test_settings_of_ftp() -> None:
    assert ports("50000-50100") == (50000, 50100)
    for wrong in ("50100-50000", "1", "a-b", "0-5"):
        with pytest.raises(ValueError, match="allowed"):
            ports(wrong)
    with pytest.raises(ValueError, match="allowed"):
        listen_ftp("http://127.0.0.1:21")
