"""Device model (2.x) and configuration keys (1.6) as last known."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, statement


@attrs.frozen
class VariableRow:
    """One attribute of a variable, as it was last reported or read."""

    component: str  # JSON text; '' for 1.6 keys
    variable: str   # JSON text; the key in 1.6
    attribute_type: str
    value: str | None
    detail: dict[str, Any]
    received_at: datetime


async def list_variables(
    connection: Connection,
    limit: int,
    after: tuple[str, str, str] | None,
    station_id: UUID,
    component: str | None,
    variable: str | None,
) -> list[VariableRow]:
    """By component, variable and attribute; the filters are parts of names, ignoring case."""
    last = after or (None, None, None)
    rows = await connection.fetch(
        statement("variables_page"), limit, *last, station_id,
        component.lower() if component else None, variable.lower() if variable else None,
    )
    return all_made(VariableRow, rows)
