"""Forwards as the node runs them, across tenants: what waits for a second backend, and how far it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from storage.pool import Pool
from storage.sql import sql
from storage.web.statements import all_made


@attrs.frozen
class Forward:
    """One other backend of one station, enabled."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    station: str
    url: str
    identity: str
    username: str | None
    password_sealed: bytes | None
    mode: str
    allowed: frozenset[str] = attrs.field(converter=frozenset)
    position: UUID | None
    accepted: bool
    state: dict[str, Any]
    version: str | None
    revision: int


@attrs.frozen
class Waiting:
    """One message that waits, oldest first. `payload` is JSON text."""

    id: UUID
    received_at: datetime
    version: str
    action: str
    payload: str
    transaction_id: int | None


class Forwards:
    """`pool` is voltyard_node's."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def active(self) -> list[Forward]:
        """All that are enabled, of stations that exist."""
        return all_made(Forward, await self._pool.fetch(sql("forwards_active")))

    async def waiting(self, forward: Forward, after: UUID | None, most: int) -> list[Waiting]:
        """What comes after that position, oldest first."""
        return all_made(Waiting, await self._pool.fetch(sql("forward_waiting"), forward.station_id, after, most))

    async def boot(self, forward: Forward) -> dict[str, Any] | None:
        """What the station last said of itself; None while it has said nothing."""
        told: dict[str, Any] | None = await self._pool.fetchval(sql("forward_boot"), forward.station_id)
        return told

    async def moved(self, forward: Forward, position: UUID | None, state: Mapping[str, Any]) -> None:
        """How far it is."""
        await self._pool.execute(sql("forward_moved"), forward.id, position, dict(state))

    async def accepted(self, forward: Forward, now: datetime) -> None:
        """That side knows the station now."""
        await self._pool.execute(sql("forward_accepted"), forward.id, now)

    async def number(self, forward: Forward, ours: int, theirs: int, now: datetime) -> None:
        """That side's number of a transaction."""
        await self._pool.execute(sql("forward_number"), forward.tenant_id, forward.id, ours, theirs, now)

    async def numbers(self, forward: Forward) -> Sequence[tuple[int, int]]:
        """(ours, theirs) of the newest transactions, at most 1,000."""
        rows = await self._pool.fetch(sql("forward_numbers"), forward.id)
        return [(row["ours"], row["theirs"]) for row in rows]

    async def tidy(self, kept: Sequence[str], most: int) -> int:
        """Removes what every forward has had, and beyond `most` a station the oldest that are not `kept` actions."""
        removed: int = await self._pool.fetchval(sql("forwards_tidy"), list(kept), most)
        return removed
