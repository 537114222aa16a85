"""Certificates of stations: what was asked for, signed and done with them (table certificates)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class CertificateRow:
    """A request for a certificate and what became of it. Hashes are SHA-256 in lower-case hexadecimal."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    station: str
    use: str
    status: str
    code: str | None
    reason: str | None
    authority_id: UUID | None
    csr_hash: str | None
    key_hash: str | None
    request_id: int | None
    subject: str | None
    issuer: str | None
    issuer_hash: str | None
    serial: str | None
    fingerprint: str | None
    not_before: datetime | None
    not_after: datetime | None
    renew_at: datetime | None
    chain: str | None
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    revoked_at: datetime | None
    warned_at: datetime | None


@attrs.frozen
class NewCertificate:
    """In the statement's order. A refused request has neither serial number nor chain."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    use: str
    status: str
    code: str | None
    reason: str | None
    authority_id: UUID | None
    csr_hash: str | None
    key_hash: str | None
    request_id: int | None
    subject: str | None
    issuer: str | None
    issuer_hash: str | None
    serial: str | None
    fingerprint: str | None
    not_before: datetime | None
    not_after: datetime | None
    renew_at: datetime | None
    chain: str | None
    created_at: datetime


@attrs.frozen
class CertificateFilter:
    """What a list is narrowed to; `before`: of those that end before it."""

    station_id: UUID | None = None
    use: str | None = None
    status: str | None = None
    before: datetime | None = None
    serial: str | None = None


@attrs.frozen
class CertificateFacts:
    """What is known of a station that asks. `chain_size`: characters of a chain it takes, as it told."""

    serial_number: str | None
    settings: dict[str, Any]
    strict: bool
    version: str | None
    chain_size: str | None
    secc_ids: list[str] | None


async def insert_certificate(connection: Connection, row: NewCertificate) -> None:
    """Once: the same id again changes nothing."""
    await connection.execute(statement("certificate_insert"), *values(row))


async def get_certificate(connection: Connection, certificate_id: UUID, *, lock: bool = False) -> CertificateRow | None:
    """None when this tenant has none of that id. `lock`: until the end of the transaction."""
    row = await connection.fetchrow(statement("certificate_lock" if lock else "certificate_get"), certificate_id)
    return made(CertificateRow, row) if row else None


async def list_certificates(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: CertificateFilter
) -> list[CertificateRow]:
    """At most `limit` by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("certificates_page", oldest=oldest), limit, after, wanted.station_id, wanted.use, wanted.status,
        wanted.before, wanted.serial,
    )  # fmt: skip
    return all_made(CertificateRow, rows)


async def told_certificate(
    connection: Connection, certificate_id: UUID, status: str, reason: str | None, now: datetime
) -> bool:
    """sent, accepted or rejected. False when it is not on its way any more (revoked, expired, superseded)."""
    return await connection.fetchval(statement("certificate_told"), certificate_id, status, reason, now) is not None


async def supersede_certificates(connection: Connection, row: CertificateRow, now: datetime) -> None:
    """The station has taken this one: what it had before for that use is done with."""
    await connection.execute(statement("certificates_supersede"), row.station_id, row.use, row.id, now)


async def certificate_of_request(
    connection: Connection, station_id: UUID, use: str, csr_hash: str, now: datetime
) -> CertificateRow | None:
    """What was signed before for the very same request, and may be given out once more."""
    row = await connection.fetchrow(statement("certificate_of_request"), station_id, use, csr_hash, now)
    return made(CertificateRow, row) if row else None


async def count_recent(connection: Connection, station_id: UUID, use: str, since: datetime) -> int:
    """How many were signed for that station and use."""
    found: int = await connection.fetchval(statement("certificates_recent"), station_id, use, since)
    return found


async def count_refused(connection: Connection, station_id: UUID, since: datetime) -> int:
    """How many refusals of that station are kept."""
    found: int = await connection.fetchval(statement("certificates_refused"), station_id, since)
    return found


async def key_elsewhere(connection: Connection, station_id: UUID, key_hash: str) -> bool:
    """Whether another station of this tenant has had a certificate for the same key."""
    found: bool = await connection.fetchval(statement("certificate_key_elsewhere"), station_id, key_hash)
    return found


async def newer_request(connection: Connection, station_id: UUID, use: str, job_id: UUID, begun: datetime) -> bool:
    """Whether the station has asked again since."""
    found: bool = await connection.fetchval(
        statement("certificate_newer_request"), station_id, use, job_id, begun
    )
    return found


async def certificate_facts(connection: Connection, station_id: UUID) -> CertificateFacts | None:
    """None when there is no such station."""
    row = await connection.fetchrow(statement("certificate_facts"), station_id)
    return made(CertificateFacts, row) if row else None


async def revoke_certificate(connection: Connection, row: CertificateRow, reason: str | None, now: datetime) -> None:
    """From now on it is not trusted: in its own row, and where handshakes and relying parties look."""
    await connection.execute(statement("certificate_revoke"), row.id, reason, now)
    await connection.execute(
        statement("certificate_revoked_insert"), row.tenant_id, row.issuer_hash, row.serial, now, reason
    )


async def ended_certificates(connection: Connection, now: datetime, limit: int) -> list[CertificateRow]:
    """Those whose time is over, and whose status does not say so yet."""
    return all_made(CertificateRow, await connection.fetch(statement("certificates_over"), now, limit))


async def end_certificate(connection: Connection, certificate_id: UUID, now: datetime) -> None:
    """It has expired."""
    await connection.execute(statement("certificate_end"), certificate_id, now)


async def nearing_certificates(connection: Connection, now: datetime, limit: int) -> list[CertificateRow]:
    """Those in use that ought to be renewed, and of which that was not told yet."""
    return all_made(CertificateRow, await connection.fetch(statement("certificates_nearing"), now, limit))


async def warned_certificate(connection: Connection, certificate_id: UUID, now: datetime) -> bool:
    """Its coming end is told now. False when somebody was faster."""
    return await connection.fetchval(statement("certificate_warned"), certificate_id, now) is not None
