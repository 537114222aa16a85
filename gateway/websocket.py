"""WebSocket frames, server side: bytes in, events out; texts and control frames in, bytes out. No I/O, no clock.

The only file that knows frames. Two ways in:

- a whole, masked, unfragmented frame in one piece, as nearly every station sends nearly every message, is read here;
- everything else (a frame in pieces, a fragmented message, what is forbidden) goes to wsproto's parser, which is made
  when needed and dropped when it has nothing left, so that an idle connection holds none.

Both apply the same limits. The parts of wsproto that are not public are used in this file alone, under a version pin.
"""

import importlib.metadata
import struct
import zlib
from collections.abc import Callable

import attrs
from wsproto.extensions import Extension
from wsproto.frame_protocol import (
    CloseReason,
    Frame,
    FrameDecoder,
    FrameProtocol,
    MessageDecoder,
    Opcode,
    ParseFailed,
    RsvBits,
)

_PINNED = "1.3.2"
if importlib.metadata.version("wsproto") != _PINNED:  # what is private may change in any release
    raise ImportError(f"gateway/websocket.py was written for wsproto {_PINNED}: install that version")

_WHOLE_TEXT, _WHOLE_DEFLATED, _WHOLE_PING, _WHOLE_PONG = 0x81, 0xC1, 0x89, 0x8A
_NO_RSV = RsvBits(False, False, False)
_RSV1 = RsvBits(True, False, False)
_TAIL = b"\x00\x00\xff\xff"  # RFC 7692, 7.2.2: what the sender cut off
_SHOWN = 2048  # bytes of a refused frame that are shown to the operator
_WORTH_DEFLATING = 512  # below it the header saved is not worth 40 µs


@attrs.frozen
class Pinged:
    """A ping; its payload belongs into our pong."""

    payload: bytes


@attrs.frozen
class Ponged:
    """A pong, asked for or not."""

    payload: bytes


@attrs.frozen
class PeerClosed:
    """The station's close frame; 1005 when it named no code."""

    code: int
    reason: str


@attrs.frozen
class Violated:
    """The station broke the WebSocket rules or our limits: the connection must end with this code.

    `raw`: the beginning of what it sent, unmasked where that can be told.
    """

    code: int
    reason: str
    raw: bytes = b""


#: A whole text (bytes when it is not valid UTF-8 and that is tolerated), or what else a station may send.
Event = str | bytes | Pinged | Ponged | PeerClosed | Violated


