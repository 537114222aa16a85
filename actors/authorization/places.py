"""Where a token may charge: which stations, which of their EVSEs, which types of connector. Pure.

OCPP 2.0.1 Part 2, C01.FR.18 to FR.22: any EVSE of the station, some of them, or none.
"""

from typing import Literal

import attrs

from actors.ports import TokenFact, Weighed
from actors.station.who import Station

Why = Literal["not_at_this_location", "not_allowed_type"]


@attrs.frozen
class Allowed:
    """`evses` empty: any of the station, unless `why` says that none is."""

    evses: tuple[int, ...] = ()
    why: Why | None = None


def allowed(token: TokenFact, weighed: Weighed, station: Station) -> Allowed:
    """What of this station the token may use."""
    by_place = _by_place(token, weighed, station)
    if by_place is None:
        return Allowed(why="not_at_this_location")
    by_type = _by_type(token, weighed)
    if by_type is None:
        return Allowed(why="not_allowed_type")
    if not by_place or not by_type:
        return Allowed(tuple(sorted(by_place or by_type)))
    both = by_place & by_type
    return Allowed(tuple(sorted(both))) if both else Allowed(why="not_allowed_type")


def _by_place(token: TokenFact, weighed: Weighed, station: Station) -> frozenset[int] | None:
    """EVSEs that the token's places leave; empty: all, None: none."""
    if not token.places:
        return frozenset()
    mine = [place for place in token.places if _is_here(place, weighed.site, station)]
    if not mine:
        return None
    if any(not place.get("evses") for place in mine):
        return frozenset()
    return frozenset(evse for place in mine for evse in place["evses"])


def _is_here(place: dict[str, object], site: str | None, station: Station) -> bool:
    named = place.get("station")
    if named is not None:
        return str(named).casefold() in (station.identity.casefold(), str(station.id))
    return site is not None and place.get("site") == site


def _by_type(token: TokenFact, weighed: Weighed) -> frozenset[int] | None:
    """EVSEs whose connectors are of an allowed type; what a station never told forbids nothing."""
    if not token.connector_types or not weighed.connector_types:
        return frozenset()
    wanted = {kind.casefold() for kind in token.connector_types}
    fit = frozenset(
        evse for evse, kinds in weighed.connector_types.items() if wanted & {kind.casefold() for kind in kinds}
    )
    if not fit:
        return None
    return frozenset() if len(fit) == len(weighed.connector_types) else fit
