"""Stations that negotiate compression, boot with a compressed frame and then say nothing: for the memory they cost."""

import contextlib
import socket
import zlib
from collections.abc import Sequence

from protocol.ocpp.version import Version
from simulators.fleet import frames, payloads
from simulators.fleet.engine import raise_file_limit
from simulators.fleet.member import Target

_OFFER = b"Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover\r\n\r\n"
_RSV1 = 0x40
_DEADLINE_S = 30.0


class CompressedFleet:
    """Dials one after the other. `connected`: how many were given compression and answered."""

    def __init__(self, target: Target, version: str, stations: Sequence[tuple[str, str | None]]) -> None:
        raise_file_limit(len(stations) + 200)
        self._sockets: list[socket.socket] = []
        for identity, password in stations:
            with contextlib.suppress(OSError):
                self._dial(target, Version(version), identity, password)
        self.connected = len(self._sockets)

    def _dial(self, target: Target, version: Version, identity: str, password: str | None) -> None:
        sock = socket.create_connection((target.host, target.port), timeout=_DEADLINE_S)
        head = frames.upgrade(target.path_of(identity), target.host_header, version.subprotocol, identity, password)
        sock.sendall(head[:-2] + _OFFER)
        answer = b""
        while b"\r\n\r\n" not in answer:
            if not (data := sock.recv(4096)):
                raise ConnectionResetError
            answer += data
        if b"permessage-deflate" not in answer:
            raise ConnectionRefusedError
        text = payloads.call_text(b"%08x" % len(self._sockets), "BootNotification", payloads.boot_payload(version))
        sock.sendall(frames.header(len(packed := _pack(text)), frames.TEXT | _RSV1) + packed)
        if not sock.recv(4096):
            raise ConnectionResetError
        self._sockets.append(sock)


def _pack(text: bytes) -> bytes:
    """RFC 7692, 7.2.1: raw deflate, flushed, without the four bytes every flush ends in."""
    packer = zlib.compressobj(wbits=-15)
    return (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
