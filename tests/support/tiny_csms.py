"""A tiny platform on trio-websocket for tests of the simulators: answers by table, keeps what it got."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import orjson
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, WebSocketRequest, serve_websocket

NOW = "2026-03-01T12:00:00.000Z"
Answer = Callable[[dict[str, Any]], dict[str, Any] | None]
"""None: it says nothing."""


def usual_answers(interval: int = 300) -> dict[str, Answer]:
    """What a friendly platform answers, for all versions."""
    numbers = iter(range(1, 10**6))
    return {
        "BootNotification": lambda p: {"currentTime": NOW, "interval": interval, "status": "Accepted"},
        "DataTransfer": lambda p: {"status": "UnknownVendorId"},
        "Heartbeat": lambda p: {"currentTime": NOW},
        "Authorize": lambda p: (
            {"idTagInfo": {"status": "Accepted"}} if "idTag" in p else {"idTokenInfo": {"status": "Accepted"}}
        ),
        "StartTransaction": lambda p: {"transactionId": next(numbers), "idTagInfo": {"status": "Accepted"}},
    }


def nothing(payload: dict[str, Any]) -> dict[str, Any]:
    """The empty answer."""
    return {}


class TinyCsms:
    """Keeps (identity, action, payload) of every call; `ask` sends a call to a station and waits for its answer."""

    def __init__(self, answers: dict[str, Answer] | None = None) -> None:
        self.answers = usual_answers() if answers is None else answers
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.ids: list[str] = []  # their message ids
        self.sockets: dict[str, WebSocketConnection] = {}
        self.headers: list[dict[bytes, bytes]] = []
        self.refuse: list[tuple[int, list[tuple[bytes, bytes]]]] = []
        self.port = 0
        self._news = trio.Event()
        self._replies: dict[str, trio.MemorySendChannel[Any]] = {}
        self._asked = 0

    @property
    def url(self) -> str:
        """Where stations dial."""
        return f"ws://127.0.0.1:{self.port}/ocpp"

    def actions(self, identity: str | None = None) -> list[str]:
        """The actions that came, in order."""
        return [action for who, action, _ in self.calls if identity in (None, who)]

    async def ask(self, identity: str, action: str, payload: dict[str, Any]) -> list[Any]:
        """Send a call; the station's whole answer frame."""
        self._asked += 1
        send, receive = trio.open_memory_channel[Any](1)
        self._replies[f"ask-{self._asked}"] = send
        await self.sockets[identity].send_message(orjson.dumps([2, f"ask-{self._asked}", action, payload]).decode())
        with trio.fail_after(10):
            return list(await receive.receive())

    async def until(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait for a condition on what has come so far; fails after so many seconds."""
        with trio.fail_after(seconds):
            while not condition():
                await self._news.wait()

    async def serve(self, request: WebSocketRequest) -> None:
        """One connection."""
        self.headers.append(dict(request.headers))
        if self.refuse:
            status, headers = self.refuse.pop(0)
            await request.reject(status, extra_headers=headers, body=b"not now")
            return
        identity = request.path.rsplit("/", 1)[-1]
        socket = await request.accept(subprotocol=request.proposed_subprotocols[0])
        self.sockets[identity] = socket
        self._tell()
        try:
            while True:
                await self._handle(identity, socket, await socket.get_message())
        except ConnectionClosed:
            return

    def _tell(self) -> None:
        self._news.set()
        self._news = trio.Event()

    async def _handle(self, identity: str, socket: WebSocketConnection, text: str | bytes) -> None:
        frame = orjson.loads(text)
        if frame[0] != 2:
            waiting = self._replies.pop(frame[1], None)
            if waiting is not None:
                await waiting.send(frame)
            return
        _, message_id, action, payload = frame
        self.calls.append((identity, action, payload))
        self.ids.append(message_id)
        self._tell()
        answer = self.answers.get(action, nothing)(payload)
        if answer is not None:
            await socket.send_message(orjson.dumps([3, message_id, answer]).decode())


@asynccontextmanager
async def open_csms(answers: dict[str, Answer] | None = None) -> AsyncIterator[TinyCsms]:
    """A platform on a free loopback port for the length of a block."""
    csms = TinyCsms(answers)
    async with trio.open_nursery() as nursery:
        start = partial(serve_websocket, csms.serve, "127.0.0.1", 0, None, message_queue_size=16)
        server = await nursery.start(start)
        csms.port = server.port
        yield csms
        nursery.cancel_scope.cancel()
