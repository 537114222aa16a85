"""What holds for tokens where nothing is said of a single one: of a station, a site, or the tenant."""

from datetime import datetime
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class TokenRuleRow:
    """Neither `station_id` nor `site`: it is the tenant's. What is None is left to the wider rule."""

    id: UUID
    station_id: UUID | None
    station: str | None
    site: str | None
    unknown: str | None
    concurrent: int | None
    cache_seconds: int | None
    created_at: datetime
    updated_at: datetime
    revision: int


@attrs.frozen
class NewTokenRule:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    station_id: UUID | None
    site: str | None
    unknown: str | None
    concurrent: int | None
    cache_seconds: int | None
    now: datetime


async def list_rules(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID | None
) -> list[TokenRuleRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(statement("token_rules_page", oldest=oldest), limit, after, station_id)
    return all_made(TokenRuleRow, rows)


async def get_rule(connection: Connection, rule_id: UUID, *, lock: bool = False) -> TokenRuleRow | None:
    """None when there is none. `lock`: until the transaction ends."""
    row = await connection.fetchrow(statement("token_rule_lock" if lock else "token_rule_get"), rule_id)
    return made(TokenRuleRow, row) if row else None


async def insert_rule(connection: Connection, rule: NewTokenRule) -> bool:
    """False when there is one for the same station, site or tenant."""
    return await connection.fetchval(statement("token_rule_insert"), *values(rule)) is not None


async def update_rule(
    connection: Connection, rule_id: UUID, unknown: str | None, concurrent: int | None, cache_seconds: int | None,
    now: datetime,
) -> None:  # fmt: skip
    """All that may change, as it shall be; the revision rises. The caller holds the lock."""
    await connection.execute(statement("token_rule_update"), rule_id, unknown, concurrent, cache_seconds, now)


async def delete_rule(connection: Connection, rule_id: UUID) -> None:
    await connection.execute(statement("token_rule_delete"), rule_id)
