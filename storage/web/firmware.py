"""Firmware images: what is known of them. The bytes are in storage/files.py."""

from datetime import datetime
from uuid import UUID

import attrs

from storage.files import Digests
from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class FirmwareRow:
    """An image. `status`: awaiting (its bytes), ready."""

    tenant_id: UUID
    id: UUID
    name: str
    version: str
    vendor: str | None
    model: str | None
    status: str
    size: int | None
    sha256: str | None
    md5: str | None
    signature: str | None
    signing_certificate: str | None
    created_by: str | None
    created_at: datetime
    updated_at: datetime


@attrs.frozen
class NewFirmware:
    """In the statement's order."""

    tenant_id: UUID
    id: UUID
    name: str
    version: str
    vendor: str | None
    model: str | None
    signature: str | None
    signing_certificate: str | None
    created_by: str | None
    now: datetime


@attrs.frozen
class FirmwareFilter:
    """What a list is narrowed to."""

    vendor: str | None = None
    model: str | None = None
    version: str | None = None
    status: str | None = None


async def insert_firmware(connection: Connection, new: NewFirmware) -> None:
    await connection.execute(statement("firmware_insert"), *values(new))


async def get_firmware(connection: Connection, firmware_id: UUID) -> FirmwareRow | None:
    """None when this tenant has no such image, or deleted it."""
    row = await connection.fetchrow(statement("firmware_get"), firmware_id)
    return made(FirmwareRow, row) if row else None


async def list_firmware(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: FirmwareFilter
) -> list[FirmwareRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("firmware_page", oldest=oldest), limit, after, wanted.vendor, wanted.model, wanted.version,
        wanted.status,
    )  # fmt: skip
    return all_made(FirmwareRow, rows)


async def firmware_ready(connection: Connection, firmware_id: UUID, digests: Digests, now: datetime) -> bool:
    """Its bytes are here. False when they were before, or it is gone."""
    found = await connection.fetchval(
        statement("firmware_ready"), firmware_id, digests.size, digests.sha256, digests.md5, now
    )
    return found is not None


async def delete_firmware(connection: Connection, firmware_id: UUID, now: datetime) -> bool:
    """And its open addresses. False when a campaign that has not ended needs it, or it is gone already."""
    if await connection.fetchval(statement("firmware_delete"), firmware_id, now) is None:
        return False
    await end_addresses(connection, firmware_id, now)
    return True


async def end_addresses(connection: Connection, firmware_id: UUID, now: datetime) -> None:
    """Nothing more is fetched or brought at those that are open."""
    await connection.execute(statement("file_addresses_end"), firmware_id, now)
