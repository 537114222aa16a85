"""Boot policies and model profiles: how stations are admitted, and what their models need."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values

TAKE_UP = "take-up-settings"  # the job that a change of either begins


@attrs.frozen
class PolicyRow:
    """A boot policy; `site` None: of all stations of the tenant."""

    id: UUID
    site: str | None
    admission: str | None
    settings: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    revision: int


@attrs.frozen
class NewPolicy:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    site: str | None
    admission: str | None
    settings: dict[str, Any]
    now: datetime


@attrs.frozen
class ProfileRow:
    """A model profile; patterns take `*`, None is any."""

    id: UUID
    name: str
    vendor: str | None
    model: str | None
    firmware: str | None
    data: dict[str, Any]
    note: str | None
    created_at: datetime
    updated_at: datetime
    revision: int


@attrs.frozen
class NewProfile:
    """The row to insert or, without the tenant, as it shall be; in the statements' order."""

    tenant_id: UUID
    id: UUID
    name: str
    vendor: str | None
    model: str | None
    firmware: str | None
    data: dict[str, Any]
    note: str | None
    now: datetime


async def list_policies(connection: Connection, limit: int, after: UUID | None, oldest: bool) -> list[PolicyRow]:
    """At most `limit` by creation, beyond `after`."""
    return all_made(PolicyRow, await connection.fetch(statement("policies_page", oldest=oldest), limit, after))


async def get_policy(connection: Connection, policy_id: UUID, *, lock: bool = False) -> PolicyRow | None:
    row = await connection.fetchrow(statement("policy_lock" if lock else "policy_get"), policy_id)
    return made(PolicyRow, row) if row else None


async def insert_policy(connection: Connection, policy: NewPolicy) -> bool:
    """False when that site has one."""
    return await connection.fetchval(statement("policy_insert"), *values(policy)) is not None


async def update_policy(
    connection: Connection, policy_id: UUID, admission: str | None, settings: dict[str, Any], now: datetime
) -> None:
    await connection.execute(statement("policy_update"), policy_id, admission, settings, now)


async def delete_policy(connection: Connection, policy_id: UUID) -> None:
    await connection.execute(statement("policy_delete"), policy_id)


async def admission_for(connection: Connection, site: str | None) -> str | None:
    """What a new station there is admitted as; None when no policy says."""
    found: str | None = await connection.fetchval(statement("policy_admission"), site)
    return found


async def list_profiles(connection: Connection, limit: int, after: UUID | None, oldest: bool) -> list[ProfileRow]:
    """At most `limit` by creation, beyond `after`."""
    return all_made(ProfileRow, await connection.fetch(statement("profiles_page", oldest=oldest), limit, after))


async def get_profile(connection: Connection, profile_id: UUID, *, lock: bool = False) -> ProfileRow | None:
    row = await connection.fetchrow(statement("profile_lock" if lock else "profile_get"), profile_id)
    return made(ProfileRow, row) if row else None


async def insert_profile(connection: Connection, profile: NewProfile) -> bool:
    """False when the name is taken."""
    return await connection.fetchval(statement("profile_insert"), *values(profile)) is not None


async def update_profile(connection: Connection, profile: NewProfile) -> None:
    """Writes it whole and raises the revision; the caller holds the lock. Its name does not change."""
    _, profile_id, _, *rest = values(profile)
    await connection.execute(statement("profile_update"), profile_id, *rest)


async def delete_profile(connection: Connection, profile_id: UUID) -> None:
    await connection.execute(statement("profile_delete"), profile_id)


async def stations_affected(connection: Connection, site: str | None, after: UUID | None, most: int) -> list[UUID]:
    """Stations that a change reaches, by id beyond `after`: those of the site, or all."""
    rows = await connection.fetch(statement("policy_stations"), site, after, most)
    return [row["id"] for row in rows]
