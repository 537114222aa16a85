"""The process as whoever starts it sees it: errors in a sentence, exit codes, signals, how long it takes."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable

import pytest
import trio

from tests.support.node import Node, launch, running_node, wait_until
from tests.support.outsiders import hand_station
from tests.support.postgres import Database

pytestmark = [pytest.mark.server, pytest.mark.slow]

_PATIENCE = 30.0  # s


def failed_start(node: Node, **changed: str) -> str:
    """Starts beside `node` with other settings and returns what it says before it ends with 2."""
    status, said = started(node, **changed)
    assert status == 2, said
    assert "Traceback" not in said
    return said


def started(node: Node, **changed: str) -> tuple[int, str]:
    """The exit status of a start that is expected to fail, and what it says."""
    folder = node.data_dir.parent
    log = folder / "failed.log"
    log.unlink(missing_ok=True)
    settings = {**node.settings, **{f"VOLTYARD_{name.upper()}": value for name, value in changed.items()}}
    process = launch(settings, log)
    try:
        return process.wait(_PATIENCE), log.read_text()
    finally:
        process.kill()
        process.wait()


def test_wrong_settings_are_named_with_what_is_allowed(node: Node) -> None:
    said = failed_start(node, store_deadline="soon")
    assert "VOLTYARD_STORE_DEADLINE" in said
    assert "'soon'" in said
    assert "20s" in said
    said = failed_start(node, ocpp_listen="tcp://127.0.0.1:1")
    assert "VOLTYARD_OCPP_LISTEN" in said
    assert "ws://HOST:PORT" in said
    said = failed_start(node, ocpp_listen="wss://127.0.0.1:0?cert=/no/such.pem&key=/no/such.key", **elsewhere(node))
    assert "VOLTYARD_OCPP_LISTEN" in said
    assert "/no/such.pem" in said
    said = failed_start(node, database_url="mysql://u:hidden-password@h/db")
    assert "VOLTYARD_DATABASE_URL" in said
    assert "hidden-password" not in said


def elsewhere(node: Node) -> dict[str, str]:
    """A data directory and an API port of its own."""
    return {"data_dir": str(node.data_dir.parent / "other"), "http_listen": "http://127.0.0.1:0"}


def test_a_port_in_use_is_said(node: Node, database: Database) -> None:
    own = {"database_url": database.url("admin"), **elsewhere(node)}
    said = failed_start(node, **own)
    assert f"VOLTYARD_OCPP_LISTEN = 'ws://127.0.0.1:{node.ocpp_port}'" in said
    said = failed_start(node, **{**own, "ocpp_listen": "ws://127.0.0.1:0", "http_listen": node.http})
    assert f"VOLTYARD_HTTP_LISTEN = '{node.http}'" in said
    assert "in use" in said


def test_a_data_directory_in_use_names_its_owner(node: Node) -> None:
    assert node.process is not None
    status, said = started(node)
    assert status == 1
    assert "Traceback" not in said
    assert str(node.process.pid) in said
    assert node.is_ready()


def test_a_database_that_is_not_there_is_said(node: Node) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"postgresql://u:hidden-password@127.0.0.1:{taken.getsockname()[1]}/db"
        status, said = started(node, database_url=address, **elsewhere(node))
    assert status == 1
    assert "cannot connect to the database" in said
    assert "hidden-password" not in said
    assert "Traceback" not in said


async def test_sigterm_sends_stations_away_and_records_it() -> None:
    with running_node() as node:
        node.add_stations("leaving-1", "leaving-2")
        async with hand_station(node, "leaving-1") as one, hand_station(node, "leaving-2", "2.0.1") as two:
            await one.boot("1.6")
            await two.boot("2.0.1")
            async with trio.open_nursery() as nursery:
                stopped: list[int] = []
                nursery.start_soon(_stop, node, stopped)
                assert (await one.ended()).code == 1012
                assert (await two.ended()).code == 1012
            assert stopped == [0]
        began = time.monotonic()
        await trio.to_thread.run_sync(node.restart)
        assert time.monotonic() - began < 5
        said = node.rows(
            "select s.identity from events e join stations s on e.subject in ('stations/' || s.id, 'stations/' || "
            "s.identity) where e.type = 'voltyard.station.offline.v1' order by 1"
        )
        assert said == [("leaving-1",), ("leaving-2",)]
        assert node.value("select count(*) from station_states where online") == 0
        assert "Traceback" not in node.logs()


async def _stop(node: Node, stopped: list[int]) -> None:
    stopped.append(await trio.to_thread.run_sync(node.stop))


async def test_a_second_sigterm_ends_at_once() -> None:
    with running_node(closing_deadline="60s", stop_deadline="300s") as node:
        node.add_stations("stubborn")
        process = node.process
        assert process is not None
        with socket.create_connection(("127.0.0.1", node.ocpp_port)) as mute:
            mute.sendall(_handshake("stubborn"))
            assert b" 101 " in mute.recv(4096)  # and answers no close frame
            process.send_signal(signal.SIGTERM)
            await trio.to_thread.run_sync(_until, lambda: "stopping" in node.logs())
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.5)
            process.send_signal(signal.SIGTERM)
            assert await trio.to_thread.run_sync(process.wait, 5) == 128 + signal.SIGTERM
        node.process = None
        await trio.to_thread.run_sync(node.restart)  # the server that was left behind is in nobody's way


def _until(so: Callable[[], bool]) -> None:
    wait_until(so, _PATIENCE)


def _handshake(identity: str) -> bytes:
    lines = [
        f"GET /ocpp/{identity} HTTP/1.1", "Host: test", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: ocpp1.6",
    ]  # fmt: skip
    return "\r\n".join([*lines, "", ""]).encode()


def test_the_data_directory_is_ours_alone(node: Node) -> None:
    secrets = list((node.data_dir / "secrets").iterdir())
    assert len(secrets) >= 4
    assert [path for path in secrets if path.stat().st_mode & 0o077] == []
