"""/monitors, /alerts, event streams and customer information: what is watched at stations, and what that tells."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from actors.monitoring.objects import MONITOR, level
from actors.streams.objects import STREAM
from storage.web import monitors as rows
from storage.web.monitors import AlertFilter, AlertRow
from storage.web.objects import ObjectFilter, ObjectRow, get_object
from web.api.call import Answer, Call
from web.api.fields import Label
from web.api.listing import listed
from web.api.objects import KindQuery, object_list, object_page
from web.api.route import NoQuery, Route
from web.api.stations import find_station, named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Between, Page, check_between, cut, decode_cursor
from web.problems import ApiProblem


class MonitorView(Struct, frozen=True, kw_only=True):
    """A variable monitor, as last known. `severity` 0 (danger) to 9 (debug), `level` in a word."""

    station: str
    station_id: str
    id: int
    component: dict[str, Any] | None
    variable: dict[str, Any] | None
    type: str | None
    value: float | None
    severity: int | None
    level: str | None
    transaction: bool
    notification: str | None
    stream: dict[str, Any] | None
    since: Instant
    removed_at: Instant | None


class AlertsQuery(Between, kw_only=True, frozen=True):
    """`severity`: this grave or graver (a lower number is graver); `trigger`: Alerting, Delta or Periodic."""

    station: Label | None = None
    severity: Annotated[int, Meta(ge=0, le=9)] | None = None
    cleared: bool | None = None
    trigger: Label | None = None
    monitor: Annotated[int, Meta(ge=0)] | None = None


class AlertView(Struct, frozen=True, kw_only=True):
    """What a monitor, or something that a station always tells of, has told."""

    id: str
    station: str
    station_id: str
    event_id: int
    at: Instant
    trigger: str
    notification: str
    component: dict[str, Any]
    variable: dict[str, Any]
    value: str
    cleared: bool
    monitor: int | None
    severity: int | None
    level: str | None
    cause: int | None
    code: str | None
    text: str | None
    transaction_id: str | None
    received_at: Instant


class StreamsQuery(Page, kw_only=True, frozen=True):
    """`removed=true` also shows closed ones."""

    removed: bool = False


class StreamView(Struct, frozen=True, kw_only=True):
    """A periodic event stream. `monitor`: what its values are of."""

    id: int
    status: str | None
    monitor: int | None
    interval: int | None
    values: int | None
    since: Instant
    received_at: Instant
    closed_at: Instant | None


class ValuesQuery(Between, kw_only=True, frozen=True):
    """`from`, `to`: by the station's time."""


class ValueView(Struct, frozen=True, kw_only=True):
    """One value of a stream."""

    at: Instant
    value: str
    received_at: Instant


class ValuesView(Struct, frozen=True, kw_only=True):
    """Values of a stream, with what they are of (N11.FR.08, N15.FR.03)."""

    monitor: MonitorView | None
    items: list[ValueView]
    next: str | None


class CustomerView(Struct, frozen=True, kw_only=True):
    """What a station told about a customer. `complete`: all its parts are here."""

    station: str
    request_id: int
    text: str
    parts: int
    complete: bool
    received_at: Instant


