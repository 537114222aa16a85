"""What a rule is for: a station, a site, or the tenant with all it has."""

from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from web.api.call import Call
from web.api.fields import Label
from web.api.stations import named_station
from web.validation import NotValid


class Scope(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`station` (identity or id) or `site`; neither: the whole tenant."""

    station: Label | None = None
    site: Label | None = None


class Scoped(Protocol):
    """A body with both of them."""

    @property
    def station(self) -> str | None: ...

    @property
    def site(self) -> str | None: ...


async def station_of(call: Call[Any, Any], scope: Scoped) -> UUID | None:
    """The id of the station that is named. Raises NotValid when a site is named too, ApiProblem `unknown_station`."""
    if scope.station is not None and scope.site is not None:
        raise NotValid([("/site", "name either a station or a site, not both")])
    return None if scope.station is None else await named_station(call, scope.station)
