"""Streams that stations open and close, and the values in them. Pure. OCPP 2.1 Part 2, N11.FR.04 to 06, N13, N15."""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from actors.records import StreamValueRecord
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from actors.streams.objects import GROWING, MOST_STREAMS, STREAM, WIDEN, stream
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
    backlogs = {name: each for name, each in work.state.backlogs.items() if name != number}
    work.state = replace(work.state, streams=work.state.streams - {number}, backlogs=backlogs)
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
    _mind_backlog(work, heard, int(told.id), int(told.pending))
    return EMPTY


def _mind_backlog(work: Work, heard: Heard, number: int, pending: int) -> None:
    """N15.FR.05: a station that holds back more from message to message gets larger and more frequent ones."""
    backlogs = work.state.backlogs
    before, grown = backlogs.get(number, (0, 0))
    if pending == before == 0:
        return
    grown = grown + 1 if pending > before else 0
    if grown >= GROWING:
        work.job(WIDEN, {"stream": number}, key=f"{heard.station.id}/{number}")
        grown = 0
    rest = {name: each for name, each in backlogs.items() if name != number}
    if len(rest) < MOST_STREAMS:
        rest[number] = (pending, grown)
    work.state = replace(work.state, backlogs=rest)


def _seconds(offset: float) -> float:
    """An offset that no calendar can hold counts as none."""
    return offset if -1e8 < offset < 1e8 else 0.0


INCOMING: Final[Incoming] = {
    "OpenPeriodicEventStream": _open,
    "ClosePeriodicEventStream": _close,
    "NotifyPeriodicEventStream": _values,
}