class Codec:
    """One connection's frames.

    `limit`: the longest message in bytes, as sent and after inflation. `deflate_bits`: the window of messages we
    deflate (9 to 15), None when permessage-deflate was not agreed; contexts are never kept between messages.
    `tolerant`: texts that are not UTF-8 are handed on as bytes.
    """

    __slots__ = ("_bits", "_ended", "_limit", "_slow", "_tolerant")

    def __init__(self, limit: int, *, deflate_bits: int | None = None, tolerant: bool = False) -> None:
        self._limit = limit
        self._bits = deflate_bits
        self._tolerant = tolerant
        self._slow: FrameProtocol | None = None
        self._ended = False

    @property
    def unfinished(self) -> bool:
        """A frame or message has begun and not ended."""
        return self._slow is not None

    def receive(self, data: bytes) -> list[Event]:
        """What the station said with `data`. After PeerClosed or Violated nothing more comes."""
        events: list[Event] = []
        if self._ended:
            return events
        begins = self._slow is None
        if self._slow is None:
            used = self._read_whole_frames(data, events)
            if used == len(data) or self._ended:
                return events
            self._slow = _parser(self._limit, self._bits is not None, self._tolerant)
            data = data[used:] if used else data
        self._read_by_parser(self._slow, data, events, begins=begins)
        return events

    def _read_whole_frames(self, data: bytes, events: list[Event]) -> int:
        """Reads frames while they are of the usual kind and complete; says how many bytes that took."""
        at, end = 0, len(data)
        while end - at >= 6:
            first, length = data[at], data[at + 1] - 128
            if length < 0:
                break  # not masked: the parser says what is wrong
            start = at + 6
            if length == 126:
                length = data[at + 2] << 8 | data[at + 3]
                start = at + 8
                if length < 126:
                    break
            stop = start + length
            if stop > end or length == 127 or length > self._limit:
                break
            if first == _WHOLE_TEXT:
                event = self._text(_unmasked(data, start, stop))
            elif first == _WHOLE_DEFLATED and self._bits is not None:
                event = self._inflated(_unmasked(data, start, stop))
            elif first == _WHOLE_PONG and length < 126:
                event = Ponged(_unmasked(data, start, stop))
            elif first == _WHOLE_PING and length < 126:
                event = Pinged(_unmasked(data, start, stop))
            else:
                break
            events.append(event)
            at = stop
            if self._ended:
                break
        return at

    def _text(self, payload: bytes) -> Event:
        try:
            return payload.decode()
        except UnicodeDecodeError as error:
            if self._tolerant:
                return payload
            return self._violated(CloseReason.INVALID_FRAME_PAYLOAD_DATA, str(error), payload)

    def _inflated(self, payload: bytes) -> Event:
        try:
            text = _Inflater(self._limit).feed(payload + _TAIL)
        except ParseFailed as error:
            return self._violated(error.code, str(error), payload)
        return self._text(text)

    def _violated(self, code: int, reason: str, raw: bytes) -> Violated:
        self._ended = True
        self._slow = None
        return Violated(int(code), reason, raw[:_SHOWN])

    def _read_by_parser(self, parser: FrameProtocol, data: bytes, events: list[Event], *, begins: bool) -> None:
        parser.receive_bytes(data)
        try:
            for frame in parser.received_frames():
                event = _event(frame)
                if event is not None:
                    events.append(event)
                    if type(event) is PeerClosed:
                        self._ended = True
                        self._slow = None
                        return
        except ParseFailed as error:
            whole = parser._message_decoder.whole if isinstance(parser._message_decoder, _Messages) else b""
            events.append(self._violated(error.code, _said(error, self._limit), whole or _sent(data, begins)))
            return
        decoder = parser._frame_decoder
        if decoder.header is None and not len(decoder.buffer) and parser._message_decoder.opcode is None:
            self._slow = None

    def text(self, text: str | bytes) -> bytes:
        """One text message (bytes are UTF-8 already) as a frame."""
        payload = text.encode() if isinstance(text, str) else text
        if self._bits is None or len(payload) < _WORTH_DEFLATING:
            return _frame(_WHOLE_TEXT, payload)
        deflater = zlib.compressobj(wbits=-self._bits)
        return _frame(_WHOLE_DEFLATED, (deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4])


def ping(payload: bytes) -> bytes:
    """A ping frame; at most 125 bytes of payload."""
    return _frame(_WHOLE_PING, payload)


def pong(payload: bytes) -> bytes:
    """A pong frame; at most 125 bytes of payload."""
    return _frame(_WHOLE_PONG, payload)


def close(code: int, reason: str) -> bytes:
    """A close frame; the reason is cut to the 123 bytes there is room for. 1005 and 1006 are sent without a code."""
    if code in (CloseReason.NO_STATUS_RCVD, CloseReason.ABNORMAL_CLOSURE):
        return _frame(0x88, b"")
    return _frame(0x88, struct.pack("!H", code) + reason.encode()[:123].decode(errors="ignore").encode())


