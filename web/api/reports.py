"""/variable-reports: reports of stations' device models, under way and over."""

from typing import Any

from msgspec import Struct

from actors.device.objects import REPORT
from storage.web.objects import ObjectRow
from web.api.objects import KindQuery, object_list
from web.api.route import Route
from web.api.views import ListOf
from web.instants import Instant, instant


class VariableReportView(Struct, frozen=True, kw_only=True):
    """A report. `status`: running, complete, incomplete, refused; `missing`: numbers of parts that did not come."""

    station: str
    station_id: str
    request: str
    status: str | None
    kind: str | None
    parts: int
    variables: int
    missing: list[int]
    reason: str | None
    began_at: str | None
    ended_at: str | None
    received_at: Instant
    detail: dict[str, Any]


_OWN = ("kind", "parts", "variables", "missing", "reason", "began_at", "ended_at")


def variable_report_view(row: ObjectRow) -> VariableReportView:
    data = row.data
    return VariableReportView(
        station=row.station, station_id=str(row.station_id), request=row.key, status=row.status,
        kind=data.get("kind"), parts=data.get("parts", 0), variables=data.get("variables", 0),
        missing=data.get("missing", []), reason=data.get("reason"), began_at=data.get("began_at"),
        ended_at=data.get("ended_at"), received_at=instant(row.received_at),
        detail={name: value for name, value in data.items() if name not in _OWN},
    )


ROUTES = [
    Route("GET", "/variable-reports", object_list(REPORT, "variable-reports", variable_report_view),
          "List reports of stations' device models", {200: ListOf[VariableReportView]}, query=KindQuery,
          problems=("unknown_station",),
          description="Asked for by `base-report` and `report`. Parts may come in any order; a report of which "
                      "nothing comes for ten minutes ends as `incomplete`, with what is missing."),
]
