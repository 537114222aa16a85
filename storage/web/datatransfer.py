"""Vendors' own messages: what was sent and received, and the rules of what becomes of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class TransferRow:
    """One DataTransfer, in or out; `payload` as kept by actors/datatransfer (redacted)."""

    id: UUID
    station_id: UUID
    station: str
    received_at: datetime
    payload: dict[str, Any]


@attrs.frozen
class TransferFilter:
    """What a list is narrowed to."""

    station_id: UUID | None = None
    vendor: str | None = None
    message: str | None = None
    direction: str | None = None
    status: str | None = None


@attrs.frozen
class RuleRow:
    """A rule. `message_id` None: every message of the vendor without a rule of its own; `data` is any JSON."""

    id: UUID
    vendor_id: str
    message_id: str | None
    direction: str
    answer: str
    data: Any
    url: str | None
    deadline_s: float | None
    created_at: datetime
    updated_at: datetime
    revision: int


@attrs.frozen
class NewRule:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    vendor_id: str
    message_id: str | None
    direction: str
    answer: str
    data: Any
    url: str | None
    deadline_s: float | None
    now: datetime


@attrs.frozen
class RuleChange:
    """All that may change, as it shall be, in the statement's order."""

    id: UUID
    answer: str
    data: Any
    url: str | None
    deadline_s: float | None
    now: datetime


async def list_transfers(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: TransferFilter
) -> list[TransferRow]:
    """At most `limit` by arrival, beyond `after`."""
    rows = await connection.fetch(statement("transfers_page", oldest=oldest), limit, after, *values(wanted))
    return all_made(TransferRow, rows)


async def list_rules(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, vendor: str | None, direction: str | None
) -> list[RuleRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(statement("transfer_rules_page", oldest=oldest), limit, after, vendor, direction)
    return all_made(RuleRow, rows)


async def get_rule(connection: Connection, rule_id: UUID, *, lock: bool = False) -> RuleRow | None:
    """None when this tenant has no such rule. `lock` holds it until the transaction ends."""
    row = await connection.fetchrow(statement("transfer_rule_lock" if lock else "transfer_rule_get"), rule_id)
    return made(RuleRow, row) if row else None


async def find_rule(connection: Connection, direction: str, vendor: str, message: str | None) -> RuleRow | None:
    """The rule for that message, else the vendor's own. One of another message: the vendor is known, no more."""
    row = await connection.fetchrow(statement("transfer_rule_find"), direction, vendor, message)
    return made(RuleRow, row) if row else None


async def insert_rule(connection: Connection, rule: NewRule) -> bool:
    """False when there is a rule for that message."""
    return await connection.fetchval(statement("transfer_rule_insert"), *values(rule)) is not None


async def update_rule(connection: Connection, change: RuleChange) -> None:
    """Writes the change and raises the revision; the caller holds the lock."""
    await connection.execute(statement("transfer_rule_update"), *values(change))


async def delete_rule(connection: Connection, rule_id: UUID) -> bool:
    """False when there was none."""
    return await connection.fetchval(statement("transfer_rule_delete"), rule_id) is not None
