"""An operator's command into the OCPP message that is sent, or what is wrong with it. Pure."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from actors.charging.habits import adapted, ends_it
from actors.ports import TokenFact
from actors.provisioning.admission import why_not_send
from actors.security.passwords import NOT_IN_A_SLOT, passwords_in, slot_passwords
from actors.station.face import CommandResult, NeutralCommand, Problem, RawCommand
from actors.station.phrases import phrase
from actors.station.phrasing import Facts, NotFit, Unsupported
from actors.station.state import StationState
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version

Payload = msgspec.Struct | bytes


class Request(msgspec.Struct, frozen=True):
    """What is sent: `payload` typed, or raw JSON that was not checked; `shown` is its JSON value."""

    action: str
    payload: Payload
    shown: Any
    command: str | None = None


def prepare(
    version: Version,
    state: StationState | None,
    command: RawCommand | NeutralCommand,
    *,
    now: datetime,
    token_type: str | None,
    number: int,
    token: TokenFact | None = None,
) -> Request | CommandResult:
    """The request, or the result that says why there is none."""
    request = _prepared(version, state, command, now=now, token_type=token_type, number=number, token=token)
    if isinstance(request, Request) and (locks_out := _locks_out(command, request)) is not None:
        return CommandResult(None, "invalid_payload", request.action, version, problems=(locks_out,))
    if state is None or isinstance(request, CommandResult):
        return request
    why = why_not_send(version, state, request.action)
    return request if why is None else CommandResult(None, "not_accepted", request.action, version, detail=why)


def _locks_out(command: RawCommand | NeutralCommand, request: Request) -> Problem | None:
    """What is wrong with a password that nobody here would let the station in with."""
    if not command.rotates and passwords_in(request.action, request.shown):
        # Nobody has kept it as pending: the station would be locked out as soon as it has taken it.
        return Problem("", "a password is set by `rotate-password`, or by an operator's own message: not from here")
    if not command.vouched and (found := slot_passwords(request.action, request.shown)):
        return Problem(found[0][0] if isinstance(command, RawCommand) else "/password", NOT_IN_A_SLOT)
    return None


def _prepared(
    version: Version,
    state: StationState | None,
    command: RawCommand | NeutralCommand,
    *,
    now: datetime,
    token_type: str | None,
    number: int,
    token: TokenFact | None = None,
) -> Request | CommandResult:
    if isinstance(command, RawCommand):
        if command.validate and state is not None and ends_it(command.payload, state.settings):
            zero = Problem("", "this model ends its transactions on a limit of 0 (setting never_zero_limit)")
            return CommandResult(None, "invalid_payload", command.action, version, problems=(zero,))
        return _checked(version, command.action, command.payload, None, validate=command.validate)
    facts = Facts(now, token_type or "ISO14443", None, number, version)
    if token is not None:
        more = tuple((each["value"], each["type"]) for each in token.additional)
        facts = Facts(now, token.type, None, number, version, token.group_uid, more)
    if command.arguments.keys() & {"session", "transaction_id"}:
        transaction = _transaction(state, command.arguments)
        if transaction is None:
            return CommandResult(None, "not_found", version=version, detail="no such session is open at this station")
        facts = Facts(now, facts.token_type, transaction, number, version)
    try:
        action, payload = phrase(version, command.name, command.arguments, facts)
        if action == "SetChargingProfile" and state is not None:
            payload = adapted(payload, state.settings)
    except NotFit as error:
        told = tuple(Problem(at, what) for at, what in error.errors)
        return CommandResult(None, "invalid_payload", version=version, problems=told)
    except Unsupported as error:
        return CommandResult(None, "unsupported", version=version, outcome="unsupported", detail=str(error))
    return _checked(version, action, payload, command.name, validate=True)


def _transaction(state: StationState | None, arguments: dict[str, Any]) -> str | None:
    if arguments.get("transaction_id") is not None:
        return str(arguments["transaction_id"])
    wanted = arguments.get("session")
    if state is None or wanted is None:
        return None
    try:
        session = state.sessions.get(wanted if isinstance(wanted, UUID) else UUID(str(wanted)))
    except ValueError:
        return None
    return session.transaction_id if session is not None and session.open else None


def _checked(
    version: Version, name: str, payload: Any, command: str | None, *, validate: bool
) -> Request | CommandResult:
    action = catalogue.find(version, name)
    if action is None or action.response is None:  # what is only sent by SEND is never asked of a station
        return CommandResult(None, "unknown_action", name, version, nearest=tuple(catalogue.nearest(version, name)))
    if not validate:
        return Request(name, msgspec.json.encode(payload), payload, command)
    problems = catalogue.check(action, payload)
    if problems:
        told = tuple(Problem(problem.path, problem.message) for problem in problems)
        return CommandResult(None, "invalid_payload", name, version, problems=told)
    return Request(name, action.decode_request(msgspec.json.encode(payload)), payload, command)
