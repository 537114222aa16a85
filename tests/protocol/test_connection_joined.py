"""Two connections joined in memory: whatever is lost, late, repeated or crossing, no answer is ever mixed up."""

import contextlib
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ocpp.connection import REMEMBERED, CallInFlight
from protocol.ocpp.events import (
    CallAbandoned,
    CallReceived,
    CallTimedOut,
    DuplicateReply,
    ErrorReceived,
    LateReply,
    ReplyReceived,
    UnknownReply,
)
from protocol.ocpp.version import Version
from tests.support.joined import Joined

SIDES = st.integers(0, 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), SIDES),
        st.tuples(st.just("deliver"), SIDES),
        st.tuples(st.just("deliver"), SIDES),
        st.tuples(st.just("repeat"), SIDES),
        st.tuples(st.just("lose"), SIDES),
        st.tuples(st.just("answer"), SIDES),
        st.tuples(st.just("answer last"), SIDES),
        st.tuples(st.just("refuse"), SIDES),
        st.tuples(st.just("wait"), st.sampled_from((1, 4, 11))),
    ),
    max_size=120,
)


def play(joined: Joined, step: str, value: int, asked: dict[str, str]) -> None:
    """One step; those that make no sense now are left out."""
    if step == "wait":
        joined.pass_time(value)
        return
    end = joined.ends[value]
    if step == "call":
        data = f"question {len(asked)}"
        with contextlib.suppress(CallInFlight):
            asked[joined.call(value, data)] = data
    elif step in ("deliver", "repeat") and end.inbox:
        joined.deliver(value, copy=step == "repeat")
    elif step == "lose" and end.inbox:
        end.inbox.popleft()
    elif step.startswith(("answer", "refuse")) and end.unanswered:
        joined.answer(value, -1 if step == "answer last" else 0, error=step == "refuse")


@given(version=st.sampled_from(Version), steps=STEPS)
def test_an_answer_always_belongs_to_its_question(version: Version, steps: list[tuple[str, int]]) -> None:
    joined = Joined(version)
    asked: dict[str, str] = {}
    for step, value in steps:
        play(joined, step, value, asked)
    for end in joined.ends:
        end.heard += end.connection.abandon()
    for end in joined.ends:
        endings: Counter[str] = Counter()
        for event in end.heard:
            match event:
                case ReplyReceived():
                    assert msgspec.to_builtins(event.payload)["data"] == asked[event.message_id]
                case ErrorReceived():
                    assert event.description == asked[event.message_id]
                case LateReply(ReplyReceived(payload=payload)):
                    assert msgspec.to_builtins(payload)["data"] == asked[event.message_id]
                case LateReply(ErrorReceived(description=description)):
                    assert description == asked[event.message_id]
                case DuplicateReply():
                    assert asked[event.message_id].encode() in event.payload
                case CallReceived():
                    assert msgspec.to_builtins(event.payload)["data"] == asked[event.message_id]
                case UnknownReply():
                    assert len(asked) > REMEMBERED
                case CallTimedOut() | CallAbandoned():
                    pass
                case _:
                    pytest.fail(f"nothing else may happen between two of us: {event}")
            if isinstance(event, ReplyReceived | ErrorReceived | CallTimedOut | CallAbandoned):
                endings[event.message_id] += 1
        assert set(endings.values()) <= {1}, "a call ends once"
    ended = sum(isinstance(e, ReplyReceived | ErrorReceived | CallTimedOut | CallAbandoned) for e in _all(joined))
    assert ended == len(asked), "every call ends"


def _all(joined: Joined) -> list[object]:
    return [event for end in joined.ends for event in end.heard]


@pytest.mark.parametrize("version", Version)
def test_crossing_calls_are_both_answered(version: Version) -> None:
    joined = Joined(version)
    first, second = joined.call(0, "from the csms"), joined.call(1, "from the station")
    for side in (0, 1):
        joined.deliver(side)
        joined.answer(side)
    (answer,) = joined.deliver(0)
    assert isinstance(answer, ReplyReceived)
    assert answer.message_id == first
    (answer,) = joined.deliver(1)
    assert isinstance(answer, ReplyReceived)
    assert answer.message_id == second


def test_a_second_call_waits_for_the_answer_of_the_first() -> None:
    joined = Joined(Version.V201)
    joined.call(0, "one")
    with pytest.raises(CallInFlight, match="DataTransfer"):
        joined.call(0, "two")
    joined.deliver(1)
    joined.answer(1)
    joined.deliver(0)
    joined.call(0, "two")


def test_an_answer_after_its_time_is_late_and_then_a_duplicate() -> None:
    joined = Joined(Version.V16)
    slow = joined.call(0, "slow", timeout=5)
    joined.pass_time(4.999)
    assert joined.ends[0].heard == []
    joined.pass_time(0.001)
    assert joined.ends[0].heard == [CallTimedOut(slow, "DataTransfer")]
    quick = joined.call(0, "quick")
    for _ in range(2):
        joined.deliver(1)
        joined.answer(1)
    (late,) = joined.deliver(0, copy=True)
    assert isinstance(late, LateReply)
    assert isinstance(late.reply, ReplyReceived)
    assert (late.message_id, late.action) == (slow, "DataTransfer")
    assert msgspec.to_builtins(late.reply.payload)["data"] == "slow"
    (again,) = joined.deliver(0)
    assert again == DuplicateReply(slow, "DataTransfer", "result", b'{"status":"Accepted","data":"slow"}')
    (answer,) = joined.deliver(0)
    assert isinstance(answer, ReplyReceived)
    assert answer.message_id == quick


def test_a_lost_connection_leaves_the_call_s_fate_open() -> None:
    joined = Joined(Version.V21)
    lost = joined.call(0, "anybody there?")
    connection = joined.ends[0].connection
    assert connection.abandon() == [CallAbandoned(lost, "DataTransfer")]
    assert connection.abandon() == []
    assert connection.expire(1e9) == []


def test_what_is_remembered_is_bounded() -> None:
    joined = Joined(Version.V16)
    first = joined.call(0, "first", timeout=1)
    joined.pass_time(1)
    for index in range(REMEMBERED):
        joined.call(0, f"{index}", timeout=1)
        joined.pass_time(1)
    joined.deliver(1)
    joined.answer(1)
    (answer,) = joined.deliver(0)
    assert isinstance(answer, UnknownReply)
    assert answer.message_id == first
