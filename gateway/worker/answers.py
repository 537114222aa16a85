"""What the fate of a command means for the job that sent it: not now, or what the station said."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, assert_never

from actors.station.face import CommandResult
from gateway.worker.outcome import AWAY, Again
from storage.jobs import Job

_PAUSE: Final = timedelta(seconds=30)
_MOST_WAITS: Final = 40


def not_now(
    job: Job, result: CommandResult, state: dict[str, Any], *, repeat: bool = False, pause: timedelta = _PAUSE,
    most: int = _MOST_WAITS,
) -> Again | None:  # fmt: skip
    """How the job goes on, from `state`, when its station could not be asked now. None: it was, or never can be.

    Away: when it connects. Pending or rejected: when a boot of it is accepted. Busy, or its turn did not come: after
    `pause` or the time it named, at most `most` times in a row. `repeat`: so it is too when a question that went out
    was not answered; without it silence is left to the caller, since the station may have done what was asked.
    """
    match result.status:
        case "station_offline" | "version_unknown":
            return Again(state, waits_for="online", error=AWAY)
        case "not_accepted":
            return Again(state, waits_for="accepted", error=result.detail or "the station is not accepted")
        case "station_busy":
            pass
        case "station_silent":
            if result.id is not None and not repeat:
                return None
        case (
            "answered" | "station_error" | "invalid_answer"
            | "invalid_payload" | "unknown_action" | "not_found" | "unsupported"
        ):  # fmt: skip
            return None
        case _:
            assert_never(result.status)
    if job.waits >= most:
        return None
    wait = pause if result.retry_after is None else timedelta(seconds=result.retry_after)
    return Again(state, wait, error=result.detail or result.status, put_off=True)


def status_of(result: CommandResult) -> str | None:
    """The `status` that the station answered."""
    said = result.payload.get("status") if result.status == "answered" and isinstance(result.payload, Mapping) else None
    return None if said is None else str(said)


def said(result: CommandResult) -> str:
    """What became of a command, for people."""
    if result.status == "answered":
        return f"the station answered {': '.join(_words(result.payload)) or result.outcome}"
    if result.status == "station_error":
        return f"the station answered {': '.join(filter(None, (result.error_code, result.error_description)))}"
    if result.problems:
        return "; ".join(f"{problem.path}: {problem.message}" for problem in result.problems)
    return result.detail or result.status


def _words(payload: Any) -> list[str]:
    if not isinstance(payload, Mapping):
        return []
    info = payload.get("statusInfo") or {}
    found = (payload.get("status"), info.get("reasonCode"), info.get("additionalInfo"))
    return [str(word) for word in found if word]
