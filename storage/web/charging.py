"""Smart charging: what stations have told, hold and were given, and what they get when they fetch values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import made, statement


@attrs.frozen
class DynamicLimitRow:
    """What a station gets when it fetches values for a Dynamic profile."""

    profile: int
    limits: dict[str, Any]
    set_at: datetime
    set_by: str


@attrs.frozen
class GivenRow:
    """The TxProfile (as sent) that counts for a transaction, its vehicle's control mode, and whether it was resent."""

    profile: dict[str, Any] | None
    control_mode: str | None
    renegotiated: bool


async def told(connection: Connection, station_id: UUID, evse: int | None) -> dict[str, str]:
    """Variables and keys of charging in small letters, with and without their component, as last known."""
    found: dict[str, str] = {}
    for row in await connection.fetch(statement("charging_told"), station_id, evse):
        name = row["name"].casefold()
        found[name] = row["value"]
        if row["component"]:
            found[f"{row['component'].casefold()}.{name}"] = row["value"]
    return found


async def held(connection: Connection, station_id: UUID) -> list[dict[str, Any]]:
    """`data` of the charging profiles that the station holds."""
    return [row["data"] for row in await connection.fetch(statement("charging_held"), station_id)]


async def given(connection: Connection, station_id: UUID, transaction_id: str, job_key: str) -> GivenRow:
    """What the vehicle of a transaction was given."""
    row = await connection.fetchrow(statement("charging_given"), station_id, transaction_id, job_key)
    assert row is not None  # one row, whatever there is
    return made(GivenRow, row)


async def resumed(connection: Connection, station_id: UUID, transaction_id: str) -> list[tuple[int, dict[str, Any]]]:
    """(EVSE, profile as sent) of what a resumed transaction has to be given again."""
    rows = await connection.fetch(statement("charging_resumed"), station_id, transaction_id)
    return [(row["evse"], row["profile"]) for row in rows]


async def asked(connection: Connection, station_id: UUID, request_id: int, action: str) -> Mapping[str, Any] | None:
    """What we asked under that request id; None when it was not us."""
    request = await connection.fetchval(statement("charging_asked"), station_id, str(request_id), action)
    return request if isinstance(request, dict) else None


async def setters(connection: Connection, station_id: UUID, kind: str) -> dict[str, dict[str, Any]]:
    """Who set each thing of that kind that was set by us, by key."""
    rows = await connection.fetch(statement("charging_setters"), station_id, kind)
    names = ("set_by", "accepted_at", "command_id")
    return {row["key"]: {name: row[name] for name in names if row[name] is not None} for row in rows}


async def get_dynamic(connection: Connection, station_id: UUID, profile: int) -> DynamicLimitRow | None:
    row = await connection.fetchrow(statement("dynamic_limit_get"), station_id, profile)
    return None if row is None else made(DynamicLimitRow, row)


async def put_dynamic(connection: Connection, tenant_id: UUID, station_id: UUID, row: DynamicLimitRow) -> None:
    await connection.execute(
        statement("dynamic_limit_put"), tenant_id, station_id, row.profile, row.limits, row.set_at, row.set_by
    )


async def delete_dynamic(connection: Connection, station_id: UUID, profile: int) -> bool:
    """False when nothing was set."""
    return await connection.fetchval(statement("dynamic_limit_delete"), station_id, profile) is not None
