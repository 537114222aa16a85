"""What became of a command, as HTTP says it: 200 for whatever the station answered, a problem for all else."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from actors.station.face import CommandResult
from protocol.redact import redact_payload, redact_text
from web.problems import ApiProblem

_BUSY_RETRY = 5  # s


class RawAnswer(Struct, frozen=True, kw_only=True):
    """The station's own answer."""

    status: str
    action: str | None
    version: str | None
    payload: Any
    duration_ms: int | None
    command_id: str | None


class NeutralAnswer(RawAnswer, frozen=True, kw_only=True):
    """The station's own answer, and what it amounts to. `status` is `unsupported` when nothing could be sent."""

    outcome: str | None
    detail: str | UnsetType = UNSET
    password: str | UnsetType = UNSET  # rotate-password: the generated one, shown once


_CODES = {
    "station_error": "station_error",
    "invalid_payload": "invalid_payload",
    "unknown_action": "unknown_action",
    "version_unknown": "version_unknown",
    "station_offline": "station_offline",
    "invalid_answer": "invalid_answer",
    "station_silent": "station_silent",
    "station_busy": "station_busy",
    "not_accepted": "station_not_accepted",
    "not_found": "unknown_session",
}
_DETAILS = {
    "station_error": "the station answered with an error",
    "invalid_payload": "the payload is not valid for the station's version; nothing was sent",
    "unknown_action": "the station's version has no such action",
    "version_unknown": "the station never connected, so its version is not known; pin one with `ocpp_version`",
    "station_offline": "the station is not connected",
    "invalid_answer": "the station's answer is not valid for its type",
    "station_silent": "the station did not answer in time",
    "station_busy": "too many commands wait for this station",
    "not_accepted": "the station is not accepted",
    "not_found": "the session or transaction is not one of this station",
}


def raw_answer(result: CommandResult) -> RawAnswer:
    """Raises ApiProblem for everything but an answer."""
    if result.status != "answered":
        raise problem_of(result)
    return RawAnswer(**_common(result))


def neutral_answer(result: CommandResult, password: str | None = None) -> NeutralAnswer:
    """The same with the outcome; what this station has no message for is an outcome too."""
    if result.status not in ("answered", "unsupported"):
        raise problem_of(result)
    unsupported = result.status == "unsupported"
    return NeutralAnswer(
        **_common(result),
        outcome="unsupported" if unsupported else result.outcome,
        detail=result.detail if result.detail is not None else UNSET,
        password=password if password is not None else UNSET,
    )


def problem_of(result: CommandResult) -> ApiProblem:
    """The problem for a result that is no answer."""
    code = _CODES[result.status]
    extra: dict[str, Any] = {}
    if result.id is not None:
        extra["command_id"] = str(result.id)
    extra |= _extra(result)
    headers = {"Retry-After": str(result.retry_after or _BUSY_RETRY)} if code == "station_busy" else None
    return ApiProblem(
        code, result.detail or _DETAILS[result.status], headers=headers, extra=extra,
        errors=[(problem.path, problem.message) for problem in result.problems],
    )


def _extra(result: CommandResult) -> dict[str, Any]:
    if result.status == "station_error":
        return {
            "error_code": result.error_code,
            "error_description": redact_text(result.error_description or ""),
            "error_details": redact_payload(result.action or "", result.error_details or {}, answer=True),
        }
    if result.status == "unknown_action":
        return {"nearest": list(result.nearest)}
    if result.status == "invalid_answer":
        return {"raw": redact_text((result.raw or "").encode("utf-8", "replace").decode())}
    if result.status == "station_silent" and result.delivery is not None:
        return {"delivery": result.delivery}
    return {}


def _common(result: CommandResult) -> dict[str, Any]:
    return {
        "status": result.status,
        "action": result.action,
        "version": result.version.value if result.version else None,
        "payload": redact_payload(result.action or "", result.payload, answer=True),
        "duration_ms": result.duration_ms,
        "command_id": str(result.id) if result.id else None,
    }
