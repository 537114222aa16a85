"""One event for many objects: what a list, or an answer to a clearing, says of all that a station holds. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from actors.records import ObjectsMatchedRecord, ObjectsSweptRecord, Record
from actors.station.who import Station
from protocol.events.types import StationObjectsChanged

_OURS: Final = frozenset(("clearable",))  # fields of ours, which say nothing of what was asked for


def of_lists(station: Station, records: Iterable[Record]) -> Iterator[StationObjectsChanged]:
    """For what a station's list leaves; what only goes with its transaction is told by the transaction's end."""
    for record in records:
        if isinstance(record, ObjectsSweptRecord) or (isinstance(record, ObjectsMatchedRecord) and record.keep):
            yield _summary(station, record)


def of_answers(station: Station, records: Iterable[Record]) -> Iterator[StationObjectsChanged]:
    """For what the answer to a command of ours says of many."""
    for record in records:
        if isinstance(record, ObjectsSweptRecord | ObjectsMatchedRecord):
            yield _summary(station, record)


def _summary(station: Station, record: ObjectsSweptRecord | ObjectsMatchedRecord) -> StationObjectsChanged:
    if isinstance(record, ObjectsSweptRecord):
        return StationObjectsChanged(
            station_id=station.id, station=station.identity, kind=record.kind, fields=[], kept=len(record.keep),
            removed=True,
        )  # fmt: skip
    return StationObjectsChanged(
        station_id=station.id, station=station.identity, kind=record.kind,
        fields=sorted(record.match.keys() - _OURS), keys=record.keys, kept=len(record.keep), status=record.status,
        removed=record.removed,
    )  # fmt: skip
