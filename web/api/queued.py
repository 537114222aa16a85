"""`?queue=PT1H`: a command for a station that is away, or not accepted, is kept and sent when it is there."""

from base64 import b64encode
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import Struct, json

from actors.ports import StationConfig
from actors.station.face import CommandResult
from actors.station.waiting import URGENT
from protocol.redact import redact_payload
from storage.jobs import SEALED
from storage.web.queued import QueuedCommand, cancel_queued, queue_command
from web.api.call import Answer, Call
from web.api.durations import duration_seconds
from web.instants import Instant, instant
from web.problems import ApiProblem

LONGEST = 30 * 86_400.0  # s
_HELD = ("payload", "body")
_UNTIL: Final[dict[str, Literal["online", "accepted"]]] = {"station_offline": "online", "not_accepted": "accepted"}


class QueuedAnswer(Struct, frozen=True, kw_only=True):
    """It waits until its station connects (`online`) or is accepted; its fate is under /commands/{command_id}."""

    status: str
    waits_for: Literal["online", "accepted"]
    command_id: str
    action: str | None
    version: str | None
    expires_at: Instant


def wanted_queue(text: str | None) -> float | None:
    """How many seconds a command may wait; None when it may not."""
    return None if text is None else duration_seconds("queue", text, LONGEST)


def may_wait(result: CommandResult) -> bool:
    """Whether the station could not be asked now, and may be later: it is away, or no boot of it was accepted."""
    return result.status in _UNTIL


async def queue_up(
    call: Call[Any, Any], station: StationConfig, result: CommandResult, state: dict[str, Any], seconds: float
) -> Answer:
    """Keeps what `result` says could not be sent. `state`: `action`, `payload`, `validate`, or `command`, `body`.

    Its job looks at once: the station may have come, or been accepted, meanwhile.

    The payload or body is sealed until it is sent: it may hold secrets.
    """
    command_id, action, now = uuids.uuid7(), result.action or "", call.now
    expires_at = now + timedelta(seconds=seconds)
    held = next(state[name] for name in _HELD if name in state)
    shown = redact_payload(action, held, answer=False)
    seal = call.context.seal
    if seal is None:
        raise ApiProblem("not_available", "this node has no file to seal what waits with; leave `queue` out")
    closed = b64encode(seal(json.encode(held).decode(), command_id)).decode()
    kept = {name: value for name, value in state.items() if name not in _HELD} | {SEALED: closed}
    wanted = QueuedCommand(
        call.tenant.id, command_id, station.id, action, state.get("command"),
        result.version.value if result.version else None, shown, kept, call.principal.name,
        call.request_id, now, expires_at, action in URGENT,
    )  # fmt: skip
    if not await call.database(lambda connection: queue_command(connection, wanted)):
        raise ApiProblem(
            "station_busy", "as many commands wait for this station as may; cancel some", headers={"Retry-After": "60"}
        )
    body = QueuedAnswer(
        status="queued", waits_for=_UNTIL[result.status], command_id=str(command_id), action=result.action,
        version=wanted.version, expires_at=instant(expires_at),
    )  # fmt: skip
    return Answer(body, 202, {"Location": f"/api/v1/commands/{command_id}"})


async def cancel(call: Call[Any, Any], command_id: UUID) -> bool:
    """False when it does not wait any more."""
    return await call.database(lambda connection: cancel_queued(connection, command_id, call.now))
