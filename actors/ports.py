"""What actors need of the world. `storage` and `gateway` implement it; `gateway/node.py` joins them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import attrs

from actors.records import (
    CommandRecord,
    ConnectorRecord,
    ReadingRecord,
    SessionRecord,
    StationStateRecord,
    Unit,
    UnmatchedRecord,
)
from protocol.ocpp.version import Version

DEFAULT_TENANT = UUID("00000000-0000-7000-8000-000000000001")


class StoreUnavailable(Exception):  # noqa: N818 - the state of the store, not a fault of the caller
    """The store gives no verdict now (database away, starting, journal full past its deadline); nothing is promised."""


@attrs.frozen
class StationConfig:
    """What an operator has set for a station (table stations)."""

    tenant_id: UUID
    tenant_slug: str
    id: UUID
    identity: str
    name: str | None
    site: str | None
    admission: str
    security_profile: int
    highest_profile: int
    password_hash: str | None
    pending_password_hash: str | None
    ocpp_version: Version | None
    strict: bool
    frame_log: str
    settings: dict[str, Any]
    held_off: dict[str, Any] | None
    older_pending: tuple[str, ...] = ()  # sent before the pending password, and not known either whether it was taken


@attrs.frozen
class StationImage:
    """All that an actor starts from: configuration, last known state, connectors, sessions still open or just ended."""

    config: StationConfig
    state: StationStateRecord | None
    connectors: Sequence[ConnectorRecord]
    sessions: Sequence[SessionRecord]


@attrs.frozen
class TokenFact:
    """An id token as kept (table tokens). What was not set for it comes from the rules (table token_rules).

    `places`: [{"station" or "site", "evses"?}], none: everywhere. `windows`: [{"days", "from", "to"}] in `time_zone`,
    none: always. `message`, `more_messages`: {"format", "language"?, "content"}. `additional`: [{"value", "type"}].
    `concurrent`: sessions at a time, None or 0: any number. `cache_seconds`: how long stations may remember it.
    """

    uid: str
    type: str
    status: str
    expires_at: datetime | None
    group_uid: str | None
    master: bool
    additional: Sequence[dict[str, Any]] = ()
    language1: str | None = None
    language2: str | None = None
    message: dict[str, Any] | None = None
    more_messages: Sequence[dict[str, Any]] = ()
    priority: int | None = None
    places: Sequence[dict[str, Any]] = ()
    connector_types: Sequence[str] = ()
    windows: Sequence[dict[str, Any]] = ()
    time_zone: str = "UTC"
    concurrent: int | None = None
    cache_seconds: int | None = None
    prepaid: bool = False


@attrs.frozen
class OpenUse:
    """An open session of a token, wherever it is."""

    session_id: UUID
    station_id: UUID
    evse: int | None
    transaction_id: str | None


@attrs.frozen
class Held:
    """A reservation that a station has accepted (table reservations). `evse` None: any of the station."""

    number: int
    evse: int | None
    token: str
    group_uid: str | None
    starts_at: datetime
    expires_at: datetime


@attrs.frozen
class Weighed:
    """All that a presented token is judged by. `unknown`: what becomes of unknown ones: reject, accept, create.

    `connector_types` by EVSE is only there for a token that is bound to types, and a station that has told its own.
    """

    token: TokenFact | None = None
    unknown: str = "reject"
    site: str | None = None
    uses: Sequence[OpenUse] = ()
    held: Sequence[Held] = ()
    connector_types: Mapping[int, Sequence[str]] = attrs.field(factory=dict)


class Store(Protocol):
    """Truth. Every method may raise StoreUnavailable; none blocks longer than its deadline."""

    async def load_station(self, tenant_slug: str | None, identity: str) -> StationImage | None:
        """The station of that identity: exact spelling first, else ignoring case. Concurrent calls share a query."""

    async def reload_config(self, station_id: UUID) -> StationConfig | None:
        """Its configuration as it is now; None when deleted."""

    async def record(self, unit: Unit) -> bool:
        """Returns when the unit is on disk: True as it is, False when its content was refused and lies in quarantine.

        A caller's cancellation does not take the unit back. Raises StoreUnavailable after the store deadline.
        """

    async def find_token(self, tenant_id: UUID, uid: str, *, prefix: bool) -> TokenFact | None:
        """The token of that uid ignoring case; with `prefix` also one that the first 20 characters name (quirk 23)."""

    async def weigh_token(self, tenant_id: UUID, station_id: UUID, uid: str, *, prefix: bool) -> Weighed:
        """The same token with the rules of that station, its open sessions and what is reserved there."""

    async def find_session(
        self, station_id: UUID, *, business_key: str | None, transaction_id: str | None
    ) -> SessionRecord | None:
        """The newest session of that station by business key, else by the station's transaction id."""

    async def find_unmatched(self, station_id: UUID) -> Sequence[UnmatchedRecord]:
        """What the ledger holds for a station and no session has taken yet, newest first, at most 50."""

    async def readings_since(self, station_id: UUID, session_id: UUID, after: datetime) -> Sequence[ReadingRecord]:
        """Readings of a session received after `after`, in order: what its row (at most 30 s old) does not know yet."""

    async def find_unanswered(self, station_id: UUID, message_id: str) -> CommandRecord | None:
        """The command of that station which was sent under that message id and has no answer yet."""

    async def forget_online(self) -> int:
        """At the start of a node: no station is connected, whatever a killed process left in station_states.

        Returns how many were set offline.
        """


@attrs.frozen
class Consultation:
    """A question to somebody outside. `kind` names the service (gateway/services), `about` is what it needs to know."""

    kind: str
    about: Any


class Services(Protocol):
    """Whom actors may ask outside of the database. Implemented by gateway/services."""

    async def consult(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> Any:
        """The service's answer; None when there is none to be had. Raises nothing; the caller sets the deadline."""

    def passed_over(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> None:
        """Nobody was asked, since the station has too much under way already; its message is decided without."""


class NoServices:
    """Nobody is there to be asked."""

    async def consult(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> Any:
        return None

    def passed_over(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> None:
        """There was nobody."""


class Clock(Protocol):
    """Time as a port: tests make it jump."""

    def now(self) -> datetime:
        """UTC."""

    def monotonic(self) -> float:
        """Seconds that only rise; the scale of every deadline in actors (trio.current_time in the node)."""
