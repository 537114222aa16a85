"""Single frames: which event, which answer, in which version's words."""

import json
from typing import Any

import msgspec
import pytest

from protocol.ocpp import catalogue, events
from protocol.ocpp.connection import Connection, Role, UnknownAction, WrongPayload
from protocol.ocpp.errors import ErrorCode, for_field, recognise, spelling
from protocol.ocpp.events import (
    CallReceived,
    CallRefused,
    DuplicateReply,
    ErrorReceived,
    Ignored,
    InvalidReply,
    LateReply,
    PeerViolated,
    ReplyReceived,
    ResultErrorReceived,
    SendReceived,
    UnknownReply,
    Violation,
)
from protocol.ocpp.version import Version
from tests.support.joined import transfer, transferred

V16, V201, V21 = Version.V16, Version.V201, Version.V21


def connection(version: Version = V201, *, strict: bool = False, tolerate_utf8: bool = False) -> Connection:
    return Connection(version, Role.CSMS, strict=strict, tolerate_utf8=tolerate_utf8, new_id=lambda: "ours")


def one(version: Version, text: str | bytes, *, strict: bool = False) -> events.Event:
    (event,) = connection(version, strict=strict).receive(text, 0.0)
    return event


@pytest.mark.parametrize("version", Version)
def test_a_call_is_decoded_and_its_id_comes_back(version: Version) -> None:
    ours = connection(version)
    (call,) = ours.receive('[2,"17","DataTransfer",{"vendorId":"test","data":"ü"}]', 0.0)
    assert call == CallReceived("17", "DataTransfer", transfer(version, "ü"))
    assert ours.reply(call, transferred(version, "ja")) == '[3,"17",{"status":"Accepted","data":"ja"}]'


@pytest.mark.parametrize(
    "written", ["17", "-3", "1.50", "null", "true", '"x\\u0000"', '"\\ud800"', '"' + "y" * 300 + '"', '"a\\"b"', '""']
)
def test_odd_ids_come_back_as_they_came(written: str) -> None:
    ours = connection(V16)
    (call,) = ours.receive(f'[2,{written},"Heartbeat",{{}}]', 0.0)
    assert isinstance(call, CallReceived)
    answer = catalogue.actions(V16)["Heartbeat"].decode_response(b'{"currentTime":"2026-01-01T00:00:00Z"}')
    assert ours.reply(call, answer).startswith(f"[3,{written},{{")
    assert ours.reply_error(call, ErrorCode.INTERNAL_ERROR).startswith(f'[4,{written},"InternalError"')


def test_a_repeated_id_is_a_new_call_unless_strict() -> None:
    frame = '[2,"1","Heartbeat",{}]'
    ours = connection(V16)
    assert [type(ours.receive(frame, 0.0)[0]) for _ in range(2)] == [CallReceived, CallReceived]
    ours = connection(V16, strict=True)
    ours.receive(frame, 0.0)
    (event,) = ours.receive(frame, 0.0)
    assert isinstance(event, CallRefused)
    assert "being handled already" in event.description
    ours.reply_error("1", ErrorCode.INTERNAL_ERROR)
    assert isinstance(ours.receive(frame, 0.0)[0], CallReceived)


def test_overlapping_calls_are_told_in_strict_mode() -> None:
    ours = connection(V201, strict=True)
    ours.receive('[2,"1","Heartbeat",{}]', 0.0)
    violated, call = ours.receive('[2,"2","Heartbeat",{}]', 0.0)
    assert isinstance(violated, PeerViolated)
    assert violated.violation is Violation.CALLS_OVERLAP
    assert isinstance(call, CallReceived)


@pytest.mark.parametrize(
    ("frame", "echo"),
    [(f'[2,"{"z" * 37}","Heartbeat",{{}}]', f'"{"z" * 37}"'), ('[2,17,"Heartbeat",{}]', '"-1"')],
)
def test_strict_mode_refuses_ids_against_the_rules(frame: str, echo: str) -> None:
    event = one(V201, frame, strict=True)
    assert isinstance(event, CallRefused | PeerViolated)
    assert (event.reply_text or "").startswith(f'[4,{echo},"RpcFrameworkError"')


