"""Hours of the week: what is open, until when, and what opens next; in both ways in which they are kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from actors.windows import open_until, opens, window
from tests.support.memory_world import NOON

MONDAY = NOON.replace(hour=0)


def token(days: list[str], begins: str, ends: str) -> dict[str, Any]:
    return {"days": days, "from": begins, "to": ends}


def ends(kept: list[dict[str, Any]], zone: str, now: datetime) -> datetime | None:
    return open_until(map(window, kept), zone, now)


def begins(kept: list[dict[str, Any]], zone: str, now: datetime) -> datetime | None:
    return opens(map(window, kept), zone, now)


def test_both_ways_of_writing_one_are_the_same() -> None:
    assert window(token(["mon", "sun"], "22:00", "05:00")) == window({"begin": "22:00", "end": "05:00", "days": [1, 7]})
    daily = {"begin": "22:00", "end": "05:00"}
    assert window(daily) == window({**daily, "days": [*range(1, 8)]})


def test_windows_that_touch_are_one_and_a_summer_night_has_its_length() -> None:
    touching = [token(["mon"], "10:00", "12:00"), token(["mon"], "12:00", "12:30")]
    assert ends(touching, "UTC", NOON - timedelta(hours=1)) == NOON + timedelta(minutes=30)
    assert ends([token(["mon"], "00:00", "00:00")], "UTC", NOON) == NOON + timedelta(hours=12)
    assert ends(touching, "UTC", NOON + timedelta(hours=1)) is None
    spring = NOON.replace(month=3, day=29, hour=0, minute=30)  # the clock goes from 2 to 3 at 1:00 UTC
    assert ends([token(["sun"], "01:00", "04:00")], "Europe/Berlin", spring) == spring.replace(hour=2, minute=0)


@pytest.mark.parametrize(
    ("kept", "hour", "wanted"),
    [
        (token(["mon"], "10:00", "12:00"), 11, 11),
        (token(["mon"], "10:00", "12:00"), 9, 10),
        (token(["mon"], "10:00", "12:00"), 12, 7 * 24 + 10),  # its end is not in it
        (token(["sun"], "22:00", "05:00"), 4, 4),  # of the night before
        (token(["sun"], "22:00", "05:00"), 5, 6 * 24 + 22),
        (token(["wed", "tue"], "00:00", "00:00"), 1, 24),
    ],
)
def test_what_opens_next(kept: dict[str, Any], hour: int, wanted: int) -> None:
    now = MONDAY + timedelta(hours=hour)
    assert begins([kept], "UTC", now) == MONDAY + timedelta(hours=wanted)


def test_nothing_opens_where_the_clock_leaves_the_hour_out() -> None:
    """From 2 to 3, on the last Sunday of March: so it is the Sunday after."""
    night = MONDAY.replace(month=3, day=29)
    assert begins([token(["sun"], "02:00", "03:00")], "Europe/Berlin", night) == night.replace(month=4, day=5)
    assert begins([], "UTC", NOON) is None
