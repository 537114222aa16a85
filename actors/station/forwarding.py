"""What a station says, as other backends are told of it (stations with `settings.forwarded`). Pure.

It lies in the journal with all else that the message leads to, so that side gets what we acknowledged, in that order,
and whether it is slow or dead is no matter here.
"""

from datetime import datetime

from actors.records import ForwardedRecord, Record
from actors.station.who import NewId, Station
from protocol.ocpp import catalogue, neutral
from protocol.ocpp.events import CallReceived, SendReceived

_OWN = frozenset(("Heartbeat",))  # each connection has its own


def forwarded(
    station: Station, event: CallReceived | SendReceived, reply: neutral.Reply | None, now: datetime, new_id: NewId
) -> list[Record]:
    """The message as one row; nothing for what each connection says for itself, or what we refused."""
    if event.action in _OWN or isinstance(reply, neutral.RefusedReply):
        return []
    number = reply.transaction_id if isinstance(reply, neutral.TransactionReply) and reply.kind == "began" else None
    payload = catalogue.encode(event.payload).decode()
    return [ForwardedRecord(new_id(), now, station.version.value, event.action, payload, number)]
