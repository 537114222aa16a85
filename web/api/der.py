"""/der-controls, /der-alarms: grid controls that stations hold, and what they do."""

from typing import Any

from msgspec import Struct

from storage.web.objects import ObjectRow
from web.api.objects import KindQuery, ObjectView, object_list, object_view
from web.api.route import Route
from web.api.views import ListOf
from web.instants import Instant, instant


class DerControlView(Struct, frozen=True, kw_only=True):
    """A grid control. `status`: installed, superseded, active, ended or cleared; the lower `priority` wins."""

    station: str
    station_id: str
    id: str
    type: str
    default: bool
    priority: int | None
    start: str | None
    duration_s: float | None
    status: str | None
    control: dict[str, Any]
    set_by: str | None
    since: Instant
    received_at: Instant
    removed_at: Instant | None


def control_view(row: ObjectRow) -> DerControlView:
    data = row.data
    return DerControlView(
        station=row.station, station_id=str(row.station_id), id=row.key, type=data.get("type", ""),
        default=data.get("default", False), priority=data.get("priority"), start=data.get("start"),
        duration_s=data.get("duration_s"), status=row.status, control=data.get("control", {}),
        set_by=data.get("set_by"), since=instant(row.since), received_at=instant(row.received_at),
        removed_at=instant(row.removed_at),
    )  # fmt: skip


ROUTES = [
    Route("GET", "/der-controls", object_list("der_control", "der-controls", control_view),
          "List the grid controls that stations hold", {200: ListOf[DerControlView]}, query=KindQuery,
          problems=("unknown_station",)),
    Route("GET", "/der-alarms", object_list("der_alarm", "der-alarms", object_view),
          "List stations that deviate from their profiles because of a grid control", {200: ListOf[ObjectView]},
          query=KindQuery, problems=("unknown_station",),
          description="With `removed=true` those that have ended, too."),
]
