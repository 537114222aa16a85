"""The station on a connection: the model's messages become frames and frames become the model's inputs. No I/O."""

from collections import deque
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import orjson

from protocol.ocpp import catalogue
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.errors import ErrorCode
from protocol.ocpp.events import (
    CallAbandoned,
    CallReceived,
    CallRefused,
    CallTimedOut,
    ErrorReceived,
    Event,
    InvalidReply,
    PeerViolated,
    ReplyReceived,
)
from simulators.station import conduct, settings
from simulators.station.conduct import Conduct
from simulators.station.dialect import Refusal
from simulators.station.outbox import Failure, JsonObject, Lane, Outgoing, nothing
from simulators.station.station import Station

ANSWER_S = 30.0
_SHOWN = 12
_REFUSALS = {"NotSupported": ErrorCode.NOT_SUPPORTED, "NotImplemented": ErrorCode.NOT_IMPLEMENTED,
             "PropertyConstraintViolation": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION}


class Link:
    """One station's end of the wire. Every method returns the texts to send, in order.

    Call `opened` and `closed` with the socket, `receive` for every text, and `poll` after anything that changed the
    model and from time to time. `shown` holds the last frames as (">" or "<", text).
    """

    def __init__(self, station: Station) -> None:
        self.station = station
        self.conduct = Conduct()
        self.shown: deque[tuple[str, str]] = deque(maxlen=_SHOWN)
        self.sent = self.received = 0
        self._connection = Connection(station.config.version, Role.STATION)
        self._current: Outgoing | None = None
        self._held: list[Outgoing] = []
        self._released: Outgoing | None = None
        self._raw: deque[str] = deque()

    @property
    def idle(self) -> bool:
        """True when nothing is out and nothing waits."""
        return self._current is None and self.station.outbox.empty and not self._held

    def opened(self, now: datetime) -> list[str]:
        """The socket is open."""
        self._connection = Connection(self.station.config.version, Role.STATION)
        self.station.link_up(now)
        return self.poll(now)

    def closed(self, now: datetime) -> None:
        """The socket is gone; what was out and must not be lost will be sent again on the next one."""
        self._handle(self._connection.abandon(), now)
        self._raw.clear()
        self.station.link_down(now)

    def receive(self, text: str | bytes, now: datetime) -> list[str]:
        """One frame of the platform."""
        self.received += 1
        self.shown.append(("<", text if isinstance(text, str) else text.decode("utf-8", "replace")))
        replies = self._handle(self._connection.receive(text, now.timestamp()), now)
        return self._show(replies) + self.poll(now)

    def poll(self, now: datetime) -> list[str]:
        """What is to be sent now: frames made by hand, then the next message if none is out."""
        texts: list[str] = []
        if self.station.online:
            texts += self._raw
            self._raw.clear()
            while self.station.sends:
                action, payload = self.station.sends.popleft()
                kind = catalogue.actions(self.station.config.version)[action]
                texts.append(self._connection.send(action, kind.decode_request(orjson.dumps(payload))))
        texts += self._handle(self._connection.expire(now.timestamp()), now)
        if self.station.online and self._current is None:
            message = self._next(now)
            if message is not None:
                texts.append(self._call(message, now))
        return self._show(texts)

    def misbehave(self, kind: str, count: int = conduct.DEFAULT_FLOOD) -> None:
        """Take on a bad manner of `conduct.KINDS`; "flood" sends `count` frames."""
        if kind == conduct.METER_BACKWARDS:
            for outlet in self.station.outlets.values():
                outlet.meter.set_back(Decimal(1000))
        elif kind in conduct.LASTING:
            self.conduct.lasting.add(kind)
        else:
            self._raw.extend(self.conduct.frames(kind, count))
        self._apply_manners()

    def behave(self) -> None:
        """Drop all bad manners."""
        self.conduct.lasting.clear()
        while self._held:
            self.station.outbox.give_back(self._held.pop())
        self._apply_manners()

    def _apply_manners(self) -> None:
        self.station.skip_boot = self.conduct.has(conduct.NO_BOOT)
        self.station.clock_1970 = self.conduct.has(conduct.CLOCK_1970)
        self.station.zero_transaction_ids = self.conduct.has(conduct.ZERO_ID)
        self.station.manners = frozenset(self.conduct.lasting)

    def _next(self, now: datetime) -> Outgoing | None:
        while True:
            message = self.station.outbox.take(now, accepted=self.station.accepted)
            if message is None:
                return None
            hold = self.conduct.has(conduct.STOP_FIRST) and message is not self._released
            if hold and conduct.begins_transaction(message):
                self._held.append(message)
                continue
            return message

    def _call(self, message: Outgoing, now: datetime) -> str:
        self._current = message
        payload = self.conduct.encode(message.build())
        return self._connection.call(message.action, payload, now.timestamp(), ANSWER_S)[1]

    def _handle(self, events: list[Event], now: datetime) -> list[str]:
        replies: list[str] = []
        for event in events:
            if isinstance(event, CallReceived):
                replies += self._answer(event, now)
            elif isinstance(event, CallRefused | PeerViolated | InvalidReply) and event.reply_text is not None:
                replies.append(event.reply_text)
            self._outcome(event, now)
        return replies

    def _answer(self, call: CallReceived, now: datetime) -> list[str]:
        if self.conduct.has(conduct.SILENT):
            return []
        answer = self.station.call(call.action, plain(call.payload), now)
        if isinstance(answer, Refusal):
            text = self._connection.reply_error(call, _REFUSALS[answer.code], answer.description)
        else:
            action = catalogue.actions(self.station.config.version)[call.action]
            text = self._connection.reply(call, action.decode_response(orjson.dumps(answer)))
        return [text, text] if self.conduct.has(conduct.ANSWERS_TWICE) else [text]

    def _outcome(self, event: Event, now: datetime) -> None:
        """What an event means for the call that is out."""
        message = self._current
        if message is None:
            return
        if isinstance(event, ReplyReceived):
            self._current = None
            message.done(plain(event.payload), None, now)
            self._after_answer(message)
        elif isinstance(event, CallAbandoned):
            self._current = None
            if message.lane is Lane.TRANSACTION:
                self.station.outbox.give_back(message)
            else:
                message.done(None, Failure("Offline"), now)
        elif isinstance(event, ErrorReceived | InvalidReply):
            self._current = None
            self._failed(message, Failure(str(event.code), event.description), now)
        elif isinstance(event, CallTimedOut):
            self._current = None
            self._failed(message, Failure("Timeout"), now)

    def _failed(self, message: Outgoing, failure: Failure, now: datetime) -> None:
        self.station.note(f"{message.action} failed: {failure.code} {failure.description}".rstrip())
        message.attempts += 1
        attempts = self.station.settings.number(settings.ATTEMPTS)
        if message.lane is Lane.TRANSACTION and message.attempts < attempts:
            interval = self.station.settings.number(settings.RETRY_INTERVAL)
            self.station.outbox.retry_later(message, now, interval)
            return
        message.done(None, failure, now)

    def _after_answer(self, message: Outgoing) -> None:
        if self._held and conduct.ends_transaction(message):
            self._released = self._held.pop(0)
            self.station.outbox.give_back(self._released)
        if self.conduct.has(conduct.REPEAT_START) and conduct.begins_transaction(message) \
                and message.done is not nothing:
            payload = message.build()
            self.station.outbox.give_back(Outgoing(message.action, lambda: payload, Lane.TRANSACTION))

    def _show(self, texts: list[str]) -> list[str]:
        self.sent += len(texts)
        for text in texts[-_SHOWN:]:
            self.shown.append((">", text))
        return texts


def plain(payload: msgspec.Struct) -> JsonObject:
    """A typed payload as the JSON object it came from."""
    decoded: Any = orjson.loads(catalogue.encode(payload))
    return dict(decoded)
