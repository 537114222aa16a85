"""Where a node serves HTTP: TLS when the address says https, metrics apart when they have an address of their own."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.setting_types import listen_http
from gateway.settings import InvalidSetting, Settings
from gateway.web_server import http_server
from tests.support.api import DirectedStations, make_context
from tests.support.certificates import make_certificates
from tests.support.node import free_ports
from web.context import Context
from web.live.hub import LiveHub

PLAIN = listen_http("http://127.0.0.1:0")


def context(**facts: Any) -> Context:
    nothing: Any = None  # health and metrics ask no database
    return make_context(DirectedStations(), nothing, nothing, LiveHub(), [], **facts)


async def test_https_is_https(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    files = f"cert={tmp_path}/server-ec.pem&key={tmp_path}/server-ec.key"
    settings = Settings(http_listen=listen_http(f"https://127.0.0.1:0?{files}"))
    async with http_server(settings, context()) as [address]:
        assert address.startswith("https://127.0.0.1:")
        async with httpx.AsyncClient(verify=certificates.client(), trust_env=False) as client:
            assert (await client.get(f"{address}/healthz")).json() == {"status": "ok"}


async def test_a_certificate_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    settings = Settings(http_listen=listen_http(f"https://127.0.0.1:0?cert={tmp_path}/none.pem&key={tmp_path}/none.key"))
    with pytest.RaisesGroup(pytest.RaisesExc(InvalidSetting, match=r"VOLTYARD_HTTP_LISTEN.*none\.pem")):
        async with http_server(settings, context()):
            raise AssertionError("it does not come to this")


async def test_metrics_are_served_where_the_setting_says_and_only_there() -> None:
    [port] = free_ports(1)
    settings = Settings(http_listen=PLAIN, metrics_listen=listen_http(f"http://127.0.0.1:{port}"))
    facts = {"metrics_here": False}
    async with http_server(settings, context(**facts)) as [api], httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/metrics")).text == "# TYPE up gauge\nup 1\n"
        assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 404
        assert (await client.get(f"{api}/metrics")).status_code == 404
        assert (await client.get(f"{api}/healthz")).status_code == 200


async def test_a_taken_metrics_address_is_said_by_its_name() -> None:
    async with http_server(Settings(http_listen=PLAIN), context()) as [api]:
        settings = Settings(http_listen=PLAIN, metrics_listen=listen_http(api))
        with pytest.RaisesGroup(pytest.RaisesExc(InvalidSetting, match=r"VOLTYARD_METRICS_LISTEN.*cannot listen")):
            async with http_server(settings, context(metrics_here=False)):
                raise AssertionError("it does not come to this")
