"""rotate-password: a new password is kept as pending, sent, and counts when the station has accepted it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from msgspec import UNSET

from actors.ports import StationConfig
from actors.station.face import CommandResult, NeutralCommand
from storage.web.stations import set_pending_password
from web.api.call import Answer, Call
from web.api.command_answers import neutral_answer
from web.api.fields import GENERATE
from web.api.neutral import RotatePassword
from web.problems import ApiProblem

_under_way: set[UUID] = set()  # stations of this node: a second one would be accepted under the first one's hash
_RETRY = "30"


async def rotate_password(
    call: Call[Any, Any], station: StationConfig, body: RotatePassword, timeout: float
) -> Answer:
    """Shows a generated password once, and only when the station took it."""
    with _alone(station.id):
        passwords = call.context.passwords
        if body.password is UNSET or body.password == GENERATE:
            password = passwords.generate()
            hashed, shown = passwords.hash_generated(password), True
        else:
            password, shown = body.password, False
            hashed = await passwords.hash_chosen(password)
        await call.database(lambda connection: set_pending_password(connection, station.id, hashed))
        await call.context.stations.reconfigured(station.id)
        result = await call.context.stations.command(
            station, NeutralCommand("rotate-password", {"password": password}), timeout=timeout,
            requested_by=call.principal.name, request_id=call.request_id,
        )
        if not _may_have_taken(result):
            await call.database(lambda connection: set_pending_password(connection, station.id, None, hashed))
            await call.context.stations.reconfigured(station.id)
        taken = result.outcome in ("accepted", "scheduled")
        return Answer(neutral_answer(result, password if shown and taken else None))


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
