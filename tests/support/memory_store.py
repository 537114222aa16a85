"""A store in memory that behaves like the real one, for tests of actors. Passes the same contract tests.

It can be told to be away, slow, or to refuse; `units` holds all that was recorded, in order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import trio
from msgspec.structs import replace

from actors.contract.emaid import normal, spellings
from actors.ports import (
    DEFAULT_TENANT,
    Held,
    OpenUse,
    StationConfig,
    StationImage,
    StoreUnavailable,
    TokenFact,
    Weighed,
)
from actors.records import (
    CommandRecord,
    ConnectorRecord,
    HeldOffRecord,
    PasswordAcceptedRecord,
    ProfileProvedRecord,
    ReadingRecord,
    Record,
    SessionRecord,
    StationStateRecord,
    Unit,
    UnmatchedRecord,
)
from actors.station.late import was_answered
from storage.keys import identity_key, uid_key

_RECENT = timedelta(hours=48)
_RECENT_SESSIONS = 5
_UNMATCHED = 50


class MemoryStore:
    """Implements `actors.ports.Store`.

    `available` False: every call waits for `deadline` and raises StoreUnavailable. `delay`: seconds that a call takes.
    `refuses(unit)` True: the unit goes to `quarantine` and `record` returns False.
    """

    def __init__(
        self,
        *,
        deadline: float = 20.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.available = True
        self.delay = 0.0
        self.refuses: Callable[[Unit], bool] = lambda _unit: False
        self.units: list[Unit] = []
        self.quarantine: list[Unit] = []
        self.unknown = "reject"  # what the rules say of unknown tokens
        self.held: dict[UUID, Sequence[Held]] = {}  # reservations by station
        self._deadline = deadline
        self._now = now
        self._tenants: dict[str, UUID] = {"default": DEFAULT_TENANT}
        self._configs: dict[UUID, StationConfig] = {}
        self._tokens: dict[tuple[UUID, str], TokenFact] = {}
        self._states: dict[UUID, StationStateRecord] = {}
        self._connectors: dict[tuple[UUID, int, int], ConnectorRecord] = {}
        self._sessions: dict[UUID, tuple[UUID, SessionRecord]] = {}
        self._unmatched: dict[UUID, tuple[UUID, UnmatchedRecord]] = {}

    def add_tenant(self, slug: str, tenant: UUID) -> None:
        self._tenants[slug] = tenant

    def put_station(self, config: StationConfig) -> None:
        """Make or change a station."""
        self._configs[config.id] = config

    def delete_station(self, station: UUID) -> None:
        self._configs.pop(station, None)

    def put_token(self, tenant: UUID, token: TokenFact) -> None:
        self._tokens[tenant, uid_key(token.uid)] = token

    def records(self, kind: type[Record] = Record) -> Iterator[Record]:
        """All records of a kind that were stored, in order."""
        return (record for unit in self.units for record in unit.records if isinstance(record, kind))

    async def load_station(self, tenant_slug: str | None, identity: str) -> StationImage | None:
        await self._answer()
        tenant = self._tenants.get(tenant_slug or "", DEFAULT_TENANT)
        key = identity_key(identity)
        for config in self._configs.values():
            if config.tenant_id == tenant and identity_key(config.identity) == key:
                return self._image(config)
        return None

    async def reload_config(self, station_id: UUID) -> StationConfig | None:
        await self._answer()
        return self._configs.get(station_id)

    async def record(self, unit: Unit) -> bool:
        await self._answer()
        if self.refuses(unit):
            self.quarantine.append(unit)
            return False
        self.units.append(unit)
        for record in unit.records:
            self._apply(unit.station_id, record)
        return True

    async def find_token(self, tenant_id: UUID, uid: str, *, prefix: bool) -> TokenFact | None:
        await self._answer()
        key = uid_key(uid)
        forms = spellings(uid)
        contracts = (t for (of, _), t in self._tokens.items() if of == tenant_id and t.type == "eMAID")
        same = [t for t in contracts if normal(t.uid) in forms]
        exact = self._tokens.get((tenant_id, key)) or (same[0] if same else None)
        if exact is not None or not prefix or len(key) < 20:
            return exact
        alike = [t for (tenant, other), t in self._tokens.items() if tenant == tenant_id and other[:20] == key[:20]]
        return alike[0] if len(alike) == 1 else None

    async def weigh_token(self, tenant_id: UUID, station_id: UUID, uid: str, *, prefix: bool) -> Weighed:
        token = await self.find_token(tenant_id, uid, prefix=prefix)
        config = self._configs.get(station_id)
        uses = [
            OpenUse(session.id, station, session.evse, session.transaction_id)
            for station, session in self._sessions.values()
            if session.status == "active" and (session.token or "").casefold() == uid.casefold()
        ]
        return Weighed(token, self.unknown, config.site if config else None, uses, self.held.get(station_id, ()))

    async def find_session(
        self, station_id: UUID, *, business_key: str | None, transaction_id: str | None
    ) -> SessionRecord | None:
        await self._answer()
        mine = [session for station, session in self._sessions.values() if station == station_id]
        by_key = [s for s in mine if business_key is not None and s.business_key == business_key]
        by_number = [s for s in mine if transaction_id is not None and s.transaction_id == transaction_id]
        return max(by_key or by_number, key=lambda s: (s.started_at, s.id), default=None)

    async def find_unmatched(self, station_id: UUID) -> Sequence[UnmatchedRecord]:
        await self._answer()
        mine = [row for station, row in self._unmatched.values() if station == station_id and row.session_id is None]
        return sorted(mine, key=lambda row: (row.received_at, row.id), reverse=True)[:_UNMATCHED]

    async def readings_since(self, station_id: UUID, session_id: UUID, after: datetime) -> Sequence[ReadingRecord]:
        await self._answer()
        mine: Iterable[Record] = (r for unit in self.units if unit.station_id == station_id for r in unit.records)
        found = [
            r for r in mine if isinstance(r, ReadingRecord) and r.session_id == session_id and r.received_at > after
        ]
        return sorted(found, key=lambda r: (r.received_at, r.at))

    async def find_unanswered(self, station_id: UUID, message_id: str) -> CommandRecord | None:
        await self._answer()
        mine = (r for unit in self.units if unit.station_id == station_id for r in unit.records)
        newest: dict[UUID, CommandRecord] = {}
        for record in mine:
            if isinstance(record, CommandRecord):
                known = newest.get(record.id)
                newest[record.id] = known if known is not None and was_answered(known.status) else record
        wanted = [row for row in newest.values() if row.message_id == message_id]
        return next((row for row in wanted if row.status in ("sent", "timeout", "lost")), None)

    async def forget_online(self) -> int:
        await self._answer()
        online = [station for station, state in self._states.items() if state.online]
        for station in online:
            self._states[station] = replace(self._states[station], online=False)
        return len(online)

    async def _answer(self) -> None:
        await trio.lowlevel.checkpoint()
        if not self.available:
            await trio.sleep(self._deadline)
            raise StoreUnavailable("the store is away")
        if self.delay:
            await trio.sleep(min(self.delay, self._deadline))
            if self.delay > self._deadline:
                raise StoreUnavailable("the store did not answer in time")

    def _image(self, config: StationConfig) -> StationImage:
        mine = [session for station, session in self._sessions.values() if station == config.id]
        since = self._now() - _RECENT
        ended = sorted(
            (s for s in mine if s.status != "active" and s.ended_at is not None and s.ended_at > since),
            key=lambda s: s.ended_at or since,
        )
        still_open = sorted((s for s in mine if s.status == "active"), key=lambda s: s.started_at)
        return StationImage(
            config=config,
            state=self._states.get(config.id),
            connectors=[record for key, record in sorted(self._connectors.items()) if key[0] == config.id],
            sessions=[*ended[-_RECENT_SESSIONS:], *still_open],
        )

    def _apply(self, station: UUID, record: Record) -> None:
        config = self._configs.get(station)
        if isinstance(record, StationStateRecord):
            self._states[station] = record
        elif isinstance(record, ConnectorRecord):
            self._connectors[station, record.evse, record.connector] = record
        elif isinstance(record, SessionRecord):
            self._sessions[record.id] = (station, record)
        elif isinstance(record, UnmatchedRecord):
            known = self._unmatched.get(record.id)
            if known is None or record.session_id is not None:
                self._unmatched[record.id] = (station, record)
        elif config is not None:
            self._configs[station] = _reconfigured(config, record)


def _reconfigured(config: StationConfig, record: Record) -> StationConfig:
    """What a station's own message changes in its configuration."""
    pending = config.pending_password_hash
    if isinstance(record, PasswordAcceptedRecord) and pending is not None and record.hashed in (None, pending):
        profile = max(config.security_profile, 1)
        return attrs.evolve(config, password_hash=pending, pending_password_hash=None, security_profile=profile)
    if isinstance(record, HeldOffRecord):
        return attrs.evolve(config, held_off=record.value)
    if isinstance(record, ProfileProvedRecord):
        return attrs.evolve(config, highest_profile=max(config.highest_profile, record.profile))
    return config
