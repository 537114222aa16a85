"""What somebody outside may send back: nothing packed, nothing long; and which addresses count as public."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from gateway.services.http import OutsideFailed, open_http, public


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
            await http.fetch("GET", url, deadline=5, limit=100)
    assert caught.value.reason == "Packed"


async def test_a_long_answer_is_cut_and_a_plain_one_comes_whole() -> None:
    async with answering(b"", b"x" * 200) as url, open_http(private=True) as http:
        with pytest.raises(OutsideFailed) as caught:
            await http.fetch("GET", url, deadline=5, limit=100)
        assert caught.value.reason == "TooLarge"
        assert (await http.fetch("GET", url, deadline=5, limit=200)).body == b"x" * 200


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
