"""A new password for a station is kept as pending, sent, and counts when the station has accepted it.

Whichever way it is set: by rotate-password, by the operator's own message, or by writing the variable.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import attrs
from msgspec import UNSET

from actors.ports import StationConfig
from actors.security.passwords import passwords_in, taken
from actors.station.face import CommandResult, NeutralCommand, RawCommand, Stations
from protocol.ocpp import credentials
from storage.pool import Connection
from storage.web.stations import accept_password, set_pending_password
from web.api.call import Answer, Call
from web.api.command_answers import neutral_answer
from web.api.fields import GENERATE
from web.api.neutral import RotatePassword
from web.problems import ApiProblem

_under_way: set[UUID] = set()  # stations of this node: a second one would be accepted under the first one's hash
_RETRY = "30"


@attrs.frozen
class Rotation:
    """A new password on its way to a station. `hashed`: as it is kept; `timeout` in seconds.

    `command`: the operator's own message that sets it, in place of ours.
    """

    station: StationConfig
    password: str = attrs.field(repr=False)
    hashed: str = attrs.field(repr=False)
    timeout: float
    requested_by: str
    request_id: str | None
    command: RawCommand | None = attrs.field(default=None, repr=False)


Database = Callable[[Callable[[Connection], Awaitable[None]]], Awaitable[None]]


async def rotate_password(
    call: Call[Any, Any], station: StationConfig, body: RotatePassword, timeout: float
) -> Answer:
    """Shows a generated password once, and only when the station took it."""
    _check(call, station, body)
    passwords = call.context.passwords
    if body.password is UNSET or body.password == GENERATE:
        password = passwords.generate()
        hashed, shown = passwords.hash_generated(password), True
    else:
        password, shown = body.password, False
        hashed = await passwords.hash_chosen(credentials.kept_form(password))
    rotation = Rotation(station, password, hashed, timeout, call.principal.name, call.request_id)
    result = await send_password(call.database, call.context.stations, rotation)
    told = result.status == "answered" and taken(result.payload) != "no"
    return Answer(neutral_answer(result, password if shown and told else None))


async def send_raw_command(
    call: Call[Any, Any], station: StationConfig, command: RawCommand, timeout: float
) -> CommandResult:
    """Sends an operator's own message. One that sets the password goes the way of rotate-password.

    Raises ApiProblem for a password that the station need not take, unless `validate` is off, and for two at once.
    """
    found = passwords_in(command.action, command.payload)
    if not found:
        return await call.context.stations.command(
            station, command, timeout=timeout, requested_by=call.principal.name, request_id=call.request_id
        )
    password = _only(found)
    if command.validate:
        _check_sent(station, command.action, password)
    hashed = await call.context.passwords.hash_chosen(credentials.kept_form(password))
    rotation = Rotation(
        station, password, hashed, timeout, call.principal.name, call.request_id, attrs.evolve(command, rotates=True)
    )
    return await send_password(call.database, call.context.stations, rotation)


async def send_password(database: Database, stations: Stations, rotation: Rotation) -> CommandResult:
    """Keeps it as pending, sends it, and lets it count when the station has accepted it.

    Sent as BasicAuthPassword (A01.FR.02). A01.FR.03: the old one ends with the station's Accepted, not before.
    A01.FR.04: it stays when the station refuses; then it is let in with that, Pending where its `admission` says so
    (A01.FR.05).
    When no answer is heard both are right, until the station comes back with one of them (storage/security.py).
    Raises ApiProblem `station_busy` while another one is on its way.
    """
    station, hashed = rotation.station, rotation.hashed
    with _alone(station.id):
        await database(lambda connection: set_pending_password(connection, station.id, hashed))
        await stations.reconfigured(station.id)
        result = await stations.command(
            station, _command(rotation), timeout=rotation.timeout, requested_by=rotation.requested_by,
            request_id=rotation.request_id,
        )
        if not _may_have_taken(result):
            earlier = station.pending_password_hash  # of which it is not known either whether the station has taken it
            await database(lambda connection: set_pending_password(connection, station.id, earlier, hashed))
            await stations.reconfigured(station.id)
        elif result.status == "answered" and taken(result.payload) == "at_once":
            # As the journal did; for a station that came back with the old one while this one was on its way.
            before = station.password_hash
            await database(lambda connection: accept_password(connection, station.id, hashed, before))
        return result


def _command(rotation: Rotation) -> RawCommand | NeutralCommand:
    if rotation.command is not None:
        return rotation.command
    as_text = {"as_text": True} if _takes_text(rotation.station) else {}
    return NeutralCommand("rotate-password", {"password": rotation.password} | as_text)


def _takes_text(station: StationConfig) -> bool:
    """A 1.6 station that takes its key as plain text (quirk 6)."""
    return station.settings.get("authorization_key") == "text"


def _check(call: Call[Any, Any], station: StationConfig, body: RotatePassword) -> None:
    """A chosen password must be one that stations of that version take (A00.FR.205, A00.FR.304)."""
    live = call.context.stations.live(station.id)
    version = (live.version if live is not None else None) or station.ocpp_version
    if body.password is UNSET or body.password == GENERATE or version is None:
        return
    why = credentials.fault(body.password, v2=version.is_v2, text=_takes_text(station))
    if why is not None:
        raise ApiProblem("invalid_body", why, errors=[("/password", f'{why}; leave it out, or write "{GENERATE}"')])


def check_passwords(found: Sequence[tuple[str, Any]]) -> None:
    """Raises ApiProblem when several of these messages, (action, payload), set the password."""
    _only([each for action, payload in found for each in passwords_in(action, payload)] or [""])


def _only(found: list[str]) -> str:
    if len(found) > 1:
        told = "the password is set more than once: name it once"
        raise ApiProblem("invalid_body", told, errors=[("", told)])
    return found[0]


def _check_sent(station: StationConfig, action: str, password: str) -> None:
    """What is sent as it stands must be what the station stores: digits, for 1.6 (A00.FR.205)."""
    v2 = action == "SetVariables"
    why = credentials.fault(password, v2=v2, text=_takes_text(station))
    if why is None and not v2 and not _takes_text(station) and not credentials.is_key(password):
        why = "an AuthorizationKey is sent as 32 to 40 hexadecimal digits"
    if why is not None:
        advice = '`rotate-password` makes or converts one, the setting `authorization_key`: "text" is for stations ' \
                 "that take plain text"
        raise ApiProblem("invalid_body", why, errors=[("", f"{why}; {advice}")])


def _may_have_taken(result: CommandResult) -> bool:
    """Whether the station may know the new password; then the pending hash must stay."""
    if result.status == "answered":
        return taken(result.payload) != "no"
    return result.status in ("station_silent", "invalid_answer")


@contextmanager
def _alone(station_id: UUID) -> Iterator[None]:
    if station_id in _under_way:
        raise ApiProblem(
            "station_busy", "another password is on its way to this station", headers={"Retry-After": _RETRY}
        )
    _under_way.add(station_id)
    try:
        yield
    finally:
        _under_way.discard(station_id)
