"""Any text whatever gives events or a named violation, never an exception, and never an endless exchange of errors."""

import json
from typing import Any

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.ocpp import events
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.errors import recognise
from protocol.ocpp.events import LiteralId
from protocol.ocpp.version import Version
from tests.support.joined import transfer

ALL_EVENTS = tuple(
    kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
)

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(("m1", "MeterValues", "StopTransaction", "Heartbeat", "TransactionEvent", "\x00", "2024-01-01")),
)
FIELDS = st.sampled_from(
    ("connectorId", "transactionId", "meterStop", "timestamp", "meterValue", "sampledValue", "value", "unit", "x\x00y")
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ("MeterValues", "StartTransaction", "StopTransaction", "TransactionEvent", "BootNotification", "NotifyReport")
)
FRAMES = st.one_of(
    st.tuples(st.integers(0, 8), st.just("m1") | SCALARS, NAMES | SCALARS, VALUES),
    st.tuples(st.integers(3, 6), st.just("m1") | SCALARS, VALUES),
    st.tuples(st.integers(3, 6), st.just("m1") | SCALARS, SCALARS, SCALARS, VALUES),
    st.lists(VALUES, max_size=6),
    VALUES,
).map(json.dumps)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A frame of which a piece is cut out and something else put in its place."""
    text = draw(FRAMES)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 6)))
    junk = draw(
        st.text(max_size=3) | st.sampled_from((",", "\\u0000", "\\ud800", "\ud800", '"', "[", "]", "\x00", "\\"))
    )
    return text[:start] + junk + text[end:]


TEXTS = st.one_of(
    st.text(), st.binary(), FRAMES, damaged(), damaged().map(lambda t: t.encode("utf-8", "surrogatepass"))
)


def replies(found: list[events.Event]) -> list[str]:
    texts = [getattr(event, "reply_text", None) for event in found]
    return [text for text in texts if text is not None]


@given(
    text=TEXTS,
    version=st.sampled_from(Version),
    strict=st.booleans(),
    tolerate=st.booleans(),
    waiting=st.booleans(),
    role=st.sampled_from(Role),
)
@example("[" * 100_000, Version.V16, False, False, False, Role.CSMS)
@example('[2,"m1","DataTransfer",' + '{"a":' * 100_000, Version.V21, False, False, False, Role.CSMS)
@example('[3,"m1",{"status":"Accepted","data":"\\ud800\\u0000"}]', Version.V21, False, False, True, Role.CSMS)
@example('[2,"m1","MeterValues",{"connectorId":1e999999999}]', Version.V16, False, False, False, Role.CSMS)
@example('[2,"m1","MeterValues",{"connectorId":"1e999999999"}]', Version.V16, False, False, False, Role.CSMS)
@example('[4,"m1",{"\\u0000":1},[],"\\ud800"]', Version.V16, False, False, True, Role.CSMS)
@example(
    '[2,"m1","DataTransfer",{"vendorId":"v","data":' + "9" * 5000 + "}]", Version.V201, False, False, False, Role.CSMS
)
@example('[2,"m1","DataTransfer",{"vendorId":' + "9" * 5000 + "}]", Version.V201, False, False, False, Role.CSMS)
def test_any_text_gives_events(
    text: str | bytes, version: Version, strict: bool, tolerate: bool, waiting: bool, role: Role
) -> None:
    connection = Connection(version, role, strict=strict, tolerate_utf8=tolerate, new_id=lambda: "m1")
    peer = Connection(version, role)
    if waiting:
        connection.call("DataTransfer", transfer(version, "hello"), 0.0, 5.0)
    found = connection.receive(text, 1.0)
    assert found, "every text means something, be it that it is ignored"
    for event in found:
        assert isinstance(event, ALL_EVENTS)
        storable(event)
    for reply in replies(found):
        kind, message_id, code, description, details = json.loads(reply)
        assert kind == (5 if isinstance(found[0], events.InvalidReply) else 4)
        assert not isinstance(message_id, list | dict)
        assert recognise(code) is not None
        assert len(description) <= 255
        assert details == {}
        assert replies(peer.receive(reply, 1.0)) == [], "an error is never answered with an error"


def storable(event: events.Event) -> None:
    """Nothing in an event, apart from raw payloads, holds what UTF-8 or a database cannot hold."""
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, bytes | LiteralId) or name == "reply_text":
            continue
        if isinstance(event, events.CallReceived | events.ReplyReceived | events.SendReceived) and name == "payload":
            assert b"\\u0000" not in msgspec.json.encode(value)
        else:
            assert "\x00" not in json.dumps(msgspec.to_builtins(value), ensure_ascii=False)


@given(st.lists(TEXTS, max_size=8), st.sampled_from(Version))
def test_nonsense_in_between_ends_no_call(texts: list[str | bytes], version: Version) -> None:
    connection = Connection(version, Role.CSMS, new_id=lambda: "a-very-own-id")
    connection.call("DataTransfer", transfer(version, "hello"), 0.0, 5.0)
    for text in texts:
        connection.receive(text, 1.0)
    (answer,) = connection.receive('[3,"a-very-own-id",{"status":"Accepted"}]', 1.5)
    assert isinstance(answer, events.ReplyReceived)
    assert answer.duration == 1.5
