"""The HTTP listeners of a node, as a block: API, documentation, live feed and health; metrics there or apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import trio
from quart_trio import QuartTrio

from gateway.setting_types import ListenAddress
from gateway.settings import InvalidSetting, Settings, variable
from gateway.tls import make_context
from web.app import make_app, make_metrics_app
from web.context import Context, Facts
from web.serve import serve_http

_GRACE = 5.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def http_server(settings: Settings, context: Context) -> AsyncIterator[list[str]]:
    """Serves while the block runs; gives the API's addresses. Metrics have a listener of their own when it is set.

    Raises InvalidSetting when an address or its certificate cannot be used.
    """
    stop = trio.Event()
    async with trio.open_nursery() as nursery:
        addresses = await _begin(nursery, "http_listen", settings.http_listen, make_app(context), context.facts, stop)
        if settings.metrics_listen is not None:
            apart = make_metrics_app(context)
            [place] = await _begin(nursery, "metrics_listen", settings.metrics_listen, apart, context.facts, stop)
            log.info("metrics are served apart", url=f"{place}/metrics")
        yield addresses
        stop.set()


async def _begin(
    nursery: trio.Nursery, name: str, address: ListenAddress, app: QuartTrio, facts: Facts, stop: trio.Event
) -> list[str]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    make_context(variable(name), address)  # so that a certificate which cannot be used is an error with a name
    chain, key = map(str, address.certificates[0]) if address.tls else (None, None)

    async def serve(*, task_status: trio.TaskStatus[list[str]]) -> None:
        await serve_http(
            app,
            [f"{host}:{address.port}"],
            facts,
            shutdown_trigger=stop.wait,
            graceful=_GRACE,
            certfile=chain,
            keyfile=key,
            task_status=task_status,
        )

    try:
        addresses: list[str] = await nursery.start(serve)
    except OSError as error:
        why = f"cannot listen there ({error.strerror or error}): stop what uses it, or choose another port"
        raise InvalidSetting(variable(name), str(address), why) from error
    return addresses
