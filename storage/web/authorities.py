"""A tenant's own certificate authorities (table certificate_authorities), and what their lists of revoked ones hold."""

from datetime import datetime
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class AuthorityRow:
    """An authority. PEM texts; the keys are sealed. Hashes are SHA-256 of names in DER, lower-case hexadecimal."""

    tenant_id: UUID
    id: UUID
    status: str
    organization: str
    checked: bool
    root: str
    issuing: str
    crossing: str | None
    root_hash: str
    issuer_hash: str
    key_id: str
    root_key: bytes = attrs.field(repr=False)
    issuing_key: bytes = attrs.field(repr=False)
    crl: bytes | None
    crl_number: int
    crl_until: datetime | None
    created_at: datetime
    not_after: datetime
    retired_at: datetime | None


@attrs.frozen
class NewAuthority:
    """In the statement's order."""

    tenant_id: UUID
    id: UUID
    organization: str
    checked: bool
    root: str
    issuing: str
    crossing: str | None
    root_hash: str
    issuer_hash: str
    key_id: str
    root_key: bytes = attrs.field(repr=False)
    issuing_key: bytes = attrs.field(repr=False)
    crl: bytes
    crl_number: int
    crl_until: datetime
    created_at: datetime
    not_after: datetime


@attrs.frozen
class OperatorNames:
    """What an operator is called: the names its certificates may bear, that of its authority, that of the tenant."""

    name: str
    organizations: list[str]
    authority: str | None


@attrs.frozen
class RevokedRow:
    """A line of a list: serial number in hexadecimal."""

    serial: str
    revoked_at: datetime
    reason: str | None


async def active_authority(connection: Connection) -> AuthorityRow | None:
    """The one that signs now."""
    row = await connection.fetchrow(statement("authority_active"))
    return made(AuthorityRow, row) if row else None


async def list_authorities(connection: Connection, limit: int = 100) -> list[AuthorityRow]:
    """Newest first."""
    return all_made(AuthorityRow, await connection.fetch(statement("authorities_all"), limit))


async def get_authority(connection: Connection, authority_id: UUID) -> AuthorityRow | None:
    """None when this tenant has none of that id."""
    row = await connection.fetchrow(statement("authority_get"), authority_id)
    return made(AuthorityRow, row) if row else None


async def lock_authorities(connection: Connection, tenant_id: UUID) -> None:
    """Until the end of the transaction nobody else makes one for this tenant."""
    await connection.execute(statement("authority_lock"), tenant_id)


async def insert_authority(connection: Connection, row: NewAuthority) -> None:
    """It signs from now on; the one before retires."""
    await connection.execute(statement("authority_retire"), row.created_at)
    await connection.execute(statement("authority_insert"), *values(row))


async def trust_root(
    connection: Connection, row: NewAuthority, fingerprint: str, name: str
) -> None:
    """Stations of this tenant may show certificates beneath this root."""
    await connection.execute(
        statement("authority_trust"), row.tenant_id, fingerprint, name, row.root, row.not_after, row.created_at
    )


async def operator_names(connection: Connection) -> OperatorNames:
    """Of this tenant."""
    [row] = await connection.fetch(statement("operator_names"))
    return made(OperatorNames, row)


async def revoked_by(connection: Connection, issuer_hash: str, now: datetime, limit: int = 100_000) -> list[RevokedRow]:
    """What an authority's list has to hold: revoked, and not expired for long."""
    return all_made(RevokedRow, await connection.fetch(statement("authority_revoked"), issuer_hash, now, limit))


async def put_crl(connection: Connection, authority_id: UUID, crl: bytes, number: int, until: datetime) -> None:
    """The newest number stays."""
    await connection.execute(statement("authority_crl"), authority_id, crl, number, until)


async def crls_due(connection: Connection, before: datetime, now: datetime) -> list[UUID]:
    """Authorities whose list ends before that time."""
    return [row["id"] for row in await connection.fetch(statement("authority_crls_due"), before, now)]
