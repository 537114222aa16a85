"""Stations: their configuration as operators set it, with what they last told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from actors.ports import StationConfig
from actors.provisioning.models import Plate, effective, of_model
from protocol.ocpp.version import Version
from storage.keys import identity_key
from storage.pool import Connection
from storage.shapes import settings_of
from storage.web.statements import all_made, statement, values


@attrs.frozen
class StationRow:
    """A station: its configuration, and what its actor last wrote of it."""

    id: UUID
    identity: str
    name: str | None
    site: str | None
    admission: str
    security_profile: int
    highest_profile: int
    has_password: bool
    password_pending: bool
    ocpp_version: str | None
    strict: bool
    frame_log: str
    settings: dict[str, Any]
    held_off: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
    revision: int
    vendor: str | None
    model: str | None
    firmware: str | None
    policies: list[dict[str, Any]] | None
    profiles: list[dict[str, Any]] | None
    online: bool
    version: str | None
    last_seen_at: datetime | None
    connected_at: datetime | None
    remote_address: str | None
    boot: dict[str, Any] | None
    quirks: list[dict[str, Any]]
    clock_offset_ms: int | None
    connectors: list[dict[str, Any]]

    @property
    def model_profile(self) -> dict[str, Any]:
        """What is known of its model, shipped and the tenant's own."""
        return of_model(Plate(self.vendor, self.model, self.firmware), self.profiles or ())

    @property
    def effective(self) -> dict[str, Any]:
        """What counts for it: its boot policies, then its model, then its own settings."""
        plate = Plate(self.vendor, self.model, self.firmware)
        return effective(self.settings, self.policies or (), plate, self.profiles or ())


@attrs.frozen
class StationFilter:
    """What a list is narrowed to."""

    site: str | None = None
    admission: str | None = None
    online: bool | None = None
    version: str | None = None
    security_profile: int | None = None
    status: str | None = None  # of any connector, ignoring case
    q: str | None = None       # part of identity or name, ignoring case
    identity: str | None = None  # ignoring case
    name: str | None = None


@attrs.frozen
class NewStation:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    identity: str
    identity_key: str
    name: str | None
    site: str | None
    admission: str
    security_profile: int
    password_hash: str | None
    ocpp_version: str | None
    strict: bool
    frame_log: str
    settings: dict[str, Any]
    now: datetime


@attrs.frozen
class StationChange:
    """The whole configuration as it shall be, in the statement's order."""

    id: UUID
    name: str | None
    site: str | None
    admission: str
    security_profile: int
    highest_profile: int
    password_hash: str | None
    pending_password_hash: str | None
    ocpp_version: str | None
    strict: bool
    frame_log: str
    settings: dict[str, Any]
    held_off: dict[str, Any] | None
    now: datetime


@attrs.frozen
class Found:
    """A station as the actor wants it, with its revision (ETag)."""

    config: StationConfig
    revision: int


async def list_stations(
    connection: Connection, limit: int, after: UUID | None, oldest: bool, wanted: StationFilter
) -> list[StationRow]:
    """At most `limit` stations by creation, beyond `after`."""
    rows = await connection.fetch(
        statement("stations_page", oldest=oldest), limit, after, wanted.site, wanted.admission, wanted.online,
        wanted.version, wanted.security_profile, wanted.status.lower() if wanted.status else None,
        wanted.q.lower() if wanted.q else None, identity_key(wanted.identity) if wanted.identity else None, wanted.name,
    )
    return await read_stations(connection, [row["id"] for row in rows])


async def read_stations(connection: Connection, ids: Sequence[UUID]) -> list[StationRow]:
    """The stations of these ids that exist, in that order."""
    if not ids:
        return []
    rows = {row.id: row for row in all_made(StationRow, await connection.fetch(statement("stations_read"), list(ids)))}
    return [rows[each] for each in ids if each in rows]


async def find_station(connection: Connection, name: str, tenant_slug: str) -> Found | None:
    """By identity, ignoring case, else by id. Its settings are what counts: policy, model and its own."""
    row = await connection.fetchrow(statement("station_find"), identity_key(name), as_uuid(name))
    return _found(row, tenant_slug) if row else None


async def lock_station(connection: Connection, station_id: UUID, tenant_slug: str) -> Found | None:
    """By id, held until the transaction ends. Its settings are its own alone, as they may be changed."""
    row = await connection.fetchrow(statement("station_lock"), station_id)
    return _found(row, tenant_slug) if row else None


async def insert_station(connection: Connection, station: NewStation) -> bool:
    """False when the identity is taken."""
    return await connection.fetchval(statement("station_insert"), *values(station)) is not None


async def update_station(connection: Connection, change: StationChange) -> None:
    """Writes the change and raises the revision; the caller holds the lock."""
    await connection.execute(statement("station_update"), *values(change))


async def delete_station(connection: Connection, station_id: UUID, now: datetime) -> None:
    await connection.execute(statement("station_delete"), station_id, now)


@attrs.frozen
class Limits:
    """How much a station takes in one message. `version` is the one it last spoke."""

    version: Version | None
    told: dict[str, int]  # variable or key as the station named it → number
    slots: tuple[str, ...] = ()  # network slots that it tries


async def read_limits(connection: Connection, station_id: UUID) -> Limits:
    """What fits into one message, as far as the station has told."""
    row = await connection.fetchrow(statement("station_limits"), station_id)
    assert row is not None  # two scalar subqueries always give a row
    told = {name: int(value) for name, value in row["limits"] if value is not None and value.strip().isdecimal()}
    return Limits(Version(row["version"]) if row["version"] else None, told, tuple(row["slots"]))


def as_uuid(text: str) -> UUID | None:
    """None when it is none."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


_LAYERS = ("vendor", "model", "firmware", "policies", "profiles")


def _found(row: Any, tenant_slug: str) -> Found:
    columns = dict(row.items())
    if "policies" in columns:
        columns["settings"] = settings_of(row)
        for name in _LAYERS:
            del columns[name]
    revision = columns.pop("revision")
    version = columns.pop("ocpp_version")
    config = StationConfig(tenant_slug=tenant_slug, ocpp_version=Version(version) if version else None, **columns)
    return Found(config, revision)


async def accept_password(connection: Connection, station_id: UUID, hashed: str, before: str | None) -> None:
    """The station took the password kept as `hashed`; nothing happens when another one than `before` was set since."""
    await connection.execute(statement("station_password"), station_id, hashed, before)


async def set_pending_password(
    connection: Connection, station_id: UUID, hashed: str | None, only_over: str | None = None
) -> tuple[str | None, str | None]:
    """Keeps the hash of a password that is about to be sent, or with None forgets the one in `only_over`.

    Returns the hashes that were there before: of the one that was pending, and of the one in force.
    """
    row = await connection.fetchrow(statement("station_pending"), station_id, hashed, only_over)
    return (None, None) if row is None else (row["pending_password_hash"], row["password_hash"])
