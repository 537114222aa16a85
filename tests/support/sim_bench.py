"""A simulated station joined in memory to a strict platform connection, under a clock that the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from protocol.ocpp import catalogue
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.errors import ErrorCode
from protocol.ocpp.events import CallReceived, CallRefused, ErrorReceived, ReplyReceived
from protocol.ocpp.version import Version
from simulators.station import charging
from simulators.station.config import StationConfig, make_outlets
from simulators.station.link import Link, plain
from simulators.station.runner import make_station
from simulators.station.vehicle import Vehicle
from tests.support.tiny_csms import nothing, usual_answers

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Bench:
    """Both ends and the clock. `calls` holds (action, payload) of all that reached the platform and was valid."""

    def __init__(self, version: Version, outlets: int = 2, *, dc: bool = False, strict: bool = True) -> None:
        config = StationConfig("CP1", version, outlets=make_outlets(outlets, dc=dc), serial="S-1", seed=1)
        self.now = START
        self.version = version
        self.link = Link(make_station(config, START))
        self.station = self.link.station
        self.strict = strict
        self.answers: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = dict(usual_answers())
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[CallRefused] = []
        self.texts: list[str] = []
        self.deaf = False
        self._platform: Connection | None = None
        self._results: list[ReplyReceived | ErrorReceived] = []

    # what a test does

    def connect(self) -> "Bench":
        """Open the link and let everything that is to be said be said."""
        self._platform = Connection(self.version, Role.CSMS, strict=self.strict)
        self._carry(self.link.opened(self.now))
        return self

    def disconnect(self) -> None:
        """Break the link."""
        self._platform = None
        self.link.closed(self.now)

    def pass_time(self, seconds: float, step: float = 1.0) -> None:
        """Move clock and simulated time together."""
        for _ in range(int(seconds / step)):
            self.now += timedelta(seconds=step)
            self.station.tick(self.now, step)
            self.settle()

    def settle(self) -> None:
        """Let the link say what it wants to."""
        self._carry(self.link.poll(self.now))

    def plug(self, evse: int = 1, **traits: Any) -> Vehicle:
        """A vehicle arrives."""
        vehicle = Vehicle(**traits)
        charging.plug(self.station, evse, vehicle, self.now)
        self.settle()
        return vehicle

    def swipe(self, token: str = "T1", evse: int | None = 1) -> None:
        """A token is held to the reader."""
        charging.swipe(self.station, token, evse, self.now)
        self.settle()

    def unplug(self, evse: int = 1) -> None:
        """The vehicle leaves."""
        charging.unplug(self.station, evse, self.now)
        self.settle()

    def ask(self, action: str, payload: dict[str, Any]) -> dict[str, Any] | str:
        """A call of the platform: the valid result, or the code of the error."""
        assert self._platform is not None
        typed = catalogue.actions(self.version)[action].decode_request(orjson.dumps(payload))
        _, text = self._platform.call(action, typed, self.now.timestamp(), 30)
        self._carry(self.link.receive(text, self.now))
        result = self._results.pop()
        return plain(result.payload) if isinstance(result, ReplyReceived) else result.code

    # what a test looks at

    def actions(self) -> list[str]:
        """The actions that reached the platform, in order."""
        return [action for action, _ in self.calls]

    def last(self, action: str) -> dict[str, Any]:
        """The newest payload of an action."""
        return next(payload for name, payload in reversed(self.calls) if name == action)

    def all_of(self, action: str) -> list[dict[str, Any]]:
        """All payloads of an action."""
        return [payload for name, payload in self.calls if name == action]

    def status(self, evse: int = 1) -> str:
        """The outlet's status."""
        return self.station.outlets[evse].status.value

    def _carry(self, texts: list[str]) -> None:
        self.texts += texts
        queue = list(texts)
        while queue and self._platform is not None:
            text = queue.pop(0)
            for event in self._platform.receive(text, self.now.timestamp()):
                if isinstance(event, CallRefused):
                    self.refused.append(event)
                    queue += self._to_station(event.reply_text)
                elif isinstance(event, CallReceived):
                    payload = plain(event.payload)
                    self.calls.append((event.action, payload))
                    if not self.deaf:
                        queue += self._to_station(self._answer(event, payload))
                elif isinstance(event, ReplyReceived | ErrorReceived):
                    self._results.append(event)

    def _answer(self, call: CallReceived, payload: dict[str, Any]) -> str:
        assert self._platform is not None
        answer = self.answers.get(call.action, nothing)(payload)
        if answer is None:
            return self._platform.reply_error(call, ErrorCode.INTERNAL_ERROR, "as the test wants it")
        typed = catalogue.actions(self.version)[call.action].decode_response(orjson.dumps(answer))
        return self._platform.reply(call, typed)

    def _to_station(self, text: str) -> list[str]:
        more = self.link.receive(text, self.now)
        self.texts += more
        return more
