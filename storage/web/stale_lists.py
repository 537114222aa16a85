"""Tokens have changed: the lists on stations are looked at again after a calm time (actors/authorization/stale.py)."""

from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids

from actors.authorization.stale import JOB, span
from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web.statements import statement


async def lists_stale(connection: Connection, tenant_id: UUID, now: datetime) -> None:
    """Within the transaction that changes them; nothing where no list follows tokens."""
    if await connection.fetchval(statement("local_list_rules_any")):
        key, run_at = span(now)
        await enqueue(connection, NewJob(tenant_id, uuids.uuid7(), JOB, key, None, None, run_at, now))
