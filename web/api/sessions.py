"""/sessions: charging sessions, their readings and facts. A running one is shown with the newest its actor knows."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from actors.station.face import LiveSession
from storage.pool import Connection
from storage.web import sessions as rows
from storage.web.sessions import FactRow, ReadingRow, SessionFilter, SessionRow
from storage.web.stations import as_uuid, find_station
from web.api.call import Answer, Call
from web.api.fields import Evse, Label, Object
from web.api.route import NoQuery, Route
from web.api.session_views import SessionDetails, ValueView, details_view, value_views
from web.api.views import ListOf
from web.instants import Instant, instant, watt_hours
from web.paging import Between, Page, check_between, cut, decode_moment, decode_skip
from web.problems import ApiProblem


class SessionsQuery(Between, kw_only=True, frozen=True):
    """Time is that of the start; `station` an identity or id."""

    status: Literal["active", "ended", "orphaned"] | None = None
    station: Label | None = None
    site: Label | None = None
    evse: Evse | None = None
    token: Label | None = None
    transaction_id: Label | None = None
    flag: Label | None = None


class SessionView(Struct, frozen=True, kw_only=True):
    """A session. Energies in Wh, power in W (export negative)."""

    id: str
    station: str
    station_id: str
    evse: int | None
    connector: int | None
    transaction_id: str | None
    token: str | None
    token_type: str | None
    status: str
    charging_state: str | None
    started_at: Instant
    ended_at: Instant | None
    energy_wh: int | None
    export_wh: int | None
    power_w: float | None
    soc: float | None
    last_reading_at: Instant | None
    stop_reason: str | None
    remote_start_id: int | None
    flags: list[str]
    details: SessionDetails


class ReadingsQuery(Between, kw_only=True, frozen=True):
    """`measurand` and `phase` narrow `values`; `phase=total` are those of the whole."""

    measurand: Label | None = None
    phase: Label | None = None


class ReadingView(Struct, frozen=True, kw_only=True):
    """Registers in Wh as the meter shows them; `values`: all of it in base units; `sampled` as the station sent it."""

    at: Instant
    received_at: Instant
    claimed_at: Instant | None
    evse: int | None
    connector: int | None
    context: str | None
    energy_wh: int | None
    export_wh: int | None
    power_w: float | None
    soc: float | None
    values: list[ValueView]
    sampled: Any


class FactView(Struct, frozen=True, kw_only=True):
    """Something that happened to a session, other than a reading."""

    id: str
    kind: str
    at: Instant
    received_at: Instant
    data: Object


async def list_sessions(call: Call[SessionsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_moment("sessions", query)

    async def work(connection: Connection) -> list[SessionRow]:
        station_id = None
        if query.station is not None:
            found = await find_station(connection, query.station, call.tenant.slug)
            station_id = found.config.id if found else as_uuid(query.station)  # a deleted one, by its id
            if station_id is None:
                return []
        wanted = SessionFilter(
            query.since, query.until, query.status, station_id, query.token, query.transaction_id, query.flag,
            query.site, query.evse,
        )
        return await rows.list_sessions(
            connection, query.limit + 1, after, query.order == "oldest", wanted
        )

    shown, more = cut("sessions", query, await call.database(work), lambda row: (row.started_at, row.id))
    return Answer(ListOf([shown_session(call, row) for row in shown], more))


async def get_session(call: Call[NoQuery, None]) -> Answer:
    return Answer(shown_session(call, await found_session(call)))


async def list_readings(call: Call[ReadingsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_skip("meter-values", query)
    session = await found_session(call)
    found = await call.database(
        lambda connection: rows.list_readings(
            connection, query.limit + 1, after, query.order == "oldest", session,
            query.since, query.until,
        )
    )
    return Answer(reading_list(query, "meter-values", found, after))


def reading_list(
    query: ReadingsQuery, listing: str, found: list[ReadingRow], after: tuple[datetime, int] | None
) -> ListOf[ReadingView]:
    """A page of readings: several may have come at one time, so the cursor counts them."""
    last = found[: query.limit]
    skip = sum(1 for row in last if row.received_at == last[-1].received_at)
    if after is not None and last and last[-1].received_at == after[0]:
        skip += after[1]
    shown, more = cut(listing, query, found, lambda row: (row.received_at, skip))
    return ListOf([reading_view(row, query.measurand, query.phase) for row in shown], more)


async def list_facts(call: Call[Page, None]) -> Answer:
    query = call.query
    after = decode_moment("facts", query)
    session = await found_session(call)
    found = await call.database(
        lambda connection: rows.list_facts(
            connection, query.limit + 1, after, query.order == "oldest", session.id
        )
    )
    shown, more = cut("facts", query, found, lambda row: (row.received_at, row.id))
    return Answer(ListOf([fact_view(row) for row in shown], more))


async def found_session(call: Call[Any, Any]) -> SessionRow:
    """The session of the address. Raises ApiProblem `unknown_session`."""
    missing = ApiProblem("unknown_session", f"no session has the id {call.path['id'][:64]!r}")
    session_id: UUID = call.id_in_path("id", missing)
    row = await call.database(lambda connection: rows.get_session(connection, session_id))
    if row is None:
        raise missing
    return row


def shown_session(call: Call[Any, Any], row: SessionRow) -> SessionView:
    live = call.context.stations.live_session(row.station_id, row.id) if row.status == "active" else None
    return session_view(row, live)


def session_view(row: SessionRow, live: LiveSession | None) -> SessionView:
    """The row; its readings from `live` when that is newer."""
    view = SessionView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), evse=row.evse, connector=row.connector,
        transaction_id=row.transaction_id, token=row.token, token_type=row.token_type, status=row.status,
        charging_state=row.charging_state, started_at=instant(row.started_at), ended_at=instant(row.ended_at),
        energy_wh=watt_hours(row.import_milli_wh), export_wh=watt_hours(row.export_milli_wh), power_w=row.power_w,
        soc=row.soc, last_reading_at=instant(row.last_reading_at), stop_reason=row.stop_reason,
        remote_start_id=row.remote_start_id, flags=row.flags, details=details_view(row.details),
    )
    if live is None or (row.last_reading_at is not None and live.at < row.last_reading_at):
        return view
    return msgspec.structs.replace(
        view, energy_wh=live.energy_wh, export_wh=live.export_wh, power_w=live.power_w, soc=live.soc,
        last_reading_at=instant(live.at),
    )


def reading_view(row: ReadingRow, measurand: str | None = None, phase: str | None = None) -> ReadingView:
    sampled = msgspec.json.decode(row.sampled)
    return ReadingView(
        at=instant(row.at), received_at=instant(row.received_at), claimed_at=instant(row.claimed_at), evse=row.evse,
        connector=row.connector, context=row.context, energy_wh=watt_hours(row.import_milli_wh),
        export_wh=watt_hours(row.export_milli_wh), power_w=row.power_w, soc=row.soc,
        values=value_views(sampled, measurand, phase), sampled=sampled,
    )


def fact_view(row: FactRow) -> FactView:
    return FactView(
        id=str(row.id), kind=row.kind, at=instant(row.at), received_at=instant(row.received_at), data=row.data
    )


ROUTES = [
    Route("GET", "/sessions", list_sessions, "List sessions", {200: ListOf[SessionView]}, query=SessionsQuery),
    Route("GET", "/sessions/{id}", get_session, "Read a session", {200: SessionView}, problems=("unknown_session",)),
    Route("GET", "/sessions/{id}/meter-values", list_readings, "List a session's readings",
          {200: ListOf[ReadingView]}, query=ReadingsQuery, problems=("unknown_session",)),
    Route("GET", "/sessions/{id}/facts", list_facts, "List what happened to a session", {200: ListOf[FactView]},
          query=Page, problems=("unknown_session",)),
]
