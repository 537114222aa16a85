"""/reservations: an EVSE held for somebody. OCPP 2.0.1 Part 2, H; 1.6, 5.13."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import Meta, Struct

from actors.reservation.messages import Wanted, too_much
from actors.reservation.overlap import Wish, in_the_way
from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web import reservations as rows
from storage.web.reservations import NewReservation, Places, ReservationFilter, ReservationRow
from storage.web.tokens import get_token
from web.api.call import Answer, Call
from web.api.fields import Label, PositiveEvse
from web.api.listing import listed
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.stations import named_station
from web.api.token_fields import ConnectorType, Type
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem
from web.validation import NotValid

_LONGEST = timedelta(days=366)
_AFTERWARDS = timedelta(hours=1)  # how long a station that was away may be told that one is taken back
Moment = Annotated[datetime, Meta(tz=True)]


class ReservationsQuery(Page, kw_only=True, frozen=True):
    """`open=true`: only those that are not over."""

    station: Label | None = None
    status: Label | None = None
    token: Label | None = None
    open: bool = False


class ReservationCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One EVSE, any with a type of connector, or any of the station. `group`: its members may use it too; unless it is
    given, the token's own."""

    station: Label
    token: Label
    expires_at: Moment
    token_type: Type | None = None
    evse: PositiveEvse | None = None
    connector_type: ConnectorType | None = None
    group: Label | None = None
    starts_at: Moment | None = None


class ReservationView(Struct, frozen=True, kw_only=True):
    """`status`: pending (the station was not asked yet), accepted, refused, cancelling, cancelled, used, expired, or
    removed (by the station). `answer`: the station's word; `number`: what the station calls it."""

    id: str
    station: str
    station_id: str
    number: int
    evse: int | None
    connector_type: str | None
    token: str
    token_type: str
    group: str | None
    starts_at: Instant
    expires_at: Instant
    status: str
    answer: str | None
    detail: str | None
    session: str | None
    requested_by: str | None
    created_at: Instant
    updated_at: Instant
    ended_at: Instant | None


async def list_reservations(call: Call[ReservationsQuery, None]) -> Answer:
    query = call.query
    station_id = None if query.station is None else await named_station(call, query.station)
    wanted = ReservationFilter(station_id, query.status, query.token, query.open)
    return await listed(
        call, "reservations",
        lambda connection, span: rows.list_reservations(connection, *span, wanted), reservation_view,
    )  # fmt: skip


async def create_reservation(call: Call[NoQuery, ReservationCreate]) -> Answer:
    """Two at once for the same: one passes, since whoever looks holds the station's lock until its own is there."""
    body, now = call.body, call.now
    _check_times(body, now)
    station_id = await named_station(call, body.station)

    async def insert(connection: Connection) -> Answer:
        others = await rows.lock_open(connection, station_id, now)
        places = await rows.places_of(connection, station_id)
        token = await get_token(connection, body.token)
        kind = body.token_type or (token.type if token is not None else "ISO14443")
        group = body.group or (token.group_uid if token is not None else None)
        _check_place(body, kind, group, places)
        _check_free(body, others, places, now)
        made = NewReservation(
            call.tenant.id, uuids.uuid7(), station_id, body.evse, None, body.connector_type, body.token, kind, group,
            body.starts_at or now, body.expires_at, call.principal.name, call.request_id, now,
        )  # fmt: skip
        await rows.insert_reservation(connection, made)
        await enqueue(connection, _job(call, "reservation", made.id, station_id, body.expires_at, now))
        row = await _found(connection, call, made.id)
        return Answer(reservation_view(row), 201, {"Location": f"/api/v1/reservations/{row.id}"})

    return await in_one_transaction(call, insert)


def _job(call: Call[Any, Any], kind: str, of: UUID, station_id: UUID, expires_at: datetime, now: datetime) -> NewJob:
    return NewJob(
        call.tenant.id, uuids.uuid7(), kind, str(of), station_id, f"reservations/{of}", now, now,
        {"reservation": str(of)}, expires_at=expires_at, requested_by=call.principal.name, request_id=call.request_id,
    )  # fmt: skip


async def get_reservation(call: Call[NoQuery, None]) -> Answer:
    wanted = call.id_in_path("id", _missing(call))
    return Answer(reservation_view(await call.database(lambda connection: _found(connection, call, wanted))))


