"""How a batch that failed as a whole is divided, so that what can be committed is. Pure.

The order of one station's units is kept by every division: a later unit never goes before an earlier one.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")


def halves(entries: Sequence[T]) -> list[list[T]]:
    """For content errors: bisecting finds one bad unit among n in about 2 log2 n transactions."""
    middle = len(entries) // 2
    return [list(entries[:middle]), list(entries[middle:])]


def alike(entries: Sequence[T], station: Callable[[T], Hashable], kinds: Callable[[T], Hashable]) -> list[list[T]]:
    """For a table that refuses: first units of stations, those that touch the same tables together; then second …"""
    seen: dict[Hashable, int] = {}
    groups: dict[tuple[int, Hashable], list[T]] = {}
    for entry in entries:
        who = station(entry)
        turn = seen[who] = seen.get(who, -1) + 1
        groups.setdefault((turn, kinds(entry)), []).append(entry)
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]
