"""One command to several stations at once, each with its own fate."""

from collections.abc import Sequence
from typing import Annotated, Any

import trio
from msgspec import UNSET, Meta, Struct, UnsetType

from actors.ports import StationConfig
from actors.station.face import CommandResult, NeutralCommand
from storage.pool import Connection
from storage.web.display import stations_of_site
from storage.web.stations import Found, find_station
from web.api.bodies.base import Command
from web.api.call import Call
from web.api.fields import Label
from web.api.neutral import COMMANDS
from web.api.queued import QueuedAnswer, may_wait, queue_up
from web.api.stations import unknown_station
from web.problems import ApiProblem
from web.validation import NotValid, to_struct

MOST = 500
_AT_ONCE = 20

Names = Annotated[list[Label], Meta(min_length=1, max_length=MOST)]


class ToStations(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Whom it is for: stations by identity or id, or all of a site."""

    stations: Names | UnsetType = UNSET
    site: Label | UnsetType = UNSET


class Fate(Struct, frozen=True, kw_only=True):
    """What became of it at one station. `status` as in a command's answer, or why there is none; see `outcome`."""

    station: str
    status: str
    outcome: str | None
    detail: str | None
    payload: Any
    command_id: str | None


class Fates(Struct, frozen=True, kw_only=True):
    """One for each station."""

    items: list[Fate]


async def named(call: Call[Any, Any], wanted: ToStations) -> list[StationConfig]:
    """Those stations. Raises NotValid when both or none are given, ApiProblem for one that is not there."""
    if (wanted.stations is UNSET) == (wanted.site is UNSET):
        raise NotValid([("", "give either `stations` or `site`")])

    async def find(connection: Connection) -> list[StationConfig]:
        if isinstance(wanted.site, str):
            names = await stations_of_site(connection, wanted.site, MOST + 1)
        else:
            names = list(dict.fromkeys(wanted.stations)) if isinstance(wanted.stations, list) else []
        if len(names) > MOST:
            raise ApiProblem("invalid_body", f"that site has more than {MOST} stations: name some in `stations`")
        found = [(name, await _one(connection, call, name)) for name in names]
        for name, each in found:
            if each is None:
                raise unknown_station(name)
        return [each.config for _, each in found if each is not None]

    return await call.database(find)


async def _one(connection: Connection, call: Call[Any, Any], name: str) -> Found | None:
    return None if "\x00" in name else await find_station(connection, name, call.tenant.slug)


async def send(
    call: Call[Any, Any], stations: Sequence[StationConfig], command: str, body: dict[str, Any], timeout: float,
    queue: float | None = None,
) -> Fates:  # fmt: skip
    """The neutral command of that name to each; what is away or not accepted gets it later when `queue` (s) says so."""
    checked: Command = to_struct(body, COMMANDS[command])
    arguments = checked.arguments()
    fates: dict[int, Fate] = {}
    limiter = trio.CapacityLimiter(_AT_ONCE)

    async def one(number: int, station: StationConfig) -> None:
        async with limiter:
            result = await call.context.stations.command(
                station, NeutralCommand(command, arguments), timeout=timeout, requested_by=call.principal.name,
                request_id=call.request_id,
            )  # fmt: skip
        if queue is not None and may_wait(result):
            state = {"action": result.action, "command": command, "body": body}
            waiting = (await queue_up(call, station, result, state, queue)).body
            fates[number] = _queued(station, waiting)
        else:
            fates[number] = _fate(station, result)

    async with trio.open_nursery() as nursery:
        for number, station in enumerate(stations):
            nursery.start_soon(one, number, station)
    return Fates(items=[fates[number] for number in sorted(fates)])


def _queued(station: StationConfig, waiting: QueuedAnswer) -> Fate:
    return Fate(
        station=station.identity, status="queued", outcome=None, detail=None, payload=None,
        command_id=waiting.command_id,
    )  # fmt: skip


def _fate(station: StationConfig, result: CommandResult) -> Fate:
    problems = "; ".join(f"{problem.path}: {problem.message}" for problem in result.problems)
    return Fate(
        station=station.identity, status=result.status, outcome=result.outcome,
        detail=result.detail or problems or result.error_description, payload=result.payload,
        command_id=str(result.id) if result.id is not None else None,
    )  # fmt: skip
