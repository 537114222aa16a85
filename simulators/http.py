"""A small HTTP server for partners that are simulated: one handler for everything, one request a connection."""

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import attrs
import h11
import trio

_LONGEST: Final = 1024 * 1024  # bytes of a request
_SECONDS: Final = 60.0
_PIECE: Final = 65536


@attrs.frozen
class Request:
    """What came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@attrs.frozen
class Response:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/octet-stream"


Handle = Callable[[Request], Awaitable[Response]]


async def serve(
    handle: Handle, host: str, port: int, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED
) -> None:
    """Until cancelled; `started` gives the port."""
    async with trio.open_nursery() as nursery:
        listen = functools.partial(trio.serve_tcp, _connection(handle), port, host=host)
        listeners: list[Any] = await nursery.start(listen)
        task_status.started(listeners[0].socket.getsockname()[1])


def _connection(handle: Handle) -> Callable[[trio.SocketStream], Awaitable[None]]:
    async def talk(stream: trio.SocketStream) -> None:
        with trio.move_on_after(_SECONDS):
            try:
                async with stream:
                    await _answer(handle, stream)
            except (trio.BrokenResourceError, trio.ClosedResourceError, h11.RemoteProtocolError):
                return  # the other side has gone, or speaks no HTTP

    return talk


async def _answer(handle: Handle, stream: trio.SocketStream) -> None:
    connection = h11.Connection(h11.SERVER)
    request = await _request(connection, stream)
    if request is None:
        return
    response = await handle(request)
    size = str(len(response.body))
    headers = [("Content-Type", response.content_type), ("Content-Length", size), ("Connection", "close")]
    for event in (
        h11.Response(status_code=response.status, headers=headers), h11.Data(data=response.body), h11.EndOfMessage()
    ):
        data = connection.send(event)
        if data:
            await stream.send_all(data)


async def _request(connection: h11.Connection, stream: trio.SocketStream) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await stream.receive_some(_PIECE))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _LONGEST:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode().lower(): value.decode() for name, value in head.headers}
            return Request(head.method.decode(), head.target.decode(), headers, bytes(body))
        else:
            return None
