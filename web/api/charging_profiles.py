"""/charging-profiles, /charging-limits, /charging-needs: smart charging across stations; what a station fetches."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from actors.charging.profile import PERIOD
from storage.pool import Connection
from storage.web import charging as rows
from storage.web.charging import DynamicLimitRow
from storage.web.objects import ObjectRow
from web.api.bodies.charging import Values
from web.api.call import Answer, Call
from web.api.objects import KindQuery, ObjectView, object_list, object_view
from web.api.route import NoQuery, Route
from web.api.stations import find_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.problems import ApiProblem

_SMALLEST, _LARGEST = -(2**31), 2**31 - 1


class ChargingProfileView(Struct, frozen=True, kw_only=True):
    """A charging profile that a station holds; `profile` as its version writes it. `set_by`: null when not us."""

    station: str
    station_id: str
    id: int
    evse: int
    purpose: str
    kind: str
    stack_level: int
    source: str
    transaction_id: str | None
    valid_from: str | None
    valid_to: str | None
    set_by: str | None
    accepted_at: str | None
    command_id: str | None
    profile: dict[str, Any]
    since: Instant
    received_at: Instant
    removed_at: Instant | None


class DynamicLimitView(Struct, frozen=True, kw_only=True):
    """What the station gets when it fetches values for a Dynamic profile."""

    station: str
    profile: int
    values: dict[str, float]
    set_at: Instant
    set_by: str


def profile_view(row: ObjectRow) -> ChargingProfileView:
    data = row.data
    return ChargingProfileView(
        station=row.station, station_id=str(row.station_id), id=data.get("id", 0), evse=data.get("evse", 0),
        purpose=data.get("purpose", ""), kind=data.get("kind", ""), stack_level=data.get("stack_level", 0),
        source=data.get("source", ""), transaction_id=data.get("transaction_id"), valid_from=data.get("valid_from"),
        valid_to=data.get("valid_to"), set_by=data.get("set_by"), accepted_at=data.get("accepted_at"),
        command_id=data.get("command_id"), profile=data.get("profile", {}), since=instant(row.since),
        received_at=instant(row.received_at), removed_at=instant(row.removed_at),
    )  # fmt: skip


async def get_limit(call: Call[NoQuery, None]) -> Answer:
    station = (await find_station(call)).config
    number = _profile(call)
    row = await call.database(lambda connection: rows.get_dynamic(connection, station.id, number))
    if row is None:
        raise _missing(number)
    return Answer(_limit_view(station.identity, row))


async def put_limit(call: Call[NoQuery, Values]) -> Answer:
    station = (await find_station(call)).config
    number, values = _profile(call), call.body.arguments()
    row = DynamicLimitRow(number, {name: values[name] for name in PERIOD if name in values}, call.now,
                          call.principal.name)
    await call.database(lambda connection: rows.put_dynamic(connection, call.tenant.id, station.id, row))
    return Answer(_limit_view(station.identity, row))


async def delete_limit(call: Call[NoQuery, None]) -> Answer:
    station: UUID = (await find_station(call)).config.id
    number = _profile(call)

    async def delete(connection: Connection) -> None:
        if not await rows.delete_dynamic(connection, station, number):
            raise _missing(number)

    await call.database(delete)
    return Answer(status=204)


def _profile(call: Call[Any, Any]) -> int:
    """The profile's id of the address. Raises ApiProblem."""
    text = call.path["profile"]
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 11 and _SMALLEST <= int(text) <= _LARGEST):
        raise ApiProblem("unknown_object", f"{text[:64]!r} is no id of a charging profile: a whole number")
    return int(text)


def _missing(number: int) -> ApiProblem:
    return ApiProblem("unknown_object", f"no values are set for the charging profile {number}")


def _limit_view(station: str, row: DynamicLimitRow) -> DynamicLimitView:
    return DynamicLimitView(
        station=station, profile=row.profile, values=row.limits, set_at=instant(row.set_at), set_by=row.set_by
    )


_LIMIT = "/stations/{station}/dynamic-limits/{profile}"
ROUTES = [
    Route("GET", "/charging-profiles", object_list("charging_profile", "charging-profiles", profile_view),
          "List the charging profiles that stations hold", {200: ListOf[ChargingProfileView]}, query=KindQuery,
          problems=("unknown_station",)),
    Route("GET", "/charging-limits", object_list("external_limit", "charging-limits", object_view),
          "List limits that others have set at stations", {200: ListOf[ObjectView]}, query=KindQuery,
          problems=("unknown_station",)),
    Route("GET", "/charging-needs", object_list("charging_needs", "charging-needs", object_view),
          "List what vehicles have asked for", {200: ListOf[ObjectView]}, query=KindQuery,
          problems=("unknown_station",)),
    Route("GET", _LIMIT, get_limit, "Read what a station gets when it fetches values for a Dynamic profile",
          {200: DynamicLimitView}, problems=("unknown_station", "unknown_object")),
    Route("PUT", _LIMIT, put_limit, "Set what a station gets when it fetches values for a Dynamic profile",
          {200: DynamicLimitView}, body=Values, example={"setpoint": -5000},
          problems=("unknown_station", "unknown_object")),
    Route("DELETE", _LIMIT, delete_limit, "Set nothing any more: the profile's own values count",
          {204: None}, problems=("unknown_station", "unknown_object")),
]
