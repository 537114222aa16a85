"""A firmware campaign's decisions: who is in which wave, what is next, when it pauses by itself. Pure."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from actors.firmware import ranks
from actors.windows import Window, opens, window

OPEN: Final = ("pending", "waiting", "updating")
_ENDED: Final = ("succeeded", "skipped", "failed", "cancelled")
_DAY: Final = timedelta(days=1)


@attrs.frozen
class Rules:
    """How a campaign goes. `failures`, `failure_percent`: more pause it; the percentage is of those that ended."""

    parallel: int = 10
    tries: int = 1
    failures: int | None = None
    failure_percent: float | None = None
    windows: tuple[Window, ...] = ()
    patience: timedelta = timedelta(hours=4)


def rules_of(kept: Mapping[str, Any]) -> Rules:
    """The rules as a campaign's row keeps them; what is not named is as usual. Its windows are UTC."""
    usual = Rules()
    minutes = kept.get("patience_minutes")
    return Rules(
        kept.get("parallel", usual.parallel), kept.get("tries", usual.tries), kept.get("most_failures"),
        kept.get("most_failure_percent"), tuple(map(window, kept.get("windows", ()))),
        usual.patience if minutes is None else timedelta(minutes=minutes),
    )  # fmt: skip


@attrs.frozen
class Start:
    """Begin with so many stations of this wave."""

    wave: int
    count: int


@attrs.frozen
class Wait:
    """Nothing to begin with now. `until`: a window opens; None: for stations under way."""

    until: datetime | None = None


@attrs.frozen
class Pause:
    """Too many failed."""

    reason: str


@attrs.frozen
class End:
    """Every station has ended."""


Next = Start | Wait | Pause | End


def waves(total: int, wanted: Sequence[tuple[int | None, float | None]]) -> list[int]:
    """How many stations each wave has, from (size, percent of all); what is left is the last wave. None is empty."""
    sizes: list[int] = []
    left = total
    for size, percent in wanted:
        count = size if size is not None else math.ceil(total * (percent or 0.0) / 100)
        count = min(max(count, 0), left)
        if count:
            sizes.append(count)
            left -= count
    return [*sizes, left] if left else sizes


def next_step(rules: Rules, counts: Mapping[int, Mapping[str, int]], now: datetime) -> Next:
    """What a running campaign does now. `counts`: stations by wave and status."""
    if (reason := too_many(rules, counts)) is not None:
        return Pause(reason)
    if not any(each.get(name, 0) for each in counts.values() for name in OPEN):
        return End()
    current = min((wave for wave, each in counts.items() if _holds(each)), default=None)
    if current is None:
        return Wait()
    mine = counts[current]
    # A station that waits to come online takes no place: the others of the wave go on.
    room = rules.parallel - sum(each.get("updating", 0) for each in counts.values())
    pending = mine.get("pending", 0)
    if not pending or room <= 0:
        return Wait()
    begins = opens(rules.windows, "UTC", now) if rules.windows else now
    if begins is None:
        return Wait(now + _DAY)  # none within a week
    return Start(current, min(room, pending)) if begins <= now else Wait(begins)


def _holds(counts: Mapping[str, int]) -> bool:
    """A wave holds back those behind it until its stations have ended. Stations that are away hold back nobody, once
    some of their wave have shown how it goes."""
    if counts.get("pending", 0) or counts.get("updating", 0):
        return True
    return bool(counts.get("waiting", 0)) and not any(counts.get(name, 0) for name in _ENDED)


def too_many(rules: Rules, counts: Mapping[int, Mapping[str, int]]) -> str | None:
    """Why it must pause; None while it need not."""
    failed = sum(each.get("failed", 0) for each in counts.values())
    ended = sum(each.get(name, 0) for each in counts.values() for name in _ENDED)
    if rules.failures is not None and failed > rules.failures:
        return f"{failed} stations failed; at most {rules.failures} may"
    if rules.failure_percent is not None and ended and 100 * failed / ended > rules.failure_percent:
        return f"{failed} of {ended} stations failed; at most {rules.failure_percent:g} % may"
    return None


def verdict(
    target: str, version: str | None, status: str | None, booted: datetime | None, asked: datetime
) -> str | None:
    """What a station's update came to: `succeeded`, why it failed, or None while it goes on.

    It has succeeded when the station says Installed, or has booted with the new version since it was asked.
    """
    if status == "Installed" or (version == target and booted is not None and booted >= asked):
        return "succeeded"
    if status in ranks.FAILURES or status in ranks.REFUSALS or status == "Canceled":
        return f"the station said {status}"
    return None
