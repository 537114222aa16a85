"""Which frames go to the frame log, and how: everything but plain Heartbeats and routine meter values, by default."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from actors.records import FrameRecord
from protocol.ocpp.events import Repair
from protocol.ocpp.neutral import HeartbeatAsked, Message, MeterRead, TransactionHappened
from protocol.redact import redact_frame

_ROUTINE_TRIGGERS: Final = frozenset(("MeterValuePeriodic", "MeterValueClock"))
LONGEST_TEXT: Final = 65_536


def routine(message: Message) -> bool:
    """True for what comes all day and says nothing that is not stored elsewhere."""
    kind = type(message)
    if kind is MeterRead or kind is HeartbeatAsked:
        return True
    return (
        isinstance(message, TransactionHappened)
        and message.kind == "updated"
        and message.trigger in _ROUTINE_TRIGGERS
        and bool(message.readings)
    )


def wanted(policy: str, *, is_routine: bool, repaired: bool) -> bool:
    """`policy`: default, all or none (stations.frame_log). What was repaired is kept by default."""
    if policy == "default":
        return repaired or not is_routine
    return policy == "all"


def line(
    new_id: Callable[[], UUID],
    at: datetime,
    direction: str,
    action: str | None,
    message_id: str | None,
    outcome: str,
    text: str,
    repairs: Sequence[Repair] = (),
) -> FrameRecord:
    """One line, redacted, cut where a station sends more than anybody will read."""
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "…"
    told = [
        {"code": r.code, "path": r.path, "before": redact_frame(r.before), "after": redact_frame(r.after)}
        for r in repairs
    ]
    return FrameRecord(
        new_id(), at, direction, action, message_id, outcome, storable(redact_frame(text, action)), told or None
    )


def storable(text: str) -> str:
    """The text as PostgreSQL can hold it: NUL and lone surrogates are shown, not kept."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
