"""Addresses: the raw path is split first and decoded afterwards, so that `%2F` may be part of an OCPP identity."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from quart.routing import QuartRule
from quart_trio import QuartTrio
from werkzeug.routing import BaseConverter

# Stands for an encoded slash while the router splits the path: a private-use character that no identity may hold.
_SLASH = "\uf8fe"

Asgi = Callable[[Any, Any, Any], Awaitable[None]]


def decoded_by_segment(raw_path: bytes) -> str:
    """The path for the router: each segment decoded by itself, an encoded slash kept apart from a real one."""
    segments = raw_path.decode("latin-1").split("/")
    return "/".join(unquote(segment, errors="replace").replace("/", _SLASH) for segment in segments)


def path_as_sent(scope: Any) -> str:
    """The request's path as the caller wrote it, percent signs and all."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


def split_before_decoding(app: Asgi) -> Asgi:
    """ASGI middleware: `path` becomes what `decoded_by_segment` says of `raw_path`."""

    async def call(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            raw = scope.get("raw_path") or scope["path"].encode()
            if raw.startswith(b"/"):  # else the absolute form of a proxy request: left to the server's own reading
                scope = {**scope, "path": decoded_by_segment(raw.partition(b"?")[0])}
        await app(scope, receive, send)

    return call


class SegmentConverter(BaseConverter):
    """One path segment as the caller meant it."""

    def to_python(self, value: str) -> str:
        return value.replace(_SLASH, "/")


class MatchedRule(QuartRule):
    """A rule that paths are matched against, and no more.

    The framework also compiles, for each rule, two functions that build an address from an endpoint's name. Nobody asks
    for them here, and they were most of the time that an application took to make. Should a later framework call this
    method differently, they are compiled again and all else stays as it is.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _build_nothing


def _build_nothing(rule: MatchedRule, **values: object) -> tuple[str, str]:
    raise NotImplementedError(f"addresses are written out here, not built from {rule.endpoint}")


def prepare(app: QuartTrio) -> None:
    """No redirects for doubled or trailing slashes: an identity is compared as it was sent."""
    app.url_rule_class = MatchedRule
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = True
    app.url_map.converters["segment"] = SegmentConverter
