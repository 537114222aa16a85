"""What somebody outside may send back: nothing packed, nothing long; and which addresses count as public; and that
nobody waits for what another tenant waits for.
"""

import gzip
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import trio
import trio.testing

from gateway.services import addresses
from gateway.services import http as http_module
from gateway.services.addresses import public
from gateway.services.http import OutsideFailed, open_http
from gateway.services.shares import Crowded, Share

TENANT, OTHER = UUID(int=1), UUID(int=2)


@asynccontextmanager
async def answering(head: bytes, body: bytes) -> AsyncIterator[str]:
    """A server that gives every request the same answer."""

    async def serve(stream: trio.SocketStream) -> None:
        async with stream:
            await stream.receive_some(65_536)
            await stream.send_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + head + b"\r\n" + body)

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, serve, 0)
        yield f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}/"
        nursery.cancel_scope.cancel()


async def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    async with answering(b"Content-Encoding: gzip\r\n", bomb) as url, open_http(private=True) as http:
        with pytest.raises(OutsideFailed) as caught:
            await http.fetch("GET", url, tenant=TENANT, deadline=5, limit=100)
    assert caught.value.reason == "Packed"


async def test_a_long_answer_is_cut_and_a_plain_one_comes_whole() -> None:
    async with answering(b"", b"x" * 200) as url, open_http(private=True) as http:
        with pytest.raises(OutsideFailed) as caught:
            await http.fetch("GET", url, tenant=TENANT, deadline=5, limit=100)
        assert caught.value.reason == "TooLarge"
        assert (await http.fetch("GET", url, tenant=TENANT, deadline=5, limit=200)).body == b"x" * 200


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a00:1",
     "::127.0.0.1", "::ffff:0:7f00:1", "fec0::1", "fe80::1", "224.0.0.1"],
)  # fmt: skip
def test_addresses_of_our_own_networks_are_not_public(place: str) -> None:
    assert not public(place)


@pytest.mark.parametrize("place", ["93.184.216.34", "2606:2800:220:1::1"])
def test_others_are(place: str) -> None:
    assert public(place)


# Whom others wait for


@asynccontextmanager
async def silent() -> AsyncIterator[tuple[str, list[int]]]:
    """A server that takes every connection and says nothing; how many there were."""
    taken: list[int] = []

    async def hold(stream: trio.SocketStream) -> None:
        taken.append(1)
        await trio.sleep_forever()

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, hold, 0)
        yield f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}/", taken
        nursery.cancel_scope.cancel()


async def until(seen: Callable[[], bool]) -> None:
    with trio.fail_after(10):
        while not seen():  # noqa: ASYNC110 - the other end of a socket
            await trio.sleep(0.001)


async def test_a_responder_that_hangs_delays_its_own_tenant_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "_EACH", 4)
    async with (
        silent() as (slow, taken), answering(b"", b"ok") as quick, open_http(private=True) as http,
        trio.open_nursery() as nursery,
    ):  # fmt: skip

        async def hang() -> None:
            with pytest.raises(OutsideFailed):
                await http.fetch("GET", slow, tenant=TENANT, deadline=60, limit=100)

        for _ in range(4):
            nursery.start_soon(hang)
        await until(lambda: len(taken) == 4)
        assert (await http.fetch("GET", quick, tenant=OTHER, deadline=10, limit=100)).body == b"ok"
        with pytest.raises(OutsideFailed) as caught:  # its own next one has to wait
            await http.fetch("GET", quick, tenant=TENANT, deadline=0.05, limit=100)
        assert caught.value.reason == "Timeout"
        operators = await http.fetch("GET", quick, tenant=TENANT, deadline=10, limit=100, trusted=True)
        assert operators.body == b"ok"
        nursery.cancel_scope.cancel()


async def test_names_that_take_long_to_look_up_take_no_thread_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, asked, found = threading.Event(), [], socket.getaddrinfo

    def look_up(host: str, *rest: Any, **more: Any) -> Any:
        if host == "slow.example":
            asked.append(host)
            answer.wait(30)
            raise socket.gaierror("nobody knows")
        return found(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(addresses, "_SECONDS", 0.05)
    names = addresses.Names()

    async def slow() -> None:
        with pytest.raises(addresses.NoAddress):
            await names.address(TENANT, "slow.example", 80, private=True)

    try:
        async with trio.open_nursery() as nursery:
            for _ in range(10):
                nursery.start_soon(slow)
        assert len(asked) == 8  # given up by their callers, and still this tenant's
        monkeypatch.setattr(addresses, "_SECONDS", 10)
        assert await names.address(OTHER, "localhost", 80, private=True) in ("127.0.0.1", "::1")
    finally:
        answer.set()
    assert await names.address(TENANT, "localhost", 80, private=True)  # what has ended is given back


async def test_who_has_least_under_way_comes_first(autojump_clock: Any) -> None:
    share, order = Share(total=3, each=2, queue=2), []

    async def work(tenant: UUID, seconds: float) -> None:
        async with share.of(tenant):
            order.append(tenant.int)
            await trio.sleep(seconds)

    async with trio.open_nursery() as nursery:
        for tenant, seconds in ((1, 5), (1, 9), (2, 7), (1, 1), (1, 1), (3, 1), (3, 1)):
            nursery.start_soon(work, UUID(int=tenant), seconds)
            await trio.testing.wait_all_tasks_blocked()
        with pytest.raises(Crowded):
            await share.take(TENANT)
        with trio.move_on_after(1):
            await share.take(OTHER)
    assert order == [1, 1, 2, 3, 3, 1, 1]
    async with trio.open_nursery() as nursery:  # whoever gave up left nothing behind
        for tenant in range(3):
            nursery.start_soon(work, UUID(int=tenant), 0)
    assert share._tenants == {}
