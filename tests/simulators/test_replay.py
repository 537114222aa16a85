"""A stored conversation played again: what is said, what is answered, which differences are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from protocol.redact import HIDDEN
from simulators.replay.conversation import Stored, differing, message_of, read

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def stored(*frames: tuple[str, Any]) -> list[Stored]:
    """One a second."""
    return [
        Stored(BEGAN + timedelta(seconds=number), way, text if isinstance(text, str) else orjson.dumps(text).decode())
        for number, (way, text) in enumerate(frames)
    ]


BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}
TALK = stored(
    ("in", [2, "1", "BootNotification", BOOT]),
    ("out", [3, "1", {"currentTime": "2026-03-01T12:00:00Z", "interval": 60, "status": "Accepted"}]),
    ("out", [2, "a", "ChangeAvailability", {"connectorId": 1, "type": "Operative"}]),
    ("in", [3, "a", {"status": "Scheduled"}]),
    ("in", [2, "2", "StartTransaction",
            {"connectorId": 1, "idTag": HIDDEN, "meterStart": 0, "timestamp": "2026-03-01T12:00:04Z"}]),
    ("out", [3, "2", {"transactionId": 900, "idTagInfo": {"status": "Accepted"}}]),
    ("in", [2, "3", "StopTransaction", {"transactionId": 900, "meterStop": 5, "timestamp": "2026-03-01T12:00:06Z"}]),
    ("out", [3, "3", {}]),
    ("in", "no frame at all"),
    ("in", [2, "4", "Foo", {}]),
    ("out", [4, "4", "NotImplemented", "no such action", {}]),
    ("in", [2, "5", "Heartbeat", {}]),
)  # fmt: skip


def test_a_conversation_is_read_with_its_answers_and_its_pace() -> None:
    talk = read(TALK)
    assert [(each.action, each.after) for each in talk.said] == [
        ("BootNotification", 0), ("StartTransaction", 4), ("StopTransaction", 6), ("a frame", 8), ("Foo", 9),
        ("Heartbeat", 11),
    ]
    assert [each.answer is not None for each in talk.said] == [True, True, True, False, True, False]
    assert [each.hidden for each in talk.said] == [False, True, False, False, False, False]
    assert talk.unreadable == 1
    assert read([]).said == []


def test_what_was_answered_is_compared_without_ids_and_times() -> None:
    talk = read(TALK)
    boot, start, stop, _, foo, beat = talk.said
    then = {"currentTime": "2030-01-01T00:00:00Z", "interval": 60, "status": "Accepted"}
    assert talk.heard(boot, [3, "1", then]) == []
    [slower] = talk.heard(boot, [3, "1", then | {"interval": 300}])
    assert (slower.path, slower.then, slower.now) == ("/interval", 60, 300)
    assert str(slower) == "BootNotification /interval: then 60, now 300"
    assert talk.heard(start, [3, "2", {"transactionId": 17, "idTagInfo": {"status": "Accepted"}}]) == []
    assert orjson.loads(talk.say(stop))[3]["transactionId"] == 17  # the number that this platform gave
    assert talk.heard(foo, [4, "4", "NotImplemented", "in other words", {}]) == []
    assert [each.path for each in talk.heard(foo, [4, "4", "InternalError", "", {}])] == ["/errorCode"]
    assert [each.now for each in talk.heard(foo, [3, "4", {"status": "x"}])] == [{"status": "x"}]
    assert [each.now for each in talk.heard(boot, None)] == ["no answer"]
    assert talk.heard(beat, [3, "5", {"currentTime": "x"}]) == []  # what was answered then is not stored


def test_calls_are_answered_by_action_in_order_and_others_are_told() -> None:
    talk = read(TALK)
    answer, difference = talk.asked("ChangeAvailability", "n1")
    assert (orjson.loads(answer), difference) == ([3, "n1", {"status": "Scheduled"}], None)
    again, difference = talk.asked("ChangeAvailability", "n2")
    assert orjson.loads(again)[:3] == [4, "n2", "NotSupported"]
    assert difference is not None
    assert difference.now == "asked"
    assert talk.left() == []
    assert [each.now for each in read(TALK).left()] == ["not asked"]


@pytest.mark.parametrize(("then", "now", "paths"), [
    ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ["/a/1/b"]), ({"a": 1}, {}, ["/a"]),
    ({}, {"transactionId": 1}, ["/transactionId"]),
    ({"t": "2026-01-01T00:00:00Z"}, {"t": "2027-01-01T00:00:00Z"}, []), ({"k": HIDDEN}, {"k": "seen"}, []),
    ([1, 2], [1], [""]), ({"t": "2026-01-01T00:00:00Z"}, {"t": None}, ["/t"]),
])  # fmt: skip
def test_differences_name_their_path(then: Any, now: Any, paths: list[str]) -> None:
    assert [path for path, _, _ in differing(then, now)] == paths


@pytest.mark.parametrize("text", ["", "{}", "[]", '[2,5,"A",{}]', '[9,"1","A",{}]', "[2", "nul"])
def test_what_is_no_message_is_said_as_it_is(text: str) -> None:
    assert message_of(text) is None
