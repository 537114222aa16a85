"""Passwords that requests set: by rotate-password, by the operator's own message, or by writing the variable.

Those of network slots are checked: a station is to come with the one in force, whichever slot it uses.
"""

from collections.abc import Sequence
from typing import Any

import attrs
from msgspec import UNSET

from actors.ports import StationConfig
from actors.security.passwords import NOT_IN_A_SLOT, passwords_in, slot_passwords, taken
from actors.station.face import CommandResult, RawCommand
from protocol.ocpp import credentials
from web.api.call import Answer, Call
from web.api.command_answers import neutral_answer
from web.api.fields import GENERATE
from web.api.neutral import RotatePassword
from web.commands.rotation import Rotation, send_password, takes_text
from web.problems import ApiProblem


async def rotate_password(call: Call[Any, Any], station: StationConfig, body: RotatePassword, timeout: float) -> Answer:
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

    Raises ApiProblem for a password that the station need not take and for one of a slot that is not in force, unless
    `validate` is off (the slot may be for another platform), and for two at once.
    """
    if slots := slot_passwords(command.action, command.payload):
        if command.validate:
            await check_slot_passwords(call, station, slots)
        command = attrs.evolve(command, vouched=True)
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


def _check(call: Call[Any, Any], station: StationConfig, body: RotatePassword) -> None:
    """A chosen password must be one that stations of that version take (A00.FR.205, A00.FR.304)."""
    live = call.context.stations.live(station.id)
    version = (live.version if live is not None else None) or station.ocpp_version
    if body.password is UNSET or body.password == GENERATE or version is None:
        return
    why = credentials.fault(body.password, v2=version.is_v2, text=takes_text(station))
    if why is not None:
        raise ApiProblem("invalid_body", why, errors=[("/password", f'{why}; leave it out, or write "{GENERATE}"')])


async def check_slot_passwords(call: Call[Any, Any], station: StationConfig, found: Sequence[tuple[str, str]]) -> None:
    """Raises ApiProblem unless each of these passwords of slots, (JSON pointer, password), is the one in force."""
    hashed, wrong = station.password_hash, []
    for at, password in found:
        kept = credentials.kept_form(password).encode()
        if hashed is None or not await call.context.passwords.verify(hashed, [kept]):
            wrong.append((at, NOT_IN_A_SLOT))
    if wrong:
        raise ApiProblem("invalid_body", f"a password {NOT_IN_A_SLOT}", errors=wrong)


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
    why = credentials.fault(password, v2=v2, text=takes_text(station))
    if why is None and not v2 and not takes_text(station) and not credentials.is_key(password):
        why = "an AuthorizationKey is sent as 32 to 40 hexadecimal digits"
    if why is not None:
        advice = (
            '`rotate-password` makes or converts one, the setting `authorization_key`: "text" is for stations '
            "that take plain text"
        )
        raise ApiProblem("invalid_body", why, errors=[("", f"{why}; {advice}")])
