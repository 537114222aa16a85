"""Addresses behind proxies: believed from whom we trust, and from nobody else."""

import ipaddress
import struct

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from gateway.proxies import LONGEST, Malformed, ProxyHeader, client_address, prefix, read_proxy_header, trusted
from tests.gateway.conftest import Open
from tests.support.wire import request

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
V2 = b"\r\n\r\n\x00\r\nQUIT\n"


def v2(source: str, command: int = 0x21, extra: bytes = b"") -> bytes:
    packed = ipaddress.ip_address(source).packed
    block = packed + packed + struct.pack("!HH", 4711, 9000) + extra
    return V2 + struct.pack("!BBH", command, 0x11 if len(packed) == 4 else 0x21, len(block)) + block


@pytest.mark.parametrize(
    ("data", "source"),
    [
        (b"PROXY TCP4 192.0.2.7 10.0.0.1 4711 9000\r\n", "192.0.2.7"),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 4711 9000\r\n", "2001:db8::7"),
        (b"PROXY UNKNOWN\r\n", None),
        (v2("192.0.2.7"), "192.0.2.7"),
        (v2("2001:db8::7", extra=b"\x04\x00\x01x"), "2001:db8::7"),
        (v2("192.0.2.7", command=0x20), None),
    ],
)
def test_headers_are_read_whole_and_in_pieces(data: bytes, source: str | None) -> None:
    assert read_proxy_header(data + b"GET / HTTP/1.1") == ProxyHeader(len(data), source)
    for cut in range(1, len(data)):
        assert read_proxy_header(data[:cut]) is True


@pytest.mark.parametrize(
    "data",
    [
        b"PROXY TCP4 nonsense 10.0.0.1 1 2\r\n",
        b"PROXY TCP4 192.0.2.7\r\n",
        b"PROXY " + b"x" * 120,
        V2 + struct.pack("!BBH", 0x31, 0x11, 12) + bytes(12),
        V2 + struct.pack("!BBH", 0x21, 0x11, 4) + bytes(4),
        V2 + struct.pack("!BBH", 0x21, 0x11, 60000),
    ],
)
def test_what_is_malformed_says_so(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_proxy_header(data)


@given(st.sampled_from([b"", V2, b"PROXY "]), st.binary(max_size=300))
def test_any_bytes_are_a_header_or_none_or_malformed(beginning: bytes, rest: bytes) -> None:
    data = beginning + rest
    try:
        found = read_proxy_header(data)
    except Malformed:
        return
    assert isinstance(found, (bool, ProxyHeader))
    if isinstance(found, ProxyHeader):
        assert 0 < found.length <= min(len(data), LONGEST)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", [b"192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", [b"6.6.6.6, 192.0.2.7", b"127.0.0.9"], "192.0.2.7"),
        ("127.0.0.1", [b"192.0.2.7:4711"], "192.0.2.7"),
        ("127.0.0.1", [b"[2001:db8::7]:4711"], "2001:db8::7"),
        ("127.0.0.1", [b"192.0.2.7, unknown"], "127.0.0.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("198.51.100.1", [b"192.0.2.7"], "198.51.100.1"),
    ],
)
def test_forwarded_addresses(peer: str, forwarded: list[bytes], address: str) -> None:
    headers = [(b"x-forwarded-for", value) for value in forwarded]
    assert client_address(peer, headers, LOOPBACK) == address


def test_prefixes_and_trust() -> None:
    assert prefix("192.0.2.77") == "192.0.2.0/24"
    assert prefix("::ffff:192.0.2.77") == "192.0.2.0/24"
    assert prefix("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert prefix("somewhere") == "somewhere"
    assert trusted("::ffff:127.0.0.1", LOOPBACK)
    assert not trusted("127.0.0.1", ())


@pytest.mark.parametrize("header", [b"PROXY TCP4 192.0.2.7 10.0.0.1 4711 9000\r\n", v2("192.0.2.7")])
async def test_a_trusted_proxy_names_the_address(listening: Open, header: bytes) -> None:
    async with listening(trusted_proxies=LOOPBACK) as site:
        station = await site.dial()
        await station.send(header[:9])
        await trio.sleep(0.05)
        await station.send(header[9:] + request())
        assert (await station.response()).status == 101
        assert site.stations.attachments[0].link.remote_address == "192.0.2.7"
        _, response = await site.ask(request(x_forwarded_for="203.0.113.9"))
        assert response.status == 101
        assert site.stations.attachments[1].link.remote_address == "203.0.113.9"


async def test_nobody_else_names_an_address(listening: Open) -> None:
    async with listening() as site:
        _, response = await site.ask(b"PROXY TCP4 192.0.2.7 10.0.0.1 4711 9000\r\n" + request())
        assert response.status == 400
        _, response = await site.ask(request(x_forwarded_for="203.0.113.9"))
        assert site.stations.attachments[0].link.remote_address == "127.0.0.1"


async def test_a_malformed_header_is_refused(listening: Open) -> None:
    async with listening(trusted_proxies=LOOPBACK) as site:
        _, response = await site.ask(b"PROXY TCP4 x y 1 2\r\n" + request())
        assert response.status == 400
        assert site.reasons == [("proxy_header", 1)]
