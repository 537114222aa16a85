"""A station's side of the socket, byte for byte: requests and frames as good or as bad as a test wants them."""

import base64
import os
import struct
from collections.abc import Mapping

import attrs
import trio

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@attrs.frozen
class Response:
    status: int
    headers: Mapping[str, str]


def request(path: str | bytes = "/ocpp/CP1", **headers: str | None) -> bytes:
    """An upgrade request. Keywords change headers (`sec_websocket_protocol="ocpp2.1"`), None leaves one out."""
    fields: dict[str, str | None] = {
        "host": "127.0.0.1", "upgrade": "websocket", "connection": "Upgrade", "sec-websocket-key": KEY,
        "sec-websocket-version": "13", "sec-websocket-protocol": "ocpp1.6",
    }  # fmt: skip
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    target = path if isinstance(path, bytes) else path.encode()
    lines = [b"GET " + target + b" HTTP/1.1"]
    lines += [f"{name}: {value}".encode() for name, value in fields.items() if value is not None]
    return b"\r\n".join([*lines, b"", b""])


def basic(name: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True) -> bytes:
    """One frame as a client sends it."""
    first = (128 if fin else 0) | rsv << 4 | opcode
    mask = 128 if masked else 0
    if len(payload) < 126:
        head = bytes((first, mask | len(payload)))
    elif len(payload) < 65536:
        head = struct.pack("!BBH", first, mask | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, mask | 127, len(payload))
    if not masked:
        return head + payload
    key = os.urandom(4)
    length = len(payload)
    stream = (key * (length // 4 + 1))[:length]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return head + key + mixed.to_bytes(length, "big")


def text(message: str | bytes, **changes: bool | int) -> bytes:
    payload = message.encode() if isinstance(message, str) else message
    return frame(1, payload, **changes)  # type: ignore[arg-type]


class RawStation:
    """A connected socket and what has been read from it."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self.stream = stream
        self.buffer = b""

    async def send(self, data: bytes) -> None:
        await self.stream.send_all(data)

    async def more(self) -> bool:
        """Reads on; False at the end."""
        data = await self.stream.receive_some(65536)
        self.buffer += data
        return bool(data)

    async def exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            if not await self.more():
                raise EOFError(self.buffer)
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    async def response(self) -> Response:
        """The response head, and what body it announces."""
        while b"\r\n\r\n" not in self.buffer:
            if not await self.more():
                raise EOFError(self.buffer)
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in pairs}
        await self.exactly(int(headers.get("content-length", "0")))
        return Response(int(first.split(" ")[1]), headers)

    async def frame(self) -> tuple[int, bytes]:
        """The next frame of the server: first byte and payload."""
        first, length = await self.exactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", await self.exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self.exactly(8))
        return first, await self.exactly(length)

    async def message(self) -> str:
        """The next text, whatever pings come before it."""
        while True:
            first, payload = await self.frame()
            if first == 0x81:
                return payload.decode()
            if first not in (0x89, 0x8A):
                raise AssertionError((first, payload))

    async def closed(self, *, answered: bool = True) -> tuple[int, str]:
        """The server's close frame, whatever comes before it; answered as a client should unless told otherwise."""
        while True:
            first, payload = await self.frame()
            if first == 0x88:
                (code,) = struct.unpack("!H", payload[:2])
                if answered:
                    await self.send(frame(8, payload[:2]))
                return code, payload[2:].decode()

    async def ended(self) -> bool:
        """True once the server has closed the socket."""
        try:
            while await self.more():
                pass
        except trio.BrokenResourceError:
            pass
        return True
