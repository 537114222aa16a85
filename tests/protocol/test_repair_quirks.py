"""The corpus: frames as real stations send them, what they must be understood as, and what must be answered.

`quirks/*.json`, one file for each row of the list of quirks; here are its cases about single frames (the usual kind),
in test_quirk_*.py the other kinds. A case has its frame (or `frame_hex` when it is no UTF-8),
the connection's settings, and in `want` the event with its payload as JSON, its repairs as (code, path) and the answer.
"""

import json
from typing import Any

import msgspec
import pytest

from protocol.ocpp import catalogue
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.errors import ErrorCode
from protocol.ocpp.events import CallReceived, CallRefused, Event, PeerViolated, was_filled
from protocol.ocpp.version import Version
from tests.support.corpus import cases

CASES = cases("frame")


def found(connection: Connection, event: Event) -> dict[str, Any]:
    """An event in the words of the corpus."""
    told: dict[str, Any] = {"event": type(event).__name__}
    match event:
        case CallReceived():
            told["action"] = event.action
            told["payload"] = json.loads(catalogue.encode(event.payload))
            told["repairs"] = [[repair.code, repair.path] for repair in event.repairs]
            told["echo"] = json.loads(connection.reply_error(event, ErrorCode.GENERIC_ERROR))[1]
        case CallRefused():
            told["answer"] = json.loads(event.reply_text)[:3]
            told["path"] = event.problem.path if event.problem else None
        case PeerViolated():
            told["answer"] = json.loads(event.reply_text)[:3] if event.reply_text else None
            told["violation"] = event.violation.value
            told["fatal"] = event.fatal
    return told


@pytest.mark.parametrize("case", CASES)
def test_a_quirk_is_understood(case: dict[str, Any]) -> None:
    frame = bytes.fromhex(case["frame_hex"]) if "frame_hex" in case else case["frame"]
    connection = Connection(Version(case["version"]), Role.CSMS, **case.get("settings", {}))
    (event,) = connection.receive(frame, 0.0)
    assert found(connection, event) == case["want"]


@pytest.mark.parametrize("case", CASES)
def test_a_repaired_message_would_need_no_repair(case: dict[str, Any]) -> None:
    want = case["want"]
    if want["event"] != "CallReceived" or any(code == "list_emptied" for code, _ in want["repairs"]):
        return
    frame = json.dumps([2, "again", want["action"], want["payload"]])
    (event,) = Connection(Version(case["version"]), Role.CSMS, strict=True).receive(frame, 0.0)
    assert isinstance(event, CallReceived)
    assert event.repairs == ()


@pytest.mark.parametrize("case", CASES)
def test_strict_mode_refuses_what_the_tolerant_one_repairs(case: dict[str, Any]) -> None:
    want = case["want"]
    if not want.get("repairs"):
        return
    frame = bytes.fromhex(case["frame_hex"]) if "frame_hex" in case else case["frame"]
    (event,) = Connection(Version(case["version"]), Role.CSMS, strict=True).receive(frame, 0.0)
    assert isinstance(event, CallRefused | PeerViolated)


def test_the_record_keeps_what_was_sent_and_what_it_became() -> None:
    frame = '[2,"1","StatusNotification",{"connectorId":"02","errorCode":"Error","status":"Faulted","x":[1.50]}]'
    (event,) = Connection(Version.V16, Role.CSMS).receive(frame, 0.0)
    assert isinstance(event, CallReceived)
    assert [msgspec.to_builtins(repair) for repair in event.repairs] == [
        {"code": "field_dropped", "path": "/x", "before": "[1.50]", "after": ""},
        {"code": "number_from_text", "path": "/connectorId", "before": '"02"', "after": "2"},
        {"code": "value_unknown", "path": "/errorCode", "before": '"Error"', "after": '"OtherError"'},
    ]


def test_records_are_bounded() -> None:
    fields = ",".join(f'"field {index}":"{"x" * 2000}"' for index in range(110))
    (event,) = Connection(Version.V16, Role.CSMS).receive(f'[2,"1","Heartbeat",{{{fields}}}]', 0.0)
    assert isinstance(event, CallReceived)
    assert len(event.repairs) == 101
    assert event.repairs[-1].code == "more_repairs"
    assert max(len(repair.before) for repair in event.repairs) <= 500


def test_a_filled_value_can_be_told_from_a_measured_one() -> None:
    (event,) = Connection(Version.V16, Role.CSMS).receive('[2,"1","StopTransaction",{"transactionId":7}]', 0.0)
    assert isinstance(event, CallReceived)
    assert was_filled(event.repairs, "/meterStop")
    assert not was_filled(event.repairs, "/transactionId")
    assert not was_filled(event.repairs, "/meterStopAt")
