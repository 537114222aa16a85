"""Times as stations write them → RFC 3339 with an offset. A station's time is a claim; ours is `received_at`."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

NO_TIME: Final = "1970-01-01T00:00:00Z"
"""Stands where a required time is missing or cannot be read: it claims nothing."""

_TIME: Final = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[Tt ,_]+(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<part>\d*))?)?)?"
    r"\s*(?P<zone>[Zz]|(?:UTC|GMT)|(?:(?P<sign>[+-])(?P<zh>\d{1,2})(?::?(?P<zm>\d{2}))?))?[Zz]?",
    re.ASCII,
)
_FIRST_MILLISECOND_EPOCH: Final = 100_000_000_000  # smaller numbers are seconds: the year 5138


def read(value: object) -> tuple[str, str] | None:
    """The time in RFC 3339 and the repair's code; None when it is no time at all.

    Without an offset UTC is assumed, which the code says: the offset seen at boot corrects it later.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return _from_number(Decimal(value))
    if not isinstance(value, str) or len(value) > 100:
        return None
    text = value.strip().strip("\x00").strip()
    if re.fullmatch(r"[0-9]{9,14}", text):
        return _from_number(Decimal(text))
    found = _TIME.fullmatch(text)
    return None if found is None else _from_parts(found)


def _from_number(number: Decimal) -> tuple[str, str] | None:
    if not number.is_finite() or number.adjusted() > 14 or number < 0:
        return None
    seconds = number if number < _FIRST_MILLISECOND_EPOCH else number / 1000
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        return None
    return moment.isoformat(), "time_from_number"


def _from_parts(found: re.Match[str]) -> tuple[str, str] | None:
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    later = timedelta()
    if hour == 24 and minute == second == 0:
        hour, later = 0, timedelta(days=1)
    if second == 60:
        second, later = 59, timedelta(seconds=1)
    part = int((found["part"] or "0")[:6].ljust(6, "0"))
    try:
        day = datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC)
        moment = day.replace(hour=hour, minute=minute, second=second, microsecond=part, tzinfo=None) + later
    except (ValueError, OverflowError):
        return None
    zone = found["zone"]
    if zone is None:
        return f"{moment.isoformat()}Z", "time_zone_assumed"
    offset = "Z"
    if found["sign"]:
        hours, minutes = int(found["zh"]), int(found["zm"] or 0)
        if hours > 23 or minutes > 59:
            return None
        offset = f"{found['sign']}{hours:02}:{minutes:02}"
    return f"{moment.isoformat()}{offset}", "time_rewritten"
