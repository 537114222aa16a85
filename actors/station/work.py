"""What one message does to a station, gathered while it is decided: new sessions, rows, facts, events.

A decision is a function of its inputs; this is only where it collects its result.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from actors.records import (
    EventRecord,
    JobRecord,
    ObjectsMatchedRecord,
    ObjectsSweptRecord,
    ReadingRecord,
    Record,
    ReportRecord,
    SessionFactRecord,
    StationObjectRecord,
)
from actors.report.assembly import Assembly, add, begin
from actors.session.derive import apply, measure
from actors.session.model import Fact, FactKind, Flag, Measured, Session
from actors.session.rows import empty, milli, to_row, watt_hours
from actors.station.clockwork import correct, within_calendar
from actors.station.state import StationState, with_sessions
from actors.station.who import Station
from protocol.events.types import StationObjectChanged, StationReported, make
from protocol.ocpp.neutral import Reading
from protocol.redact import redact_payload

ROW_EVERY_SECONDS = 30
TICK = timedelta(microseconds=1)
MOST_ASSEMBLIES = 32  # reports of one station under way at once; the oldest gives way


class Work:
    """One message's effects. `state` is as before the message until `finish`."""

    __slots__ = (
        "_touched",
        "before",
        "happened",
        "lists",
        "new_id",
        "now",
        "records",
        "sessions",
        "stamp",
        "state",
        "station_id",
        "unmatched",
    )

    def __init__(self, station_id: UUID, state: StationState, now: datetime, new_id: Callable[[], UUID]) -> None:
        self.station_id = station_id
        self.unmatched: list[tuple[str, str | None]] = []
        self.before = state
        self.state = state
        self.now = now
        self.stamp = state.stamp
        self.new_id = new_id
        self.records: list[Record] = []
        self.sessions: dict[UUID, Session] = {}
        self._touched: set[UUID] = set()
        self.happened: list[tuple[str, UUID]] = []
        self.lists = False  # whether a list was told (`only`, `matching`)

    def received(self) -> datetime:
        """The next received_at."""
        self.stamp = self.now if self.now > self.stamp else self.stamp + TICK
        return self.stamp

    def session(self, session_id: UUID) -> Session:
        """The session as this message has left it so far."""
        return self.sessions.get(session_id) or self.state.sessions[session_id]

    def take(self, session: Session) -> None:
        """Brings a session that was looked up in the store into memory."""
        self.sessions[session.id] = session

    def all_sessions(self) -> list[Session]:
        """Every session in memory as this message has left it."""
        if not self.sessions:
            return list(self.state.sessions.values())
        return list({**self.state.sessions, **self.sessions}.values())

    def corrected(self, claimed: datetime) -> tuple[datetime, datetime | None]:
        """(time to bill on, the claim where it differs)."""
        at = correct(claimed, self.now, self.state.clock_offset_ms)
        return at, None if at == claimed else within_calendar(claimed)

    def begin(self, business_key: str, claimed: datetime, data: dict[str, Any]) -> Session:
        """A new session by its `began` fact."""
        at, claim = self.corrected(claimed)
        if claim is not None:
            data = data | {"flags": [*data.get("flags", ()), Flag.CLOCK_CORRECTED], "claimed_at": claim.isoformat()}
        fact = Fact("began", at, self.received(), data)
        session = apply(empty(self.new_id(), business_key, fact), fact)
        self._keep(session, fact)
        self.happened.append(("began", session.id))
        return session

    def fact(self, session: Session, kind: FactKind, claimed: datetime, data: dict[str, Any]) -> Session:
        """One more fact of a session."""
        at, claim = self.corrected(claimed)
        if claim is not None:
            data = data | {"flags": [*data.get("flags", ()), Flag.CLOCK_CORRECTED], "claimed_at": claim.isoformat()}
        fact = Fact(kind, at, self.received(), data)
        session = apply(session, fact)
        self._keep(session, fact)
        self.happened.append((kind, session.id))
        return session

    def _keep(self, session: Session, fact: Fact) -> None:
        self.sessions[session.id] = session
        self._touched.add(session.id)
        self.records.append(
            SessionFactRecord(self.new_id(), session.id, fact.kind, fact.at, fact.received_at, fact.data)
        )

    def touch(self, session: Session) -> None:
        """The session changed in a way that leaves no fact; its row is written."""
        self.sessions[session.id] = session
        self._touched.add(session.id)

    def reading(
        self, session: Session | None, place: tuple[int | None, int | None], reading: Reading, seq_no: int | None = None
    ) -> Session | None:
        """One reading, stored once; with a session it counts there. The hot path."""
        at, claim = self.corrected(reading.at)
        received = self.received()
        imported, exported = milli(reading.import_wh), milli(reading.export_wh)
        self.records.append(
            ReadingRecord(
                received,
                None if session is None else session.id,
                place[0],
                place[1],
                at,
                claim,
                reading.context,
                imported,
                exported,
                reading.power_w,
                reading.soc,
                reading.sampled,
                seq_no,
            )
        )
        if session is None:
            return None
        before = session
        # What counts is what was stored, so that deriving again gives the same to the last digit.
        measured = Measured(
            received, at, watt_hours(imported), watt_hours(exported), reading.power_w, reading.soc, seq_no
        )
        session = measure(session, measured)
        self.sessions[session.id] = session
        written = session.row_at
        if (
            written is None
            or (received - written).total_seconds() >= ROW_EVERY_SECONDS
            or session.flags != before.flags
            or not session.open  # the last word on it, as it may leave memory at any time
        ):
            self._touched.add(session.id)
            if ("measured", session.id) not in self.happened:
                self.happened.append(("measured", session.id))
        return session

    def event(self, event: tuple[str, str, bytes], request_id: str | None = None) -> None:
        """One event into the outbox."""
        kind, subject, data = event
        self.records.append(EventRecord(self.new_id(), self.now, kind, subject, data, request_id))

    # What stations hold and tell

    def report(self, station: Station, action: str, payload: Any, *, told: bool = True) -> UUID:
        """One line of what stations tell (station_reports), redacted; `told`: with an event. Returns its id."""
        report_id = self.new_id()
        shown = redact_payload(action, payload, answer=False)
        self.records.append(ReportRecord(report_id, action, self.received(), shown))
        if told:
            self.event(
                make(
                    StationReported(
                        station_id=station.id, station=station.identity, action=action, report_id=report_id
                    )
                )
            )
        return report_id

    def object(
        self, station: Station, kind: str, key: str, data: dict[str, Any], status: str | None = None
    ) -> None:
        """Something the station holds is there, or is otherwise than before (station_objects), with an event."""
        self.records.append(StationObjectRecord(kind, key, status, data, self.received()))
        self._object_event(station, kind, key, status, removed=False)

    def gone(self, station: Station, kind: str, key: str, status: str | None = None) -> None:
        """The station no longer holds it; what it was is kept."""
        self.records.append(StationObjectRecord(kind, key, status, {}, self.received(), removed=True))
        self._object_event(station, kind, key, status, removed=True)

    def only(self, kind: str, keys: Iterable[str]) -> None:
        """A full list has come: of that kind the station holds these and no others."""
        self.lists = True
        self.records.append(ObjectsSweptRecord(kind, sorted(keys), self.received()))

    def matching(
        self, kind: str, match: dict[str, Any], *, keys: Iterable[str] | None = None, keep: Iterable[str] = (),
        status: str | None = None, removed: bool = True,
    ) -> None:  # fmt: skip
        """All of that kind whose data contains `match` are gone, or get `status` (ObjectsMatchedRecord)."""
        self.lists = True
        named = None if keys is None else sorted(keys)
        self.records.append(
            ObjectsMatchedRecord(kind, self.received(), match, named, sorted(keep), status, removed)
        )

    def _object_event(self, station: Station, kind: str, key: str, status: str | None, *, removed: bool) -> None:
        self.event(
            make(
                StationObjectChanged(
                    station_id=station.id, station=station.identity, kind=kind, key=key, status=status, removed=removed
                )
            )
        )

    def job(
        self,
        kind: str,
        state: dict[str, Any],
        *,
        key: str | None = None,
        after: timedelta = timedelta(),
        expires_at: datetime | None = None,
        waits_for: str | None = None,
        subject: str | None = None,
    ) -> None:
        """Work for later, by the handler of that kind (gateway/worker)."""
        now = self.now
        self.records.append(
            JobRecord(self.new_id(), kind, key, state, now, now + after, expires_at, waits_for, subject)
        )

    def part(
        self, action: str, request_id: int, seq_no: int, more_follows: bool, keys: Iterable[str] = ()
    ) -> Assembly:
        """One part of a report: what is known of the whole now. A complete one is forgotten by the state."""
        assemblies = dict(self.state.assemblies)
        name = f"{action}/{request_id}"
        before = assemblies.pop(name, None) or begin(action, request_id, self.now)
        after = add(before, seq_no, more_follows, self.now, frozenset(keys))
        if not after.complete:
            assemblies[name] = after
            while len(assemblies) > MOST_ASSEMBLIES:
                assemblies.pop(next(iter(assemblies)))
        self.state = replace(self.state, assemblies=assemblies)
        return after

    def finish(self) -> StationState:
        """Writes the rows of the sessions that changed and returns the state after the message."""
        for session_id in self._touched:
            session = replace(self.sessions[session_id], row_at=self.stamp)
            self.sessions[session_id] = session
            self.records.append(to_row(session))
        if not self.sessions and self.stamp == self.state.stamp:
            return self.state
        if self.sessions:
            return with_sessions(self.state, self.sessions, self.stamp)
        return replace(self.state, stamp=self.stamp)
