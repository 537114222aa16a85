"""When a token may charge: weekly windows in its own time zone. Pure.

A window is `{"days": ["mon", …], "from": "22:00", "to": "06:00"}`: one that ends before it begins lasts into the next
day, one that ends where it begins lasts a whole day. Daylight saving is the time zone's business: a window is what the
clock on the wall says.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AHEAD: Final = 8  # days looked at for the end of what is open now


def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def open_until(windows: Sequence[Mapping[str, Any]], time_zone: str, now: datetime) -> datetime | None:
    """When the window around `now` ends, UTC; None when none is open. Windows that touch or overlap are one."""
    where = zone(time_zone) or ZoneInfo("UTC")
    spans = sorted(_spans(windows, where, now))
    until: datetime | None = None
    for begin, end in spans:
        if begin <= now < end or (until is not None and begin <= until < end):
            until = max(end, until or end)
    return until


def _spans(windows: Sequence[Mapping[str, Any]], where: ZoneInfo, now: datetime) -> list[tuple[datetime, datetime]]:
    """Every occurrence that can matter, as UTC from and to."""
    today = now.astimezone(where).date()
    found = []
    for offset in range(-1, _AHEAD):
        day = today + timedelta(days=offset)
        for window in windows:
            if DAYS[day.weekday()] not in window["days"]:
                continue
            begins, ends = time.fromisoformat(window["from"]), time.fromisoformat(window["to"])
            last = day if ends > begins else day + timedelta(days=1)
            begin = datetime.combine(day, begins, where).astimezone(now.tzinfo)
            end = datetime.combine(last, ends, where).astimezone(now.tzinfo)
            found.append((begin, end))
    return found
