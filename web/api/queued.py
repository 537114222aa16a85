"""`?queue=PT1H`: a command for a station that is away is kept and sent when it is back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import Struct, to_builtins

from actors.ports import StationConfig
from actors.station.face import CommandResult
from actors.station.waiting import URGENT
from protocol.redact import redact_payload
from storage.web.queued import QueuedCommand, cancel_queued, queue_command
from web.api.call import Answer, Call
from web.api.durations import duration_seconds
from web.instants import Instant, instant
from web.problems import ApiProblem

LONGEST = 30 * 86_400.0  # s


class QueuedAnswer(Struct, frozen=True, kw_only=True):
    """It waits; its fate is under /commands/{command_id}."""

    status: str
    command_id: str
    action: str | None
    version: str | None
    expires_at: Instant


def wanted_queue(text: str | None) -> float | None:
    """How many seconds a command may wait; None when it may not."""
    return None if text is None else duration_seconds("queue", text, LONGEST)


async def queue_up(
    call: Call[Any, Any], station: StationConfig, result: CommandResult, state: dict[str, Any], seconds: float
) -> Answer:
    """Keeps what `result` says could not be sent. `state`: `action`, `payload`, `validate`, or `command`, `body`."""
    command_id, action, now = uuids.uuid7(), result.action or "", call.now
    expires_at = now + timedelta(seconds=seconds)
    shown = redact_payload(action, state.get("payload", state.get("body")), answer=False)
    wanted = QueuedCommand(
        call.tenant.id, command_id, station.id, action, state.get("command"),
        result.version.value if result.version else None, shown, to_builtins(state), call.principal.name,
        call.request_id, now, expires_at, action in URGENT,
    )  # fmt: skip
    if not await call.database(lambda connection: queue_command(connection, wanted)):
        raise ApiProblem(
            "station_busy", "as many commands wait for this station as may; cancel some", headers={"Retry-After": "60"}
        )
    body = QueuedAnswer(
        status="queued", command_id=str(command_id), action=result.action, version=wanted.version,
        expires_at=instant(expires_at),
    )  # fmt: skip
    return Answer(body, 202, {"Location": f"/api/v1/commands/{command_id}"})


async def cancel(call: Call[Any, Any], command_id: UUID) -> bool:
    """False when it does not wait any more."""
    return await call.database(lambda connection: cancel_queued(connection, command_id, call.now))
