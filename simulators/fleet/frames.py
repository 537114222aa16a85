"""Bytes on the wire of a load station: the upgrade, and WebSocket frames masked with the key 0.

A mask key of zero is legal (RFC 6455, 5.3 wants it unpredictable against confused proxies, which do not matter here)
and leaves the payload as it is, so frames can be made ahead of time.
"""

import base64
import struct
from functools import cache

import attrs

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0
KEY = b"dm9sdHlhcmQgZmxlZXQhIQ=="
ACCEPT = b"LzSXg35t98K98LzctO7GvWgMgyE="  # what RFC 6455, 4.2.2 makes of KEY
MOST_BYTES = 4 * 2**20


@cache
def header(length: int, opcode: int = TEXT) -> bytes:
    """The header of a final client frame of that payload length, mask key 0."""
    first = 0x80 | opcode
    if length < 126:
        return struct.pack("!BBI", first, 0x80 | length, 0)
    if length < 65536:
        return struct.pack("!BBHI", first, 0x80 | 126, length, 0)
    return struct.pack("!BBQI", first, 0x80 | 127, length, 0)


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole client frame."""
    return header(len(payload), opcode) + payload


def upgrade(path: bytes, host: bytes, subprotocol: str, user: str, password: str | None) -> bytes:
    """The HTTP request that opens the connection; with Basic credentials when there is a password."""
    lines = [b"GET " + path + b" HTTP/1.1", b"Host: " + host, b"Upgrade: websocket", b"Connection: Upgrade",
             b"Sec-WebSocket-Key: " + KEY, b"Sec-WebSocket-Version: 13",
             b"Sec-WebSocket-Protocol: " + subprotocol.encode()]
    if password is not None:
        lines.append(b"Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()))
    return b"\r\n".join(lines) + b"\r\n\r\n"


@attrs.frozen
class UpgradeAnswer:
    """The server's answer: status, seconds of Retry-After (None without), subprotocol, and whether it is sound."""

    status: int
    retry_after: float | None
    subprotocol: str | None
    accepted: bool


def read_upgrade(head: bytes) -> UpgradeAnswer:
    """The head of the server's answer, up to and without the blank line; status 0 when it is no HTTP."""
    lines = head.split(b"\r\n")
    parts = lines[0].split(b" ", 2)
    status = int(parts[1]) if len(parts) > 1 and parts[0].startswith(b"HTTP/") and parts[1].isdigit() else 0
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    after = fields.get(b"retry-after", b"")
    protocol = fields.get(b"sec-websocket-protocol")
    accepted = status == 101 and fields.get(b"sec-websocket-accept") == ACCEPT and protocol is not None
    return UpgradeAnswer(status, float(after) if after.isdigit() else None,
                         protocol.decode("latin-1") if protocol else None, accepted)


class BrokenFrameError(Exception):
    """The server sent what is no frame for a client."""


def split(buffer: bytearray) -> list[tuple[int, bool, bytes]]:
    """Take every complete server frame off the front of the buffer: (opcode, final, payload)."""
    found: list[tuple[int, bool, bytes]] = []
    at = 0
    size = len(buffer)
    while size - at >= 2:
        first, second = buffer[at], buffer[at + 1]
        if second & 0x80 or first & 0x70:
            raise BrokenFrameError("masked or with reserved bits")
        length, begin = second, at + 2
        if second == 126:
            if size - at < 4:
                break
            length, begin = int.from_bytes(buffer[at + 2:at + 4], "big"), at + 4
        elif second == 127:
            if size - at < 10:
                break
            length, begin = int.from_bytes(buffer[at + 2:at + 10], "big"), at + 10
        if length > MOST_BYTES:
            raise BrokenFrameError(f"a frame of {length} bytes")
        if size - begin < length:
            break
        found.append((first & 0x0F, bool(first & 0x80), bytes(buffer[begin:begin + length])))
        at = begin + length
    del buffer[:at]
    return found
