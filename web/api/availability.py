"""/availability and /availability-plans: what is wanted to be in service and what is so; and when that shall change."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import Meta, Struct

from actors.control.objects import KIND
from actors.windows import zone
from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web import availability as rows
from storage.web.availability import NewPlan, PlanRow
from storage.web.objects import ObjectRow
from web.api.call import Answer, Call
from web.api.fields import Label, PositiveEvse
from web.api.listing import listed
from web.api.objects import KindQuery, object_list
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.stations import named_station
from web.api.token_fields import Zone
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem
from web.validation import NotValid

Moment = Annotated[datetime, Meta(tz=True)]


class AvailabilityView(Struct, frozen=True, kw_only=True):
    """What is wanted of a place. `status`: wanted, scheduled (a session runs on), in_effect or refused; `answer`: the
    station's word; `evse` 0: the station as a whole."""

    station: str
    station_id: str
    evse: int
    connector: int | None
    operative: bool
    status: str | None
    answer: str | None
    tries: int
    since: Instant
    changed_at: Instant


class PlansQuery(Page, kw_only=True, frozen=True):
    """`status`: planned, active, done, cancelled or failed."""

    station: Label | None = None
    status: Label | None = None


class PlanCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Out of service (or with `operative`, in service) from `starts_at` on; with `ends_at` the other way after it;
    `repeats` the same by the clock on the wall of `time_zone`."""

    station: Label
    starts_at: Moment
    ends_at: Moment | None = None
    operative: bool = False
    evse: PositiveEvse | None = None
    connector: PositiveEvse | None = None
    repeats: Literal["daily", "weekly"] | None = None
    time_zone: Zone = "UTC"
    reason: Label | None = None


class PlanView(Struct, frozen=True, kw_only=True):
    """A plan; `detail`: what was done last, and what the station made of it."""

    id: str
    station: str
    station_id: str
    evse: int | None
    connector: int | None
    operative: bool
    starts_at: Instant
    ends_at: Instant | None
    repeats: str | None
    time_zone: str
    reason: str | None
    status: str
    detail: str | None
    created_at: Instant
    updated_at: Instant


def availability_view(row: ObjectRow) -> AvailabilityView:
    data = row.data
    return AvailabilityView(
        station=row.station, station_id=str(row.station_id), evse=data.get("evse", 0), connector=data.get("connector"),
        operative=bool(data.get("operative")), status=row.status, answer=data.get("answer"),
        tries=data.get("tries", 0), since=instant(row.since), changed_at=instant(row.received_at),
    )  # fmt: skip


async def list_plans(call: Call[PlansQuery, None]) -> Answer:
    query = call.query
    station_id = None if query.station is None else await named_station(call, query.station)
    return await listed(
        call, "availability-plans",
        lambda connection, span: rows.list_plans(connection, *span, station_id, query.status), plan_view,
    )  # fmt: skip


async def create_plan(call: Call[NoQuery, PlanCreate]) -> Answer:
    body, now = call.body, call.now
    _check(body, now)
    station_id = await named_station(call, body.station)
    plan = NewPlan(
        call.tenant.id, uuids.uuid7(), station_id, body.evse, body.connector, body.operative, body.starts_at,
        body.ends_at, body.repeats, body.time_zone, body.reason, now,
    )  # fmt: skip

    async def insert(connection: Connection) -> Answer:
        await rows.insert_plan(connection, plan)
        job = NewJob(
            call.tenant.id, uuids.uuid7(), "availability-plan", str(plan.id), station_id,
            f"availability-plans/{plan.id}", max(plan.starts_at, now), now, {"plan": str(plan.id)},
            requested_by=call.principal.name, request_id=call.request_id,
        )  # fmt: skip
        await enqueue(connection, job)
        row = await _found(connection, call, plan.id)
        return Answer(plan_view(row), 201, {"Location": f"/api/v1/availability-plans/{plan.id}"})

    return await in_one_transaction(call, insert)


def _check(body: PlanCreate, now: datetime) -> None:
    wrong = []
    if body.ends_at is not None and body.ends_at <= max(body.starts_at, now):
        wrong.append(("/ends_at", "must be after the start, and in the future"))
    if zone(body.time_zone) is None:
        wrong.append(("/time_zone", "is no IANA time zone; write for example `Europe/Berlin`"))
    if body.connector is not None and body.evse is None:
        wrong.append(("/evse", "is required beside `connector`"))
    if body.repeats is not None and body.ends_at is None:
        wrong.append(("/ends_at", "is required for what repeats"))
    if body.repeats is not None and body.ends_at is not None:
        longest = {"daily": 86_400, "weekly": 7 * 86_400}[body.repeats]
        if (body.ends_at - body.starts_at).total_seconds() >= longest:
            wrong.append(("/ends_at", "must come before it begins again"))
    if wrong:
        raise NotValid(wrong)


async def get_plan(call: Call[NoQuery, None]) -> Answer:
    plan_id = call.id_in_path("id", _missing(call))
    return Answer(plan_view(await call.database(lambda connection: _found(connection, call, plan_id))))


async def delete_plan(call: Call[NoQuery, None]) -> Answer:
    """Nothing more is done by it; what it has done stays as it is."""
    plan_id, now = call.id_in_path("id", _missing(call)), call.now

    async def cancel(connection: Connection) -> None:
        await _found(connection, call, plan_id)
        await rows.end_plan(connection, plan_id, "cancelled", None, now)

    await call.database(cancel)
    return Answer(status=204)


async def _found(connection: Connection, call: Call[Any, Any], plan_id: UUID) -> PlanRow:
    row = await rows.get_plan(connection, plan_id)
    if row is None:
        raise _missing(call)
    return row


def _missing(call: Call[Any, Any]) -> ApiProblem:
    return ApiProblem("unknown_plan", f"no availability plan has the id {call.path.get('id', '')[:64]!r}")


def plan_view(row: PlanRow) -> PlanView:
    return PlanView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), evse=row.evse, connector=row.connector,
        operative=row.operative, starts_at=instant(row.starts_at), ends_at=instant(row.ends_at), repeats=row.repeats,
        time_zone=row.time_zone, reason=row.reason, status=row.status, detail=row.detail,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at),
    )  # fmt: skip


ROUTES = [
    Route("GET", "/availability", object_list(KIND, "availability", availability_view),
          "List what shall be in or out of service, and whether it is", {200: ListOf[AvailabilityView]},
          query=KindQuery, problems=("unknown_station",)),
    Route("GET", "/availability-plans", list_plans, "List when that shall change", {200: ListOf[PlanView]},
          query=PlansQuery, problems=("unknown_station",)),
    Route("POST", "/availability-plans", create_plan, "Plan a time out of service, once or again and again",
          {201: PlanView}, body=PlanCreate, creates=True,
          example={"station": "CP001", "evse": 1, "starts_at": "2099-01-01T02:00:00Z",
                   "ends_at": "2099-01-01T04:00:00Z", "repeats": "weekly", "reason": "Cleaning"},
          problems=("unknown_station",)),
    Route("GET", "/availability-plans/{id}", get_plan, "Read a plan", {200: PlanView}, problems=("unknown_plan",)),
    Route("DELETE", "/availability-plans/{id}", delete_plan, "Do nothing more by a plan", {204: None},
          problems=("unknown_plan",)),
]
