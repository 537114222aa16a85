"""Local lists: which tokens shall lie on which stations, what lies there, and how far it is."""

from datetime import datetime
from uuid import UUID

import attrs

from actors.locallist.plan import Known, Message
from actors.ports import TokenFact
from storage.pool import Connection
from storage.shapes import token_of
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class ListRuleRow:
    """Neither `station_id` nor `site`: it is the tenant's. A page has the first hundred names of each, and how many."""

    id: UUID
    station_id: UUID | None
    station: str | None
    site: str | None
    rule: str
    tokens: list[str]
    groups: list[str]
    token_count: int
    group_count: int
    created_at: datetime
    updated_at: datetime
    revision: int


@attrs.frozen
class NewListRule:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    station_id: UUID | None
    site: str | None
    rule: str
    tokens: list[str]
    groups: list[str]
    now: datetime


@attrs.frozen
class LocalListRow:
    """How far a station's list is; `rule` None: nothing is wanted there. `entries`: what it has confirmed."""

    station_id: UUID
    station: str
    site: str | None
    tenant_id: UUID
    ocpp_version: str | None
    rule: str | None
    source: str | None
    tokens: list[str] | None
    groups: list[str] | None
    status: str
    version: int | None
    station_version: int | None
    entries: int
    sent: int
    total: int
    skipped: int
    error: str | None
    started_at: datetime | None
    synced_at: datetime | None
    updated_at: datetime | None


@attrs.frozen
class ListState:
    """What is written of a list, in the statement's order."""

    tenant_id: UUID
    station_id: UUID
    status: str
    version: int | None
    station_version: int | None
    sent: int
    total: int
    skipped: int
    error: str | None
    now: datetime


async def list_rules(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID | None
) -> list[ListRuleRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(statement("local_list_rules_page", oldest=oldest), limit, after, station_id)
    return all_made(ListRuleRow, rows)


async def get_rule(connection: Connection, rule_id: UUID, *, lock: bool = False) -> ListRuleRow | None:
    """None when there is none. `lock`: until the transaction ends."""
    row = await connection.fetchrow(statement("local_list_rule_lock" if lock else "local_list_rule_get"), rule_id)
    return made(ListRuleRow, row) if row else None


async def insert_rule(connection: Connection, rule: NewListRule) -> bool:
    """False when there is one for the same station, site or tenant."""
    return await connection.fetchval(statement("local_list_rule_insert"), *values(rule)) is not None


async def update_rule(
    connection: Connection, rule_id: UUID, rule: str, tokens: list[str], groups: list[str], now: datetime
) -> None:
    """All that may change, as it shall be; the revision rises. The caller holds the lock."""
    await connection.execute(statement("local_list_rule_update"), rule_id, rule, tokens, groups, now)


async def delete_rule(connection: Connection, rule_id: UUID) -> None:
    await connection.execute(statement("local_list_rule_delete"), rule_id)


async def list_lists(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, station_id: UUID | None, status: str | None
) -> list[LocalListRow]:
    """At most `limit` stations beyond `after`."""
    rows = await connection.fetch(statement("local_lists_page", oldest=oldest), limit, after, station_id, status)
    return all_made(LocalListRow, rows)


async def get_list(connection: Connection, station_id: UUID) -> LocalListRow | None:
    """None when there is no such station."""
    row = await connection.fetchrow(statement("local_list_get"), station_id)
    return made(LocalListRow, row) if row else None


async def stations_with_lists(connection: Connection, after: UUID | None) -> list[UUID]:
    """Some hundred stations beyond `after` that a list is wanted on, or lies on."""
    return [row["id"] for row in await connection.fetch(statement("local_list_stations"), after)]


async def tokens_page(
    connection: Connection, row: LocalListRow, after: str, now: datetime, limit: int
) -> list[tuple[str, TokenFact]]:
    """(uid key, token) that the rule wants, by key beyond `after`."""
    found = await connection.fetch(
        statement("local_list_tokens"), row.rule or "empty", row.tokens or [], row.groups or [], after, now, limit
    )
    return [(each["uid_key"], token_of(each)) for each in found]


async def entries_of(connection: Connection, station_id: UUID) -> dict[str, Known]:
    """What the station has confirmed, by uid key."""
    rows = await connection.fetch(statement("local_list_entries"), station_id)
    return {row["uid_key"]: Known(row["uid"], row["type"], row["digest"]) for row in rows}


async def write_state(connection: Connection, state: ListState) -> None:
    """Makes the row or changes it."""
    await connection.execute(statement("local_list_state"), *values(state))


async def taken(
    connection: Connection, tenant_id: UUID, station_id: UUID, message: Message, sent: int, now: datetime
) -> None:
    """The station has accepted a message: what it held is what it holds now."""
    if message.full:
        await connection.execute(statement("local_list_clear"), station_id)
    if message.gone:
        await connection.execute(statement("local_list_remove"), station_id, list(message.gone))
    if message.entries:
        columns = zip(*((each.uid_key, each.uid, each.type, each.digest) for each in message.entries), strict=True)
        await connection.execute(statement("local_list_put"), tenant_id, station_id, *map(list, columns))
    count = await connection.fetchval(statement("local_list_count"), station_id)
    await connection.execute(statement("local_list_taken"), station_id, message.number, sent, count, now)
