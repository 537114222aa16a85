"""Two OCPP connections joined in memory: what one sends waits until the test delivers, repeats or loses it."""

from collections import deque

import attrs
import msgspec

from protocol.ocpp import catalogue
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.errors import ErrorCode
from protocol.ocpp.events import CallReceived, Event
from protocol.ocpp.version import Version


def transfer(version: Version, data: str) -> msgspec.Struct:
    """A DataTransfer request, which every version and both directions have."""
    text = msgspec.json.encode({"vendorId": "test", "data": data})
    return catalogue.actions(version)["DataTransfer"].decode_request(text)


def transferred(version: Version, data: str) -> msgspec.Struct:
    """Its response."""
    text = msgspec.json.encode({"status": "Accepted", "data": data})
    return catalogue.actions(version)["DataTransfer"].decode_response(text)


@attrs.define
class End:
    """One side: its connection, the texts on their way to it, and the calls it has yet to answer."""

    connection: Connection
    inbox: deque[str] = attrs.field(factory=deque)
    unanswered: list[CallReceived] = attrs.field(factory=list)
    heard: list[Event] = attrs.field(factory=list)


class Joined:
    """Two ends and a clock. Side 0 is the CSMS, side 1 the station."""

    def __init__(self, version: Version, *, strict: bool = False) -> None:
        self.version = version
        self.now = 0.0
        self._ids = 0
        roles = (Role.CSMS, Role.STATION)
        self.ends = tuple(End(Connection(version, role, strict=strict, new_id=self._new_id)) for role in roles)

    def _new_id(self) -> str:
        self._ids += 1
        return f"m{self._ids}"

    def call(self, side: int, data: str, timeout: float = 10.0) -> str:
        """Side calls the other with `data`; gives the message id."""
        payload = transfer(self.version, data)
        message_id, text = self.ends[side].connection.call("DataTransfer", payload, self.now, timeout)
        self.ends[1 - side].inbox.append(text)
        return message_id

    def deliver(self, side: int, *, copy: bool = False) -> list[Event]:
        """Side reads the next text on its way to it; with `copy` the text stays there to be read again."""
        end = self.ends[side]
        text = end.inbox[0] if copy else end.inbox.popleft()
        events = end.connection.receive(text, self.now)
        end.heard += events
        end.unanswered += [event for event in events if isinstance(event, CallReceived)]
        return events

    def answer(self, side: int, index: int = 0, *, error: bool = False) -> None:
        """Side answers one of the calls it has heard with the data it came with, or with an error that names it."""
        end = self.ends[side]
        call = end.unanswered.pop(index)
        data = msgspec.to_builtins(call.payload)["data"]
        if error:
            text = end.connection.reply_error(call, ErrorCode.GENERIC_ERROR, data)
        else:
            text = end.connection.reply(call, transferred(self.version, data))
        self.ends[1 - side].inbox.append(text)

    def pass_time(self, seconds: float) -> None:
        """The clock moves on, and both sides look at their deadlines."""
        self.now += seconds
        for end in self.ends:
            end.heard += end.connection.expire(self.now)
