"""Plays the station's part of a conversation to an instance, over its WebSocket."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import attrs
import trio
from trio_websocket import ConnectionClosed, HandshakeError, WebSocketConnection, open_websocket_url

from simulators.replay.conversation import CALL, ERROR, RESULT, Conversation, Difference, message_of

_ANSWER_S = 30.0
_CONNECT_S = 20.0
_LINGER_S = 1.0  # for what the platform asks at the end


class CannotPlay(Exception):  # noqa: N818 - a sentence for whoever asks
    """The instance does not let the station in, or sent it away; the text says why."""


@attrs.define
class Played:
    """How it went. `hidden`: messages said without their secrets, which were not stored."""

    said: int = 0
    answered: int = 0
    asked: int = 0
    hidden: int = 0
    differences: list[Difference] = attrs.Factory(list)


@attrs.frozen
class Target:
    """The instance: its address as of ws://host/ocpp, the identity to use there, the subprotocol."""

    url: str
    identity: str
    subprotocol: str
    password: str | None = attrs.field(default=None, repr=False)


class Player:
    """One play. `speed`: seconds of then in one second of now; `say` gets a line for every difference."""

    def __init__(self, conversation: Conversation, speed: float, say: Callable[[str], None]) -> None:
        self.played = Played()
        self._conversation, self._speed, self._say = conversation, speed, say
        self._answers: dict[str, list[Any]] = {}
        self._came = trio.Event()

    async def run(self, target: Target) -> Played:
        """Raises CannotPlay."""
        address = f"{target.url.rstrip('/')}/{quote(target.identity, safe='')}"
        headers = []
        if target.password is not None:
            login = base64.b64encode(f"{target.identity}:{target.password}".encode())
            headers = [(b"Authorization", b"Basic " + login)]
        try:
            async with open_websocket_url(
                address, subprotocols=[target.subprotocol], extra_headers=headers, connect_timeout=_CONNECT_S
            ) as link, trio.open_nursery() as nursery:
                nursery.start_soon(self._listen, link)
                await self._tell(link)
                await trio.sleep(_LINGER_S)
                nursery.cancel_scope.cancel()
        except (HandshakeError, OSError) as error:
            raise CannotPlay(f"{address} does not let the station in: {str(error) or type(error).__name__}") from error
        self._note(self._conversation.left())
        return self.played

    async def _tell(self, link: WebSocketConnection) -> None:
        began = trio.current_time()
        for said in self._conversation.said:
            await trio.sleep_until(began + said.after / self._speed)
            self.played.said += 1
            self.played.hidden += said.hidden
            try:
                await link.send_message(self._conversation.say(said))
            except ConnectionClosed as error:
                raise CannotPlay(f"the instance ended the connection before {said.action}: {error}") from error
            if said.frame is not None and said.frame[0] == CALL:
                answer = await self._answer(said.frame[1])
                self.played.answered += answer is not None
                self._note(self._conversation.heard(said, answer))

    async def _answer(self, message_id: str) -> list[Any] | None:
        """None when none came in time, or the connection ended."""
        with trio.move_on_after(_ANSWER_S):
            while message_id not in self._answers:
                await self._came.wait()
        return self._answers.pop(message_id, None)

    async def _listen(self, link: WebSocketConnection) -> None:
        while True:
            try:
                text = await link.get_message()
                await self._heard(link, text)
            except ConnectionClosed:
                return

    async def _heard(self, link: WebSocketConnection, text: str | bytes) -> None:
        message = message_of(text if isinstance(text, str) else text.decode("utf-8", "replace"))
        if message is None:
            return
        if message[0] in (RESULT, ERROR):
            self._answers[message[1]] = message
            self._came.set()
            self._came = trio.Event()
        elif message[0] == CALL:
            self.played.asked += 1
            answer, difference = self._conversation.asked(str(message[2]), message[1])
            self._note([] if difference is None else [difference])
            await link.send_message(answer)

    def _note(self, differences: list[Difference]) -> None:
        self.played.differences += differences
        for each in differences:
            self._say(str(each))
