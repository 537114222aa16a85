"""How the node's loop speaks to the FTP thread: work is handed over, and the thread's own loop woken to do it."""

import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog

log = structlog.get_logger("ftp")


class Bell:
    """Registered with pyftpdlib's loop like one of its connections."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._work: deque[Callable[[], None]] = deque()
        self._fileno = self._near.fileno()
        loop.register(self._fileno, self, loop.READ)

    def post(self, work: Callable[[], None]) -> None:
        """From any thread; after `close` it is not done."""
        self._work.append(work)
        with suppress(OSError):  # full: it rings already; closed: nobody listens
            self._far.send(b"!")

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        with suppress(OSError):
            self._near.recv(4096)
        while self._work:
            self._work.popleft()()

    def handle_error(self) -> None:
        """Called from within `except`. Work that fails is a bug, and the loop goes on for the others."""
        log.error("bug", exc_info=True)

    def handle_close(self) -> None:
        self.close()

    def close(self) -> None:
        with suppress(KeyError, OSError):
            self._loop.unregister(self._fileno)
        self._near.close()
        self._far.close()
