"""`Idempotency-Key`: a request that comes twice is done once, and answered alike."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import made, statement


@attrs.frozen
class Earlier:
    """What is known of a key that came before; no status while that request runs, or when it was cut off."""

    fingerprint: str
    status: int | None
    response: Any
    created_at: datetime


async def claim(
    connection: Connection, tenant_id: UUID, key: str, fingerprint: str, now: datetime
) -> Earlier | None:
    """None when the key is ours now; else what is known of it. Waits for a transaction that holds the same key."""
    for _ in range(3):  # a key may be released between the two statements
        if await connection.fetchval(statement("idempotency_claim"), tenant_id, key, fingerprint, now) is not None:
            return None
        row = await connection.fetchrow(statement("idempotency_get"), key)
        if row is not None:
            return made(Earlier, row)
    return Earlier(fingerprint, None, None, now)


async def finish(connection: Connection, key: str, status: int, response: Any) -> None:
    """Keeps the answer. `response` must hold no secret."""
    await connection.execute(statement("idempotency_finish"), key, status, response)


async def release(connection: Connection, key: str) -> None:
    """Forgets a claim under which nothing was done."""
    await connection.execute(statement("idempotency_release"), key)
