"""Addresses to pay at, by their template: which placeholders it has, and what a scanned address says (C25). Pure.

OCPP 2.1 Part 2, C25, "URL definition for dynamic QR code": placeholders in braces, in the path or the query.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote

import attrs

_HOLDER: Final = re.compile(r"\{([A-Za-z]*)\}")
_NAMES: Final = frozenset(("chargingstationid", "roamingevseid", "evse", "totp", "version"))
_LIMITS: Final = {"maxenergy": "max_energy_wh", "maxtime": "max_time_s", "maxcost": "max_cost"}
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
    shape, wanted = _shape(template)
    found = shape.fullmatch(path.rstrip("/"))
    if found is None:
        return None
    told = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=50))
    holders = {name: unquote(value) for name, value in found.groupdict().items()}
    for parameter, name in wanted:
        if parameter not in told:
            return None
        holders[name] = told.pop(parameter)
    return _scanned(holders, {name.lower(): value for name, value in told.items()})


def _scanned(holders: Mapping[str, str], told: Mapping[str, str]) -> Scanned:
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
def _shape(template: str) -> tuple[re.Pattern[str], tuple[tuple[str, str], ...]]:
    """The path as a pattern, and the query's placeholders as (parameter, name)."""
    path, _, query = template.partition("?")
    parts = _HOLDER.split(path.rstrip("/"))
    pattern = "".join(
        f"(?P<{part.lower()}>[^/?#]{{1,255}}?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)
    )
    wanted = [
        (parameter, holder[1].lower())
        for parameter, value in parse_qsl(query, keep_blank_values=True)
        if (holder := _HOLDER.fullmatch(value))
    ]
    return re.compile(pattern, re.IGNORECASE), tuple(wanted)
