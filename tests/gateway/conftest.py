"""A listener on loopback with fakes behind it."""

import datetime
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import attrs
import pytest
import trio
import trio.testing

from actors.ports import StationConfig
from gateway.handshake import Security
from gateway.metrics import Metrics
from gateway.ocpp_listener import OcppListeners, ocpp_listeners
from gateway.refusals import Refusals
from gateway.setting_types import listen_ocpp
from gateway.settings import Settings
from gateway.tls_live import Replaced
from storage.refusals import Refusal
from tests.support.fake_stations import FakePasswords, FakeRefusalStore, FakeStations, FakeStore, station_config
from tests.support.wire import RawStation, Response, request


@attrs.define
class Site:
    """What a test of the listener has at hand."""

    settings: Settings
    store: FakeStore
    stations: FakeStations
    passwords: FakePasswords
    refusals: Refusals
    metrics: Metrics
    listeners: OcppListeners
    dialled: list[RawStation] = attrs.Factory(list)

    async def dial(self, index: int = 0) -> RawStation:
        """A TCP connection."""
        address = self.listeners.addresses[index]
        station = RawStation(await trio.open_tcp_stream(address.host, address.port))
        self.dialled.append(station)
        return station

    async def ask(self, head: bytes | None = None) -> tuple[RawStation, Response]:
        """A connection that has sent its request and read the answer."""
        station = await self.dial()
        await station.send(request() if head is None else head)
        return station, await station.response()

    async def connected(self, path: str = "/ocpp/CP1", **headers: str | None) -> RawStation:
        station, response = await self.ask(request(path, **headers))
        assert response.status == 101
        return station

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """What the operator will see: reason and count."""
        return [(refusal.reason, refusal.count) for refusal in self.noted]

    @property
    def noted(self) -> list[Refusal]:
        return list(self.refusals._pending.values())


@pytest.fixture
def virtual_time() -> trio.testing.MockClock:
    """Time that jumps when nothing happens, but not while bytes are on their way through the kernel."""
    return trio.testing.MockClock(autojump_threshold=0.01)


Open = Callable[..., AbstractAsyncContextManager[Site]]


@pytest.fixture
def listening() -> Open:
    """`async with listening(*station configs, reply=…, setting=…) as site`."""

    @asynccontextmanager
    async def open_site(
        *configs: StationConfig,
        reply: Callable[[str | bytes], str | None] = lambda text: None,
        security: Security | None = None,
        replaced: Callable[[Replaced], None] = lambda what: None,
        **settings: Any,
    ) -> AsyncIterator[Site]:
        chosen = Settings(**{"ocpp_listen": (listen_ocpp("ws://127.0.0.1:0"),), **settings})
        store = FakeStore(*(configs or (station_config(),)))
        stations, passwords, metrics = FakeStations(reply), FakePasswords(), Metrics()
        refusals = Refusals(FakeRefusalStore(), lambda: datetime.datetime.now(datetime.UTC))
        async with ocpp_listeners(
            chosen, store, stations, passwords, refusals, metrics, tenants=lambda slug: slug == "acme",
            security=security, replaced=replaced,
        ) as listeners:
            site = Site(chosen, store, stations, passwords, refusals, metrics, listeners)
            try:
                yield site
            finally:
                for station in site.dialled:
                    await trio.aclose_forcefully(station.stream)

    return open_site
