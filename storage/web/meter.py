"""Readings beyond those of one session's list: all of a station's, and the signed ones."""

from datetime import datetime, timedelta
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.sessions import ReadingRow, SessionRow
from storage.web.statements import all_made, statement

MOST_SIGNED = 5000  # readings of one session with signed values; one every quarter of an hour makes 96 a day


@attrs.frozen
class StationReadings:
    """What a list is narrowed to; the bounds are of when they came."""

    station_id: UUID
    since: datetime
    until: datetime
    evse: int | None
    loose: bool  # only those of no session


@attrs.frozen
class KeyRow:
    """A variable that holds a public key; component and variable as JSON text, plain text in 1.6."""

    component: str
    variable: str
    value: str


async def list_station_readings(
    connection: Connection, limit: int, after: tuple[datetime, int] | None, oldest: bool, wanted: StationReadings
) -> list[ReadingRow]:
    """By when they came."""
    at, skip = after or (None, 0)
    rows = await connection.fetch(
        statement("station_meter_values_page", oldest=oldest), limit, at, skip, wanted.station_id, wanted.since,
        wanted.until, wanted.evse, wanted.loose,
    )  # fmt: skip
    return all_made(ReadingRow, rows)


async def signed_readings(connection: Connection, session: SessionRow) -> list[ReadingRow]:
    """Those of a session that hold signed values, oldest first, at most MOST_SIGNED."""
    latest = session.last_received_at + timedelta(days=1 if session.status == "active" else 0, seconds=60)
    rows = await connection.fetch(
        statement("signed_values"), session.station_id, session.id, session.began_received_at, latest, MOST_SIGNED
    )
    return all_made(ReadingRow, rows)


async def public_keys(connection: Connection, station_id: UUID) -> list[KeyRow]:
    """As last known."""
    return all_made(KeyRow, await connection.fetch(statement("public_keys"), station_id))
