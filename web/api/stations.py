"""/stations: list, create, read, change, delete."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import UNSET

from protocol.ocpp import credentials
from storage.jobs import NewJob, enqueue, look_again
from storage.pool import Connection
from storage.web import stations as rows
from storage.web.provisioning import admission_for
from storage.web.stations import Found, StationFilter
from web.api.call import Answer, Call
from web.api.conditions import check_match, etag
from web.api.fields import GENERATE, Admission, Label, Profile, Search, VersionName
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.station_rules import StationCreate, StationPatch, changed_station, new_station, profile_of
from web.api.station_views import StationView, station_view
from web.api.views import ListOf
from web.paging import Page, cut, decode_cursor
from web.problems import ApiProblem

TAKEN_UP = timedelta(seconds=2)
"""By then a station's actor has taken up what changed."""


class StationsQuery(Page, kw_only=True, frozen=True):
    """Filters; `status` is that of any connector, ignoring case, `q` a part of identity or name."""

    identity: Label | None = None
    name: Label | None = None
    site: Label | None = None
    admission: Admission | None = None
    online: bool | None = None
    version: VersionName | None = None
    security_profile: Profile | None = None
    status: Label | None = None
    q: Search | None = None


async def find_station(call: Call[Any, Any]) -> Found:
    """The station of the address, by identity or id. Raises ApiProblem `unknown_station`."""
    name = call.path["station"]
    found = None
    if "\x00" not in name and len(name) <= 255:
        found = await call.database(lambda connection: rows.find_station(connection, name, call.tenant.slug))
    if found is None:
        raise unknown_station(name)
    return found


async def named_station(call: Call[Any, Any], name: str) -> UUID:
    """The id of the station that a filter or body names. Raises ApiProblem `unknown_station`."""
    found = None
    if "\x00" not in name:
        found = await call.database(lambda connection: rows.find_station(connection, name, call.tenant.slug))
    if found is None:
        raise unknown_station(name)
    return found.config.id


def unknown_station(name: str) -> ApiProblem:
    return ApiProblem("unknown_station", f"no station has the identity or id {name[:255]!r}")


async def list_stations(call: Call[StationsQuery, None]) -> Answer:
    query = call.query
    after = decode_cursor("stations", query, UUID)
    wanted = StationFilter(
        query.site, query.admission, query.online, query.version, query.security_profile, query.status, query.q,
        query.identity, query.name,
    )
    found = await call.database(
        lambda connection: rows.list_stations(connection, query.limit + 1, after, query.order == "oldest", wanted)
    )
    shown, more = cut("stations", query, found, lambda row: row.id)
    live = call.context.stations.live
    return Answer(ListOf([station_view(row, live(row.id)) for row in shown], more))


async def create_station(call: Call[NoQuery, StationCreate]) -> Answer:
    profile = profile_of(call.body)
    shown, hashed = await hash_password(call, call.body.password)
    admission = await call.database(lambda connection: admission_for(connection, call.body.site))
    station = new_station(call.body, call.tenant.id, uuids.uuid7(), profile, hashed, call.now, admission)
    return await in_one_transaction(call, lambda connection: insert(connection, station, shown))


async def insert(connection: Connection, station: rows.NewStation, shown: str | None) -> Answer:
    """201 with the new station. Raises ApiProblem `already_exists`."""
    if not await rows.insert_station(connection, station):
        raise ApiProblem("already_exists", f"a station with the identity {station.identity!r} is there")
    [row] = await rows.read_stations(connection, [station.id])
    location = {"Location": f"/api/v1/stations/{station.id}", "ETag": etag(row.revision)}
    return Answer(station_view(row, None, shown), 201, location)


async def hash_password(call: Call[Any, Any], asked: str | None) -> tuple[str | None, str | None]:
    """(what to show of the password, its hash): only a generated one is shown; both None when none is asked for."""
    if asked is None:
        return None, None
    if asked == GENERATE:
        made = call.context.passwords.generate()
        return made, call.context.passwords.hash_generated(made)
    return None, await call.context.passwords.hash_chosen(credentials.kept_form(asked))


