"""The one HTTP client for whoever lies outside: pools, responders, webhooks. Every answer has a deadline and a size,
and every tenant its share of what may be under way: whom one of them waits for delays nobody else.

Stations and tenants name some of the addresses. So that nobody reaches our own network through us, a name is resolved
here, every address it stands for has to be public (unless VOLTYARD_OUTSIDE_PRIVATE), and the connection goes to the
address that was checked. Redirects are not followed.
"""

import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import attrs
import httpx
import trio

from gateway.services.addresses import ForbiddenError, Names, NoAddress
from gateway.services.shares import Crowded, Share

_AT_ONCE: Final = 256  # connections to addresses that stations and tenants name
_EACH: Final = 32  # of those, of one tenant
_TRUSTED_AT_ONCE: Final = 64  # connections to what the operator of the node has set, beside the others
_TRUSTED_EACH: Final = 16
_QUEUE: Final = 128  # of one tenant that wait for one of those
_SCHEMES: Final = ("http", "https")


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


@attrs.frozen
class _Way:
    """Places for connections, and for looking names up."""

    room: Share
    names: Names = attrs.Factory(Names)


class OutsideHttp:
    """Made by `open_http`."""

    def __init__(self, client: httpx.AsyncClient, *, private: bool) -> None:
        self._client = client
        self._private = private
        self._ways = {
            False: _Way(Share(_AT_ONCE, _EACH, _QUEUE)), True: _Way(Share(_TRUSTED_AT_ONCE, _TRUSTED_EACH, _QUEUE))
        }  # fmt: skip

    async def fetch(
        self, method: str, url: str, *, tenant: UUID, deadline: float, limit: int, content: bytes | None = None,
        headers: Mapping[str, str] | None = None, trusted: bool = False,
    ) -> Fetched:  # fmt: skip
        """One request, its answer within `deadline` seconds and `limit` bytes. `tenant`: for whom it is made, whose
        share it uses up. `trusted`: the operator of the node set the address, so it may be private, and it has places
        that no other address can take. Raises OutsideFailed.
        """
        way = self._ways[trusted]
        try:
            with trio.fail_after(deadline):
                async with way.room.of(tenant):
                    request = self._client.build_request(method, url, content=content, headers=dict(headers or {}))
                    await _settle(request, tenant, way.names, private=trusted or self._private)
                    return await self._send(request, url, limit)
        except Crowded:
            raise OutsideFailed("Busy", "too many requests to the outside are waiting") from None
        except trio.TooSlowError:
            raise OutsideFailed("Timeout", f"{_host(url)} gave no whole answer within {deadline:g} s") from None
        except (httpx.InvalidURL, UnicodeError) as error:
            raise OutsideFailed("BadAddress", f"the address cannot be used: {error}") from None
        except httpx.HTTPError as error:
            raise OutsideFailed("Unreachable", f"{_host(url)}: {type(error).__name__}: {error}"[:300]) from None

    async def _send(self, request: httpx.Request, url: str, limit: int) -> Fetched:
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


async def _settle(request: httpx.Request, tenant: UUID, names: Names, *, private: bool) -> None:
    """Turns the host into the address that is connected to; name checks of TLS and the Host header keep the name."""
    url = request.url
    if url.scheme not in _SCHEMES or not url.host:
        raise OutsideFailed("BadAddress", "an address begins with http:// or https:// and names a host")
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        address = await names.address(tenant, url.host, port, private=private)
    except NoAddress as error:
        raise OutsideFailed("Unreachable", str(error)) from None
    except ForbiddenError as error:
        raise OutsideFailed("Forbidden", str(error)) from None
    request.extensions = {**request.extensions, "sni_hostname": url.host}
    request.url = url.copy_with(host=address)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or "the address"
    except httpx.InvalidURL:
        return "the address"


@asynccontextmanager
async def open_http(*, private: bool) -> AsyncIterator[OutsideHttp]:
    """The client for as long as the block runs. `private`: any address may be asked."""
    # A kept connection is known by its address alone, and another name behind the same address must not get it. How
    # many there are is bounded by tenant, in `fetch`.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(), limits=limits, timeout=None, trust_env=False, follow_redirects=False,  # noqa: S113 - every fetch has a deadline of its own
        headers={"User-Agent": "voltyard", "Accept-Encoding": "identity"},
    ) as client:  # fmt: skip
        yield OutsideHttp(client, private=private)
