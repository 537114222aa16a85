"""ASGI in a few words: what a request is, how its body is read piece by piece, and how answers are sent.

Bodies are as long as a firmware image, so they go past the framework: a piece is read, written, and forgotten.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from urllib.parse import unquote

import attrs
import msgspec
import trio

from web.paths import path_as_sent
from web.problems import CODES, MEDIA_TYPE
from web.request_id import request_id

PIECE: Final = 256 * 1024


class Gone(Exception):  # noqa: N818 - an ending
    """The other side is gone, or brought nothing for too long."""


@attrs.frozen
class Request:
    """One HTTP request. `path`: the decoded segments of its address."""

    method: str
    path: list[str]
    headers: Mapping[str, str]
    query: bytes
    receive: Any
    send: Any
    silence: float
    id: str

    @property
    def length(self) -> int | None:
        """Content-Length."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The body in pieces as they come. Raises Gone."""
        more = True
        while more:
            try:
                with trio.fail_after(self.silence):
                    message = await self.receive()
            except trio.TooSlowError:
                raise Gone("nothing came for too long") from None
            if message["type"] == "http.disconnect":
                raise Gone("the connection was lost")
            more = message.get("more_body", False)
            if message.get("body"):
                yield message["body"]

    async def answer(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """A whole answer."""
        await self.begin(status, dict(headers) | {"content-length": str(len(body))})
        await self.send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Its head; pieces follow."""
        common = {"cache-control": "no-store", "x-content-type-options": "nosniff", "x-request-id": self.id}
        lines = [(name.encode(), value.encode("latin-1")) for name, value in (common | dict(headers)).items()]
        await self.send({"type": "http.response.start", "status": status, "headers": lines})

    async def piece(self, body: bytes, *, more: bool) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def problem(self, code: str, detail: str, headers: Mapping[str, str] | None = None) -> int:
        """A problem document (RFC 9457), readable for people. Returns its status."""
        known = CODES[code]
        document = {
            "type": f"/docs/errors#{code}", "title": known.title, "status": known.status, "detail": detail,
            "instance": "/".join(self.path[:3]),  # without the key of an address
            "code": code, "request_id": self.id,
        }  # fmt: skip
        body = msgspec.json.encode(document)
        await self.answer(known.status, {"content-type": MEDIA_TYPE} | dict(headers or {}), body)
        return known.status


def request_of(scope: Any, receive: Any, send: Any, silence: float) -> Request:
    """Headers by lower-case name; the last one of a name counts."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    path = [unquote(segment, errors="replace") for segment in path_as_sent(scope).split("/")]
    query = scope.get("query_string", b"")
    return Request(
        scope["method"], path, headers, query, receive, send, silence, request_id(headers.get("x-request-id"))
    )
