"""When stations, EVSEs and connectors are to be in or out of service."""

from datetime import datetime
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class PlanRow:
    """`operative` holds from `starts_at` on, until `ends_at` when there is one, and again as it `repeats`."""

    id: UUID
    station_id: UUID
    station: str
    evse: int | None
    connector: int | None
    operative: bool
    starts_at: datetime
    ends_at: datetime | None
    repeats: str | None
    time_zone: str
    reason: str | None
    status: str
    detail: str | None
    created_at: datetime
    updated_at: datetime


@attrs.frozen
class NewPlan:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    evse: int | None
    connector: int | None
    operative: bool
    starts_at: datetime
    ends_at: datetime | None
    repeats: str | None
    time_zone: str
    reason: str | None
    now: datetime


async def list_plans(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID | None, status: str | None
) -> list[PlanRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("availability_plans_page", oldest=oldest), limit, after, station_id, status
    )
    return all_made(PlanRow, rows)


async def get_plan(connection: Connection, plan_id: UUID) -> PlanRow | None:
    """None when there is none."""
    row = await connection.fetchrow(statement("availability_plan_get"), plan_id)
    return made(PlanRow, row) if row else None


async def insert_plan(connection: Connection, plan: NewPlan) -> None:
    """As `planned`."""
    await connection.execute(statement("availability_plan_insert"), *values(plan))


async def end_plan(connection: Connection, plan_id: UUID, status: str, detail: str | None, now: datetime) -> None:
    """What became of it; what is cancelled stays so."""
    await connection.execute(statement("availability_plan_status"), plan_id, status, detail, now)
