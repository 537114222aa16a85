"""What a station and its platform said to each other, read from stored frames, and how answers differ. Pure."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import attrs
import orjson

from protocol.redact import HIDDEN

CALL, RESULT, ERROR, SEND = 2, 3, 4, 6
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
# Numbers and names that each platform gives out by itself.
_OWN: Final = frozenset(("currentTime", "transactionId", "requestId", "remoteStartId", "reservationId"))
_NO_ANSWER: Final = "no answer"


@attrs.frozen
class Stored:
    """A frame as it was stored; `direction` is `in` for what the station said."""

    at: datetime
    direction: str
    text: str


@attrs.frozen
class Said:
    """Something that the station said by itself. `answer`: what it was answered, None when nothing is stored.

    `after`: seconds from the first frame of the conversation. `frame` is the message as JSON, None for what is none.
    """

    after: float
    text: str
    action: str
    frame: list[Any] | None
    answer: list[Any] | None

    @property
    def hidden(self) -> bool:
        """Whether a secret was taken out of it before it was stored."""
        return HIDDEN in self.text


@attrs.frozen
class Difference:
    """At `path` of the answer to (or the call of) `action`: what was said then and what is said now."""

    action: str
    path: str
    then: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.action} {self.path or '/'}: then {_short(self.then)}, now {_short(self.now)}"


@attrs.define
class Conversation:
    """The station's part. `answers`: by action, what it answered the platform's calls with, in their order.

    `unreadable`: frames that are no OCPP messages; they are said all the same.
    """

    said: list[Said]
    answers: dict[str, deque[list[Any]]]
    unreadable: int = 0
    _numbers: dict[Any, Any] = attrs.Factory(dict)

    def say(self, said: Said) -> str:
        """What to send: numbers of transactions are those that this platform gave out."""
        if said.frame is None or not self._numbers:
            return said.text
        return orjson.dumps(self._with_numbers(said.frame)).decode()

    def heard(self, said: Said, now: list[Any] | None) -> list[Difference]:
        """How the answer to `said` differs from that of then. Where neither is known there is nothing to tell."""
        if said.answer is None:
            return []
        if now is None:
            return [Difference(said.action, "", said.answer[2:], _NO_ANSWER)]
        then_kind, now_kind = said.answer[0], now[0]
        if then_kind != now_kind:
            return [Difference(said.action, "", _told(said.answer), _told(now))]
        if then_kind == ERROR:
            same = said.answer[2:3] == now[2:3]
            return [] if same else [Difference(said.action, "/errorCode", said.answer[2], now[2])]
        then, other = _payload(said.answer), _payload(now)
        if isinstance(then, dict) and isinstance(other, dict) and {"transactionId"} <= then.keys() & other.keys():
            self._numbers[then["transactionId"]] = other["transactionId"]
        return [Difference(said.action, path, a, b) for path, a, b in differing(then, other)]

    def asked(self, action: str, message_id: str) -> tuple[str, Difference | None]:
        """The station's answer to a call of the platform, as it answered then; and that it was not asked then."""
        kept = self.answers.get(action)
        if not kept:
            refusal = [ERROR, message_id, "NotSupported", "the station was not asked this then", {}]
            return orjson.dumps(refusal).decode(), Difference(action, "", "not asked", "asked")
        answer = kept.popleft()
        return orjson.dumps([answer[0], message_id, *self._with_numbers(answer[2:])]).decode(), None

    def left(self) -> list[Difference]:
        """What the platform asked then and did not ask now."""
        return [Difference(action, "", "asked", "not asked") for action, kept in self.answers.items() for _ in kept]

    def _with_numbers(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: self._numbers.get(each, each) if name == "transactionId" and not isinstance(each, (dict, list))
                else self._with_numbers(each)
                for name, each in value.items()
            }  # fmt: skip
        return [self._with_numbers(each) for each in value] if isinstance(value, list) else value


def read(frames: Sequence[Stored]) -> Conversation:
    """`frames` by time. Answers belong to the last call of the other side with their message id."""
    began = frames[0].at if frames else None
    said: list[Said] = []
    answers: defaultdict[str, deque[list[Any]]] = defaultdict(deque)
    ours: dict[str, int] = {}    # message id → place in `said`
    theirs: dict[str, str] = {}  # message id → action of the platform's call
    unreadable = 0
    for frame in frames:
        message = message_of(frame.text)
        if frame.direction == "in":
            if message is not None and message[0] in (RESULT, ERROR):
                action = theirs.pop(message[1], None)
                if action is not None:
                    answers[action].append(message)
                continue
            action = str(message[2]) if message is not None else "a frame"
            unreadable += message is None
            if message is not None and message[0] == CALL:
                ours[message[1]] = len(said)
            assert began is not None  # there is a frame
            said.append(Said((frame.at - began).total_seconds(), frame.text, action, message, None))
        elif message is not None and message[0] == CALL:
            theirs[message[1]] = str(message[2])
        elif message is not None and message[1] in ours:
            place = ours.pop(message[1])
            said[place] = attrs.evolve(said[place], answer=message)
    return Conversation(said, dict(answers), unreadable)


def message_of(text: str) -> list[Any] | None:
    """The message, None for what is none: a list of a known type and a text for its id."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(message, list) or len(message) < 3 or not isinstance(message[1], str):
        return None
    return message if message[0] in (CALL, RESULT, ERROR, SEND) else None


def differing(then: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(path, then, now) for each value that differs; numbers given out, times and hidden secrets are let pass."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted(then.keys() | now.keys()):
            if name not in _OWN or name not in then or name not in now:
                yield from differing(then.get(name), now.get(name), f"{path}/{name}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (a, b) in enumerate(zip(then, now, strict=True)):
            yield from differing(a, b, f"{path}/{index}")
    elif then != now and not _times(then, now) and not (isinstance(then, str) and HIDDEN in then):
        yield path, then, now


def _times(then: Any, now: Any) -> bool:
    return all(isinstance(each, str) and _TIME.match(each) is not None for each in (then, now))


def _payload(message: list[Any]) -> Any:
    return message[2] if len(message) > 2 else None


def _told(message: list[Any]) -> Any:
    return f"error {message[2]}" if message[0] == ERROR else _payload(message)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= 200 else text[:200] + "…"
