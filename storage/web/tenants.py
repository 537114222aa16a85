"""Which tenant a request speaks for."""

from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import made, statement


@attrs.frozen
class Tenant:
    id: UUID
    slug: str


async def find_tenant(connection: Connection, slug: str) -> Tenant | None:
    """Only the platform's own sign-in may name a tenant; what it sees afterwards is that tenant alone."""
    row = await connection.fetchrow(statement("tenant_find"), slug)
    return made(Tenant, row) if row else None
