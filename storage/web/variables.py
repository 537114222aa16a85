"""Device model (2.x) and configuration keys (1.6) as last known."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, statement


@attrs.frozen
class VariableRow:
    """One attribute of a variable, as it was last reported or read; `removed_at`: a full inventory lacks it."""

    component: str  # JSON text; '' for 1.6 keys
    variable: str   # JSON text; the key in 1.6
    attribute_type: str
    value: str | None
    detail: dict[str, Any]
    received_at: datetime
    removed_at: datetime | None = None


@attrs.frozen
class VariableFilter:
    """What a list is narrowed to. Names are parts of names, ignoring case; `removed`: also what is gone."""

    component: str | None = None
    variable: str | None = None
    attribute_type: str | None = None
    mutability: str | None = None
    evse: int | None = None
    removed: bool = False


async def list_variables(
    connection: Connection,
    limit: int,
    after: tuple[str, str, str] | None,
    station_id: UUID,
    wanted: VariableFilter,
) -> list[VariableRow]:
    """By component, variable and attribute."""
    last = after or (None, None, None)
    rows = await connection.fetch(
        statement("variables_page"), limit, *last, station_id,
        wanted.component.lower() if wanted.component else None, wanted.variable.lower() if wanted.variable else None,
        wanted.attribute_type, wanted.mutability, wanted.evse, wanted.removed,
    )
    return all_made(VariableRow, rows)


async def read_known(connection: Connection, station_id: UUID) -> list[VariableRow]:
    """All that is known of a station's variables, what is gone included."""
    return all_made(VariableRow, await connection.fetch(statement("variables_known"), station_id))