@pytest.mark.parametrize(
    ("version", "frame", "answer"),
    [
        (V16, '[2,"a","Explode",{}]', '[4,"a","NotImplemented"'),
        (V201, '[2,"a","StartTransaction",{}]', '[4,"a","NotImplemented"'),
        (V16, '[2,"a","Authorize",{}]', '[4,"a","ProtocolError"'),
        (V201, '[2,"a","Authorize",{}]', '[4,"a","OccurrenceConstraintViolation"'),
        (V16, '[2,"a","StatusNotification",{"connectorId":{},"errorCode":"NoError","status":"Available"}]',
         '[4,"a","TypeConstraintViolation"'),
        (V21, '[2,"a","SecurityEventNotification",{"type":"x","timestamp":{}}]', None),
        (V16, '[2,"a","DiagnosticsStatusNotification",{"status":"Bogus"}]', '[4,"a","PropertyConstraintViolation"'),
        (V16, '[2,"a","BootNotification",[1,2]]', '[4,"a","TypeConstraintViolation"'),
        (V16, '[2,"a"]', '[4,"a","FormationViolation"'),
        (V201, '[2,"a"]', '[4,"a","RpcFrameworkError"'),
        (V201, '[2,"a",{},{}]', '[4,"a","RpcFrameworkError"'),
        (V16, '[2,"a","Heartbeat",{"x":', '[4,"a","FormationViolation"'),
        (V201, '[2,"a","Heartbeat",{"x":', '[4,"a","FormatViolation"'),
        (V16, "hello", '[4,"-1","FormationViolation"'),
        (V201, "hello", '[4,"-1","RpcFrameworkError"'),
        (V201, "{}", '[4,"-1","RpcFrameworkError"'),
        (V201, "[]", '[4,"-1","RpcFrameworkError"'),
        (V201, '["CALL","a","Heartbeat",{}]', '[4,"a","RpcFrameworkError"'),
        (V201, '[2,{},"Heartbeat",{}]', '[4,"-1","RpcFrameworkError"'),
        (V201, '[9,"a",{}]', '[4,"a","MessageTypeNotSupported"'),
        (V21, '[9,[],{}]', '[4,"-1","MessageTypeNotSupported"'),
        (V201, '[6,"a","NotifyPeriodicEventStream",{}]', '[4,"a","MessageTypeNotSupported"'),
        (V21, '[2,"a","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2024-08-27T12:30:00Z",'
              '"data":[{"t":1.5,"v":"1"}]}]', '[4,"a","NotSupported"'),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_gets_the_exact_code(version: Version, frame: str, answer: str | None) -> None:
    event = one(version, frame)
    if answer is None:
        assert isinstance(event, CallReceived)
        return
    assert isinstance(event, CallRefused | PeerViolated)
    assert (event.reply_text or "").startswith(answer)
    assert json.loads(event.reply_text or "")[4] == {}


@pytest.mark.parametrize(
    ("version", "payload", "code"),
    [
        (V16, '{"connectorId":1,"errorCode":"NoError","status":"Available","x":1}', "FormationViolation"),
        (V201, '{"evseId":1,"connectorId":1,"timestamp":"2026-01-01T00:00:00Z","connectorStatus":"Available","x":1}',
         "ProtocolError"),
        (V16, '{"connectorId":"1","errorCode":"NoError","status":"Available"}', "TypeConstraintViolation"),
        (V16, '{"connectorId":1,"errorCode":"Error","status":"Available"}', "PropertyConstraintViolation"),
        (V16, '{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"now"}',
         "PropertyConstraintViolation"),
        (V16, '{"connectorId":1,"errorCode":"NoError","status":"Available","info":"a\\u0000"}',
         "PropertyConstraintViolation"),
        (V16, "null", "TypeConstraintViolation"),
    ],
)  # fmt: skip
def test_strict_mode_repairs_nothing(version: Version, payload: str, code: str) -> None:
    event = one(version, f'[2,"a","StatusNotification",{payload}]', strict=True)
    assert isinstance(event, CallRefused)
    assert event.reply_text.startswith(f'[4,"a","{code}"')
    assert isinstance(one(version, f'[2,"a","StatusNotification",{payload}]'), CallReceived) == (payload != "null")


def test_1_6_ignores_message_types_it_does_not_have() -> None:
    assert isinstance(one(V16, '[5,"a","GenericError","",{}]'), Ignored)


def test_empty_frames_are_ignored_and_invalid_utf8_is_fatal() -> None:
    assert [one(V16, text) for text in ("", " \r\n", b"\x00")] == [Ignored("empty frame")] * 3
    event = one(V16, b'[2,"a","Heartbeat",{"x":"\xff"}]')
    assert isinstance(event, PeerViolated)
    assert (event.violation, event.fatal, event.reply_text) == (Violation.INVALID_UTF8, True, None)


def test_a_large_frame_that_cannot_be_read_is_refused_quickly() -> None:
    event = one(V16, '[2,"a","DataTransfer",{"vendorId":"v","data":"' + "x" * 2_000_000 + '",}]')
    assert isinstance(event, CallRefused)
    assert event.code is ErrorCode.FORMAT_VIOLATION


def test_a_long_description_is_cut() -> None:
    text = connection(V201).reply_error("a", ErrorCode.GENERIC_ERROR, "é" * 400, {"more": 1})
    assert json.loads(text) == [4, "a", "GenericError", "é" * 255, {"more": 1}]


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("OccurenceConstraintViolation", ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION),
        ("OccurrenceConstraintViolation", ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION),
        ("FormationViolation", ErrorCode.FORMAT_VIOLATION),
        ("FormatViolation", ErrorCode.FORMAT_VIOLATION),
        ("genericerror", ErrorCode.GENERIC_ERROR),
        ("Vendor.Special", None),
    ],
)
def test_every_spelling_of_an_error_code_is_understood(written: str, known: ErrorCode | None) -> None:
    for version in Version:
        ours = connection(version)
        ours.call("DataTransfer", transfer(version, "x"), 0.0, 5.0)
        (event,) = ours.receive(f'[4,"ours","{written}","why",{{"a":1}}]', 0.25)
        assert event == ErrorReceived("ours", "DataTransfer", written, known, "why", {"a": 1}, 0.25)
        assert ours.abandon() == []


