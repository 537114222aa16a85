"""Stations that share no code with us above the WebSocket: what a stranger would write from the specification.

`hand_station` is trio-websocket and JSON by hand, for any version. The stations of the `ocpp` package, on asyncio, are
in tests/support/packaged.py.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import trio
import trio_websocket

from tests.support.node import Node

SUBPROTOCOL = {"1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1"}
Payload = dict[str, Any]
Handler = Callable[[Payload], Payload]


class Lost(Exception):  # noqa: N818 - what has happened
    """The connection ended. `code` is the close code, 1006 when there was none."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code, self.reason = code, reason


class Refused(Exception):  # noqa: N818 - what has happened
    """The platform answered with a CALLERROR."""

    def __init__(self, code: str, description: str, details: Payload) -> None:
        super().__init__(f"{code}: {description}")
        self.code, self.description, self.details = code, description, details


class TurnedAway(Exception):  # noqa: N818 - what has happened
    """The handshake was refused. `status` is 0 when there was no HTTP answer at all."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__(f"{status} {body[:200]!r}")
        self.status, self.headers, self.body = status, headers, body


class HandStation:
    """Made by `hand_station`. `answers` are functions from a request's payload to the response, by action."""

    def __init__(self, socket: trio_websocket.WebSocketConnection) -> None:
        self.answers: dict[str, Handler] = {}
        self.asked: list[tuple[str, Payload]] = []
        self.lost: Lost | None = None
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[str, trio.MemorySendChannel[list[Any]]] = {}
        self._ended = trio.Event()

    async def call(self, action: str, payload: Payload, *, message_id: str | None = None) -> Payload:
        """The CALLRESULT's payload. Raises Refused for a CALLERROR and Lost when the connection ends first."""
        number = message_id or f"m{next(self._numbers)}"
        answer = await self.exchange(json.dumps([2, number, action, payload]), number)
        if answer[0] == 4:
            raise Refused(answer[2], answer[3], answer[4])
        assert answer[0] == 3, answer
        result: Payload = answer[2]
        return result

    async def exchange(self, text: str, number: str, *, within: float = 60.0) -> list[Any]:
        """Sends a text as it is and returns the whole answer that carries `number`."""
        send, receive = trio.open_memory_channel[list[Any]](1)
        self._waiting[number] = send
        try:
            await self.send(text)
            with trio.fail_after(within):
                return await receive.receive()
        except trio.EndOfChannel:
            raise self.lost or Lost(1006, "") from None
        finally:
            self._waiting.pop(number, None)

    async def send(self, text: str | bytes) -> None:
        """A text or binary message without waiting for anything. Raises Lost."""
        try:
            await self._socket.send_message(text)
        except trio_websocket.ConnectionClosed:
            await self._ended.wait()
            raise self.lost or Lost(1006, "") from None

    async def ended(self, within: float = 60.0) -> Lost:
        """Waits for the end of the connection."""
        with trio.fail_after(within):
            await self._ended.wait()
        assert self.lost is not None
        return self.lost

    async def boot(self, version: str) -> Payload:
        if version == "1.6":
            return await self.call("BootNotification", {"chargePointVendor": "Hand", "chargePointModel": "One"})
        station = {"vendorName": "Hand", "model": "One"}
        return await self.call("BootNotification", {"reason": "PowerUp", "chargingStation": station})

    async def read(self) -> None:
        try:
            while True:
                message = json.loads(await self._socket.get_message())
                if message[0] == 2:
                    await self._answer(message)
                elif (waiting := self._waiting.get(message[1])) is not None:
                    waiting.send_nowait(message)
        except trio_websocket.ConnectionClosed as closed:
            reason = closed.reason
            self.lost = Lost(reason.code, reason.reason or "") if reason else Lost(1006, "")
        finally:
            self._ended.set()
            for waiting in self._waiting.values():
                waiting.close()

    async def _answer(self, message: list[Any]) -> None:
        _, number, action, payload = message
        self.asked.append((action, payload))
        answer = self.answers.get(action)
        if answer is None:
            reply: list[Any] = [4, number, "NotImplemented", "", {}]
        else:
            reply = [3, number, answer(payload)]
        await self._socket.send_message(json.dumps(reply))


@asynccontextmanager
async def hand_station(
    node: Node,
    identity: str,
    version: str = "1.6",
    *,
    headers: list[tuple[bytes, bytes]] | None = None,
    path: str | None = None,
) -> AsyncIterator[HandStation]:
    """A connected station while the block runs. Raises TurnedAway when the handshake is refused."""
    try:
        stream = await trio.open_tcp_stream("127.0.0.1", node.ocpp_port)
    except OSError as error:
        raise TurnedAway(0, {}, str(error).encode()) from None
    failed: Exception | None = None
    try:
        # The stream is ours to close: after a refused handshake trio-websocket leaves it open.
        async with stream, trio.open_nursery() as nursery:
            with trio.fail_after(60):
                socket = await trio_websocket.wrap_client_stream(
                    nursery,
                    stream,
                    "127.0.0.1",
                    path or f"/ocpp/{identity}",
                    subprotocols=[SUBPROTOCOL[version]],
                    extra_headers=headers or [],
                )
            station = HandStation(socket)
            nursery.start_soon(station.read)
            try:
                yield station
                with trio.move_on_after(2):
                    await socket.aclose()
            except Exception as error:  # noqa: BLE001 - raised again below, outside the nursery and so not in a group
                failed = error
            nursery.cancel_scope.cancel()
    except BaseExceptionGroup as group:  # a refusal comes from the reading task
        raise _turned_away(group) from None
    if failed is not None:
        raise failed


def _turned_away(group: BaseExceptionGroup[BaseException]) -> BaseException:
    refusals = (trio_websocket.HandshakeError, trio_websocket.ConnectionClosed, trio.BrokenResourceError)
    refused, rest = group.split(refusals)
    if refused is None or rest is not None:
        return group
    error: BaseException = refused
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if not isinstance(error, trio_websocket.ConnectionRejected):
        return TurnedAway(0, {}, str(error).encode())
    found = {bytes(name).decode().lower(): bytes(value).decode() for name, value in error.headers or ()}
    return TurnedAway(error.status_code, found, bytes(error.body or b""))


def moment(seconds: float = 0.0) -> str:
    """Now, so many seconds later, as stations write it."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
