"""What has to be known of stations before they are asked to show something."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from storage.pool import Connection
from storage.web.statements import statement


async def variable_values(
    connection: Connection, station_id: UUID, component: str, variable: str | None = None
) -> dict[str, str]:
    """Values of a controller's variables as last known, by their names in small letters; a maxLimit as `name.max`."""
    rows = await connection.fetch(statement("variable_values"), station_id, component, variable)
    found: dict[str, str] = {}
    for row in rows:
        name = row["name"].casefold()
        if row["value"] is not None:
            found[name] = row["value"]
        most = (row["detail"].get("characteristics") or {}).get("maxLimit")
        if most is not None:
            found[f"{name}.max"] = str(most)
    return found


async def stations_of_site(connection: Connection, site: str, limit: int) -> list[str]:
    """Identities."""
    return [row["identity"] for row in await connection.fetch(statement("stations_of_site"), site, limit)]


async def holders(connection: Connection, kind: str, key: str) -> list[str]:
    """Identities of the stations that hold such an object now."""
    return [row["identity"] for row in await connection.fetch(statement("object_holders"), kind, key)]


async def count_others(connection: Connection, station_id: UUID, kind: str, key: str) -> int:
    """How many objects of that kind the station holds beside that one."""
    found: int = await connection.fetchval(statement("object_count"), station_id, kind, key)
    return found


async def tariff_contents(connection: Connection, kind: str, tariff_id: str) -> Sequence[dict[str, Any]]:
    """What was sent under that id so far."""
    return [row["data"] for row in await connection.fetch(statement("tariff_contents"), kind, tariff_id)]
