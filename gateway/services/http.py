"""The one HTTP client for whoever lies outside: pools, responders, webhooks. Every answer has a deadline and a size.

Stations and tenants name some of the addresses. So that nobody reaches our own network through us, a name is resolved
here, every address it stands for has to be public (unless VOLTYARD_OUTSIDE_PRIVATE), and the connection goes to the
address that was checked. Redirects are not followed.
"""

import contextlib
import ipaddress
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import attrs
import httpx
import trio

_AT_ONCE: Final = 64
_QUEUE: Final = 256  # waiting for one of those
_SCHEMES: Final = ("http", "https")
# What a gateway may turn into an IPv4 address that is not public, and what was once site-local.
_TRANSLATED: Final = tuple(
    ipaddress.IPv6Network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10")
)


class OutsideFailed(Exception):  # noqa: N818 - what somebody outside did, not a fault of ours
    """No usable answer. `reason` is a word of at most 20 letters, as a station's statusInfo takes it."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text


@attrs.frozen
class Fetched:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class OutsideHttp:
    """Made by `open_http`."""

    def __init__(self, client: httpx.AsyncClient, *, private: bool) -> None:
        self._client = client
        self._private = private
        self._room = trio.CapacityLimiter(_AT_ONCE)

    async def fetch(
        self, method: str, url: str, *, deadline: float, limit: int, content: bytes | None = None,
        headers: Mapping[str, str] | None = None, trusted: bool = False,
    ) -> Fetched:  # fmt: skip
        """One request, its answer within `deadline` seconds and `limit` bytes. `trusted`: the operator of the node set
        the address, so it may be private. Raises OutsideFailed.
        """
        if self._room.statistics().tasks_waiting >= _QUEUE:
            raise OutsideFailed("Busy", "too many requests to the outside are waiting")
        try:
            with trio.fail_after(deadline):
                async with self._room:
                    return await self._fetch(method, url, content, headers or {}, limit, trusted or self._private)
        except trio.TooSlowError:
            raise OutsideFailed("Timeout", f"{_host(url)} gave no whole answer within {deadline:g} s") from None
        except (httpx.InvalidURL, UnicodeError) as error:
            raise OutsideFailed("BadAddress", f"the address cannot be used: {error}") from None
        except httpx.HTTPError as error:
            raise OutsideFailed("Unreachable", f"{_host(url)}: {type(error).__name__}: {error}"[:300]) from None

    async def _fetch(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str], limit: int, private: bool
    ) -> Fetched:
        request = self._client.build_request(method, url, content=content, headers=dict(headers))
        await _settle(request, private=private)
        answer = await self._client.send(request, stream=True)
        try:
            packed = answer.headers.get("content-encoding", "").strip().lower()
            if packed not in ("", "identity"):  # a few bytes may unpack to more than there is memory
                raise OutsideFailed("Packed", f"{_host(url)} answered in {packed[:20]!r}, which was not asked for")
            body = await _body(answer, limit)
            if body is None:
                raise OutsideFailed("TooLarge", f"{_host(url)} answered more than {limit} bytes")
            return Fetched(answer.status_code, dict(answer.headers), body)
        finally:
            with trio.CancelScope(shield=True), trio.move_on_after(1):
                await answer.aclose()


async def _body(answer: httpx.Response, limit: int) -> bytes | None:
    """The whole body; None when it is longer than `limit`."""
    body = bytearray()
    pieces = answer.aiter_bytes()
    async for piece in pieces:
        body += piece
        if len(body) > limit:
            # The generators under `pieces` have to end too: with the connection closed their next read ends them.
            await answer.aclose()
            with contextlib.suppress(httpx.HTTPError, httpx.StreamError, trio.ClosedResourceError):
                async for _ in pieces:
                    pass
            return None
    return bytes(body)


async def _settle(request: httpx.Request, *, private: bool) -> None:
    """Turns the host into the address that is connected to; name checks of TLS and the Host header keep the name."""
    url = request.url
    if url.scheme not in _SCHEMES or not url.host:
        raise OutsideFailed("BadAddress", "an address begins with http:// or https:// and names a host")
    address = await _address(url.host, url.port or (443 if url.scheme == "https" else 80), private=private)
    request.extensions = {**request.extensions, "sni_hostname": url.host}
    request.url = url.copy_with(host=address)


async def _address(host: str, port: int, *, private: bool) -> str:
    try:
        found = await trio.socket.getaddrinfo(host, port, type=trio.socket.SOCK_STREAM)
    except OSError as error:
        raise OutsideFailed("Unreachable", f"{host} has no address: {error}") from None
    places = [str(place[0]).partition("%")[0] for *_, place in found]
    if not private and any(not public(place) for place in places):
        raise OutsideFailed(
            "Forbidden", f"{host} lies in a private network; VOLTYARD_OUTSIDE_PRIVATE=true would allow it"
        )
    return places[0]


def public(place: str) -> bool:
    """False for loopback, private, link-local, multicast and reserved addresses, also inside an IPv6 one."""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(place)
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _TRANSLATED):
            return False
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or "the address"
    except httpx.InvalidURL:
        return "the address"


@asynccontextmanager
async def open_http(*, private: bool) -> AsyncIterator[OutsideHttp]:
    """The client for as long as the block runs. `private`: any address may be asked."""
    # A kept connection is known by its address alone, and another name behind the same address must not get it.
    limits = httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(), limits=limits, timeout=None, trust_env=False, follow_redirects=False,  # noqa: S113 - every fetch has a deadline of its own
        headers={"User-Agent": "voltyard", "Accept-Encoding": "identity"},
    ) as client:  # fmt: skip
        yield OutsideHttp(client, private=private)
