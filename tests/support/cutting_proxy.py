"""A TCP proxy before PostgreSQL that cuts a connection at a chosen moment of a statement."""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import trio

_BIND = b"B"  # asyncpg sends Bind, Execute and Sync of a prepared statement in one go
_READY = b"Z\x00\x00\x00\x05I"  # ReadyForQuery, outside a transaction: what was sent is committed


class Cut(enum.Enum):
    """When the next execution of a prepared statement loses its connection."""

    REQUEST = "before the server sees it"
    EARLY = "while the server works on it"
    ANSWER = "when the server has committed, before its answer arrives"


class CuttingProxy:
    """Made by `cutting_proxy`. Forwards everything until `arm` is called, then cuts once."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self.cuts = 0
        self.refusing = False
        self._armed: Cut | None = None

    def arm(self, cut: Cut) -> None:
        self._armed = cut

    def through(self, url: str) -> str:
        """The address `url` by way of this proxy."""
        parts = urlsplit(url)
        account = parts.netloc.rsplit("@", 1)[0]
        return urlunsplit(parts._replace(netloc=f"{account}@127.0.0.1:{self.port}"))

    async def handle(self, client: trio.SocketStream) -> None:
        if self.refusing:
            await client.aclose()
            return
        server = await trio.open_tcp_stream("127.0.0.1", self._target)
        swallow = trio.Event()
        async with client, server, trio.open_nursery() as nursery:
            nursery.start_soon(self._back, server, client, swallow, nursery.cancel_scope)
            await self._forth(client, server, swallow)
            if not swallow.is_set():
                nursery.cancel_scope.cancel()

    async def _forth(self, client: trio.SocketStream, server: trio.SocketStream, swallow: trio.Event) -> None:
        try:
            async for data in client:
                cut = self._armed if bytes(data[:1]) == _BIND else None
                if cut is not None:
                    self._armed = None
                    self.cuts += 1
                if cut is Cut.REQUEST:
                    return
                if cut is not None:
                    swallow.set()
                await server.send_all(data)
                if cut is Cut.EARLY:
                    await client.aclose()
                if cut is not None:
                    return
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return

    async def _back(
        self, server: trio.SocketStream, client: trio.SocketStream, swallow: trio.Event, scope: trio.CancelScope
    ) -> None:
        try:
            async for data in server:
                if not swallow.is_set():
                    await client.send_all(data)
                elif bytes(data).endswith(_READY):
                    break
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass
        scope.cancel()


@asynccontextmanager
async def cutting_proxy(port: int) -> AsyncIterator[CuttingProxy]:
    """A proxy to 127.0.0.1:`port` while the block runs."""
    proxy = CuttingProxy(port)
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        proxy.port = listeners[0].socket.getsockname()[1]
        nursery.start_soon(trio.serve_listeners, proxy.handle, listeners)
        yield proxy
        nursery.cancel_scope.cancel()
