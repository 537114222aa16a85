"""What operators set and see of security: rules for certificates, authorities, security events, a station's part."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class SecurityEventFilter:
    """What a list is narrowed to. `event` ignores case; `critical`: those among the list given, or the others."""

    station_id: UUID | None = None
    event: str | None = None
    critical: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


@attrs.frozen
class SecurityEventRow:
    """A SecurityEventNotification, as it came."""

    id: UUID
    station_id: UUID
    station: str
    received_at: datetime
    payload: Any


@attrs.frozen
class AuthorityRow:
    """An authority that a tenant trusts to have signed its stations' certificates."""

    fingerprint: str
    name: str
    certificate: str
    not_after: datetime
    added_at: datetime


@attrs.frozen
class NewAuthority:
    """In the statement's order."""

    tenant_id: UUID
    fingerprint: str
    name: str
    certificate: str
    not_after: datetime
    now: datetime


@attrs.frozen
class Policy:
    """A tenant's rules for certificates.

    `organizations`: operator names that stations' ones must bear one of; empty: not checked. Of contract certificates:
    `unverified_status`: whether an answer about revocation counts whose issuer is not known; `unnamed_status`: whether
    one counts that names nobody to ask.
    """

    organizations: list[str] = attrs.Factory(list)
    unverified_status: bool = False
    unnamed_status: bool = True
    revision: int = 0  # none was set


@attrs.frozen
class CertificateState:
    """The newest certificate of a station towards us, and what became of it."""

    status: str
    reason: str | None
    serial: str | None
    issuer_hash: str | None
    subject: str | None
    not_before: datetime | None
    not_after: datetime | None
    answered_at: datetime | None
    created_at: datetime


async def list_security_events(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: SecurityEventFilter,
    critical: Sequence[str],
) -> list[SecurityEventRow]:  # fmt: skip
    """At most `limit`, beyond `after`. `critical`: the events that are, casefolded."""
    rows = await connection.fetch(
        statement("security_events_page", oldest=oldest), limit, after, wanted.station_id,
        wanted.event.strip().lower() if wanted.event else None, list(critical), wanted.critical, wanted.since,
        wanted.until,
    )  # fmt: skip
    return all_made(SecurityEventRow, rows)


async def read_policy(connection: Connection) -> Policy:
    """The defaults where the tenant has set none."""
    row = await connection.fetchrow(statement("security_policy"))
    return Policy() if row is None else made(Policy, row)


async def write_policy(
    connection: Connection, tenant_id: UUID, policy: Policy, now: datetime, revision: int | None = None
) -> int | None:
    """In place of what was set before; the new revision. None when it was not of that `revision`."""
    changed: int | None = await connection.fetchval(
        statement("security_policy_set"), tenant_id, policy.organizations, policy.unverified_status,
        policy.unnamed_status, now, revision,
    )  # fmt: skip
    return changed


async def list_authorities(connection: Connection, limit: int) -> list[AuthorityRow]:
    """The newest first."""
    return all_made(AuthorityRow, await connection.fetch(statement("client_authorities"), limit))


async def insert_authority(connection: Connection, authority: NewAuthority) -> bool:
    """False when it is there already."""
    return await connection.fetchval(statement("client_authority_insert"), *values(authority)) is not None


async def delete_authority(connection: Connection, fingerprint: str) -> bool:
    """False when there is none."""
    return await connection.fetchval(statement("client_authority_delete"), fingerprint) is not None


async def write_settings(connection: Connection, station_id: UUID, settings: dict[str, Any], now: datetime) -> None:
    """Writes a station's settings; the caller holds the lock."""
    await connection.execute(statement("station_security_set"), station_id, settings, now)


async def raise_profile(connection: Connection, station_id: UUID, profile: int, now: datetime) -> None:
    """The station has worked with it: a lower one is refused from now on."""
    await connection.execute(statement("station_profile_raise"), station_id, profile, now)


async def moving_to(connection: Connection, station_id: UUID, profile: int | None, until: datetime) -> None:
    """Until then the station may come with that profile, however strict it is; None: it is moved no more."""
    wanted = None if profile is None else {"profile": profile, "until": until.isoformat()}
    await connection.execute(statement("station_moving"), station_id, wanted)


async def certificate_state(
    connection: Connection, station_id: UUID, now: datetime, since: datetime | None = None
) -> CertificateState | None:
    """A valid one first, else the newest; with `since` only one that something became of from then on."""
    row = await connection.fetchrow(statement("station_certificate"), station_id, now, since)
    return None if row is None else made(CertificateState, row)
