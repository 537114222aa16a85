"""The HTTP side of a handshake: a request head read from a wire, an answer as bytes. h11 parses, nothing is judged."""

import re
from collections.abc import Iterable
from http import HTTPStatus

import attrs
import h11

from gateway.wire import Wire

_CHUNK = 4096
_TARGET = re.compile(rb"^(\S+ )(.*)( HTTP/\d\.\d\r?)$")


class BadRequest(Exception):  # noqa: N818 - the other side's
    """What came is no HTTP request that we read. `empty`: nothing came at all; `head`: what did."""

    def __init__(self, status: int, detail: str, *, empty: bool = False, head: bytes = b"") -> None:
        super().__init__(detail)
        self.status, self.detail, self.empty, self.head = status, detail, empty, head


@attrs.frozen
class Request:
    """A request head. `target` as on the wire (bytes that no URL may hold are percent-encoded); names in lower case.

    `head`: the same as it came.
    """

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    trailing: bytes
    head: bytes = b""


async def read_request(wire: Wire, limit: int) -> Request:
    """Reads a request head of at most `limit` bytes. Raises BadRequest, and OSError as the wire does."""
    head = bytearray()
    while b"\r\n\r\n" not in head and b"\n\n" not in head:
        if len(head) > limit:
            raise BadRequest(431, f"a request head may have {limit} bytes", head=bytes(head))
        data = await wire.receive(_CHUNK)
        if not data:
            raise BadRequest(400, "the connection ended within the request", empty=not head, head=bytes(head))
        head += data
        if head[:1] not in _BEGINNINGS:
            raise BadRequest(400, "not an HTTP request", head=bytes(head))
    return _parse(bytes(head), limit)


#: What the name of a method may begin with. TLS to a plain port begins with 0x16, and would otherwise wait for more.
_BEGINNINGS = tuple(bytes((code,)) for code in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\r\n")


def _parse(head: bytes, limit: int) -> Request:
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=limit)
    try:
        connection.receive_data(_tolerated(head))
        event = connection.next_event()
    except h11.RemoteProtocolError as error:
        raise BadRequest(error.error_status_hint, str(error), head=head) from None
    if not isinstance(event, h11.Request):
        raise BadRequest(400, "not an HTTP request", head=head)
    trailing = connection.trailing_data[0]
    return Request(event.method.decode(), event.target, tuple(event.headers), trailing, head.removesuffix(trailing))


def _tolerated(head: bytes) -> bytes:
    """Stations send identities raw that a URL must percent-encode (blanks, UTF-8): encoded here, judged later."""
    line, end, rest = head.partition(b"\n")
    found = _TARGET.match(line)
    if found is None or re.fullmatch(rb"[\x21-\x7e]+", found[2]):
        return head
    target = re.sub(rb"[^\x21-\x7e]", lambda byte: b"%%%02X" % byte[0][0], found[2])
    return found[1] + target + found[3] + end + rest


def answer(status: int, headers: Iterable[tuple[str, str]] = (), body: str = "") -> bytes:
    """A response head, and for everything but 101 a short text that says why. The connection ends with it."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers]
    text = f"{body}\n".encode() if body else b""
    if status != 101:
        lines += ["Content-Type: text/plain; charset=utf-8", f"Content-Length: {len(text)}", "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + text
