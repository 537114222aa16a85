"""/stations/{station}/ocpp/… and /commands/…: asking a station, and what became of it."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import Struct

from actors.security.passwords import passwords_in, slot_passwords
from actors.station.face import NeutralCommand, RawCommand
from actors.station.late import was_late
from storage.web import commands as rows
from storage.web.audit import AuditEntry, write_audit
from storage.web.commands import CommandFilter, CommandRow
from web.api.bodies.device import NetworkProfile
from web.api.call import Answer, Call
from web.api.command_answers import NeutralAnswer, RawAnswer, neutral_answer, raw_answer
from web.api.durations import timeout_seconds
from web.api.fields import Label
from web.api.neutral import COMMANDS, EXAMPLES, RotatePassword
from web.api.once import around
from web.api.passwords import check_slot_passwords, rotate_password, send_raw_command
from web.api.queued import QueuedAnswer, cancel, may_wait, queue_up, wanted_queue
from web.api.route import NoQuery, Route
from web.api.stations import find_station
from web.api.views import ListOf
from web.commands.preparing import For, followed, prepared, unused
from web.context import Context
from web.instants import Instant, instant
from web.paging import Between, check_between, cut, decode_cursor
from web.problems import ApiProblem
from web.validation import to_struct

_NO_QUEUE = "a password is changed while the station is there; leave `queue` out"


class CommandQuery(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`timeout`: how long to wait for the answer, default 30 s. `queue`: how long for the station."""

    timeout: str | None = None
    queue: str | None = None


class RawQuery(CommandQuery, frozen=True, kw_only=True):
    """`validate=false` sends the payload as it is, for diagnosis; the audit log says so."""

    validate: bool = True


class CommandsQuery(Between, kw_only=True, frozen=True):
    """Filters of a station's commands."""

    status: Label | None = None
    action: Label | None = None


class CommandView(Struct, frozen=True, kw_only=True):
    """A command's fate. `request`, `answer` and `error` are without secrets; `late`: answered after its time."""

    id: str
    station: str
    station_id: str
    action: str
    command: str | None
    status: str
    version: str | None
    request: Any
    answer: Any
    error: Any
    outcome: str | None
    late: bool
    requested_by: str | None
    request_id: str | None
    created_at: Instant
    sent_at: Instant | None
    finished_at: Instant | None


async def send_raw(call: Call[RawQuery, Any]) -> Answer:
    timeout, queue = wanted_timeout(call.query, call.context), wanted_queue(call.query.queue)
    station = (await find_station(call)).config
    command = RawCommand(call.path["action"], call.body, call.query.validate)
    if not command.validate:
        entry = AuditEntry(
            call.tenant.id, uuids.uuid7(), call.now, call.principal.name, "command.unvalidated",
            f"stations/{station.id}", {"action": command.action}, call.request_id,
        )
        await call.database(lambda connection: write_audit(connection, entry))

    action, payload = command.action, command.payload
    if queue is not None and (passwords_in(action, payload) or slot_passwords(action, payload)):
        raise ApiProblem("not_available", _NO_QUEUE)

    async def ask() -> Answer:
        result = await send_raw_command(call, station, command, timeout)
        if queue is not None and may_wait(result):
            state = {"action": command.action, "payload": command.payload, "validate": command.validate}
            return await queue_up(call, station, result, state, queue)
        return Answer(raw_answer(result))

    return await around(call, ask)


async def send_neutral(call: Call[CommandQuery, Any]) -> Answer:
    name = call.path["command"]
    kind = COMMANDS.get(name)
    if kind is None:
        raise ApiProblem("unknown_command", f"there is no command {name[:64]!r}; there are {', '.join(COMMANDS)}")
    timeout, queue = wanted_timeout(call.query, call.context), wanted_queue(call.query.queue)
    body = to_struct({} if call.body is None else call.body, kind)
    arguments = body.arguments()
    station = (await find_station(call)).config
    if isinstance(body, RotatePassword):
        if queue is not None:
            raise ApiProblem("not_available", _NO_QUEUE)
        return await around(call, lambda: rotate_password(call, station, body, timeout))

    password = arguments.get("password") if isinstance(body, NetworkProfile) else None
    if password is not None:
        if queue is not None:
            raise ApiProblem("not_available", _NO_QUEUE)
        await check_slot_passwords(call, station, [("/password", password)])

    about = For(call.context.reads, call.context.files, station, call.principal.name, call.now)

    async def ask() -> Answer:
        made = await prepared(name, arguments, about)
        result = await call.context.stations.command(
            station, NeutralCommand(name, made.arguments, vouched=password is not None), timeout=timeout,
            requested_by=call.principal.name, request_id=call.request_id,
        )
        if result.id is None:
            await unused(made, about)
        elif result.status == "answered":
            await followed(made, about)
        if queue is not None and may_wait(result):
            state = {"action": result.action, "command": name, "body": call.body or {}}
            return await queue_up(call, station, result, state, queue)
        return Answer(neutral_answer(result))

    return await around(call, ask)