def test_every_code_is_spelled_and_recognised_in_every_version() -> None:
    assert spelling(V16, ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION) == "OccurenceConstraintViolation"
    assert spelling(V201, ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION) == "OccurrenceConstraintViolation"
    for code in ErrorCode:
        assert recognise(spelling(V21, code)) is code
        assert recognise(spelling(V16, code)) is not None
    assert for_field(V16, "something new") is ErrorCode.FORMAT_VIOLATION


@pytest.mark.parametrize("frame", ['[4,"ours"]', '[4,"ours",7,null]', '[4,"ours","X","y","z","more"]'])
@pytest.mark.parametrize("strict", [False, True])
def test_a_malformed_error_still_ends_the_call(frame: str, strict: bool) -> None:
    ours = connection(V16, strict=strict)
    ours.call("DataTransfer", transfer(V16, "x"), 0.0, 5.0)
    assert isinstance(ours.receive(frame, 0.0)[0], ErrorReceived)
    assert ours.abandon() == []


@pytest.mark.parametrize("payload", ['{"status":"Perhaps"}', "{}", "[]", "7", '{"status":'])
def test_a_bad_answer_ends_the_call_and_is_told_in_2_1(payload: str) -> None:
    for version in Version:
        ours = connection(version)
        ours.call("DataTransfer", transfer(version, "x"), 0.0, 5.0)
        (event,) = ours.receive(f'[3,"ours",{payload}]', 0.0)
        assert isinstance(event, InvalidReply)
        assert ours.abandon() == []
        if version is V21:
            assert event.reply_text is not None
            assert event.reply_text.startswith('[5,"ours","')
        else:
            assert event.reply_text is None


def test_an_answer_is_repaired_like_a_call() -> None:
    ours = connection(V16)
    ours.call("DataTransfer", transfer(V16, "x"), 0.0, 5.0)
    (event,) = ours.receive('[3,"ours",{"status":"accepted","extra":1}]', 0.0)
    assert isinstance(event, ReplyReceived)
    assert msgspec.to_builtins(event.payload) == {"status": "Accepted"}
    assert {repair.code for repair in event.repairs} == {"value_spelled", "field_dropped"}


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("way", ["late", "another connection"])
def test_an_answer_after_its_time_is_judged_like_one_in_time(way: str, version: Version) -> None:
    """Late on its own connection, or on the next one, whose owner knows the call."""
    frames: dict[str, Any] = {
        '[3,"ours",{"status":"accepted","data":"x"}]': ReplyReceived,
        '[3,"ours",{"status":["what"]}]': InvalidReply,
        '[4,"ours","InternalError","no\\u0000",{"a":1}]': ErrorReceived,
    }
    for frame, kind in frames.items():
        in_time = connection(version)
        in_time.call("DataTransfer", transfer(version, "x"), 1.0, 5.0)
        (wanted,) = in_time.receive(frame, 9.0)
        assert type(wanted) is kind
        assert isinstance(wanted, ReplyReceived | InvalidReply | ErrorReceived)
        ours = connection(version)
        event: events.Event | None
        if way == "late":
            ours.call("DataTransfer", transfer(version, "x"), 1.0, 5.0)
            ours.expire(6.0)
            (event,) = ours.receive(frame, 9.0)
        else:
            (unknown,) = ours.receive(frame, 9.0)
            assert isinstance(unknown, UnknownReply)
            assert ours.recognised(unknown, "Nothing", 1.0, 9.0) is None
            event = ours.recognised(unknown, "DataTransfer", 1.0, 9.0)
        assert event == LateReply(wanted)
        assert isinstance(ours.receive(frame, 9.0)[0], DuplicateReply)


