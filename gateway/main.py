"""One node, from start to stop. Reads top to bottom: each part outlives what stands below it.

storage ⊃ outbox dispatcher ⊃ charge-point actors ⊃ HTTP server ⊃ OCPP listener
"""

from contextlib import AsyncExitStack

import orjson
import trio

from gateway.announce import announce
from gateway.interpreter import settle_interpreter
from gateway.node import Node
from gateway.settings import Settings
from gateway.signals import wait_for_signal
from web.api.routes import ROUTES
from web.context import Facts
from web.openapi.document import make_document


async def run_node(settings: Settings, demo: bool) -> None:
    """Runs until SIGTERM or SIGINT, then stops in order: no new stations, those connected close, the rest drains."""
    stop = trio.Event()
    async with trio.open_nursery() as nursery:
        await nursery.start(wait_for_signal, stop)
        await _run(settings, stop, demo=demo)
        nursery.cancel_scope.cancel()


async def _run(settings: Settings, stop: trio.Event, *, demo: bool) -> None:
    async with AsyncExitStack() as stack:
        node = Node(settings, stop, stack)
        await node.open_storage()
        await node.open_security()
        await node.open_stations()
        await node.open_file_server()
        await node.begin_work()
        api = await node.serve_api()
        ocpp = await node.listen()
        with_demo = demo and await node.show_demo(ocpp)
        announce(api, ocpp, node.token, demo=with_demo)
        settle_interpreter()
        await stop.wait()
        await node.say_goodbye()


def openapi_document() -> str:
    """`voltyard openapi`: the document, as the API serves it."""
    return orjson.dumps(make_document(ROUTES, Facts()), option=orjson.OPT_INDENT_2).decode()