def wanted_timeout(query: CommandQuery, context: Context) -> float:
    """Seconds to wait. Raises ApiProblem for a `timeout` that is none."""
    return timeout_seconds(query.timeout, context.facts.command_timeout, context.facts.longest_command_timeout)


async def list_commands(call: Call[CommandsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_cursor("commands", query, UUID)
    station = (await find_station(call)).config.id
    wanted = CommandFilter(query.status, query.action, query.since, query.until)
    found = await call.database(
        lambda connection: rows.list_commands(
            connection, query.limit + 1, after, query.order == "oldest", station, wanted
        )
    )
    shown, more = cut("commands", query, found, lambda row: row.id)
    return Answer(ListOf([command_view(row) for row in shown], more))


async def get_command(call: Call[NoQuery, None]) -> Answer:
    missing = ApiProblem("unknown_command", f"no command has the id {call.path['id'][:64]!r}")
    command_id = call.id_in_path("id", missing)
    row = await call.database(lambda connection: rows.get_command(connection, command_id))
    if row is None:
        raise missing
    return Answer(command_view(row))


async def delete_command(call: Call[NoQuery, None]) -> Answer:
    """Cancels one that waits for its station."""
    missing = ApiProblem("unknown_command", f"no command has the id {call.path['id'][:64]!r}")
    command_id = call.id_in_path("id", missing)
    row = await call.database(lambda connection: rows.get_command(connection, command_id))
    if row is None:
        raise missing
    if not await cancel(call, command_id):
        raise ApiProblem("not_waiting", f"this command does not wait any more: it is {row.status}")
    return Answer(status=204)


def command_view(row: CommandRow) -> CommandView:
    return CommandView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), action=row.action, command=row.command,
        status=row.status, version=row.version, request=row.request, answer=row.answer, error=row.error,
        outcome=row.outcome, late=was_late(row.status), requested_by=row.requested_by, request_id=row.request_id,
        created_at=instant(row.created_at), sent_at=instant(row.sent_at), finished_at=instant(row.finished_at),
    )


_STATION = ("unknown_station", "station_offline", "version_unknown", "station_busy", "station_error", "invalid_answer",
            "station_silent", "invalid_payload", "not_available")

ROUTES = [
    Route("POST", "/stations/{station}/ocpp/{action}", send_raw, "Send any action of the station's version",
          {200: RawAnswer, 202: QueuedAnswer}, query=RawQuery, body=Any, example={"type": "Soft"}, creates=True,
          problems=(*_STATION, "unknown_action"),
          description="The body is the action's own payload, to the letter of the station's OCPP version. "
                      "A station's `Rejected` is an answer: 200."),
    Route("POST", "/stations/{station}/commands/{command}", send_neutral, "Send a version-neutral command",
          {200: NeutralAnswer, 202: QueuedAnswer}, query=CommandQuery, body=COMMANDS, example=EXAMPLES["limit"],
          creates=True, body_optional=True, problems=(*_STATION, "unknown_command", "unknown_session",
                                                           "unknown_firmware", "unknown_stream", "firmware_awaited",
                                                           "no_files"),
          description="Commands: " + ", ".join(f"`{name}`" for name in COMMANDS) + "."),
    Route("GET", "/stations/{station}/commands", list_commands, "List a station's commands",
          {200: ListOf[CommandView]}, query=CommandsQuery, problems=("unknown_station",)),
    Route("GET", "/commands/{id}", get_command, "Read a command's fate, late answers included", {200: CommandView},
          problems=("unknown_command",)),
    Route("DELETE", "/commands/{id}", delete_command, "Cancel a command that waits for its station", {204: None},
          problems=("unknown_command", "not_waiting")),
]

