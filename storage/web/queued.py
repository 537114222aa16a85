"""Commands that wait for a station which is away: a row of commands and a job of the same id."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.jobs import NewJob, cancel_job, enqueue
from storage.pool import Connection
from storage.web.statements import statement

KIND = "queued-command"
MOST_QUEUED = 100  # commands of one station


@attrs.frozen
class QueuedCommand:
    """A command to keep. `request` is redacted; `state`: its job's, with what is sent sealed."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    action: str
    command: str | None
    version: str | None
    request: Any
    state: dict[str, Any]
    requested_by: str
    request_id: str | None
    now: datetime
    expires_at: datetime
    urgent: bool


async def queue_command(connection: Connection, wanted: QueuedCommand) -> bool:
    """False when as many wait for that station as may."""
    kept = await connection.fetchval(
        statement("command_queue"), wanted.tenant_id, wanted.id, wanted.station_id, wanted.action, wanted.command,
        wanted.version, wanted.request, wanted.requested_by, wanted.request_id, MOST_QUEUED, wanted.now,
    )  # fmt: skip
    if kept is None:
        return False
    job = NewJob(
        wanted.tenant_id, wanted.id, KIND, None, wanted.station_id, f"commands/{wanted.id}", wanted.now, wanted.now,
        wanted.state, None, wanted.expires_at, 1 if wanted.urgent else 0, wanted.requested_by, wanted.request_id,
    )  # fmt: skip
    return await enqueue(connection, job)


async def cancel_queued(connection: Connection, command_id: UUID, now: datetime) -> bool:
    """False when it does not wait any more. Both go together, so a worker that has it sends nothing."""
    if not await cancel_job(connection, command_id, now):
        return False
    return await connection.fetchval(statement("command_cancel"), command_id, now) is not None
