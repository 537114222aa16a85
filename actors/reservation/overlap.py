"""Whether another reservation fits beside those there are. Pure.

A reservation may be for one EVSE, for any of a type, or for any at all. They fit when at every moment each of them can
have an EVSE of its own.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import attrs

K = TypeVar("K")


@attrs.frozen
class Wish(Generic[K]):
    """`evses`: those that would do; none: any of the station. Holds from `starts` on and before `ends`."""

    key: K
    starts: datetime
    ends: datetime
    evses: frozenset[int] = frozenset()


def in_the_way(wanted: Wish[K], others: Sequence[Wish[K]], evses: Collection[int]) -> list[K]:
    """Keys of those it cannot be beside; empty: it fits. `evses`: all that the station is known to have."""
    beside = [other for other in others if other.starts < wanted.ends and wanted.starts < other.ends]
    named = frozenset(evse for wish in (wanted, *beside) for evse in wish.evses)
    known = frozenset(evses) or named or frozenset((1,))
    for moment in sorted({wanted.starts, *(other.starts for other in beside if other.starts > wanted.starts)}):
        together = [other for other in beside if other.starts <= moment < other.ends]
        if not _all_placed([wanted, *together], known):
            rivals = [other for other in together if not wanted.evses or not other.evses or wanted.evses & other.evses]
            return [other.key for other in rivals or together]
    return []


def _all_placed(wishes: Sequence[Wish[K]], known: frozenset[int]) -> bool:
    """Whether each can have an EVSE of its own: augmenting paths."""
    taken: dict[int, int] = {}

    def place(number: int, tried: set[int]) -> bool:
        for evse in wishes[number].evses or known:
            if evse in tried:
                continue
            tried.add(evse)
            if evse not in taken or place(taken[evse], tried):
                taken[evse] = number
                return True
        return False

    return all(place(number, set()) for number in range(len(wishes)))
