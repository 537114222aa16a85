"""Hours of the week in which something may be: tokens charge, campaigns begin updates. Pure.

Kept as `{"days": ["mon", …], "from": "22:00", "to": "06:00"}` with tokens and as `{"days": [1, …], "begin": "22:00",
"end": "06:00"}` with campaigns (1 is Monday); without `days`: every day. One that ends before it begins lasts into the
next day, one that ends where it begins lasts a whole day. Daylight saving is the time zone's business: a window is what
the clock on the wall says.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

EVERY_DAY: Final = (1, 2, 3, 4, 5, 6, 7)
_NAMES: Final = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
_AHEAD: Final = 8  # days looked at for what is open now and what opens next

Span = tuple[datetime, datetime]


@attrs.frozen
class Window:
    """`days` are those on which it begins: 1 is Monday."""

    begins: time
    ends: time
    days: tuple[int, ...] = EVERY_DAY


def window(kept: Mapping[str, Any]) -> Window:
    """As it is kept, in either way. KeyError, ValueError for what was never checked."""
    begins, ends = (kept["from"], kept["to"]) if "from" in kept else (kept["begin"], kept["end"])
    days = tuple(_NAMES.get(day, day) for day in kept.get("days", EVERY_DAY))
    return Window(time.fromisoformat(begins), time.fromisoformat(ends), days)


def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def open_until(windows: Iterable[Window], time_zone: str, now: datetime) -> datetime | None:
    """When what is open at `now` ends, UTC; None when none is open. Windows that touch or overlap are one."""
    until: datetime | None = None
    for begin, end in _spans(windows, time_zone, now):
        if begin <= now < end or (until is not None and begin <= until < end):
            until = max(end, until or end)
    return until


def opens(windows: Iterable[Window], time_zone: str, now: datetime) -> datetime | None:
    """`now` while one is open, else when the next one opens; None when none does within a week."""
    spans = _spans(windows, time_zone, now)
    if any(begin <= now < end for begin, end in spans):
        return now
    return next((begin for begin, end in spans if now < begin < end), None)


def _spans(windows: Iterable[Window], time_zone: str, now: datetime) -> list[Span]:
    """Every occurrence that can matter, as from and to in the zone of `now`, the earliest first."""
    where = zone(time_zone) or ZoneInfo("UTC")
    today = now.astimezone(where).date()
    found = []
    for each in windows:
        overnight = timedelta(days=each.ends <= each.begins)
        for day in (today + timedelta(days=offset) for offset in range(-1, _AHEAD)):
            if day.isoweekday() in each.days:
                begin = datetime.combine(day, each.begins, where).astimezone(now.tzinfo)
                end = datetime.combine(day + overnight, each.ends, where).astimezone(now.tzinfo)
                found.append((begin, end))
    return sorted(found)
