"""Reservations: who has reserved what, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs
import orjson

from protocol.ocpp.version import Version
from storage.pool import Connection
from storage.shapes import types_by_evse
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class ReservationRow:
    """A reservation. `number` is what the station calls it; `evse` None: any of the station."""

    id: UUID
    station_id: UUID
    station: str
    number: int
    evse: int | None
    connector: int | None
    connector_type: str | None
    token: str
    token_type: str
    group_uid: str | None
    starts_at: datetime
    expires_at: datetime
    status: str
    answer: str | None
    detail: str | None
    session_id: UUID | None
    requested_by: str | None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None


@attrs.frozen
class NewReservation:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    evse: int | None
    connector: int | None
    connector_type: str | None
    token: str
    token_type: str
    group_uid: str | None
    starts_at: datetime
    expires_at: datetime
    requested_by: str
    request_id: str | None
    now: datetime


@attrs.frozen
class Places:
    """What is known of a station's EVSEs. `anywhere`: whether it takes reservations without one; None: not known."""

    version: Version | None
    evses: tuple[int, ...]
    types: dict[int, list[str]]
    anywhere: bool | None


@attrs.frozen
class ReservationFilter:
    """What a list is narrowed to."""

    station_id: UUID | None = None
    status: str | None = None
    token: str | None = None
    open: bool = False


async def list_reservations(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: ReservationFilter
) -> list[ReservationRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("reservations_page", oldest=oldest), limit, after, wanted.station_id, wanted.status, wanted.token,
        wanted.open,
    )  # fmt: skip
    return all_made(ReservationRow, rows)


async def get_reservation(connection: Connection, reservation_id: UUID) -> ReservationRow | None:
    """None when there is none."""
    row = await connection.fetchrow(statement("reservation_get"), reservation_id)
    return made(ReservationRow, row) if row else None


async def lock_open(connection: Connection, station_id: UUID, now: datetime) -> list[ReservationRow]:
    """What is reserved at a station from now on; nobody else adds to it until the transaction ends."""
    await connection.fetchval(statement("reservations_lock"), station_id)
    return all_made(ReservationRow, await connection.fetch(statement("reservations_open"), station_id, now))


async def places_of(connection: Connection, station_id: UUID) -> Places:
    """What is known of a station's EVSEs."""
    row = await connection.fetchrow(statement("reservation_places"), station_id)
    assert row is not None  # the statement always gives one
    version, evses, connectors, anywhere = row["version"], row["evses"], row["connectors"], row["anywhere"]
    return Places(
        None if version is None else Version(version),
        tuple(sorted(_json(evses) or ())),
        types_by_evse(_json(connectors) or {}),
        None if anywhere is None else anywhere.strip().lower() == "true",
    )


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


async def insert_reservation(connection: Connection, reservation: NewReservation) -> int:
    """Its number at the station. The caller holds the lock."""
    number: int = await connection.fetchval(statement("reservation_insert"), *values(reservation))
    return number


async def cancel_reservation(connection: Connection, reservation_id: UUID, now: datetime) -> bool:
    """It is to be taken back. False when it is over."""
    return await connection.fetchval(statement("reservation_cancel"), reservation_id, now) is not None
