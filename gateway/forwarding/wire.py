"""One connection to a second backend, in the station's role: calls out one at a time, their commands in. No storage."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ssl import create_default_context
from typing import Any, Final
from urllib.parse import quote, urlsplit
from uuid import uuid4

import attrs
import msgspec
import structlog
import trio
from httpx import BasicAuth, Request
from trio_websocket import ConnectionClosed, WebSocketConnection, wrap_client_stream

from protocol.ocpp import catalogue
from protocol.ocpp import events as wire
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.errors import ErrorCode
from protocol.ocpp.version import Version
from protocol.redact import redact_text

log = structlog.get_logger("forwarding")
_CONNECT: Final = 20.0
_ANSWER: Final = 30.0
_MOST_BYTES: Final = 1 << 20
_COMMANDS: Final = 8  # of that side under way at once; it should have one


class Silent(Exception):  # noqa: N818 - a state
    """That side gave no answer."""


class Lost(Silent):
    """The connection is gone: what was being told may not have been heard."""


class CannotSay(Exception):  # noqa: N818 - a state
    """The message cannot be put into a frame of that version; nothing was sent."""


class Refused(Exception):  # noqa: N818 - an answer
    """That side answered with an error; what was told has been heard and is not told again."""


@attrs.frozen
class Answered:
    """What to say to a command of that side: a payload, or an error."""

    payload: Any = None
    code: ErrorCode | None = None
    description: str = ""


Command = Callable[[str, Any], Awaitable[Answered]]
LookUp = Callable[[str, int], Awaitable[str]]
"""(host, port) → the address to connect to; raises OSError."""


class Wire:
    """Made by `open_wire`."""

    def __init__(self, socket: WebSocketConnection, version: Version, command: Command, nursery: trio.Nursery) -> None:
        self.version = version
        self._socket = socket
        self._connection = Connection(version, Role.STATION, new_id=self._name)
        self._named: str | None = None
        self._command = command
        self._nursery = nursery
        self._sending = trio.Lock()
        self._settled: dict[str, wire.Event] = {}
        self._news = trio.Event()
        self._running = 0
        self.leaving = False  # by our own will

    async def call(self, action: str, payload: bytes, message_id: str | None = None) -> Any:
        """That side's answer as JSON values; `payload` is JSON text, valid for the version.

        A message that is told again has the `message_id` of before. Raises CannotSay, Silent, Refused.
        """
        self._named = message_id
        try:
            number, text = self._connection.call(action, payload, trio.current_time(), _ANSWER)
        except ValueError as error:
            raise CannotSay(f"{action}: {error}"[:300]) from None
        await self._send(text)
        with trio.move_on_after(_ANSWER):
            while number not in self._settled:
                await self._news.wait()
        self._connection.expire(float("inf"))
        match self._settled.pop(number, None):
            case wire.ReplyReceived(payload=answer):
                return msgspec.json.decode(catalogue.encode(answer))
            case wire.ErrorReceived(code=code, description=why):
                raise Refused(f"{action}: {code} {why}"[:300])
            case wire.InvalidReply(description=why):
                raise Refused(f"{action}: an answer that is not valid: {why}"[:300])
        raise Silent(f"no answer to {action} within {_ANSWER:g} s")

    async def send(self, action: str, payload: bytes, message_id: str | None = None) -> None:
        """A message that is never answered (2.1). Raises CannotSay, Silent."""
        self._named = message_id
        try:
            text = self._connection.send(action, payload)
        except ValueError as error:
            raise CannotSay(f"{action}: {error}"[:300]) from None
        await self._send(text)

    def _name(self) -> str:
        named, self._named = self._named, None
        return named or str(uuid4())

    async def read(self) -> None:
        """Until the connection ends. Raises Silent, unless we are leaving."""
        try:
            while True:
                text = await self._socket.get_message()
                for event in self._connection.receive(text, trio.current_time()):
                    await self._heard(event)
        except ConnectionClosed as closed:
            if not self.leaving:
                raise Lost(f"closed: {closed.reason}") from None

    async def _heard(self, event: wire.Event) -> None:
        match event:
            case wire.CallReceived():
                if self._running >= _COMMANDS:
                    await self._send(self._connection.reply_error(event, ErrorCode.GENERIC_ERROR, "too many at once"))
                    return
                self._running += 1
                self._nursery.start_soon(self._obey, event)
            case wire.CallRefused(reply_text=text):
                await self._send(text)
            case wire.ReplyReceived() | wire.ErrorReceived() | wire.InvalidReply():
                self._settled[event.message_id] = event
                self._news.set()
                self._news = trio.Event()
            case wire.PeerViolated(reply_text=str() as text):
                await self._send(text)

    async def _obey(self, call: wire.CallReceived) -> None:
        try:
            try:
                answer = await self._command(call.action, msgspec.json.decode(catalogue.encode(call.payload)))
                text = self._say(call, answer)
            except Exception as error:  # noqa: BLE001 - a bug, or an unreadable answer, over one command ends that one
                log.error("forward_command_failed", action=call.action, error=redact_text(repr(error))[:500])
                text = self._connection.reply_error(call, ErrorCode.INTERNAL_ERROR, "the command failed here")
            await self._send(text)
        finally:
            self._running -= 1

    def _say(self, call: wire.CallReceived, answer: Answered) -> str:
        if answer.code is not None:
            return self._connection.reply_error(call, answer.code, answer.description)
        kind = catalogue.actions(self.version)[call.action]
        return self._connection.reply(call, kind.decode_response(msgspec.json.encode(answer.payload)))

    async def _send(self, text: str) -> None:
        try:
            with trio.fail_after(_ANSWER):
                async with self._sending:
                    await self._socket.send_message(text)
        except (ConnectionClosed, trio.TooSlowError, trio.BrokenResourceError, trio.ClosedResourceError) as error:
            raise Lost(f"cannot send: {type(error).__name__}") from None


@asynccontextmanager
async def open_wire(
    url: str, identity: str, credentials: tuple[str, str] | None, version: Version, command: Command, look_up: LookUp
) -> AsyncIterator[Wire]:
    """Connects and reads while the block runs; the block is cut by Silent when the connection ends.

    Raises OSError, trio.TooSlowError, trio_websocket.HandshakeError, Silent.
    """
    parts = urlsplit(url)
    with trio.fail_after(_CONNECT):
        stream = await _dial(parts.scheme == "wss", parts.hostname or "", parts.port, look_up)
    try:
        async with trio.open_nursery() as nursery:
            with trio.fail_after(_CONNECT):
                socket = await wrap_client_stream(
                    nursery, stream, parts.netloc.rpartition("@")[2], _resource(parts.path, identity),
                    subprotocols=[version.subprotocol], extra_headers=_headers(credentials),
                    max_message_size=_MOST_BYTES,
                )  # fmt: skip
            if socket.subprotocol is None:
                raise OSError(f"that side does not speak OCPP {version.value}")
            made = Wire(socket, version, command, nursery)
            nursery.start_soon(made.read)
            yield made
            made.leaving = True
            with trio.move_on_after(2):
                await socket.aclose(1000, "done")
            nursery.cancel_scope.cancel()
    finally:
        await trio.aclose_forcefully(stream)


def _resource(path: str, identity: str) -> str:
    return f"{path.rstrip('/')}/{quote(identity, safe='')}"


def _headers(credentials: tuple[str, str] | None) -> list[tuple[bytes, bytes]]:
    if credentials is None:
        return []
    signed = next(BasicAuth(*credentials).auth_flow(Request("GET", "http://unused")))
    return [(b"Authorization", signed.headers["Authorization"].encode())]


async def _dial(
    secure: bool, host: str, port: int | None, look_up: LookUp
) -> trio.SocketStream | trio.SSLStream[trio.SocketStream]:
    """Name resolved once, checked, and connected to; TLS checks the name."""
    port = port or (443 if secure else 80)
    stream = await trio.open_tcp_stream(await look_up(host, port), port)
    if not secure:
        return stream
    wrapped = trio.SSLStream(stream, create_default_context(), server_hostname=host)
    try:
        await wrapped.do_handshake()
    except trio.BrokenResourceError as error:
        await trio.aclose_forcefully(stream)
        raise OSError(f"TLS failed: {error.__cause__ or error}") from error
    return wrapped
