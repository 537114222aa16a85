"""Frames: the quick way and wsproto's way agree, limits hold, and nothing else than an event ever comes out."""

import struct
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import websocket
from gateway.websocket import Codec, Event, PeerClosed, Pinged, Ponged, Violated
from tests.support.wire import frame, text

LIMIT = 2000


def deflated(message: bytes) -> bytes:
    work = zlib.compressobj(wbits=-15)
    return (work.compress(message) + work.flush(zlib.Z_SYNC_FLUSH))[:-4]


def fed(data: bytes, cuts: list[int], **options: object) -> list[Event]:
    """The events of `data` arriving in pieces."""
    codec = Codec(LIMIT, **options)  # type: ignore[arg-type]
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [event for start, stop in pairwise(places) for event in codec.receive(data[start:stop])]


@st.composite
def conversations(draw: st.DrawFn) -> tuple[bytes, list[Event]]:
    """Frames as a station may send them, whole, fragmented and deflated, with what they mean."""
    data, meaning = b"", list[Event]()
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["text", "deflated", "fragments", "ping", "pong"]))
        message = draw(st.text(max_size=150))
        payload = message.encode()
        if kind == "ping":
            data += frame(9, payload[:125])
            meaning.append(Pinged(payload[:125]))
        elif kind == "pong":
            data += frame(10, payload[:125])
            meaning.append(Ponged(payload[:125]))
        elif kind == "fragments":
            sent = deflated(payload) if draw(st.booleans()) else payload
            rsv = 4 if sent is not payload else 0
            cut = draw(st.integers(0, len(sent)))
            data += frame(1, sent[:cut], fin=False, rsv=rsv) + frame(9, b"in between") + frame(0, sent[cut:])
            meaning += [Pinged(b"in between"), message]
        else:
            data += text(deflated(payload), rsv=4) if kind == "deflated" else text(payload)
            meaning.append(message)
    return data, meaning


@given(conversations(), st.lists(st.integers(0, 5000), max_size=8))
def test_however_it_arrives_it_means_the_same(conversation: tuple[bytes, list[Event]], cuts: list[int]) -> None:
    data, meaning = conversation
    assert fed(data, cuts, deflate_bits=15) == meaning


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=4), st.booleans())
def test_any_bytes_give_events_and_nothing_after_the_end(data: bytes, cuts: list[int], tolerant: bool) -> None:
    events = fed(data, cuts, deflate_bits=15, tolerant=tolerant)
    ends = [at for at, event in enumerate(events) if isinstance(event, (PeerClosed, Violated))]
    assert ends in ([], [len(events) - 1])


@given(st.text(max_size=70_000), st.sampled_from([None, 9, 15]))
def test_what_we_send_can_be_read(message: str, bits: int | None) -> None:
    sent = Codec(10**6, deflate_bits=bits).text(message)
    first, length, at = sent[0], sent[1], 2
    if length == 126:
        ((length,), at) = struct.unpack_from("!H", sent, 2), 4
    elif length == 127:
        ((length,), at) = struct.unpack_from("!Q", sent, 2), 10
    payload = sent[at:]
    assert len(payload) == length
    if first == 0xC1:
        payload = zlib.decompressobj(wbits=-(bits or 15)).decompress(payload + b"\0\0\xff\xff")
    assert payload.decode() == message


@pytest.mark.parametrize("cuts", [[], [3], [1, 2, 5, 9, 40]])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(2, b"binary"), 1003),
        (text(b"\xff\xfe"), 1007),
        (text(b"\xc3", fin=False) + frame(0, b"\x28"), 1007),
        (text("plain", masked=False), 1002),
        (frame(0, b"of nothing"), 1002),
        (text("one", fin=False) + text("two"), 1002),
        (text("x", rsv=2), 1002),
        (frame(3, b"reserved"), 1002),
        (frame(9, b"x" * 126), 1002),
        (frame(9, b"x", fin=False), 1002),
        (text("x" * (LIMIT + 1)), 1009),
        (text("x" * LIMIT, fin=False) + frame(0, b"x"), 1009),
        (struct.pack("!BBQ", 0x81, 0xFF, 1 << 40), 1009),
        (text(deflated(b"0" * 10_000_000), rsv=4), 1009),
        (text(deflated(b"0" * 10_000_000)[:50], rsv=4, fin=False) + frame(0, deflated(b"0" * 10**7)[50:]), 1009),
        (text(b"not deflated", rsv=4), 1007),
        (frame(8, b"x"), 1002),
        (frame(8, struct.pack("!H", 1005)), 1002),
    ],
)
def test_what_is_forbidden_has_its_code(data: bytes, code: int, cuts: list[int]) -> None:
    events = fed(data + text("later"), cuts, deflate_bits=15)
    assert [event.code for event in events if isinstance(event, Violated)] == [code]
    assert "later" not in events


def test_a_bomb_is_not_unpacked() -> None:
    bomb = deflated(b"0" * 50_000_000)
    assert len(bomb) < 50_000
    [event] = Codec(1_000_000, deflate_bits=15).receive(text(bomb, rsv=4))
    assert isinstance(event, Violated)
    assert "1000000 bytes" in event.reason


def test_deflated_frames_need_the_agreement() -> None:
    [event] = fed(text(deflated(b"x"), rsv=4), [])
    assert isinstance(event, Violated)
    assert event.code == 1002


def test_invalid_utf8_is_handed_on_where_tolerated() -> None:
    bad = b'[2,"1","Heartbeat",{"\xff":1}]'
    assert fed(text(bad) + text("fine"), [], tolerant=True) == [bad, "fine"]
    assert fed(text(bad[:9], fin=False) + frame(0, bad[9:]), [4], tolerant=True) == [bad]


def test_an_idle_connection_holds_no_parser() -> None:
    codec = Codec(LIMIT)
    codec.receive(text("begun", fin=False))
    assert codec.unfinished
    codec.receive(frame(0, b"ended"))
    assert not codec.unfinished


def test_close_frames() -> None:
    assert fed(frame(8), []) == [PeerClosed(1005, "")]
    assert fed(frame(8, struct.pack("!H", 4000) + b"bye"), []) == [PeerClosed(4000, "bye")]
    assert len(websocket.close(1008, "ä" * 100)) <= 127
    assert websocket.close(1005, "") == b"\x88\x00"
