"""/refusals: connections refused, and making a station of one."""

from typing import Any

import uuid_utils.compat as uuids
from msgspec import Struct

from protocol.ocpp import reasons
from storage.pool import Connection
from storage.web import refusals as rows
from storage.web.provisioning import admission_for
from storage.web.refusals import RefusalFilter, RefusalRow
from web.api.call import Answer, Call
from web.api.fields import Admission, Identity, Label, Object, Password, Profile, VersionName
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.station_rules import StationCreate, new_station, profile_of
from web.api.station_views import StationView
from web.api.stations import hash_password, insert
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Between, check_between, cut, decode_moment
from web.problems import ApiProblem
from web.validation import to_struct


class RefusalsQuery(Between, kw_only=True, frozen=True):
    """Time is that of the last one."""

    reason: Label | None = None
    identity: Label | None = None


class RefusalView(Struct, frozen=True, kw_only=True):
    """Refusals of one path, address prefix and reason. `headers` and `request` are without secrets.

    `why` and `advice`: the reason in words, and what to do about it; `request`: what came the last time.
    """

    id: str
    path: str
    identity: str | None
    address_prefix: str
    reason: str
    why: str
    advice: str
    detail: str | None
    headers: Object
    request: str | None
    count: int
    first_at: Instant
    last_at: Instant
    admitted_as: str | None


class Admit(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The station to make; the identity is the refused one unless given."""

    identity: Identity | None = None
    name: Label | None = None
    site: Label | None = None
    security_profile: Profile | None = None
    password: Password | None = None
    ocpp_version: VersionName | None = None
    admission: Admission | None = None


async def list_refusals(call: Call[RefusalsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_moment("refusals", query)
    wanted = RefusalFilter(query.since, query.until, query.reason, query.identity)
    found = await call.database(
        lambda connection: rows.list_refusals(
            connection, query.limit + 1, after, query.order == "oldest", wanted
        )
    )
    shown, more = cut("refusals", query, found, lambda row: (row.last_at, row.id))
    return Answer(ListOf([refusal_view(row) for row in shown], more))


def refusal_view(row: RefusalRow) -> RefusalView:
    reason = reasons.of_refusal(row.reason)
    return RefusalView(
        id=str(row.id), path=row.path, identity=row.identity, address_prefix=row.address_prefix, reason=row.reason,
        why=reason.why, advice=reason.advice, detail=row.detail, headers=row.headers, request=row.request,
        count=row.count, first_at=instant(row.first_at),
        last_at=instant(row.last_at), admitted_as=str(row.admitted_as) if row.admitted_as else None,
    )


async def admit(call: Call[NoQuery, Admit | None]) -> Answer:
    wanted = call.body or Admit()
    missing = ApiProblem("unknown_refusal", f"no refusal has the id {call.path['id'][:64]!r}")
    refusal_id = call.id_in_path("id", missing)
    shown, hashed = await hash_password(call, wanted.password)

    async def work(connection: Connection) -> Answer:
        refusal = await rows.lock_refusal(connection, refusal_id)
        if refusal is None:
            raise missing
        station = _station(refusal, wanted)
        profile = profile_of(station)
        admission = await admission_for(connection, station.site)
        row = new_station(station, call.tenant.id, uuids.uuid7(), profile, hashed, call.now, admission)
        answer = await insert(connection, row, shown)
        await rows.mark_admitted(connection, refusal_id, row.id)
        return answer

    return await in_one_transaction(call, work)


def _station(refusal: RefusalRow, wanted: Admit) -> StationCreate:
    """Raises ApiProblem when the refused connection named no identity that a station may have."""
    identity = wanted.identity if wanted.identity is not None else refusal.identity
    if identity is None:
        raise ApiProblem(
            "invalid_body", "the refused connection named no identity", errors=[("/identity", "is required here")]
        )
    members: dict[str, Any] = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    return to_struct(members | {"identity": identity}, StationCreate)


ROUTES = [
    Route("GET", "/refusals", list_refusals, "List refused connections", {200: ListOf[RefusalView]},
          query=RefusalsQuery),
    Route("POST", "/refusals/{id}/admit", admit, "Make a station of a refused connection", {201: StationView},
          body=Admit, body_optional=True, example={"name": "Yard, bay 5"}, creates=True,
          problems=("unknown_refusal", "already_exists")),
]
