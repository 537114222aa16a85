"""How an HTTP answer ends on the wire: the last part is always sent to its end, and a body nobody read is let in first.

Two things go wrong without it. The last part makes the server close the connection where it must; the framework takes
that for the caller's leaving and cancels the very task that closes, which leaves the connection open for ever. And a
connection closed while the caller still sends (too large a body) is reset, which takes our answer away from the caller.
"""

from typing import Any

import trio

from web.paths import Asgi

_LINGER = 2.0  # s for the rest of a body, thrown away, before the connection ends


def send_to_the_end(app: Asgi) -> Asgi:
    """ASGI middleware for HTTP; all else passes through."""

    async def call(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        body_read = trio.Event()

        async def receiving() -> Any:
            message = await receive()
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                body_read.set()
            return message

        async def sending(message: Any) -> None:
            if message["type"] != "http.response.body" or message.get("more_body", False):
                await send(message)
                return
            with trio.CancelScope(shield=True):  # bounded: by the line below, and by the server's own sending
                with trio.move_on_after(_LINGER):
                    await body_read.wait()
                await send(message)

        await app(scope, receiving, sending)

    return call
