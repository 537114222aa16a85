"""/stations/{station}/variables: as last known, and asked of the station now."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from actors.device.items import mutability_of
from actors.ports import StationConfig
from actors.security.passwords import slot_passwords
from actors.station.face import CommandResult, RawCommand
from protocol.redact import redact_payload
from storage.web import stations as station_rows
from storage.web import variables as rows
from storage.web.variables import VariableFilter, VariableRow
from web.api.call import Answer, Call
from web.api.command_answers import problem_of
from web.api.commands import CommandQuery, wanted_timeout
from web.api.fields import Evse, Object, Search
from web.api.passwords import check_passwords, check_slot_passwords, send_raw_command
from web.api.route import Route
from web.api.stations import find_station
from web.api.variable_items import MOST_ITEMS, Kind, Message, answered, check_items, check_slots, failed, plan
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Cursor, Limit, cut, decode_cursor
from web.problems import ApiProblem


class VariablesQuery(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Always by name. `component` and `variable` are parts of names, ignoring case; `removed`: also what is gone."""

    limit: Limit = 50
    cursor: Cursor | None = None
    component: Search | None = None
    variable: Search | None = None
    attribute_type: Literal["Actual", "Target", "MinSet", "MaxSet"] | None = None
    mutability: Literal["ReadOnly", "WriteOnly", "ReadWrite"] | None = None
    evse: Evse | None = None
    removed: bool = False


class VariableView(Struct, frozen=True, kw_only=True):
    """One shape for the device model and for the keys of 1.6, which have no component and a `key`."""

    component: Object | None
    variable: Object
    key: str | None
    attribute_type: str
    value: str | None
    mutability: str | None
    data_type: str | None
    unit: str | None
    characteristics: Object
    detail: Object
    received_at: Instant
    removed_at: Instant | None


class Items(Struct, forbid_unknown_fields=True, frozen=True):
    """Objects of GetVariables and SetVariables as they stand, or `{key, value}` for 1.6."""

    items: Annotated[list[Object], Meta(max_length=MOST_ITEMS)] = []


class ItemAnswers(Struct, frozen=True, kw_only=True):
    """Each item with `status` and, when read, `value`; `messages` is how many it took."""

    version: str
    items: list[Object]
    messages: int


async def list_variables(call: Call[VariablesQuery, None]) -> Answer:
    query = call.query
    after = decode_cursor("variables", query, tuple[str, str, str])
    station = (await find_station(call)).config.id
    wanted = VariableFilter(
        query.component, query.variable, query.attribute_type, query.mutability, query.evse, query.removed
    )
    found = await call.database(
        lambda connection: rows.list_variables(connection, query.limit + 1, after, station, wanted)
    )
    shown, more = cut("variables", query, found, lambda row: (row.component, row.variable, row.attribute_type))
    return Answer(ListOf([variable_view(row) for row in shown], more))


def variable_view(row: VariableRow) -> VariableView:
    is_key = row.component == ""
    traits = row.detail.get("characteristics") or {}
    return VariableView(
        component=None if is_key else _named(row.component),
        variable={"name": row.variable} if is_key else _named(row.variable),
        key=row.variable if is_key else None,
        attribute_type=row.attribute_type, value=row.value, mutability=mutability_of(row.detail),
        data_type=traits.get("dataType"), unit=traits.get("unit"), characteristics=traits,
        detail=row.detail, received_at=instant(row.received_at), removed_at=instant(row.removed_at),
    )


def _named(text: str) -> Object:
    """JSON of an object, or a plain name."""
    if text.startswith("{"):
        return msgspec.json.decode(text, type=dict[str, Any])
    return {"name": text}


async def read_variables(call: Call[CommandQuery, Items]) -> Answer:
    return await _ask_in_chunks(call, "read")


async def write_variables(call: Call[CommandQuery, Items]) -> Answer:
    return await _ask_in_chunks(call, "write")


async def _ask_in_chunks(call: Call[CommandQuery, Items], kind: Kind) -> Answer:
    """One message after another. A message that gets no answer ends it: what came before is shown, the rest not sent.

    `timeout` is for each message. When not even the first is answered, its problem is the answer.
    """
    timeout = wanted_timeout(call.query, call.context)
    station = (await find_station(call)).config
    limits = await call.database(lambda connection: station_rows.read_limits(connection, station.id))
    live = call.context.stations.live(station.id)
    version = (live.version if live else None) or limits.version or station.ocpp_version
    if version is None:
        raise ApiProblem("version_unknown", "the station never connected, so its version is not known")
    check_items(call.body.items, kind, version)
    if kind == "write":
        check_slots(call.body.items, limits.slots)
    overrides = station.settings.get("items_per_message") or {}
    messages = plan(call.body.items, kind, version, limits.told, overrides)
    if kind == "write":
        slots = slot_passwords("SetVariables", {"setVariableData": call.body.items})
        await check_slot_passwords(call, station, [(at.replace("/setVariableData", "/items"), p) for at, p in slots])
    check_passwords([(message.action, message.payload) for message in messages])
    items: list[Object] = []
    for index, message in enumerate(messages):
        result = await _ask(call, station, message, timeout)
        if result.status != "answered":
            problem = problem_of(result)
            if index == 0:
                raise problem
            items += failed(message, result.status, problem.detail)
            for rest in messages[index + 1 :]:
                items += failed(rest, "not_sent", "the message before got no answer")
            break
        payload = redact_payload(message.action, result.payload, answer=True)
        items += answered(message, payload)
    return Answer(ItemAnswers(version=version.value, items=items, messages=len(messages)))


async def _ask(call: Call[Any, Any], station: StationConfig, message: Message, timeout: float) -> CommandResult:
    return await send_raw_command(call, station, RawCommand(message.action, message.payload), timeout)


_PROBLEMS = ("unknown_station", "version_unknown", "station_offline", "station_busy", "station_error",
             "station_silent", "invalid_answer", "not_available")
_HEARTBEAT = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}

ROUTES = [
    Route("GET", "/stations/{station}/variables", list_variables, "List variables as last known",
          {200: ListOf[VariableView]}, query=VariablesQuery, problems=("unknown_station",)),
    Route("POST", "/stations/{station}/variables/read", read_variables, "Ask the station for variables",
          {200: ItemAnswers}, query=CommandQuery, body=Items, example={"items": [_HEARTBEAT]}, problems=_PROBLEMS),
    Route("POST", "/stations/{station}/variables/write", write_variables, "Set variables on the station",
          {200: ItemAnswers}, query=CommandQuery, body=Items,
          example={"items": [_HEARTBEAT | {"attributeValue": "300"}]}, problems=_PROBLEMS),
]
