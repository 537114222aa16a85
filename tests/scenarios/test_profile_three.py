"""Security profile 3 from nothing, as docs/guides/security-profiles.md and certificates.md say (A05, B10)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from protocol.ocpp.version import Version
from simulators.fleet.engine import Engine
from simulators.fleet.member import make_fleet, read_target
from simulators.station.config import StationConfig
from simulators.station.runner import Runner
from tests.support.driving import drives
from tests.support.node import Node, free_ports, running_node
from tests.support.postgres import throwaway_dir

pytestmark = [pytest.mark.server, pytest.mark.slow]
GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
GUIDE = (GUIDES / "security-profiles.md").read_text()
IDENTITY = "CP001"
WAIT_S = 60.0


@pytest.fixture(scope="module")
def files() -> Path:
    """The guide's own openssl commands, with this machine for the guide's host."""
    folder = throwaway_dir()
    block = re.search(r"((?:    .*\n|\n)*    openssl req(?:    .*\n|\n|.)*?)    VOLTYARD_OCPP_LISTEN=(.*)\n", GUIDE)
    assert block is not None, "the guide has no commands for the listener's certificates"
    commands = block[1].replace("DNS:ocpp.example", "IP:127.0.0.1")
    subprocess.run(["/bin/sh", "-ec", commands], cwd=folder, check=True, capture_output=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def secured(files: Path) -> Iterator[tuple[Node, str]]:
    """A node with the guide's two listeners; the address of the secure one."""
    plain, secure = free_ports(2)
    named = re.search(r'VOLTYARD_OCPP_LISTEN="(.*)"', GUIDE)
    assert named is not None
    listen = named[1].replace("0.0.0.0:9000", f"127.0.0.1:{plain}").replace("0.0.0.0:9443", f"127.0.0.1:{secure}")
    listen = re.sub(r"(cert|key)=(\w+\.\w+)", lambda found: f"{found[1]}={files / found[2]}", listen)
    with running_node(ocpp_listen=listen, station_calm="1s") as node:
        node.ocpp_port = plain
        yield node, f"wss://127.0.0.1:{secure}/ocpp"


@asynccontextmanager
async def running(runner: Runner) -> AsyncIterator[None]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(runner.run)
        yield
        nursery.cancel_scope.cancel()


async def until(api: httpx.AsyncClient, path: str, fits: Callable[[Any], Any]) -> Any:
    """The resource, or the first of a list, as soon as it fits."""
    shown: Any = None
    with trio.move_on_after(WAIT_S):
        while True:
            shown = good(await api.get(path))
            for each in shown.get("items", [shown]):
                if fits(each):
                    return each
            await trio.sleep(0.2)
    pytest.fail(f"{path}: nothing fits in {shown}")


def good(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def raised(api: httpx.AsyncClient, profile: int, url: str, root: str) -> None:
    """The guide's up.json, and its job until it is done."""
    body = {"profile": profile, "url": url, "csms_root": root, "reset": "immediate"}
    begun = good(await api.post(f"/stations/{IDENTITY}/security-profile", json=body))
    done = await until(api, f"/jobs/{begun['id']}", lambda job: job["status"] in ("done", "failed"))
    assert done["status"] == "done", done
    await until(api, f"/stations/{IDENTITY}", lambda s: s["online"])


def test_a_fleet_dials_with_tls(secured: tuple[Node, str], files: Path) -> None:
    """`simulate fleet --url wss://… --ca root.pem`: profile 2, of all three versions."""
    node, wss = secured
    fleet = make_fleet(6, prefix="TLS-", password=lambda _: "0123456789abcdefghij")
    node.add_stations(*(each.identity for each in fleet), password="0123456789abcdefghij")
    engine = Engine(read_target(wss, files / "root.pem"), fleet)
    try:
        assert engine.connect_storm(30).complete
        result = engine.closed_loop(1.0)
        assert (result.errors, result.answered > 0) == (0, True)
    finally:
        engine.close()
    stranger = Engine(read_target(wss), fleet[:1], reconnect=False)
    try:
        assert stranger.connect_storm(2).booted == 0
    finally:
        stranger.close()


@drives("A05", "2.0.1")
async def test_from_nothing_to_profile_three(secured: tuple[Node, str], files: Path, tmp_path: Path) -> None:
    node, wss = secured
    async with node.async_api() as api:
        made = good(await api.post("/stations", json={"identity": IDENTITY, "password": "generate"}))
        config = StationConfig(IDENTITY, Version.V201, vendor="Example Charging", serial="SN-0042",
                               password=made["password"])  # fmt: skip
        station = Runner(config, f"{node.ocpp}/ocpp", speed=30.0, keep=tmp_path / "kept")
        async with running(station):
            assert await station.first_accepted(30), station.ended_by
            await raised(api, 2, wss, (files / "root.pem").read_text())
            assert station.url.startswith(wss)
            good(await api.post("/certificates/authority", json={"organization": "Example Charging"}))
            authority = await until(api, "/certificates/authority", lambda each: each["root"])
            await raised(api, 3, wss, authority["root"])
            # The listener knows a new authority at once, not at its next look.
            refused = good(await api.get("/refusals"))["items"]
            assert "certificate_unknown_issuer" not in {each["reason"] for each in refused}
            shown = good(await api.get(f"/stations/{IDENTITY}/security"))
            assert "3" in str(shown.get("connection", shown)), shown
            await until(api, "/events?type=voltyard.security.profile_changed.v1&limit=100",
                        lambda e: e["data"]["profile"] == 3 and e["data"]["reached"])  # fmt: skip
        await _not_lower(api, node, made["password"])
        again = Runner(config, wss, keep=tmp_path / "kept")
        async with running(again):
            assert await again.first_accepted(30), again.ended_by
            await _revoked(api, again)


async def _not_lower(api: httpx.AsyncClient, node: Node, password: str) -> None:
    """A password alone is not enough any more (A05.FR.02)."""
    config = StationConfig(IDENTITY, Version.V201, serial="SN-0042", password=password)
    lower = Runner(config, f"{node.ocpp}/ocpp")
    async with running(lower):
        await until(api, "/refusals", lambda r: r["identity"] == IDENTITY and r["reason"] == "profile_too_low")
    assert lower.connections == 0


async def _revoked(api: httpx.AsyncClient, station: Runner) -> None:
    """It ends the connection that stands, and lets none in after it."""
    held = await until(api, f"/certificates?station={IDENTITY}", lambda c: c["status"] == "accepted")
    good(await api.post(f"/certificates/{held['id']}/revoke", json={"reason": "key_compromise"}))
    with trio.fail_after(15):
        while station.station.online:  # noqa: ASYNC110 - the simulated station has no event for it
            await trio.sleep(0.1)
    await until(api, "/refusals", lambda r: r["identity"] == IDENTITY and r["reason"] == "certificate_revoked")
