"""Streams that stations open and close, and the values in them. Pure. OCPP 2.1 Part 2, N11.FR.04 to 06, N13, N15."""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from actors.records import StreamValueRecord
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from actors.streams.objects import MOST_STREAMS, STREAM, stream
from protocol.ocpp import neutral


def _open(work: Work, heard: Heard) -> neutral.Reply:
    """N11.FR.04, N11.FR.06. One more than we keep is refused (N11.FR.05)."""
    constant = heard.json["constantStreamData"]
    number = int(constant["id"])
    if number not in work.state.streams and len(work.state.streams) >= MOST_STREAMS:
        why = {"reasonCode": "TooManyStreams", "additionalInfo": f"at most {MOST_STREAMS} are kept"}
        return neutral.GivenReply({"status": "Rejected", "statusInfo": why})
    work.state = replace(work.state, streams=work.state.streams | {number})
    work.object(heard.station, STREAM, str(number), stream(constant), "open")
    return neutral.GivenReply({"status": "Accepted"})


def _close(work: Work, heard: Heard) -> neutral.Reply:
    """N13.FR.02."""
    number = int(heard.json["id"])
    work.state = replace(work.state, streams=work.state.streams - {number})
    work.gone(heard.station, STREAM, str(number), "closed")
    return EMPTY


def _values(work: Work, heard: Heard) -> neutral.Reply:
    """N15.FR.03: what each value is of, the stream's monitor says. Nothing is answered (N15.FR.02).

    `t` counts seconds from the message's base time.
    """
    told = heard.payload
    base, _ = work.corrected(told.basetime)
    batch, received = work.new_id(), work.received()
    for n, element in enumerate(told.data):
        at = base + timedelta(seconds=_seconds(float(element.t)))
        work.records.append(StreamValueRecord(batch, n, int(told.id), at, element.v, received))
    return EMPTY


def _seconds(offset: float) -> float:
    """An offset that no calendar can hold counts as none."""
    return offset if -1e8 < offset < 1e8 else 0.0


INCOMING: Final[Incoming] = {
    "OpenPeriodicEventStream": _open,
    "ClosePeriodicEventStream": _close,
    "NotifyPeriodicEventStream": _values,
}
