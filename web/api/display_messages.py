"""/display-messages: what stations show, across stations; shown on one, several or a site (OCPP 2.0.1 Part 2, O)."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from actors.display.objects import KIND
from actors.ports import StationConfig
from storage.pool import Connection
from storage.web.display import count_others, holders, variable_values
from storage.web.objects import ObjectRow
from web.api.bodies.display import MessageText, Priority, State
from web.api.call import Answer, Call
from web.api.commands import CommandQuery, wanted_timeout
from web.api.fields import Label, Object
from web.api.many import Fates, ToStations, named, send
from web.api.objects import KindQuery, object_list
from web.api.once import around
from web.api.queued import wanted_queue
from web.api.route import Route
from web.api.views import ListOf
from web.instants import Instant, instant
from web.problems import ApiProblem

_Moment = Annotated[datetime, Meta(tz=True)]


class MessageView(Struct, frozen=True, kw_only=True):
    """A message on a station's display. `texts`: the main language first; `state`: shown only then."""

    id: int
    station: str
    station_id: str
    priority: str
    state: str | None
    start: str | None
    end: str | None
    transaction_id: str | None
    texts: list[Object]
    display: Object | None
    since: Instant
    received_at: Instant
    removed_at: Instant | None


class NewMessage(ToStations, frozen=True, kw_only=True):
    """A message for stations. Its `id` names it there; one of the same id is replaced."""

    id: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    priority: Priority
    texts: Annotated[list[MessageText], Meta(min_length=1, max_length=5)]
    state: State | UnsetType = UNSET
    start: _Moment | UnsetType = UNSET
    end: _Moment | UnsetType = UNSET
    transaction_id: Label | UnsetType = UNSET
    display: Object | UnsetType = UNSET


class ClearQuery(CommandQuery, frozen=True, kw_only=True):
    """`station`: only there; else wherever a message of that id is known."""

    station: Label | None = None


def message_view(row: ObjectRow) -> MessageView:
    data = row.data
    return MessageView(
        id=int(row.key), station=row.station, station_id=str(row.station_id), priority=data["priority"],
        state=data.get("state"), start=data.get("start"), end=data.get("end"),
        transaction_id=data.get("transaction_id"), texts=data["texts"], display=data.get("display"),
        since=instant(row.since), received_at=instant(row.received_at), removed_at=instant(row.removed_at),
    )  # fmt: skip


list_display_messages = object_list(KIND, "display-messages", message_view)
list_display_messages.__name__ = "list_display_messages"


async def create_display_message(call: Call[CommandQuery, NewMessage]) -> Answer:
    """Nothing is sent while one of the stations cannot show it."""
    timeout, queue = wanted_timeout(call.query, call.context), wanted_queue(call.query.queue)
    stations = await named(call, call.body)
    problems = [problem for station in stations for problem in await _misfits(call, station)]
    if problems:
        raise ApiProblem("not_supported", "some stations cannot show this; nothing was sent", errors=problems)
    plain: dict[str, Any] = msgspec.to_builtins(call.body)
    body = {name: value for name, value in plain.items() if name not in ("stations", "site")}

    async def ask() -> Answer:
        return Answer(await send(call, stations, "display-message", body, timeout, queue), 201)

    return await around(call, ask)


async def _misfits(call: Call[Any, NewMessage], station: StationConfig) -> list[tuple[str, str]]:
    """What the station's DisplayMessageCtrlr says against it; what it has never told is let through (O01.FR.02 ff.)."""
    body = call.body

    async def read(connection: Connection) -> tuple[dict[str, str], int]:
        values = await variable_values(connection, station.id, "DisplayMessageCtrlr")
        return values, await count_others(connection, station.id, KIND, str(body.id))

    values, others = await call.database(read)
    wrong = [
        (f"/texts/{number}/format", f"{station.identity} shows {values['supportedformats']}")
        for number, text in enumerate(body.texts)
        if not _listed(values, "supportedformats", text.format)
    ]
    if not _listed(values, "supportedpriorities", body.priority):
        wrong.append(("/priority", f"{station.identity} knows {values['supportedpriorities']}"))
    if isinstance(body.state, str) and not _listed(values, "supportedstates", body.state):
        wrong.append(("/state", f"{station.identity} knows {values['supportedstates']}"))
    most = values.get("displaymessages.max", "")
    if most.isdecimal() and others >= int(most):
        wrong.append(("", f"{station.identity} holds {others} messages, as many as it can: clear one first"))
    off = [name for name in ("available", "enabled") if values.get(name, "true").casefold() == "false"]
    return wrong + [("", f"{station.identity} shows no messages: {name.capitalize()} is false") for name in off]


def _listed(values: dict[str, str], name: str, wanted: str) -> bool:
    told = values.get(name)
    return told is None or wanted.casefold() in {each.strip().casefold() for each in told.split(",")}


async def clear_display_message(call: Call[ClearQuery, None]) -> Answer:
    query, key = call.query, call.path["id"]
    missing = ApiProblem("unknown_object", f"no station is known to show a message {key[:32]!r}")
    if not (key.isascii() and key.isdecimal() and len(key) < 11):
        raise missing
    timeout, queue = wanted_timeout(query, call.context), wanted_queue(query.queue)
    names = await call.database(lambda connection: holders(connection, KIND, key))
    if query.station is not None:
        names = [query.station]
    if not names:
        raise missing
    stations = await named(call, ToStations(stations=names))
    return Answer(await send(call, stations, "clear-display-message", {"id": int(key)}, timeout, queue))


_SENT = ("unknown_station", "station_busy")
ROUTES = [
    Route("GET", "/display-messages", list_display_messages, "List messages on stations' displays, as last known",
          {200: ListOf[MessageView]}, query=KindQuery, problems=("unknown_station",)),
    Route("POST", "/display-messages", create_display_message, "Show a message on stations", {201: Fates},
          query=CommandQuery, body=NewMessage, creates=True, problems=(*_SENT, "not_supported"),
          example={"stations": ["CP001"], "id": 7, "priority": "NormalCycle",
                   "texts": [{"format": "UTF8", "language": "en", "content": "Welcome"}]},
          description="`items` say what each station answered. With `queue` those that are away or not accepted get "
                      "it later."),
    Route("DELETE", "/display-messages/{id}", clear_display_message, "Take a message off stations' displays",
          {200: Fates}, query=ClearQuery, problems=(*_SENT, "unknown_object")),
]
