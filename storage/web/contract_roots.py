"""Certificates that a tenant trusts to have issued contract certificates."""

from datetime import datetime
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values

MOST = 200  # of one tenant


@attrs.frozen
class RootRow:
    """A certificate with what was read from it."""

    id: UUID
    use: str
    name: str | None
    subject: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    pem: str
    created_at: datetime


@attrs.frozen
class NewRoot:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    use: str
    name: str | None
    subject: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    pem: str
    now: datetime


async def trusted_roots(connection: Connection) -> list[tuple[str, str]]:
    """(use, PEM) of all that the tenant trusts."""
    return [(row["use"], row["pem"]) for row in await connection.fetch(statement("contract_roots_trusted"), MOST)]


async def list_roots(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, use: str | None
) -> list[RootRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(statement("contract_roots_page", oldest=oldest), limit, after, use)
    return all_made(RootRow, rows)


async def get_root(connection: Connection, root_id: UUID) -> RootRow | None:
    """None when this tenant has no such certificate."""
    row = await connection.fetchrow(statement("contract_root_get"), root_id)
    return made(RootRow, row) if row else None


async def count_roots(connection: Connection) -> int:
    """How many the tenant has."""
    number: int = await connection.fetchval(statement("contract_roots_count"))
    return number


async def insert_root(connection: Connection, root: NewRoot) -> bool:
    """False when the same certificate is there."""
    return await connection.fetchval(statement("contract_root_insert"), *values(root)) is not None


async def delete_root(connection: Connection, root_id: UUID) -> bool:
    """False when there was none."""
    return await connection.fetchval(statement("contract_root_delete"), root_id) is not None
