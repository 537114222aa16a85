"""Which tenant a request speaks for. Asked with the node's role: the web role sees no tenant before one is chosen."""

from uuid import UUID

import attrs

from storage.pool import Pool
from storage.web.statements import made, statement


@attrs.frozen
class Tenant:
    """An operator whose data is kept apart; the slug is its name in addresses and headers."""

    id: UUID
    slug: str


async def find_tenant(node: Pool, slug: str) -> Tenant | None:
    """The tenant of that slug. Raises StoreUnavailable."""
    row = await node.fetchrow(statement("tenant_find"), slug)
    return made(Tenant, row) if row else None
