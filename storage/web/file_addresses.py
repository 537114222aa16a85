"""One-time addresses of the file server: made for one station and request, found by their secret part."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import made, statement, values

KEY: Final = "key-"
"""How the secret part begins in an address, so that the redactor knows it (protocol/redact/addresses.py)."""


@attrs.frozen
class FileAddress:
    """A row. `purpose`: firmware (to fetch), log (to bring), image (firmware brought by the operator)."""

    tenant_id: UUID
    id: UUID
    key_hash: str = attrs.field(repr=False)
    purpose: str
    station_id: UUID | None
    firmware_id: UUID | None
    log_type: str | None
    status: str
    most_bytes: int | None
    file_name: str | None
    size: int | None
    sha256: str | None
    error: str | None
    details: dict[str, Any]
    expires_at: datetime
    requested_by: str | None
    created_at: datetime
    updated_at: datetime

    def opens(self, key: str) -> bool:
        """True when `key` is its secret part."""
        return hmac.compare_digest(key_hash(key), self.key_hash)


@attrs.frozen
class NewAddress:
    """In the statement's order."""

    tenant_id: UUID
    id: UUID
    key_hash: str = attrs.field(repr=False)
    purpose: str
    station_id: UUID | None
    firmware_id: UUID | None
    log_type: str | None
    most_bytes: int | None
    details: dict[str, Any]
    expires_at: datetime
    requested_by: str | None
    now: datetime


@attrs.frozen
class Progress:
    """What changes when something is fetched or brought."""

    id: UUID
    status: str
    file_name: str | None
    size: int | None
    sha256: str | None
    error: str | None
    now: datetime


def make_key() -> str:
    """A new secret part: 192 random bits."""
    return KEY + secrets.token_urlsafe(24)


def key_hash(key: str) -> str:
    """What is kept of a secret part; it is random, so a fast hash is enough."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


async def insert_address(connection: Connection, new: NewAddress) -> None:
    await connection.execute(statement("file_address_insert"), *values(new))


async def get_address(connection: Connection, address_id: UUID) -> FileAddress | None:
    """None when this tenant has no such address."""
    row = await connection.fetchrow(statement("file_address_get"), address_id)
    return made(FileAddress, row) if row else None


async def move_address(connection: Connection, progress: Progress) -> bool:
    """False when it is not open any more."""
    return await connection.fetchval(statement("file_address_move"), *values(progress)) is not None


async def delete_address(connection: Connection, address_id: UUID) -> None:
    """For one that was never told to anybody."""
    await connection.execute(statement("file_address_delete"), address_id)
