"""What a station says, as other backends are told of it (stations with `settings.forwarded`). Pure.

It lies in the journal with all else that the message leads to, so that side gets what we acknowledged, in that order,
and whether it is slow or dead is no matter here.
"""

from datetime import datetime

from actors.records import ForwardedRecord, Record
from actors.station.who import NewId, Station
from protocol.ocpp import catalogue, frames, neutral
from protocol.ocpp.events import CallReceived, SendReceived

_OWN = frozenset(("Heartbeat",))  # each connection has its own


def forwarded(
    station: Station, event: CallReceived | SendReceived, text: str | bytes, reply: neutral.Reply | None,
    now: datetime, new_id: NewId,
) -> list[Record]:  # fmt: skip
    """The message as one row; nothing for what each connection says for itself, or what we refused.

    What needed no repair goes on in the station's own words, out of `text`, its frame.
    """
    if event.action in _OWN or isinstance(reply, neutral.RefusedReply):
        return []
    number = reply.transaction_id if isinstance(reply, neutral.TransactionReply) and reply.kind == "began" else None
    payload = None if event.repairs else frames.payload_text(text, station.version)
    if payload is None:
        payload = catalogue.encode(event.payload).decode()
    return [ForwardedRecord(new_id(), now, station.version.value, event.action, payload, number)]
