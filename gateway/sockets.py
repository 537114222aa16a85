"""Listening sockets: opened with a long backlog, and an accept that survives what a crowded system answers."""

import errno
import socket
from collections.abc import Callable
from typing import TypeVar

import structlog
import trio

from gateway.setting_types import ListenAddress
from gateway.settings import InvalidSetting

StdSocket = socket.socket

BACKLOG = 16384  # the kernel cuts it to net.core.somaxconn
#: Errors of the connection that was about to be accepted (accept(2) passes them on), not of the listener.
_GONE = {
    errno.ECONNABORTED, errno.EPROTO, errno.ENETDOWN, errno.EPERM, errno.EHOSTDOWN, errno.EHOSTUNREACH,
    errno.ENETUNREACH, errno.EOPNOTSUPP, errno.EINTR, errno.ENOPROTOOPT,
}  # fmt: skip
_REST = 0.2  # seconds between attempts while the system has no room

log = structlog.get_logger(__name__)


def open_listener(setting: str, address: ListenAddress) -> list[StdSocket]:
    """Sockets listening at every address that the host's name stands for.

    Raises InvalidSetting, naming `setting` and the address, when one cannot be had (in use, not ours, not allowed).
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise InvalidSetting(setting, str(address), f"the host cannot be found: {error}") from None
    sockets: list[StdSocket] = []
    try:
        for family, kind, protocol, _, place in dict.fromkeys(found):
            sockets.append(_listen(family, kind, protocol, place))
    except OSError as error:
        for sock in sockets:
            sock.close()
        raise InvalidSetting(setting, str(address), _why(error)) from None
    return sockets


def _listen(family: int, kind: int, protocol: int, place: object) -> StdSocket:
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setblocking(False)
        sock.bind(place)  # type: ignore[arg-type]  # what getaddrinfo gave
        sock.listen(BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is in use: stop what listens there (`ss -ltnp` names it) or choose another"
    if error.errno == errno.EACCES:
        return "not allowed: ports below 1024 need the capability CAP_NET_BIND_SERVICE; choose a higher one"
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine has no such address: use 0.0.0.0, [::] or one that `ip address` shows"
    return str(error)


async def accept(listener: StdSocket, most: int = 64) -> list[tuple[StdSocket, tuple[str, int]]]:
    """Waits for connections and takes at most `most` that are there, with their addresses.

    An empty list: none could be taken just now (no file descriptors or memory left); the caller comes back.
    Raises trio.ClosedResourceError when the listener was closed.
    """
    await trio.lowlevel.wait_readable(listener)
    taken: list[tuple[StdSocket, tuple[str, int]]] = []
    while len(taken) < most:
        try:
            sock, place = listener.accept()
        except BlockingIOError:
            break
        except OSError as error:
            if error.errno in _GONE:
                continue
            if listener.fileno() == -1:  # closed while we were being woken up
                raise trio.ClosedResourceError from None
            if not taken:
                log.error("cannot accept connections", error=str(error), advice="raise the limit of open files")
                await trio.sleep(_REST)
            break
        taken.append((sock, (place[0], place[1])))
    return taken


def prepare(sock: StdSocket) -> None:
    """What every accepted socket gets: no delay for small frames, keep-alive as a second net for half-open ones."""
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


_T = TypeVar("_T")


async def peek(sock: StdSocket, most: int, read: Callable[[bytes], _T | bool]) -> _T | bool:
    """What `read` makes of the first bytes, which stay in the socket. It says True while it needs more of them."""
    seen = 0
    while True:
        await trio.lowlevel.wait_readable(sock)
        try:
            data = sock.recv(most, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            continue
        found = read(data)
        if found is not True or not data:
            return found
        if len(data) == seen:
            await trio.sleep(0.02)  # readable all the time, since nothing is taken out
        seen = len(data)
