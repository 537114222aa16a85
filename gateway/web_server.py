"""The HTTP server of a node, as a block: API, documentation, live feed, health and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

from gateway.settings import InvalidSetting, Settings, variable
from web.app import make_app
from web.context import Context
from web.serve import serve_http

_GRACE = 5.0


@asynccontextmanager
async def http_server(settings: Settings, context: Context) -> AsyncIterator[list[str]]:
    """Serves while the block runs; gives the addresses. Raises InvalidSetting when the address cannot be taken."""
    address, stop = settings.http_listen, trio.Event()
    host = f"[{address.host}]" if ":" in address.host else address.host

    async def serve(*, task_status: trio.TaskStatus[list[str]]) -> None:
        await serve_http(
            make_app(context),
            [f"{host}:{address.port}"],
            context.facts,
            shutdown_trigger=stop.wait,
            graceful=_GRACE,
            task_status=task_status,
        )

    async with trio.open_nursery() as nursery:
        try:
            addresses = await nursery.start(serve)
        except OSError as error:
            why = f"cannot listen there ({error.strerror or error}): stop what uses it, or choose another port"
            raise InvalidSetting(variable("http_listen"), str(address), why) from error
        yield addresses
        stop.set()