def test_an_answer_that_cannot_be_read_is_late_too() -> None:
    ours = connection(V16)
    ours.call("DataTransfer", transfer(V16, "x"), 0.0, 5.0)
    ours.expire(5.0)
    (event,) = ours.receive('[3,"ours"]', 6.0)
    assert isinstance(event, LateReply)
    assert isinstance(event.reply, InvalidReply)


@pytest.mark.parametrize("version", Version)
def test_answers_nobody_asked_for(version: Version) -> None:
    for frame, kind in (('[3,"x",{}]', "result"), ('[4,"-1","GenericError","",{}]', "error")):
        event = one(version, frame)
        assert isinstance(event, UnknownReply)
        assert event.kind == kind


def test_2_1_hears_that_its_answer_could_not_be_used() -> None:
    ours = connection(V21)
    (call,) = ours.receive('[2,"theirs","DataTransfer",{"vendorId":"test"}]', 0.0)
    assert isinstance(call, CallReceived)
    ours.reply(call, transferred(V21, "x"))
    frame = '[5,"theirs","TypeConstraintViolation","data",{}]'
    (event,) = ours.receive(frame, 0.0)
    wanted = ErrorCode.TYPE_CONSTRAINT_VIOLATION
    assert event == ResultErrorReceived("theirs", "DataTransfer", wanted.value, wanted, "data", {})
    assert isinstance(ours.receive(frame, 0.0)[0], UnknownReply)


def test_2_1_send_goes_both_ways_and_is_never_answered() -> None:
    text = '[6,"ours","NotifyPeriodicEventStream",%s]'
    payload = '{"data":[{"t":1.5,"v":"230.4"}],"id":123,"pending":0,"basetime":"2024-08-27T12:30:00.000Z"}'
    event = one(V21, text % payload)
    assert isinstance(event, SendReceived)
    station = Connection(V21, Role.STATION, new_id=lambda: "ours")
    assert json.loads(station.send(event.action, event.payload)) == json.loads(text % payload)
    for bad in (text % "{}", '[6,"ours","Heartbeat",{}]', '[6,"ours"]', '[6,"ours","Nothing",{}]'):
        event = one(V21, bad)
        assert isinstance(event, PeerViolated)
        assert (event.violation, event.reply_text) == (Violation.INVALID_SEND, None)


def test_raw_payloads_go_out_as_they_are() -> None:
    ours = connection(V201)
    message_id, text = ours.call("Reset", b'{"type": "Later"}', 0.0, 5.0)
    assert (message_id, text) == ("ours", '[2,"ours","Reset",{"type": "Later"}]')


@pytest.mark.parametrize("payload", [b"", b"{", b"{}{}", b'"\xff"', b"nul"])
def test_a_raw_payload_must_be_one_json_value(payload: bytes) -> None:
    ours = connection(V201)
    with pytest.raises(WrongPayload):
        ours.call("Reset", payload, 0.0, 5.0)
    assert ours.abandon() == []


def test_the_owner_s_mistakes_are_told_and_change_nothing() -> None:
    ours = connection(V201)
    with pytest.raises(UnknownAction, match="ClearChargingProfile"):
        ours.call("ClearChargingProfil", b"{}", 0.0, 5.0)
    with pytest.raises(UnknownAction):
        ours.send("Reset", transfer(V201, "x"))
    with pytest.raises(UnknownAction):
        connection(V21).call("NotifyPeriodicEventStream", b"{}", 0.0, 5.0)
    with pytest.raises(WrongPayload):
        ours.call("Reset", transfer(V201, "x"), 0.0, 5.0)
    (call,) = ours.receive('[2,"a","Heartbeat",{}]', 0.0)
    assert isinstance(call, CallReceived)
    with pytest.raises(WrongPayload):
        ours.reply(call, transferred(V201, "x"))
    assert ours.abandon() == []


def test_invalid_utf8_in_an_answer_is_replaced_before_anybody_sees_it() -> None:
    ours = connection(V16, tolerate_utf8=True)
    (event,) = ours.receive(b'[3,"x",{"data":"\xff"}]', 0.0)
    assert isinstance(event, UnknownReply)
    assert event.payload.decode() == '{"data":"\ufffd"}'
