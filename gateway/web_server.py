"""The HTTP listeners of a node, as a block: API, documentation, live feed and health; metrics there or apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from quart_trio import QuartTrio

from gateway.setting_types import ListenAddress
from gateway.settings import InvalidSetting, Settings, variable
from web.app import make_app, make_metrics_app
from web.context import Context, Facts
from web.serve import serve_http

_GRACE = 5.0


@asynccontextmanager
async def http_server(settings: Settings, context: Context) -> AsyncIterator[list[str]]:
    """Serves while the block runs; gives the API's addresses, then those of the metrics when they have their own.

    `context.facts.metrics_here` says whether the API's listener has the metrics. Raises InvalidSetting when an address
    or its certificate cannot be used.
    """
    stop = trio.Event()
    async with trio.open_nursery() as nursery:
        addresses = await _begin(nursery, "http_listen", settings.http_listen, make_app(context), context.facts, stop)
        if settings.metrics_listen is not None:
            metrics = make_metrics_app(context)
            addresses += await _begin(nursery, "metrics_listen", settings.metrics_listen, metrics, context.facts, stop)
        yield addresses
        stop.set()


async def _begin(
    nursery: trio.Nursery, name: str, address: ListenAddress, app: QuartTrio, facts: Facts, stop: trio.Event
) -> list[str]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    certificate, key = address.certificates[0] if address.certificates else (None, None)

    async def serve(*, task_status: trio.TaskStatus[list[str]]) -> None:
        await serve_http(
            app,
            [f"{host}:{address.port}"],
            facts,
            shutdown_trigger=stop.wait,
            graceful=_GRACE,
            certfile=str(certificate) if certificate else None,
            keyfile=str(key) if key else None,
            task_status=task_status,
        )

    try:
        return list(await nursery.start(serve))
    except OSError as error:  # also ssl.SSLError, and a certificate that cannot be read
        why = f"cannot listen there ({error.strerror or error}): stop what uses it, or choose another port"
        if address.tls and error.errno in (None, errno.ENOENT, errno.EACCES):
            why = f"its certificate or key cannot be used ({error.strerror or error}): give PEM files that this user may read"
        raise InvalidSetting(variable(name), str(address), why) from error
