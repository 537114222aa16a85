"""/battery-swaps, /batteries: what went into and came out of swap stations."""

from typing import Any

from msgspec import Struct

from storage.web.objects import ObjectRow
from web.api.objects import KindQuery, object_list
from web.api.route import Route
from web.api.views import ListOf
from web.instants import Instant, instant


class BatteryView(Struct, frozen=True, kw_only=True):
    """A battery in a slot (`evse`); `soc` and `soh` in percent. `status`: in, out_timeout; out when it is gone."""

    station: str
    station_id: str
    serial_number: str
    evse: int | None
    soc: float | None
    soh: float | None
    status: str | None
    production_date: str | None
    vendor_info: str | None
    since: Instant
    received_at: Instant
    removed_at: Instant | None


class BatterySwapView(Struct, frozen=True, kw_only=True):
    """Batteries put in, taken out, or left there although offered; those of one swap share `request_id`."""

    station: str
    station_id: str
    request_id: int
    what: str
    token: str | None
    batteries: list[dict[str, Any]]
    received_at: Instant


def battery_view(row: ObjectRow) -> BatteryView:
    data = row.data
    return BatteryView(
        station=row.station, station_id=str(row.station_id), serial_number=row.key, evse=data.get("evse"),
        soc=data.get("soc"), soh=data.get("soh"), status=row.status, production_date=data.get("production_date"),
        vendor_info=data.get("vendor_info"), since=instant(row.since), received_at=instant(row.received_at),
        removed_at=instant(row.removed_at),
    )  # fmt: skip


def swap_view(row: ObjectRow) -> BatterySwapView:
    data = row.data
    return BatterySwapView(
        station=row.station, station_id=str(row.station_id), request_id=data.get("request_id", 0),
        what=data.get("what", ""), token=data.get("token"), batteries=data.get("batteries", []),
        received_at=instant(row.received_at),
    )  # fmt: skip


ROUTES = [
    Route("GET", "/battery-swaps", object_list("battery_swap", "battery-swaps", swap_view), "List battery swaps",
          {200: ListOf[BatterySwapView]}, query=KindQuery, problems=("unknown_station",)),
    Route("GET", "/batteries", object_list("battery", "batteries", battery_view),
          "List the batteries that swap stations hold", {200: ListOf[BatteryView]}, query=KindQuery,
          problems=("unknown_station",)),
]
