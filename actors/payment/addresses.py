"""Addresses to pay at, by their template: which placeholders it has, and what a scanned address says (C25). Pure.

OCPP 2.1 Part 2, C25, "URL definition for dynamic QR code": placeholders in braces, in the path or the query.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote

import attrs

_HOLDER: Final = re.compile(r"\{([A-Za-z]*)\}")
_NAMES: Final = frozenset(("chargingstationid", "roamingevseid", "evse", "totp", "version"))
_LIMITS: Final = {"maxenergy": "max_energy_wh", "maxtime": "max_time_s", "maxcost": "max_cost"}
_LONGEST: Final = 255  # characters in place of a placeholder
_MOST_PARAMETERS: Final = 50
_PARTS: Final = re.compile("[/?#]")
_MOST: Final = {"maxenergy": Decimal(10**9), "maxtime": Decimal(31_536_000), "maxcost": Decimal(10**9)}


class NotReadable(Exception):  # noqa: N818 - an answer to whoever scanned it
    """The address fits its template and yet says nothing that can be used."""


@attrs.frozen
class Scanned:
    """What an address says: as written, nothing of it is proved. `limits`: by the names that `start` has for them."""

    code: str
    version: str
    station: str | None
    roaming: str | None
    evse: int | None
    limits: Mapping[str, int | float | str]


def wrong(template: str) -> Iterator[str]:
    """What keeps it from being a template (C25.FR.50)."""
    names = _HOLDER.findall(template)
    for name in dict.fromkeys(names):
        if name.lower() not in _NAMES:
            yield f"`{{{name}}}` is no placeholder; there are {', '.join(sorted(_NAMES))}"
        elif names.count(name) > 1:
            yield f"`{{{name}}}` stands there twice"
    lower = {name.lower() for name in names}
    for needed in ("totp", "version"):
        if needed not in lower:
            yield f"`{{{needed}}}` is missing (C25.FR.50)"
    if not lower & {"chargingstationid", "roamingevseid"}:
        yield "name the station: `{chargingstationid}` or `{roamingevseid}` (C25.FR.50)"
    if "}{" in template:
        yield "something has to stand between two placeholders"
    if "#" in template:
        yield "what follows a # never reaches us"


def read(template: str, address: str) -> Scanned | None:
    """What the address says by this template (C25.FR.09), None when it is not made from it.

    `maxenergy` (Wh), `maxtime` (s) and `maxcost` are taken (C25.FR.59), other parameters left alone (C25.FR.60). Raises
    NotReadable.
    """
    path, _, query = address.split("#", 1)[0].partition("?")
    names, pieces, wanted = _shape(template)
    found = _between(pieces, path.rstrip("/"))
    if found is None:
        return None
    try:
        told = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        raise NotReadable(f"the address has more than {_MOST_PARAMETERS} parameters") from None
    holders = {name: unquote(value) for name, value in zip(names, found, strict=True)}
    for parameter, name in wanted:
        if parameter not in told:
            return None
        holders[name] = told.pop(parameter)
    return _scanned(holders, {name.lower(): value for name, value in told.items()})


def _between(pieces: Sequence[re.Pattern[str]], text: str) -> list[str] | None:
    """What stands between the pieces of `text`, each value as short as can be; None when they are not all of it.

    Found from the end, so that the time it takes grows with the text alone, whatever somebody wrote into it: a pattern
    with several lazy parts would take minutes for a few hundred characters.
    """
    places = [[(found.start(), found.end(1)) for found in piece.finditer(text)] for piece in pieces]
    places[-1] = [place for place in places[-1] if place[1] == len(text)]
    places[0] = [place for place in places[0] if place[0] == 0]
    for here in range(len(places) - 2, -1, -1):
        places[here] = [place for place in places[here] if _next(place, places[here + 1], text) is not None]
    if not places[0]:
        return None
    place, values = places[0][0], []
    for later in places[1:]:
        after = _next(place, later, text)
        assert after is not None  # those without were left out
        values.append(text[place[1] : after[0]])
        place = after
    return values


def _next(place: tuple[int, int], later: Sequence[tuple[int, int]], text: str) -> tuple[int, int] | None:
    """The nearest of the next piece's places: a value longer than up to there fits no better."""
    end = place[1]
    index = bisect_right(later, (end, len(text)))
    if index == len(later) or later[index][0] - end > _LONGEST or _PARTS.search(text, end, later[index][0]):
        return None
    return later[index]


def _scanned(holders: Mapping[str, str], told: Mapping[str, str]) -> Scanned:
    if any("\x00" in value for value in holders.values()):
        raise NotReadable("the address holds the character U+0000")
    evse = holders.get("evse")
    if evse is not None and not re.fullmatch(r"[0-9]{1,9}", evse):
        raise NotReadable("the EVSE in the address is no number")
    limits: dict[str, int | float | str] = {}
    for name, ours in _LIMITS.items():
        if name in told:
            limits[ours] = _limit(name, told[name])
    return Scanned(
        holders["totp"], holders["version"], holders.get("chargingstationid"), holders.get("roamingevseid"),
        int(evse) if evse else None, limits,
    )  # fmt: skip


def _limit(name: str, text: str) -> int | float | str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 < value <= _MOST[name]):
        raise NotReadable(f"`{name}` in the address has to be a number above 0")
    if name == "maxtime":
        return max(1, int(value))
    return float(value) if name == "maxenergy" else f"{value.quantize(Decimal('0.0001')):f}"


@lru_cache(maxsize=256)
def _shape(template: str) -> tuple[list[str], list[re.Pattern[str]], tuple[tuple[str, str], ...]]:
    """The path's placeholders, the pieces around them, and the query's placeholders as (parameter, name)."""
    path, _, query = template.partition("?")
    parts = _HOLDER.split(path.rstrip("/"))
    pieces = [re.compile(f"(?=({re.escape(piece)}))", re.IGNORECASE) for piece in parts[::2]]
    wanted = [
        (parameter, holder[1].lower())
        for parameter, value in parse_qsl(query, keep_blank_values=True)
        if (holder := _HOLDER.fullmatch(value))
    ]
    return [name.lower() for name in parts[1::2]], pieces, tuple(wanted)
