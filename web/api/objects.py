"""/stations/{station}/objects, /stations/{station}/reports: what a station holds and has told, whatever it is.

Capabilities have resources of their own on top: `object_list` makes the list of one kind across stations.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from storage.web import objects as rows
from storage.web.objects import ObjectFilter, ObjectRow, ReportRow
from web.api.call import Answer, Call, Handler
from web.api.fields import Label
from web.api.listing import listed
from web.api.route import NoQuery, Route
from web.api.stations import find_station, named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page, cut, decode_cursor
from web.problems import ApiProblem


class ObjectsQuery(Page, kw_only=True, frozen=True):
    """`kind` narrows; `removed=true` also shows what is gone."""

    kind: Label | None = None
    status: Label | None = None
    key: Label | None = None
    removed: bool = False


class KindQuery(Page, kw_only=True, frozen=True):
    """Filters of one kind across stations; `removed=true` also shows what is gone."""

    station: Label | None = None
    status: Label | None = None
    removed: bool = False


class ReportsQuery(Page, kw_only=True, frozen=True):
    """`action` narrows."""

    action: Label | None = None


class ObjectView(Struct, frozen=True, kw_only=True):
    """Something a station holds, as last known. What `data` has depends on `kind`."""

    station: str
    station_id: str
    kind: str
    key: str
    status: str | None
    data: dict[str, Any]
    since: Instant
    received_at: Instant
    removed_at: Instant | None


class ReportView(Struct, frozen=True, kw_only=True):
    """What a station told, as it came, without secrets."""

    id: str
    station: str
    station_id: str
    action: str
    received_at: Instant
    payload: Any


class _After(Struct, array_like=True):
    at: datetime
    station: UUID
    name: str


def _key(row: ObjectRow) -> Any:
    return (row.received_at, row.station_id, f"{row.kind}/{row.key}")


async def object_page(call: Call[Any, None], wanted: ObjectFilter, listing: str) -> tuple[list[ObjectRow], str | None]:
    """One page of objects, and its `next`."""
    query = call.query
    at = decode_cursor(listing, query, _After)
    after = None if at is None else (at.at, at.station, at.name)
    found = await call.database(
        lambda connection: rows.list_objects(connection, query.limit + 1, after, query.order == "oldest", wanted)
    )
    shown, more = cut(listing, query, found, _key)
    return list(shown), more


def object_list(kind: str, listing: str, view: Callable[[ObjectRow], Any]) -> Handler:
    """The handler of a list of one kind across stations (query: KindQuery)."""

    async def handle(call: Call[KindQuery, None]) -> Answer:
        query = call.query
        station_id = None if query.station is None else await named_station(call, query.station)
        wanted = ObjectFilter((kind,), station_id, query.status, None, query.removed)
        found, more = await object_page(call, wanted, listing)
        return Answer(ListOf([view(row) for row in found], more))

    handle.__name__ = "list_" + listing.replace("-", "_")  # the operation's id in the API's document
    return handle


async def list_objects(call: Call[ObjectsQuery, None]) -> Answer:
    query = call.query
    station = (await find_station(call)).config.id
    kinds = () if query.kind is None else (query.kind,)
    wanted = ObjectFilter(kinds, station, query.status, query.key, query.removed)
    found, more = await object_page(call, wanted, "objects")
    return Answer(ListOf([object_view(row) for row in found], more))


async def get_object(call: Call[NoQuery, None]) -> Answer:
    station = (await find_station(call)).config.id
    kind, key = call.path["kind"], call.path["key"]
    row = None
    if "\x00" not in kind + key:
        row = await call.database(lambda connection: rows.get_object(connection, station, kind, key))
    if row is None:
        raise ApiProblem("unknown_object", f"this station has held no {kind[:64]!r} named {key[:255]!r}")
    return Answer(object_view(row))


def object_view(row: ObjectRow) -> ObjectView:
    return ObjectView(
        station=row.station, station_id=str(row.station_id), kind=row.kind, key=row.key, status=row.status,
        data=row.data, since=instant(row.since), received_at=instant(row.received_at),
        removed_at=instant(row.removed_at),
    )


async def list_reports(call: Call[ReportsQuery, None]) -> Answer:
    query = call.query
    station = (await find_station(call)).config.id
    return await listed(
        call, "reports",
        lambda connection, span: rows.list_reports(connection, *span, station, query.action), report_view,
    )  # fmt: skip


def report_view(row: ReportRow) -> ReportView:
    return ReportView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), action=row.action,
        received_at=instant(row.received_at), payload=row.payload,
    )


ROUTES = [
    Route("GET", "/stations/{station}/objects", list_objects, "List what a station holds, as last known",
          {200: ListOf[ObjectView]}, query=ObjectsQuery, problems=("unknown_station",)),
    Route("GET", "/stations/{station}/objects/{kind}/{key}", get_object, "Read one thing a station holds or has held",
          {200: ObjectView}, problems=("unknown_station", "unknown_object")),
    Route("GET", "/stations/{station}/reports", list_reports, "List what a station has told",
          {200: ListOf[ReportView]}, query=ReportsQuery, problems=("unknown_station",)),
]
