"""The floor: wsproto on trio that parses JSON and answers `[3,id,{}]`. No types, no state, nothing kept.

What any Python program on these two libraries pays before it does anything. Run as a process of its own; says
`{"port": …}` when it listens.
"""

from typing import Any

import orjson
import trio
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Request, TextMessage

from simulators.bench.child import say

#: What the load needs to see to go on; everything else is answered with nothing.
_ANSWERS: dict[str, dict[str, Any]] = {
    "BootNotification": {"status": "Accepted", "currentTime": "2026-01-01T00:00:00Z", "interval": 300},
    "StartTransaction": {"transactionId": 1, "idTagInfo": {"status": "Accepted"}},
}


async def station(stream: trio.SocketStream) -> None:
    """One connection."""
    connection = WSConnection(ConnectionType.SERVER)
    while True:
        try:
            data = await stream.receive_some(65536)
        except trio.BrokenResourceError:
            return
        if not data:
            return
        connection.receive_data(data)
        answer = b"".join(_answers(connection))
        if answer:
            try:
                await stream.send_all(answer)
            except trio.BrokenResourceError:
                return


def _answers(connection: WSConnection) -> list[bytes]:
    out = []
    for event in connection.events():
        if isinstance(event, TextMessage):
            frame = orjson.loads(event.data)
            if frame[0] == 2:
                reply = orjson.dumps([3, frame[1], _ANSWERS.get(frame[2], {})]).decode()
                out.append(connection.send(TextMessage(data=reply)))
        elif isinstance(event, Request):
            out.append(connection.send(AcceptConnection(subprotocol=event.subprotocols[0])))
        elif isinstance(event, Ping | CloseConnection):
            out.append(connection.send(event.response()))
    return out


async def serve() -> None:
    """Until SIGTERM."""
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1", backlog=4096)
        port = listeners[0].socket.getsockname()[1]
        nursery.start_soon(trio.serve_listeners, station, listeners)
        say({"port": port})


if __name__ == "__main__":
    trio.run(serve)
