"""Charging sessions, their readings and their facts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement


@attrs.frozen
class SessionRow:
    """A session as last written; energy in thousandths of a Wh, power in W, state of charge in percent."""

    id: UUID
    station_id: UUID
    station: str
    evse: int | None
    connector: int | None
    transaction_id: str | None
    token: str | None
    token_type: str | None
    status: str
    charging_state: str | None
    started_at: datetime
    ended_at: datetime | None
    import_milli_wh: int | None
    export_milli_wh: int | None
    power_w: float | None
    soc: float | None
    last_reading_at: datetime | None
    stop_reason: str | None
    remote_start_id: int | None
    flags: list[str]
    began_received_at: datetime
    last_received_at: datetime
    sealed: bool
    details: dict[str, Any]  # actors/session/details.py


@attrs.frozen
class SessionFilter:
    """What a list is narrowed to; times are of the start. `token` ignores case."""

    since: datetime | None = None
    until: datetime | None = None
    status: str | None = None
    station_id: UUID | None = None
    token: str | None = None
    transaction_id: str | None = None
    flag: str | None = None
    site: str | None = None
    evse: int | None = None


@attrs.frozen
class ReadingRow:
    """One reading, in the units of SessionRow. `at` counts; `claimed_at` is the station's time if that differs."""

    received_at: datetime
    at: datetime
    claimed_at: datetime | None
    evse: int | None
    connector: int | None
    context: str | None
    import_milli_wh: int | None
    export_milli_wh: int | None
    power_w: float | None
    soc: float | None
    sampled: str  # JSON text


@attrs.frozen
class FactRow:
    """One fact of which sessions are derived; `data` depends on `kind`."""

    id: UUID
    kind: str
    at: datetime
    received_at: datetime
    data: dict[str, Any]


async def list_sessions(
    connection: Connection, limit: int, after: tuple[datetime, UUID] | None, oldest: bool, wanted: SessionFilter
) -> list[SessionRow]:
    """By start."""
    at, session_id = after or (None, None)
    rows = await connection.fetch(
        statement("sessions_page", oldest=oldest), limit, at, session_id, wanted.since, wanted.until, wanted.status,
        wanted.station_id, wanted.token.lower() if wanted.token else None, wanted.transaction_id, wanted.flag,
        wanted.site, wanted.evse,
    )
    return all_made(SessionRow, rows)


async def get_session(connection: Connection, session_id: UUID) -> SessionRow | None:
    """None when this tenant has no such session."""
    row = await connection.fetchrow(statement("session_get"), session_id)
    return made(SessionRow, row) if row else None


async def list_readings(
    connection: Connection,
    limit: int,
    after: tuple[datetime, int] | None,
    oldest: bool,
    session: SessionRow,
    since: datetime | None,
    until: datetime | None,
) -> list[ReadingRow]:
    """By when they came. The row of a running session may lag, so only an ended one bounds the search above."""
    at, skip = after or (None, 0)
    latest = session.last_received_at + timedelta(days=1 if session.status == "active" else 0, seconds=60)
    rows = await connection.fetch(
        statement("meter_values_page", oldest=oldest), limit, at, skip, session.station_id, session.id,
        max(session.began_received_at, since) if since else session.began_received_at,
        min(latest, until) if until else latest,
    )
    return all_made(ReadingRow, rows)


async def list_facts(
    connection: Connection, limit: int, after: tuple[datetime, UUID] | None, oldest: bool, session_id: UUID
) -> list[FactRow]:
    """At most `limit` of a session's facts by receipt, beyond `after`."""
    at, fact_id = after or (None, None)
    rows = await connection.fetch(
        statement("session_facts_page", oldest=oldest), limit, at, fact_id, session_id
    )
    return all_made(FactRow, rows)
