"""Tokens have changed: lists that lie on stations are looked at again after a calm time. Pure."""

from datetime import datetime, timedelta
from typing import Final

from actors.station.work import Work

JOB: Final = "refresh-local-lists"
CALM: Final = timedelta(seconds=30)
"""Changes within so long are sent together. A job is of one such span and runs after its end, so it misses none."""


def span(now: datetime) -> tuple[str, datetime]:
    """(the key of the span that `now` is in, when its job runs)."""
    number = int(now.timestamp() // CALM.total_seconds())
    ends = datetime.fromtimestamp((number + 1) * CALM.total_seconds(), now.tzinfo)
    return f"span/{number}", ends + timedelta(seconds=2)


def lists_stale(work: Work) -> None:
    """A token came or changed by what a station said."""
    key, run_at = span(work.now)
    work.job(JOB, {}, key=key, after=run_at - work.now)
