"""A new password for a station is kept as pending, sent, and counts when the station has accepted it.

Whichever way it is set: by rotate-password, by the operator's own message, by writing the variable, or by a job.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import attrs

from actors.ports import StationConfig
from actors.security.passwords import taken
from actors.station.face import CommandResult, NeutralCommand, RawCommand, Stations
from storage.pool import Connection
from storage.web.stations import accept_password, set_pending_password
from web.problems import ApiProblem

_under_way: set[UUID] = set()  # stations of this node: a second one would be accepted under the first one's hash
_RETRY = "30"


@attrs.frozen
class Rotation:
    """A new password on its way to a station. `hashed`: as it is kept; `timeout` in seconds.

    `command`: the operator's own message that sets it, in place of ours. `unattended`: nobody asked for it.
    """

    station: StationConfig
    password: str = attrs.field(repr=False)
    hashed: str = attrs.field(repr=False)
    timeout: float
    requested_by: str
    request_id: str | None
    command: RawCommand | None = attrs.field(default=None, repr=False)
    unattended: bool = False


Database = Callable[[Callable[[Connection], Awaitable[Any]]], Awaitable[Any]]


async def send_password(database: Database, stations: Stations, rotation: Rotation) -> CommandResult:
    """Keeps it as pending, sends it, and lets it count when the station has accepted it.

    Sent as BasicAuthPassword (A01.FR.02). A01.FR.03: the old one ends with the station's Accepted, not before.
    A01.FR.04: it stays when the station refuses; then it is let in with that, Pending where its `admission` says so
    (A01.FR.05).
    When no answer is heard both are right, until the station comes back with one of them (storage/security.py); after
    several without an answer the newest few of them.
    Raises ApiProblem `station_busy` while another one is on its way.
    """
    station, hashed = rotation.station, rotation.hashed
    with _alone(station.id):
        # Not as `station` says: another one may have been on its way when that was read.
        earlier, before = await database(lambda connection: set_pending_password(connection, station.id, hashed))
        await stations.reconfigured(station.id)
        result = await stations.command(
            station, _command(rotation), timeout=rotation.timeout, requested_by=rotation.requested_by,
            request_id=rotation.request_id, unattended=rotation.unattended,
        )
        if not _may_have_taken(result):  # of the earlier one it is not known either whether the station has taken it
            await database(lambda connection: set_pending_password(connection, station.id, earlier, hashed))
            await stations.reconfigured(station.id)
        elif result.status == "answered" and taken(result.payload) == "at_once":
            # As the journal did; for a station that came back with the old one while this one was on its way.
            await database(lambda connection: accept_password(connection, station.id, hashed, before))
        return result


def _command(rotation: Rotation) -> RawCommand | NeutralCommand:
    if rotation.command is not None:
        return rotation.command
    as_text = {"as_text": True} if takes_text(rotation.station) else {}
    return NeutralCommand("rotate-password", {"password": rotation.password} | as_text)


def takes_text(station: StationConfig) -> bool:
    """A 1.6 station that takes its key as plain text (quirk 6)."""
    return station.settings.get("authorization_key") == "text"


def _may_have_taken(result: CommandResult) -> bool:
    """Whether the station may know the new password; then the pending hash must stay."""
    if result.status == "answered":
        return taken(result.payload) != "no"
    return result.id is not None and result.status in ("station_silent", "invalid_answer")


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