async def list_alerts(call: Call[AlertsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    station_id = None if query.station is None else await named_station(call, query.station)
    wanted = AlertFilter(
        station_id, query.severity, query.cleared, query.trigger, query.monitor, query.since, query.until
    )
    return await listed(
        call, "alerts", lambda connection, span: rows.list_alerts(connection, *span, wanted), alert_view
    )


async def get_alert(call: Call[NoQuery, None]) -> Answer:
    missing = ApiProblem("unknown_alert", f"no alert has the id {call.path['id'][:64]!r}")
    wanted = AlertFilter(id=call.id_in_path("id", missing))
    found = await call.database(lambda connection: rows.list_alerts(connection, 1, None, oldest=False, wanted=wanted))
    if not found:
        raise missing
    return Answer(alert_view(found[0]))


async def list_streams(call: Call[StreamsQuery, None]) -> Answer:
    station = (await find_station(call)).config.id
    wanted = ObjectFilter((STREAM,), station, None, None, call.query.removed)
    found, more = await object_page(call, wanted, "streams")
    return Answer(ListOf([_stream_view(row) for row in found], more))


async def list_stream_values(call: Call[ValuesQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_cursor("stream-values", query, tuple[UUID, int])
    station = (await find_station(call)).config.id
    number = call.path["stream"]
    stream = None
    if number.isascii() and number.isdecimal() and len(number) < 11:
        stream = await call.database(lambda connection: get_object(connection, station, STREAM, number))
    if stream is None:
        raise ApiProblem("unknown_stream", f"this station has told of no event stream {number[:32]!r}")
    found = await call.database(
        lambda connection: rows.list_values(
            connection, query.limit + 1, after, query.order == "oldest", station, int(number), query.since, query.until
        )
    )
    key = str(stream.data.get("monitor"))
    monitor = await call.database(lambda connection: get_object(connection, station, MONITOR, key))
    shown, more = cut("stream-values", query, found, lambda row: (row.id, row.n))
    items = [ValueView(at=instant(r.at), value=r.value, received_at=instant(r.received_at)) for r in shown]
    return Answer(ValuesView(monitor=None if monitor is None else monitor_view(monitor), items=items, next=more))


async def get_customer_information(call: Call[NoQuery, None]) -> Answer:
    station, number, missing = await _customer(call)
    parts = await call.database(lambda connection: rows.customer_report(connection, station.id, number))
    if not parts:
        raise missing
    whole = await call.database(
        lambda connection: get_object(connection, station.id, "customer_information", str(number))
    )
    told = {part.seq_no: part for part in parts}
    return Answer(CustomerView(
        station=station.identity, request_id=number, text="".join(told[n].text for n in sorted(told)), parts=len(told),
        complete=bool(whole is not None and whole.data.get("complete")), received_at=instant(parts[-1].received_at),
    ))  # fmt: skip


async def delete_customer_information(call: Call[NoQuery, None]) -> Answer:
    """What we keep of it. What the station keeps, the command `customer-information` with `clear` deletes."""
    station, number, missing = await _customer(call)
    if not await call.database(lambda connection: rows.delete_customer_report(connection, station.id, number)):
        raise missing
    return Answer(status=204)


async def _customer(call: Call[Any, Any]) -> tuple[Any, int, ApiProblem]:
    text = call.path["request"]
    missing = ApiProblem("unknown_report", f"nothing was told under the request {text[:32]!r}")
    station = (await find_station(call)).config
    if not (text.isascii() and text.isdecimal() and len(text) < 11):
        raise missing
    return station, int(text), missing


def monitor_view(row: ObjectRow) -> MonitorView:
    data = row.data
    return MonitorView(
        station=row.station, station_id=str(row.station_id), id=int(row.key), component=data.get("component"),
        variable=data.get("variable"), type=data.get("type"), value=data.get("value"), severity=data.get("severity"),
        level=level(data.get("severity")), transaction=bool(data.get("transaction")),
        notification=data.get("notification"), stream=data.get("stream"), since=instant(row.since),
        removed_at=instant(row.removed_at),
    )


def alert_view(row: AlertRow) -> AlertView:
    return AlertView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), event_id=row.event_id, at=instant(row.at),
        trigger=row.trigger, notification=row.notification, component=row.component, variable=row.variable,
        value=row.actual_value, cleared=row.cleared, monitor=row.monitor_id, severity=row.severity,
        level=level(row.severity), cause=row.cause, code=row.tech_code, text=row.tech_info,
        transaction_id=row.transaction_id, received_at=instant(row.received_at),
    )


def _stream_view(row: ObjectRow) -> StreamView:
    data = row.data
    return StreamView(
        id=int(row.key), status=row.status, monitor=data.get("monitor"), interval=data.get("interval"),
        values=data.get("values"), since=instant(row.since), received_at=instant(row.received_at),
        closed_at=instant(row.removed_at),
    )


list_monitors = object_list(MONITOR, "monitors", monitor_view)
list_monitors.__name__ = "list_monitors"
_STATION = ("unknown_station",)
_CUSTOMER = "/stations/{station}/customer-information/{request}"
ROUTES = [
    Route("GET", "/monitors", list_monitors, "List variable monitors across stations", {200: ListOf[MonitorView]},
          query=KindQuery, problems=_STATION),
    Route("GET", "/alerts", list_alerts, "List what monitors have told", {200: ListOf[AlertView]}, query=AlertsQuery,
          problems=_STATION),
    Route("GET", "/alerts/{id}", get_alert, "Read one alert", {200: AlertView}, problems=("unknown_alert",)),
    Route("GET", "/stations/{station}/streams", list_streams, "List a station's periodic event streams",
          {200: ListOf[StreamView]}, query=StreamsQuery, problems=_STATION),
    Route("GET", "/stations/{station}/streams/{stream}/values", list_stream_values, "List values of an event stream",
          {200: ValuesView}, query=ValuesQuery, problems=(*_STATION, "unknown_stream")),
    Route("GET", _CUSTOMER, get_customer_information, "Read what a station told about a customer", {200: CustomerView},
          problems=(*_STATION, "unknown_report")),
    Route("DELETE", _CUSTOMER, delete_customer_information, "Delete what a station told about a customer", {204: None},
          problems=(*_STATION, "unknown_report")),
]
