"""What monitors told, values of event streams, and what stations hold of customers."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, statement


@attrs.frozen
class AlertRow:
    """One eventData of NotifyEvent."""

    id: UUID
    station_id: UUID
    station: str
    event_id: int
    at: datetime
    trigger: str
    notification: str
    component: dict[str, Any]
    variable: dict[str, Any]
    actual_value: str
    cleared: bool
    monitor_id: int | None
    severity: int | None
    cause: int | None
    tech_code: str | None
    tech_info: str | None
    transaction_id: str | None
    received_at: datetime


@attrs.frozen
class AlertFilter:
    """What a list is narrowed to. `severity`: at most this number, that is at least this grave."""

    station_id: UUID | None = None
    severity: int | None = None
    cleared: bool | None = None
    trigger: str | None = None
    monitor: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    id: UUID | None = None


@attrs.frozen
class ValueRow:
    """One value of a stream."""

    id: UUID
    n: int
    at: datetime
    value: str
    received_at: datetime


@attrs.frozen
class CustomerPart:
    """One part of a report."""

    seq_no: int
    text: str
    received_at: datetime


async def list_alerts(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: AlertFilter
) -> list[AlertRow]:
    """At most `limit` by arrival, beyond `after`."""
    rows = await connection.fetch(
        statement("alerts_page", oldest=oldest), limit, after, *attrs.astuple(wanted, recurse=False)
    )
    return all_made(AlertRow, rows)


async def list_values(
    connection: Connection, limit: int, after: tuple[UUID, int] | None, oldest: bool, station_id: UUID, stream: int,
    since: datetime | None, until: datetime | None,
) -> list[ValueRow]:  # fmt: skip
    """At most `limit` by arrival, beyond `after` (message, place in it)."""
    rows = await connection.fetch(
        statement("stream_values_page", oldest=oldest), limit, *(after or (None, None)), station_id, stream, since,
        until,
    )  # fmt: skip
    return all_made(ValueRow, rows)


async def customer_report(connection: Connection, station_id: UUID, request_id: int) -> list[CustomerPart]:
    """Its parts in order."""
    return all_made(CustomerPart, await connection.fetch(statement("customer_report"), station_id, request_id))


async def delete_customer_report(connection: Connection, station_id: UUID, request_id: int) -> bool:
    """False when there was none."""
    done: str = await connection.execute(statement("customer_report_delete"), station_id, request_id)
    return done != "DELETE 0"
