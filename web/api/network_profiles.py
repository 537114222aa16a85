"""/network-profiles: how stations may reach a platform, by slot, as they were told and accepted it."""

from typing import Any

from msgspec import Struct

from actors.device.objects import NETWORK_PROFILE
from storage.web.objects import ObjectRow
from web.api.objects import KindQuery, object_list
from web.api.route import Route
from web.api.views import ListOf
from web.instants import Instant, instant


class NetworkProfileView(Struct, frozen=True, kw_only=True):
    """A slot of a station; `connection_data` in OCPP's words, without secrets."""

    station: str
    station_id: str
    slot: int | None
    connection_data: dict[str, Any]
    set_at: Instant
    removed_at: Instant | None


def network_profile_view(row: ObjectRow) -> NetworkProfileView:
    return NetworkProfileView(
        station=row.station, station_id=str(row.station_id), slot=int(row.key) if row.key.isdecimal() else None,
        connection_data=row.data, set_at=instant(row.received_at), removed_at=instant(row.removed_at),
    )


ROUTES = [
    Route("GET", "/network-profiles", object_list(NETWORK_PROFILE, "network-profiles", network_profile_view),
          "List how stations may reach a platform", {200: ListOf[NetworkProfileView]}, query=KindQuery,
          problems=("unknown_station",)),
]