async def get_station(call: Call[NoQuery, None]) -> Answer:
    station = (await find_station(call)).config.id
    return await _shown(call, station)


async def patch_station(call: Call[NoQuery, StationPatch]) -> Answer:
    station_id = (await find_station(call)).config.id
    asked = call.body.password
    shown, hashed = await hash_password(call, None if asked is UNSET else asked)

    async def change(connection: Connection) -> None:
        there = await rows.lock_station(connection, station_id, call.tenant.slug)
        if there is None:
            raise unknown_station(call.path["station"])
        check_match(call.if_match, there.revision)
        changed = changed_station(there.config, call.body, hashed, call.now)
        await rows.update_station(connection, changed)
        if changed.admission != there.config.admission:
            await enqueue(connection, ask_boot(call, station_id))

    await call.database(change)
    await call.context.stations.reconfigured(station_id)
    if call.body.admission is not UNSET:  # before a first boot it counts at once
        await call.database(lambda connection: look_again(connection, station_id, call.now + TAKEN_UP, "accepted"))
    return await _shown(call, station_id, shown)


def ask_boot(call: Call[Any, Any], station_id: UUID) -> NewJob:
    """A station that was told to wait boots again when it is asked to, and hears the new word (B02.FR.04)."""
    return NewJob(
        call.tenant.id, uuids.uuid7(), "ask-boot", str(station_id), station_id, None, call.now, call.now,
        requested_by=call.principal.name, request_id=call.request_id,
    )  # fmt: skip


async def delete_station(call: Call[NoQuery, None]) -> Answer:
    station_id = (await find_station(call)).config.id

    async def delete(connection: Connection) -> None:
        there = await rows.lock_station(connection, station_id, call.tenant.slug)
        if there is None:
            raise unknown_station(call.path["station"])
        check_match(call.if_match, there.revision)
        await rows.delete_station(connection, station_id, call.now)
        await look_again(connection, station_id, call.now)

    await call.database(delete)
    await call.context.stations.removed(station_id)
    return Answer(status=204)


async def _shown(call: Call[NoQuery, Any], station_id: UUID, password: str | None = None) -> Answer:
    found = await call.database(lambda connection: rows.read_stations(connection, [station_id]))
    if not found:
        raise unknown_station(call.path["station"])
    view = station_view(found[0], call.context.stations.live(station_id), password)
    return Answer(view, headers={"ETag": etag(found[0].revision)})


_EXAMPLE = {"identity": "CP-0042", "name": "Yard, bay 3", "site": "depot-north", "password": "generate"}

ROUTES = [
    Route("GET", "/stations", list_stations, "List stations", {200: ListOf[StationView]}, query=StationsQuery),
    Route("POST", "/stations", create_station, "Create a station", {201: StationView}, body=StationCreate,
          example=_EXAMPLE, problems=("already_exists",), creates=True,
          description="Without `password` and `security_profile`: profile 0. With `password`: profile 1. "
                      '`"password": "generate"` makes one that is shown in this answer only.'),
    Route("GET", "/stations/{station}", get_station, "Read a station", {200: StationView},
          problems=("unknown_station",), description="`{station}` is the OCPP identity, percent-encoded, or the id."),
    Route("PATCH", "/stations/{station}", patch_station, "Change a station", {200: StationView}, body=StationPatch,
          example={"name": "Yard, bay 4", "items_per_message": {"get_variables": 2}}, conditional=True,
          merge_patch=True, problems=("unknown_station", "precondition_failed")),
    Route("DELETE", "/stations/{station}", delete_station, "Delete a station", {204: None}, conditional=True,
          problems=("unknown_station", "precondition_failed"),
          description="Its connection ends; its history stays; the identity is free again."),
]

