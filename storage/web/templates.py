"""Templates, and how stations stand to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from actors.provisioning.models import Plate
from actors.provisioning.templates import Effective, Known, Template, effective, known_of
from protocol.ocpp.version import Version
from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values
from storage.web.variables import read_known


@attrs.frozen
class TemplateRow:
    """A template as the API shows it; `revision` is its ETag."""

    id: UUID
    name: str
    vendor: str | None
    model: str | None
    firmware: str | None
    site: str | None
    priority: int
    items: list[dict[str, Any]]
    correction: str
    reboot: str
    enabled: bool
    created_at: datetime
    updated_at: datetime
    revision: int


@attrs.frozen
class NewTemplate:
    """The row to insert, or as it shall be; in the statements' order."""

    tenant_id: UUID
    id: UUID
    name: str
    vendor: str | None
    model: str | None
    firmware: str | None
    site: str | None
    priority: int
    items: list[dict[str, Any]]
    correction: str
    reboot: str
    enabled: bool
    now: datetime


@attrs.frozen
class Standing:
    """How a station stood when last checked. `refused`, `written`: values by the item's name."""

    checked_at: datetime | None = None
    applied_at: datetime | None = None
    drift: int | None = None
    refused: dict[str, str] = attrs.field(factory=dict)
    written: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Subject:
    """A station as templates see it: its plate, site, version, and all that is known of its variables."""

    version: Version | None
    plate: Plate
    site: str | None
    known: dict[str, Known]
    standing: Standing

    def effective(self, templates: list[Template]) -> Effective:
        """Empty while its version is not known."""
        if self.version is None:
            return Effective(())
        return effective(templates, self.plate, self.site, self.version)


async def list_templates(connection: Connection, limit: int, after: UUID | None, oldest: bool) -> list[TemplateRow]:
    """At most `limit` by creation, beyond `after`."""
    return all_made(TemplateRow, await connection.fetch(statement("templates_page", oldest=oldest), limit, after))


async def get_template(connection: Connection, template_id: UUID, *, lock: bool = False) -> TemplateRow | None:
    row = await connection.fetchrow(statement("template_lock" if lock else "template_get"), template_id)
    return made(TemplateRow, row) if row else None


async def insert_template(connection: Connection, template: NewTemplate) -> bool:
    """False when the name is taken."""
    return await connection.fetchval(statement("template_insert"), *values(template)) is not None


async def update_template(connection: Connection, template: NewTemplate) -> None:
    """Writes it whole and raises the revision; the caller holds the lock. Its name does not change."""
    _, template_id, _, *rest = values(template)
    await connection.execute(statement("template_update"), template_id, *rest)


async def delete_template(connection: Connection, template_id: UUID) -> None:
    await connection.execute(statement("template_delete"), template_id)


async def read_enabled(connection: Connection) -> list[Template]:
    """The tenant's templates that count."""
    rows = await connection.fetch(statement("templates_enabled"))
    return all_made(Template, rows)


async def read_subject(connection: Connection, station_id: UUID) -> Subject | None:
    """None when the station is gone."""
    row = await connection.fetchrow(statement("template_subject"), station_id)
    if row is None:
        return None
    rows = await read_known(connection, station_id)
    known = known_of(
        (each.component, each.variable, each.attribute_type, each.value, each.detail, each.removed_at is not None)
        for each in rows
    )
    plate = Plate(row["vendor"], row["model"], row["firmware"])
    standing = Standing(
        row["checked_at"], row["applied_at"], row["drift"], row["refused"] or {}, row["written"] or {}
    )
    version = Version(row["version"]) if row["version"] else None
    return Subject(version, plate, row["site"], known, standing)


async def keep_standing(
    connection: Connection, tenant_id: UUID, station_id: UUID, standing: Standing
) -> None:
    """What was found; `applied_at` None keeps the earlier one."""
    await connection.execute(statement("template_standing"), tenant_id, station_id, *values(standing))


async def forget_refused(connection: Connection, station_id: UUID) -> None:
    """What the station has refused is tried again."""
    await connection.execute(statement("template_retry"), station_id)


async def stations_due(connection: Connection, before: datetime, limit: int) -> list[UUID]:
    """Stations online that booted, or whose templates changed, since they were checked, or not checked since `before`.

    Those longest unchecked first.
    """
    rows = await connection.fetch(statement("template_due"), before, limit)
    return [row["id"] for row in rows]


async def mark_provisioned(connection: Connection, station_id: UUID, now: str) -> None:
    """From now on its boots are accepted (settings `provisioned`)."""
    await connection.execute(statement("station_provisioned"), station_id, now)
