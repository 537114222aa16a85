"""Things that go on for a while at a station (an update, an upload), told of step by step. Pure.

A step names the status it brings and how far along that is (`rank`): one that comes late, or twice, stands in the
timeline and does not turn the status back. `data.timeline` of such an object has every step in the order they came.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import attrs
from msgspec.structs import replace

from actors.records import EventRecord, Record, StationStepRecord, StepEventRecord
from actors.station.who import NewId, Station
from actors.station.work import Work
from protocol.events.types import StationObjectChanged, make, timestamp

REFUSED: Final = 95
"""Rank of what the station never took: no later message of it can mean this one."""
_EVERY: Final = timedelta(seconds=60)
_MOST_SAID: Final = 32


@attrs.frozen
class Rank:
    """`at`: applies when the thing is not further than this; `leaves`: how far it is then (less after a failure)."""

    at: int
    leaves: int


def going(at: int) -> Rank:
    """A status that is passed through, or the last one of all."""
    return Rank(at, at)


FAILURE: Final = Rank(80, 2)
"""A failure counts unless the thing has succeeded; a retry goes on from the beginning."""
CANCELLED: Final = Rank(85, 91)


def step(
    kind: str,
    key: str | None,
    status: str,
    rank: Rank,
    now: datetime,
    *,
    info: Any = None,
    data: dict[str, Any] | None = None,
    otherwise: str = "",
    but: str | None = None,
    match: dict[str, Any] | None = None,
) -> StationStepRecord:
    """The record of one step. Without `key` it belongs to the newest of that kind which the station took.

    `match`: what that one's data must hold; `but`: not this one; `otherwise`: the key when there is none ("": nothing).
    """
    line = {"status": status, "at": timestamp(now)} | ({"info": info} if info else {})
    return StationStepRecord(
        kind, key, otherwise, but, match or {}, status, rank.at, rank.leaves, line, data or {}, now
    )


def changed(made: StationStepRecord, station: Station, new_id: NewId) -> Record:
    """The event of a step: what it changes, by its key or, without one, by that of what it is found to belong to."""
    kind, subject, data = make(StationObjectChanged(
        station_id=station.id, station=station.identity, kind=made.kind, key=made.key or "", status=made.status
    ))  # fmt: skip
    if made.key is not None:
        return EventRecord(new_id(), made.received_at, kind, subject, data)
    return StepEventRecord(
        new_id(), made.received_at, kind, subject, data, made.kind, made.otherwise, made.but, made.match
    )


def said_before(work: Work, subject: str, status: str) -> bool:
    """True when the station said the same a moment ago: floods are not written down (quirk 33)."""
    before = work.state.said.get(subject)
    if before is not None and before[0] == status and work.now - before[1] < _EVERY:
        return True
    said = {name: each for name, each in work.state.said.items() if name != subject}
    while len(said) >= _MOST_SAID:
        said.pop(next(iter(said)))
    work.state = replace(work.state, said={**said, subject: (status, work.now)})
    return False
