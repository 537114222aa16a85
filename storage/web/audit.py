"""What people did, for those who must be able to see it later."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import statement, values


@attrs.frozen
class AuditEntry:
    """In the statement's order. `detail` must hold no secret."""

    tenant_id: UUID
    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    request_id: str | None


async def write_audit(connection: Connection, entry: AuditEntry) -> None:
    """In the caller's transaction: what is not committed was not done."""
    await connection.execute(statement("audit_insert"), *values(entry))
