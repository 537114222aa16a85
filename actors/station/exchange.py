"""A command and the station's answer to it, as capabilities learn from it.

A capability says in its `learned.py` what an answer tells: `LEARN: Learned = {"ReserveNow": _reserved, …}`; each
function gives records to store in the same transaction as the command's fate. `actors/station/learned.py` joins them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from actors.records import EventRecord, JobRecord, ObjectsMatchedRecord, Record, StationObjectRecord
from actors.station.who import NewId, Station
from protocol.events.types import EventData, StationObjectChanged, make


@attrs.frozen
class Exchange:
    """`request` is as it was sent, unchecked when the operator wanted that; `answer` is valid for its type.

    Both are without secrets. `command` is the neutral name, when it was one.
    """

    station: Station
    action: str
    command: str | None
    request: Any
    answer: Mapping[str, Any]
    at: datetime
    new_id: NewId
    id: UUID | None = None  # the command's
    requested_by: str | None = None

    @property
    def status(self) -> str | None:
        """The answer's own `status`."""
        found = self.answer.get("status")
        return found if isinstance(found, str) else None

    @property
    def accepted(self) -> bool:
        return self.status == "Accepted"

    def event(self, event: EventData) -> EventRecord:
        """One event into the outbox."""
        kind, subject, data = make(event)
        return EventRecord(self.new_id(), self.at, kind, subject, data)

    def object(
        self, kind: str, key: str, data: dict[str, Any], status: str | None = None, *, removed: bool = False
    ) -> list[Record]:
        """Something the station now holds, or no longer (`removed`), with its event."""
        changed = StationObjectChanged(
            station_id=self.station.id, station=self.station.identity, kind=kind, key=key, status=status,
            removed=removed,
        )  # fmt: skip
        return [StationObjectRecord(kind, key, status, data, self.at, removed), self.event(changed)]

    def matching(
        self, kind: str, match: dict[str, Any], *, keys: Iterable[str] | None = None, keep: Iterable[str] = (),
        status: str | None = None, removed: bool = True,
    ) -> ObjectsMatchedRecord:  # fmt: skip
        """All of that kind whose data contains `match` are gone, or get `status`."""
        named = None if keys is None else sorted(keys)
        return ObjectsMatchedRecord(kind, self.at, match, named, sorted(keep), status, removed)

    def job(self, kind: str, state: dict[str, Any], *, key: str | None = None) -> JobRecord:
        """Work for later, by the handler of that kind (gateway/worker)."""
        return JobRecord(self.new_id(), kind, key, state, self.at, self.at)


Learn = Callable[[Exchange], Iterable[Record]]
Learned = Mapping[str, Learn]
