"""Whose time counts: `received_at` is truth, the station's time a claim (`charger-quirks` 27).

A claim is believed when it lies in the past of what we received, since stations deliver what they kept while offline.
One from the future, or from before any charger was made, is put right by the offset last seen between the station's
clock and ours, or replaced by the time we received it.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

_OLDEST: Final = datetime(2010, 1, 1, tzinfo=UTC)
_AHEAD: Final = timedelta(seconds=60)
_TRUSTED_OFFSET_MS: Final = 120_000


def offset_ms(claimed: datetime, received: datetime) -> int:
    """Ours minus the station's, in milliseconds: what has to be added to a claim. From a message that is not late."""
    return round((received - claimed).total_seconds() * 1000)


def learn(known: int | None, claimed: datetime, received: datetime) -> int | None:
    """The offset after a fresh message. One far in the past may have waited in a queue, so it teaches nothing,

    unless the claim is impossible, which shows the clock itself.
    """
    seen = offset_ms(claimed, received)
    if claimed < _OLDEST or seen < _TRUSTED_OFFSET_MS:
        return seen
    return known


def correct(claimed: datetime, received: datetime, known: int | None) -> datetime:
    """The time to bill on. Never later than `received` by more than a minute, never before 2010."""
    try:
        claimed = claimed.astimezone(UTC)
    except OverflowError:  # the year 1 or 9999, with an offset
        return received
    impossible = claimed < _OLDEST
    if not impossible and claimed <= received + _AHEAD:
        return claimed
    if known is None:
        return received
    try:
        put_right = claimed + timedelta(milliseconds=known)
    except OverflowError:
        return received
    return put_right if _OLDEST <= put_right <= received + _AHEAD else received


def within_calendar(claimed: datetime) -> datetime:
    """The claim in UTC, as it can be stored: the ends of the calendar, with an offset, have no UTC."""
    try:
        return claimed.astimezone(UTC)
    except OverflowError:
        return claimed.replace(tzinfo=UTC)
