"""Serves an application with hypercorn's trio worker, inside the node's own trio run."""

import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Any

import trio
from hypercorn.config import Config, Sockets
from hypercorn.trio import serve
from quart_trio import QuartTrio

from web.context import Facts
from web.endings import send_to_the_end

_LONGEST_LIVE_MESSAGE = 64 * 1024  # what a listener sends are subscriptions


class _Config(Config):
    """Hypercorn's settings, with listening sockets that we opened."""

    opened: Sequence[socket.socket] = ()

    def create_sockets(self) -> Sockets:
        secure, plain = (self.opened, ()) if self.ssl_enabled else ((), self.opened)
        return Sockets(list(secure), list(plain), [])


def open_sockets(binds: Sequence[str], stuck_after: float) -> list[socket.socket]:
    """Bound sockets for `host:port` each. Raises OSError when an address cannot be taken, and then leaves none open.

    They give up a peer that takes nothing for `stuck_after` seconds. Hypercorn shields its sending from cancellation,
    so no deadline of ours can end a send to such a peer: the kernel's own does (on Linux, for what is accepted).
    """
    with ExitStack() as undo:
        opened = [undo.enter_context(_bound(bind, stuck_after)) for bind in binds]
        undo.pop_all()
    return opened


def _bound(bind: str, stuck_after: float) -> socket.socket:
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    with ExitStack() as undo:
        each = undo.enter_context(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET))
        each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(stuck_after * 1000))
        each.bind((host, int(port)))
        undo.pop_all()
    return each


async def serve_http(
    app: QuartTrio,
    binds: Sequence[str],
    facts: Facts,
    *,
    shutdown_trigger: Callable[[], Awaitable[None]] | None = None,
    graceful: float = 5.0,
    certfile: str | None = None,
    keyfile: str | None = None,
    task_status: trio.TaskStatus[list[str]] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Runs until `shutdown_trigger` returns, then gives running requests `graceful` seconds.

    `binds` are `host:port` (port 0: any); `task_status.started` gets the addresses listened on
    (`http://127.0.0.1:8080`). Raises OSError when an address cannot be taken.
    """
    logging.getLogger("hypercorn").setLevel(logging.WARNING)
    config = _Config()
    config.opened = open_sockets(binds, facts.stuck_after)
    config.certfile, config.keyfile = certfile, keyfile
    config.graceful_timeout = graceful
    config.keep_alive_timeout = 75.0
    config.include_server_header = False
    config.websocket_max_message_size = _LONGEST_LIVE_MESSAGE
    config.websocket_ping_interval = facts.live_idle
    config.accesslog = None     # the application logs requests itself, with their ids
    config.errorlog = logging.getLogger("hypercorn")  # only what went wrong below the application
    wrapped: Any = send_to_the_end(app)  # hypercorn's types know no middleware
    try:
        await serve(wrapped, config, shutdown_trigger=shutdown_trigger, task_status=task_status, mode="asgi")
    finally:
        for each in config.opened:
            each.close()
