"""rotate-password: a new password is kept as pending, sent, and counts when the station has accepted it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import attrs
from msgspec import UNSET

from actors.ports import StationConfig
from actors.station.face import CommandResult, NeutralCommand, Stations
from actors.station.outcomes import at_once
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
    """A new password on its way to a station. `hashed`: as it is kept; `timeout` in seconds."""

    station: StationConfig
    password: str = attrs.field(repr=False)
    hashed: str = attrs.field(repr=False)
    timeout: float
    requested_by: str
    request_id: str | None


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
        hashed = await passwords.hash_chosen(password)
    rotation = Rotation(station, password, hashed, timeout, call.principal.name, call.request_id)
    result = await send_password(call.database, call.context.stations, rotation)
    taken = result.outcome in ("accepted", "scheduled")
    return Answer(neutral_answer(result, password if shown and taken else None))


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
            station, NeutralCommand("rotate-password", {"password": rotation.password}), timeout=rotation.timeout,
            requested_by=rotation.requested_by, request_id=rotation.request_id,
        )
        if not _may_have_taken(result):
            await database(lambda connection: set_pending_password(connection, station.id, None, hashed))
            await stations.reconfigured(station.id)
        elif result.status == "answered" and at_once(result.payload):
            # As the journal did; for a station that came back with the old one while this one was on its way.
            before = station.password_hash
            await database(lambda connection: accept_password(connection, station.id, hashed, before))
        return result


def _check(call: Call[Any, Any], station: StationConfig, body: RotatePassword) -> None:
    """A chosen password must be one that stations of that version take (A00.FR.205, A00.FR.304)."""
    live = call.context.stations.live(station.id)
    version = (live.version if live is not None else None) or station.ocpp_version
    if body.password is UNSET or body.password == GENERATE or version is None:
        return
    why = credentials.fault(body.password, v2=version.is_v2)
    if why is not None:
        raise ApiProblem("invalid_body", why, errors=[("/password", f'{why}; leave it out, or write "{GENERATE}"')])


def _may_have_taken(result: CommandResult) -> bool:
    """Whether the station may know the new password; then the pending hash must stay."""
    if result.status == "answered":
        return result.outcome in ("accepted", "scheduled")
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
