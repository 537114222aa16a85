"""Whose address a connection really has: the PROXY protocol (versions 1 and 2) and X-Forwarded-For. Pure.

Believed only from the networks in `trusted_proxies`; otherwise anybody could choose the address that limits count by.
"""

import ipaddress
import struct
from collections.abc import Iterable, Sequence

import attrs

from gateway.setting_types import Network

_V1 = b"PROXY "
_V1_LONGEST = 107  # the specification's own bound, line end included
_V2 = b"\r\n\r\n\x00\r\nQUIT\n"
_V2_LONGEST = 16 + 2048  # addresses and a generous set of extras
_FAMILIES = {0x1: (4, 12), 0x2: (16, 36)}  # AF_INET, AF_INET6: bytes of an address, of the whole block

LONGEST = _V2_LONGEST


class Malformed(ValueError):  # noqa: N818 - what came, said as a noun
    """It begins like a PROXY header and is none."""


@attrs.frozen
class ProxyHeader:
    """A header of `length` bytes. `source` is None when the proxy speaks for itself (a health check)."""

    length: int
    source: str | None


def trusted(address: str, networks: Sequence[Network]) -> bool:
    """Whether an address lies in one of the networks; IPv4 written as IPv6 counts as IPv4."""
    if not networks:
        return False
    found = _address(address)
    return found is not None and any(found in network for network in networks)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def read_proxy_header(data: bytes) -> ProxyHeader | bool:
    """What the first bytes of a connection are: a header, False when they are none, True when more are needed.

    Raises Malformed. Source: the PROXY protocol, versions 1 and 2, sections 2.1 and 2.2.
    """
    if data.startswith(_V2):
        return _read_v2(data)
    if data.startswith(_V1):
        return _read_v1(data)
    return bool(data) and (_V2.startswith(data) or _V1.startswith(data))


def _read_v1(data: bytes) -> ProxyHeader | bool:
    line, end, _ = data[:_V1_LONGEST].partition(b"\r\n")
    if not end:
        if len(data) >= _V1_LONGEST:
            raise Malformed("a PROXY line without an end")
        return True
    words = line.decode("ascii", "replace").split(" ")
    length = len(line) + 2
    if words[1] == "UNKNOWN":
        return ProxyHeader(length, None)
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6") or _address(words[2]) is None:
        raise Malformed("a PROXY line that names no address")
    return ProxyHeader(length, str(_address(words[2])))


def _read_v2(data: bytes) -> ProxyHeader | bool:
    if len(data) < 16:
        return True
    command, family, rest = struct.unpack_from("!BBH", data, 12)
    length = 16 + rest
    if command >> 4 != 2 or command & 15 > 1 or length > _V2_LONGEST:
        raise Malformed("a PROXY header of a version or size that we do not know")
    if len(data) < length:
        return True
    size, least = _FAMILIES.get(family >> 4, (0, 0))
    if command & 15 == 0 or not size:  # LOCAL, or a family without addresses
        return ProxyHeader(length, None)
    if rest < least:
        raise Malformed("a PROXY header too short for its addresses")
    return ProxyHeader(length, str(_address(str(ipaddress.ip_address(data[16 : 16 + size])))))


def client_address(peer: str, headers: Iterable[tuple[bytes, bytes]], networks: Sequence[Network]) -> str:
    """The client's address: the last one in X-Forwarded-For that no trusted proxy of ours wrote about itself."""
    if not trusted(peer, networks):
        return peer
    hops = [hop.strip() for name, value in headers if name.lower() == b"x-forwarded-for" for hop in value.split(b",")]
    client = peer
    for hop in reversed(hops):
        found = _address(_without_port(hop.decode("ascii", "replace")))
        if found is None:
            break  # what lies before it cannot be believed either
        client = str(found)
        if not trusted(client, networks):
            break
    return client


def _without_port(text: str) -> str:
    """`192.0.2.1:4711` and `[2001:db8::1]:4711` as some proxies write them."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def prefix(address: str) -> str:
    """The network an address is counted and shown by: /24, or /48 in IPv6. Other text as it is."""
    found = _address(address)
    if found is None:
        return address
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))
