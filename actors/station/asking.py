"""From an operator's command to its place in the station's queue: version, token, message, whether it may go now."""

from datetime import datetime
from typing import Final
from uuid import UUID

import trio

from actors.ports import Clock, StationConfig, Store, TokenFact
from actors.station.actor import StationActor
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from actors.station.requests import Request, prepare
from actors.station.waiting import Pending
from actors.verify.questions import left_alone
from actors.verify.steps import why_left_out
from protocol.ocpp.version import Version

_LARGEST: Final = 2**31 - 1


async def version_of(store: Store, station: StationConfig, actor: StationActor | None) -> Version | None:
    """That of its connection or its last one, else what is set for it."""
    if actor is not None:
        return actor.version
    image = await store.load_station(station.tenant_slug, station.identity)
    if image is None or image.state is None or image.state.version is None:
        return station.ocpp_version
    return Version(image.state.version)


async def ask(
    actor: StationActor | None,
    station: StationConfig,
    command: RawCommand | NeutralCommand,
    *,
    store: Store,
    clock: Clock,
    timeout: float,
    requested_by: str,
    request_id: str | None,
    command_id: UUID,
    unattended: bool,
) -> CommandResult:
    """See `face.Stations.command`."""
    deadline = trio.current_time() + timeout
    version = await version_of(store, station, actor)
    if version is None:
        return CommandResult(None, "version_unknown")
    token = await _token(store, station, command)
    now, number = clock.now(), command_id.int % _LARGEST + 1
    request = prepare(
        version,
        actor.state if actor is not None else None,
        command,
        now=now,
        token_type=token.type if token is not None else None,
        token=token,
        number=number,
    )
    if isinstance(request, CommandResult):
        return request
    if actor is None or actor.attached is None:
        return CommandResult(None, "station_offline", request.action, version)
    if unattended and (left := _left_alone(actor, request, version, now)) is not None:
        return left
    if isinstance(command, NeutralCommand) and command.name == "start" and command.arguments.get("limits"):
        actor.remember_start(number, {"limit": command.arguments["limits"]})
    pending = Pending(
        command_id,
        version,
        request.action,
        request.payload,
        request.shown,
        command=request.command,
        created_at=now,
        deadline=deadline,
        requested_by=requested_by,
        request_id=request_id,
        rotates=command.rotates,
    )
    return await actor.asking().submit(pending)


def _left_alone(actor: StationActor, request: Request, version: Version, now: datetime) -> CommandResult | None:
    """Why nobody's command but an operator's own goes to it, or not yet."""
    why = why_left_out(actor.state.known, request.action, request.shown)
    if why is not None:
        return CommandResult(None, "unsupported", request.action, version, outcome="unsupported", detail=why)
    rest = left_alone(actor.state.connected_at, actor.state.settings, now)
    if not rest:
        return None
    why = f"a station of this model is left alone after it connected, for {rest} s yet (calm_seconds)"
    return CommandResult(None, "station_busy", request.action, version, retry_after=rest, detail=why)


async def _token(store: Store, station: StationConfig, command: RawCommand | NeutralCommand) -> TokenFact | None:
    if isinstance(command, RawCommand) or command.name != "start":
        return None
    return await store.find_token(station.tenant_id, command.arguments["token"], prefix=False)
