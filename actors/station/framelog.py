"""Which frames go to the frame log, and how: everything but plain Heartbeats and routine meter values, by default."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from actors.records import FrameRecord
from protocol.ocpp.events import Repair
from protocol.ocpp.neutral import HeartbeatAsked, Message, MeterRead, TransactionHappened
from protocol.redact import HIDDEN, frame_secrets, redact_frame

_ROUTINE_TRIGGERS: Final = frozenset(("MeterValuePeriodic", "MeterValueClock"))
LONGEST_TEXT: Final = 65_536
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_LEAST: Final = 4  # letters; a shorter piece would be found in any text


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
    secrets: Collection[str] = (),
) -> FrameRecord:
    """One line, redacted, cut where a station sends more than anybody will read.

    `secrets`: those of the call that this frame answers, for stations that repeat them.
    """
    clean = redact_frame(text, action, secrets)
    if len(clean) > LONGEST_TEXT:
        clean = clean[:LONGEST_TEXT] + "…"
    told = _told(repairs, text, action, hidden=clean is not text) if repairs else None
    return FrameRecord(new_id(), at, direction, action, message_id, outcome, storable(clean), told)


def whole(line: FrameRecord) -> str | None:
    """The redacted frame of a line; None where it may have been cut or changed in order to be stored."""
    return line.text if len(line.text) <= LONGEST_TEXT and line.text.isascii() else None


def _told(repairs: Sequence[Repair], text: str, action: str | None, *, hidden: bool) -> list[dict[str, str]]:
    """What was repaired. A fragment does not name its field: where the frame held secrets, those are looked for."""
    secrets = _pieces(frame_secrets(text, action)) if hidden else ()
    return [
        {
            "code": repair.code,
            "path": repair.path,
            "before": _fragment(repair.before, action, secrets),
            "after": _fragment(repair.after, action, secrets),
        }
        for repair in repairs
    ]


def _fragment(text: str, action: str | None, secrets: Collection[str]) -> str:
    if secrets and text.endswith("…"):  # cut, perhaps inside a secret
        return HIDDEN
    return storable(redact_frame(text, action, secrets))


def _pieces(secrets: Collection[str]) -> frozenset[str]:
    """A repair takes NUL and half surrogate pairs out of a text: what stood between them is looked for too."""
    pieces = {piece for secret in secrets for piece in _UNSTORABLE.split(secret) if len(piece) >= _LEAST}
    return frozenset(pieces).union(secrets)


def storable(text: str) -> str:
    """The text as PostgreSQL can hold it: NUL and lone surrogates are shown, not kept."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
