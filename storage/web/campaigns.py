"""Firmware campaigns and their stations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values

KIND = "campaign"  # of its job
OPEN = ("pending", "waiting", "updating")


@attrs.frozen
class Campaign:
    """A row; `version` is the firmware's."""

    tenant_id: UUID
    id: UUID
    name: str
    firmware_id: UUID
    status: str
    reason: str | None
    rules: dict[str, Any]
    chosen: dict[str, Any]
    requested_by: str | None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    revision: int
    version: str


@attrs.frozen
class NewCampaign:
    """In the statement's order."""

    tenant_id: UUID
    id: UUID
    name: str
    firmware_id: UUID
    rules: dict[str, Any]
    chosen: dict[str, Any]
    requested_by: str | None
    now: datetime


@attrs.frozen
class Choice:
    """Whom a campaign is for; None asks nothing. `stations`: identities (casefolded) or ids."""

    stations: list[str] | None
    vendor: str | None
    model: str | None
    versions: list[str] | None
    site: str | None


@attrs.frozen
class Chosen:
    """A station with the version it booted with last."""

    id: UUID
    identity: str
    version: str | None


@attrs.frozen
class Member:
    """Where one station of a campaign stands."""

    station_id: UUID
    station: str
    wave: int
    status: str
    stage: str | None
    attempts: int
    version_before: str | None
    error: str | None
    created_at: datetime
    updated_at: datetime


@attrs.frozen
class Move:
    """In the statement's order."""

    campaign_id: UUID
    station_id: UUID
    status: str
    stage: str | None
    attempts: int
    error: str | None
    now: datetime


Counts = dict[int, dict[str, int]]
"""By wave and status."""


async def choose_stations(connection: Connection, choice: Choice, most: int) -> list[Chosen]:
    """At most `most` stations that the choice fits, by identity."""
    return all_made(Chosen, await connection.fetch(statement("campaign_stations_choose"), *values(choice), most))


async def insert_campaign(connection: Connection, new: NewCampaign, members: Sequence[tuple[Chosen, int]]) -> None:
    """With its stations, each in its wave."""
    await connection.execute(statement("campaign_insert"), *values(new))
    await connection.execute(
        statement("campaign_station_insert"), new.tenant_id, new.id, new.now, [each.id for each, _ in members],
        [wave for _, wave in members], [each.version for each, _ in members],
    )  # fmt: skip


async def get_campaign(connection: Connection, campaign_id: UUID, *, lock: bool = False) -> Campaign | None:
    """None when this tenant has no such campaign. `lock`: until the transaction ends."""
    row = await connection.fetchrow(statement("campaign_lock" if lock else "campaign_get"), campaign_id)
    return made(Campaign, row) if row else None


async def list_campaigns(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, status: str | None, firmware: UUID | None,
    station: UUID | None,
) -> list[Campaign]:  # fmt: skip
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("campaigns_page", oldest=oldest), limit, after, status, firmware, station
    )
    return all_made(Campaign, rows)


async def campaign_counts(connection: Connection, campaign_id: UUID) -> Counts:
    """How many stations of each wave are where."""
    return (await counts_of(connection, [campaign_id]))[campaign_id]


async def counts_of(connection: Connection, campaigns: Sequence[UUID]) -> dict[UUID, Counts]:
    """The same of each of several, in one statement."""
    counts: dict[UUID, Counts] = {campaign: {} for campaign in campaigns}
    for row in await connection.fetch(statement("campaign_counts"), list(campaigns)):
        counts[row["campaign_id"]].setdefault(row["wave"], {})[row["status"]] = row["count"]
    return counts


async def change_campaign(connection: Connection, changed: Campaign, now: datetime) -> None:
    """Its status, reason, rules and name become those of `changed`. Ended or cancelled, it gets its end."""
    await connection.execute(
        statement("campaign_change"), changed.id, changed.status, changed.reason, changed.rules, changed.name, now
    )


async def list_members(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, campaign_id: UUID, status: str | None,
    wave: int | None,
) -> list[Member]:  # fmt: skip
    """At most `limit` by station id, beyond `after`."""
    rows = await connection.fetch(
        statement("campaign_stations_page", oldest=oldest), limit, after, campaign_id, status, wave
    )
    return all_made(Member, rows)


async def get_member(connection: Connection, campaign_id: UUID, station_id: UUID) -> Member | None:
    row = await connection.fetchrow(statement("campaign_station_get"), campaign_id, station_id)
    return made(Member, row) if row else None


async def move_member(connection: Connection, move: Move) -> None:
    await connection.execute(statement("campaign_station_move"), *values(move))


async def next_members(connection: Connection, campaign_id: UUID, wave: int, most: int) -> list[UUID]:
    """Stations of a wave with which nothing has begun."""
    rows = await connection.fetch(statement("campaign_stations_next"), campaign_id, wave, most)
    return [row["station_id"] for row in rows]


async def cancel_members(connection: Connection, campaign_id: UUID, now: datetime) -> None:
    """Those that were told nothing yet."""
    await connection.execute(statement("campaign_stations_cancel"), campaign_id, now)


async def wake_job(connection: Connection, kind: str, key: str, now: datetime) -> None:
    """An open job of that kind and key is due now."""
    await connection.execute(statement("job_wake"), kind, key, now)