def _frame(first: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 65536:
        return struct.pack("!BBH", first, 126, length) + payload
    return struct.pack("!BBQ", first, 127, length) + payload


def _unmasked(data: bytes, start: int, stop: int) -> bytes:
    """The payload between `start` and `stop`, whose key stands before it: one exclusive or of two long integers."""
    length = stop - start
    key = data[start - 4 : start] * ((length >> 2) + 1)
    mixed = int.from_bytes(data[start:stop], "little") ^ int.from_bytes(key[:length], "little")
    return mixed.to_bytes(length, "little")


class _Inflater:
    """Inflates one message, never to more than its limit: a bomb costs no more than that."""

    __slots__ = ("_left", "_limit", "_stream")

    def __init__(self, limit: int) -> None:
        self._limit = self._left = limit
        self._stream = zlib.decompressobj(wbits=-15)

    def feed(self, data: bytes) -> bytes:
        try:
            text = self._stream.decompress(data, self._left + 1)
        except zlib.error as error:
            raise ParseFailed(f"cannot be inflated: {error}", CloseReason.INVALID_FRAME_PAYLOAD_DATA) from None
        self._left -= len(text)
        if self._left < 0:
            raise ParseFailed(_too_big(self._limit), CloseReason.MESSAGE_TOO_BIG)
        return text


class _Rules(Extension):
    """wsproto's hook at every frame: our limits, our verdict on binary messages, and inflation with a bound."""

    name = "voltyard-rules"

    def __init__(self, limit: int, deflate: bool) -> None:
        self._limit, self._deflate = limit, deflate
        self._seen = 0  # bytes of this message so far, as sent
        self._control = False
        self._inflater: _Inflater | None = None

    def enabled(self) -> bool:
        return True

    def offer(self) -> bool | str:
        return False

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        self._control = opcode.iscontrol()
        if self._control:
            return _NO_RSV
        if opcode is Opcode.BINARY:
            return CloseReason.UNSUPPORTED_DATA
        if opcode is Opcode.TEXT:
            self._seen = 0
            self._inflater = _Inflater(self._limit) if rsv.rsv1 and self._deflate else None
        self._seen += payload_length
        if self._seen > self._limit:
            return CloseReason.MESSAGE_TOO_BIG
        return _RSV1 if self._deflate and opcode is Opcode.TEXT else _NO_RSV

    def frame_inbound_payload_data(self, proto: FrameDecoder | FrameProtocol, data: bytes) -> bytes | CloseReason:
        return data if self._control or self._inflater is None else self._inflater.feed(data)

    def frame_inbound_complete(self, proto: FrameDecoder | FrameProtocol, fin: bool) -> bytes | CloseReason | None:
        if self._control or not fin or self._inflater is None:
            return None
        inflater, self._inflater = self._inflater, None
        return inflater.feed(_TAIL)


class _Messages(MessageDecoder):
    """Puts a message's frames together and decodes it once it is whole."""

    def __init__(self, tolerant: bool) -> None:
        super().__init__()
        self._tolerant = tolerant
        self._whole = bytearray()
        self.whole = b""  # a message that was no text

    def process_frame(self, frame: Frame) -> Frame:
        if (self.opcode is None) == (frame.opcode is Opcode.CONTINUATION):
            raise ParseFailed("a message began within another" if self.opcode else "a continuation of nothing")
        assert isinstance(frame.payload, bytes)
        self._whole += frame.payload
        if not (frame.frame_finished and frame.message_finished):
            self.opcode = Opcode.TEXT
            return Frame(Opcode.TEXT, b"", frame.frame_finished, False)
        whole, self._whole, self.opcode = bytes(self._whole), bytearray(), None
        try:
            return Frame(Opcode.TEXT, whole.decode(), True, True)
        except UnicodeDecodeError as error:
            if not self._tolerant:
                self.whole = whole
                raise ParseFailed(str(error), CloseReason.INVALID_FRAME_PAYLOAD_DATA) from None
            return Frame(Opcode.TEXT, whole, True, True)


def _parser(limit: int, deflate: bool, tolerant: bool) -> FrameProtocol:
    parser = FrameProtocol(client=False, extensions=[_Rules(limit, deflate)])
    parser._message_decoder = _Messages(tolerant)
    return parser


def _event(frame: Frame) -> Event | None:
    payload = frame.payload
    if isinstance(payload, tuple):
        return PeerClosed(int(payload[0]), payload[1])
    if frame.opcode is Opcode.TEXT:
        return payload if frame.message_finished else None
    assert isinstance(payload, bytes)
    return _CONTROL[frame.opcode](payload)


_CONTROL: dict[Opcode, Callable[[bytes], Event]] = {Opcode.PING: Pinged, Opcode.PONG: Ponged}


def _sent(data: bytes, begins: bool) -> bytes:
    """What a refused frame held: its payload when it begins here and is masked, else the bytes as they came."""
    if not begins or len(data) < 6 or not data[1] & 0x80:
        return data
    start = 6 + {126: 2, 127: 8}.get(data[1] & 0x7F, 0)
    stop = min(len(data), start + _SHOWN)
    return _unmasked(data, start, stop) if start < stop else data


def _said(error: ParseFailed, limit: int) -> str:
    if error.code is CloseReason.MESSAGE_TOO_BIG:
        return _too_big(limit)
    if error.code is CloseReason.UNSUPPORTED_DATA:
        return "OCPP messages are text frames"
    return str(error)


def _too_big(limit: int) -> str:
    return f"a message may have {limit} bytes"
