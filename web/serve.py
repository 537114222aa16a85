"""Serves an application with hypercorn's trio worker, inside the node's own trio run."""

import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import trio
from hypercorn.config import Config, Sockets
from hypercorn.trio import serve
from quart_trio import QuartTrio

from web.context import Facts
from web.endings import send_to_the_end

_LONGEST_LIVE_MESSAGE = 64 * 1024  # what a listener sends are subscriptions


class _Config(Config):
    """Hypercorn's settings, with sockets that give up a peer who takes nothing any more.

    Hypercorn shields its sending from cancellation, so no deadline of ours can end a send to such a peer: the kernel's
    own does (Linux: accepted connections inherit it from the listener).
    """

    stuck_after = 30.0

    def create_sockets(self) -> Sockets:
        sockets = super().create_sockets()
        for each in (*sockets.secure_sockets, *sockets.insecure_sockets):
            if each.family in (socket.AF_INET, socket.AF_INET6) and hasattr(socket, "TCP_USER_TIMEOUT"):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(self.stuck_after * 1000))
        return sockets


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

    `binds` are `host:port` (port 0: any) or `unix:path`; `task_status.started` gets the addresses listened on
    (`http://127.0.0.1:8080`). Raises OSError when an address cannot be taken.
    """
    logging.getLogger("hypercorn").setLevel(logging.WARNING)
    config = _Config()
    config.stuck_after = facts.stuck_after
    config.bind = list(binds)
    config.certfile, config.keyfile = certfile, keyfile
    config.graceful_timeout = graceful
    config.keep_alive_timeout = 75.0
    config.include_server_header = False
    config.websocket_max_message_size = _LONGEST_LIVE_MESSAGE
    config.websocket_ping_interval = facts.live_idle
    config.accesslog = None     # the application logs requests itself, with their ids
    config.errorlog = logging.getLogger("hypercorn")  # only what went wrong below the application
    wrapped: Any = send_to_the_end(app)  # hypercorn's types know no middleware
    await serve(wrapped, config, shutdown_trigger=shutdown_trigger, task_status=task_status, mode="asgi")