async def delete_reservation(call: Call[NoQuery, None]) -> Answer:
    """Taken back; the station is told as soon as it can be."""
    wanted, now = call.id_in_path("id", _missing(call)), call.now

    async def cancel(connection: Connection) -> None:
        row = await _found(connection, call, wanted)
        if not await rows.cancel_reservation(connection, wanted, now):
            raise ApiProblem("reservation_over", f"it is {row.status} since {instant(row.ended_at)}")
        await enqueue(
            connection,
            _job(call, "cancel-reservation", wanted, row.station_id, max(row.expires_at, now) + _AFTERWARDS, now),
        )

    await call.database(cancel)
    return Answer(status=204)


def _check_times(body: ReservationCreate, now: datetime) -> None:
    starts = body.starts_at or now
    if body.expires_at <= max(starts, now):
        raise NotValid([("/expires_at", "must be after the start, and in the future")])
    if body.expires_at > now + _LONGEST:
        raise NotValid([("/expires_at", "must be within a year")])


def _check_place(body: ReservationCreate, kind: str, group: str | None, places: Places) -> None:
    """What the station cannot hold. What is not known of it, it says itself."""
    wrong = []
    if body.evse is not None and places.evses and body.evse not in places.evses:
        wrong.append(("/evse", f"the station has {', '.join(map(str, places.evses))}"))
    if body.evse is None and places.anywhere is False:
        wrong.append(("/evse", "is required: the station does not hold reservations without one"))
    if body.evse is not None and body.connector_type is not None:
        wrong.append(("/connector_type", "name either an `evse` or a `connector_type`"))
    if body.connector_type is not None and places.types and not _of_type(body.connector_type, places):
        kinds = sorted({kind for each in places.types.values() for kind in each})
        wrong.append(("/connector_type", f"the station has {', '.join(kinds)}"))
    if places.version is not None:
        wanted = Wanted(0, body.evse, body.connector_type, body.token, kind, group, body.expires_at)
        wrong += too_much(places.version, wanted)
    if wrong:
        raise NotValid(wrong)


def _check_free(body: ReservationCreate, others: list[ReservationRow], places: Places, now: datetime) -> None:
    wanted: Wish[UUID | None] = Wish(
        None, body.starts_at or now, body.expires_at, _evses(body.evse, body.connector_type, places)
    )  # fmt: skip
    there: list[Wish[UUID | None]] = [
        Wish(row.id, row.starts_at, row.expires_at, _evses(row.evse, row.connector_type, places)) for row in others
    ]
    rivals = in_the_way(wanted, there, places.evses)
    if rivals:
        raise ApiProblem(
            "reservation_overlaps", "nothing is free for all of that time beside what others have reserved",
            extra={"reservations": [str(rival) for rival in rivals]},
        )


def _evses(evse: int | None, kind: str | None, places: Places) -> frozenset[int]:
    if evse is not None:
        return frozenset((evse,))
    return frozenset() if kind is None else _of_type(kind, places)


def _of_type(kind: str, places: Places) -> frozenset[int]:
    return frozenset(evse for evse, kinds in places.types.items() if kind in kinds)


async def _found(connection: Connection, call: Call[Any, Any], reservation_id: UUID) -> ReservationRow:
    row = await rows.get_reservation(connection, reservation_id)
    if row is None:
        raise _missing(call)
    return row


def _missing(call: Call[Any, Any]) -> ApiProblem:
    return ApiProblem("unknown_reservation", f"no reservation has the id {call.path.get('id', '')[:64]!r}")


def reservation_view(row: ReservationRow) -> ReservationView:
    return ReservationView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), number=row.number, evse=row.evse,
        connector_type=row.connector_type, token=row.token, token_type=row.token_type, group=row.group_uid,
        starts_at=instant(row.starts_at), expires_at=instant(row.expires_at), status=row.status, answer=row.answer,
        detail=row.detail, session=str(row.session_id) if row.session_id else None, requested_by=row.requested_by,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), ended_at=instant(row.ended_at),
    )  # fmt: skip


ROUTES = [
    Route("GET", "/reservations", list_reservations, "List reservations", {200: ListOf[ReservationView]},
          query=ReservationsQuery, problems=("unknown_station",)),
    Route("POST", "/reservations", create_reservation, "Reserve an EVSE, a type of connector, or any place",
          {201: ReservationView}, body=ReservationCreate, creates=True,
          example={"station": "CP001", "token": "04A2B3C4", "evse": 1, "expires_at": "2099-01-01T12:00:00Z"},
          problems=("unknown_station", "reservation_overlaps"),
          description="The station is asked when the reservation begins; `status` and `answer` say what it said."),
    Route("GET", "/reservations/{id}", get_reservation, "Read a reservation", {200: ReservationView},
          problems=("unknown_reservation",)),
    Route("DELETE", "/reservations/{id}", delete_reservation, "Take a reservation back", {204: None},
          problems=("unknown_reservation", "reservation_over")),
]
