"""Connector status: what is new, what it means for the session there, and when an open session is left behind."""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from actors.locallist import repair
from actors.records import ConnectorRecord
from actors.session import matching
from actors.session.model import SUSPENDED_STATES, FactKind, Session
from actors.station.clockwork import learn
from actors.station.limits import MOST_CONNECTORS
from actors.station.state import Connector, StationState
from actors.station.work import Work
from protocol.events import types as events
from protocol.ocpp.neutral import StatusChanged
from protocol.ocpp.version import Version

ORPHAN_GRACE: Final = timedelta(minutes=5)
"""An open transaction on an `Available` connector waits this long for its stop (quirk 22)."""
_CHARGING_16: Final = frozenset(("Charging", *SUSPENDED_STATES))


def changed(work: Work, station: str, version: Version, message: StatusChanged) -> None:
    """One connector's status. A flood of the same status writes nothing (quirk 32)."""
    state = work.state
    if message.at is not None:
        work.state = state = replace(state, clock_offset_ms=learn(state.clock_offset_ms, message.at, work.now))
    place = (message.evse, message.connector)
    before = state.connectors.get(place)
    error, info, vendor = message.error, message.info, message.vendor_error
    same = before is not None and (before.status, before.error, before.info, before.vendor_error) == (
        message.status,
        error,
        info,
        vendor,
    )
    if same or (before is None and len(state.connectors) >= MOST_CONNECTORS):
        return
    since = work.corrected(message.at)[0] if message.at is not None else work.now
    now = work.received()
    connector = Connector(*place, message.status, error, info, vendor, since, now)
    work.state = replace(work.state, connectors={**state.connectors, place: connector})
    work.records.append(ConnectorRecord(*place, message.status, error, info, vendor, since, now))
    if error == repair.CONFLICT and (before is None or before.error != error):
        repair.begin(work)
    _to_session(work, version, message, since)
    session = matching.open_at(work.all_sessions(), *place)
    work.event(
        events.make(
            events.StationStatusChanged(
                station_id=work.station_id,
                station=station,
                evse=message.evse,
                connector=message.connector,
                status=message.status,
                previous=before.status if before else None,
                error=error,
                vendor_error=vendor,
                since=since,
                session_id=session.id if session else None,
            )
        )
    )


def _to_session(work: Work, version: Version, message: StatusChanged, since: datetime) -> None:
    """1.6 tells suspension by the connector's status; 2.x by the transaction itself."""
    if version is not Version.V16 or message.status not in _CHARGING_16:
        return
    session = matching.open_at(work.all_sessions(), message.evse, message.connector)
    if session is None or session.charging_state == message.status:
        return
    kind: FactKind = "corrected"
    if message.status in SUSPENDED_STATES:
        kind = "suspended"
    elif session.charging_state in SUSPENDED_STATES:
        kind = "resumed"
    work.fact(session, kind, since, {"charging_state": message.status})


def left_behind(state: StationState, now: datetime) -> list[Session]:
    """Open sessions whose connector is `Available` and of which nothing came, both for longer than the grace."""
    return [
        session
        for place, connector in state.connectors.items()
        if connector.status == "Available" and now - connector.received_at >= ORPHAN_GRACE
        for session in matching.all_open_at(state.sessions.values(), *place)
        if now - session.last_received_at >= ORPHAN_GRACE
    ]


def next_check(state: StationState) -> datetime | None:
    """When `left_behind` may next find something."""
    first = None
    for place, connector in state.connectors.items():
        if connector.status == "Available":
            for session in matching.all_open_at(state.sessions.values(), *place):
                last = max(connector.received_at, session.last_received_at)
                first = last if first is None or last < first else first
    return None if first is None else first + ORPHAN_GRACE


def close_left_behind(work: Work) -> None:
    """Closes as orphans what `left_behind` finds."""
    for found in left_behind(work.state, work.now):
        session = work.session(found.id)
        if session.open:  # it may be open at two places: an EVSE and its connector
            work.fact(session, "orphaned", work.now, {"reason": "connector_available"})
