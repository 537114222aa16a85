"""What a station's actor knows, as one frozen value that only `decide` changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from actors.device.ratings import read as read_ratings
from actors.ports import StationConfig, StationImage
from actors.records import ConnectorRecord, StationStateRecord
from actors.report.assembly import Assembly
from actors.session.model import Session
from actors.session.rows import from_row
from actors.verify.known import NOTHING_KNOWN, Known
from actors.verify.known import kept as kept_known
from actors.verify.known import read as read_known
from protocol.ocpp.version import Version

ENDED_KEPT: Final = 5  # ended sessions kept in memory, for late readings and repeats
LEDGERED_KEPT: Final = 16
OPEN_KEPT: Final = 64  # open sessions of one station; a station with more has lost count
Place = tuple[int, int]  # (evse, connector)


class Connector(msgspec.Struct, frozen=True):
    """One connector as last reported; `since` is when this status was first seen."""

    evse: int
    connector: int
    status: str
    error: str | None
    info: str | None
    vendor_error: str | None
    since: datetime
    received_at: datetime


class StationState(msgspec.Struct, frozen=True):
    """Times are ours. `stamp` is the last received_at given out: they only rise, so the order of facts is known."""

    admission: str
    strict: bool
    heartbeat: int
    stamp: datetime
    version: Version | None = None
    online: bool = False
    connected_at: datetime | None = None
    last_seen_at: datetime | None = None
    remote_address: str | None = None
    boot: dict[str, Any] | None = None
    registration: str = "accepted"  # our last answer to a boot; before the first one, see `before_boot`
    booted_now: bool = False  # since this connection began
    connectors: Mapping[Place, Connector] = {}
    sessions: Mapping[UUID, Session] = {}
    quirks: Mapping[str, tuple[int, datetime]] = {}
    clock_offset_ms: int | None = None
    next_transaction: int = 0
    settings: Mapping[str, Any] = {}  # stations.settings
    assemblies: Mapping[str, Assembly] = {}  # reports that come in parts
    finished: Mapping[str, datetime] = {}  # those that ended lately, and when: their parts may come again
    streams: frozenset[int] = frozenset()  # event streams opened since we began
    backlogs: Mapping[int, tuple[int, int]] = {}  # stream → what it held back last, and how often that grew in a row
    said: Mapping[str, tuple[str, datetime]] = {}  # last words on what goes on, so that floods are told (steps.py)
    ratings: Mapping[int, int] = {}  # EVSE → W that it can deliver, as the station told
    known: Known = NOTHING_KNOWN  # found out by asking; only the actor changes it (actors/verify)
    signing: tuple[datetime, ...] = ()  # when it asked for certificates lately (actors/certificates/incoming.py)
    ledgered: tuple[UUID, ...] = ()  # the newest rows of the ledger, so that a repeat is not told again


def from_image(image: StationImage, heartbeat: int, now: datetime) -> StationState:
    """The state an actor starts from."""
    config, kept = image.config, image.state
    sessions = {row.id: from_row(row) for row in image.sessions}
    stamp = max((s.last_received_at for s in sessions.values()), default=now - timedelta(days=1))
    state = StationState(
        admission=config.admission,
        registration=before_boot(config),
        strict=config.strict,
        heartbeat=heartbeat,
        stamp=stamp,
        settings=config.settings,
        connectors={(c.evse, c.connector): _connector(c) for c in image.connectors},
        sessions=sessions,
    )
    if kept is None:
        return state
    return replace(
        state,
        version=Version(kept.version) if kept.version else None,
        last_seen_at=kept.last_seen_at,
        boot=kept.boot,
        registration=before_boot(config) if kept.boot is None else kept.boot.get("status", "accepted"),
        quirks={q["code"]: (q["count"], datetime.fromisoformat(q["last_at"])) for q in kept.quirks},
        clock_offset_ms=kept.clock_offset_ms,
        next_transaction=kept.next_transaction,
        assemblies=_assemblies(kept.local),
        known=read_known(kept.local),
        ratings=read_ratings(kept.local),
    )


def before_boot(config: StationConfig) -> str:
    """How a station counts until its first BootNotification: as the operator has set, since many are taken over from
    elsewhere without a boot. A strict one is accepted by a boot alone (B01.FR.02, B01.FR.08, B01.FR.10)."""
    return "pending" if config.strict and config.admission == "accepted" else config.admission


def configured(state: StationState, config: StationConfig) -> StationState:
    """The state with what the operator has set."""
    registration = before_boot(config) if state.boot is None else state.registration
    return replace(
        state, admission=config.admission, strict=config.strict, settings=config.settings, registration=registration
    )


def _assemblies(local: Mapping[str, Any]) -> Mapping[str, Assembly]:
    """Reports that were under way when the row was written; what cannot be read is begun anew."""
    try:
        return {each.name: each for each in msgspec.convert(local.get("assemblies", []), list[Assembly])}
    except msgspec.ValidationError:
        return {}


def _connector(row: ConnectorRecord) -> Connector:
    return Connector(
        row.evse, row.connector, row.status, row.error, row.info, row.vendor_error, row.since, row.received_at
    )


def to_row(state: StationState) -> StationStateRecord:
    """The row of station_states."""
    return StationStateRecord(
        online=state.online,
        version=state.version,
        last_seen_at=state.last_seen_at,
        connected_at=state.connected_at,
        remote_address=state.remote_address,
        boot=state.boot,
        quirks=quirk_list(state),
        clock_offset_ms=state.clock_offset_ms,
        next_transaction=state.next_transaction,
        local=_local(state),
    )


def _local(state: StationState) -> dict[str, Any]:
    found = kept_known(state.known)
    if state.assemblies:
        found["assemblies"] = msgspec.to_builtins(list(state.assemblies.values()))
    if state.ratings:
        found["ratings"] = {str(evse): watts for evse, watts in state.ratings.items()}
    return found


def quirk_list(state: StationState) -> list[dict[str, Any]]:
    """Repairs by code with count and last time, as the API shows them."""
    return [{"code": code, "count": count, "last_at": last.isoformat()} for code, (count, last) in state.quirks.items()]


def with_sessions(state: StationState, changed: Mapping[UUID, Session], stamp: datetime) -> StationState:
    """The state with those sessions (of the ended ones the newest) and that stamp; in one copy, since it is wide."""
    sessions = {**state.sessions, **changed}
    if len(sessions) > ENDED_KEPT:
        _forget_ended(sessions)
    return replace(state, sessions=sessions, stamp=stamp)


def _forget_ended(sessions: dict[UUID, Session]) -> None:
    ended = [session for session in sessions.values() if not session.open]
    ended.sort(key=lambda session: session.last_received_at)
    for session in ended[:-ENDED_KEPT]:
        del sessions[session.id]
