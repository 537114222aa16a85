"""/logs: what stations were asked to upload, how far that is, and the files."""

from typing import Any

from msgspec import Struct

from storage.pool import Connection
from storage.web import logs as rows
from storage.web.file_addresses import Progress, move_address
from storage.web.logs import LogFilter, LogRow
from web.api.call import Answer, Call
from web.api.fields import Label
from web.api.firmware import files_of
from web.api.listing import listed
from web.api.route import NoQuery, Route
from web.api.stations import named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem


class LogsQuery(Page, kw_only=True, frozen=True):
    """`status`: the station's last word; `type`: DiagnosticsLog, SecurityLog or DataCollectorLog."""

    station: Label | None = None
    type: Label | None = None
    status: Label | None = None


class LogView(Struct, frozen=True, kw_only=True):
    """A log that a station was asked for.

    `status` is the station's last word (Requested, Accepted, Uploading, Uploaded, UploadFailure …), `timeline` all of
    them; null: the request never went out. `received`: the file is here, whole. `error`: why it is not.
    """

    id: str
    station: str
    station_id: str
    type: str
    status: str | None
    received: bool
    size: int | None
    sha256: str | None
    file_name: str | None
    error: str | None
    request: str | None
    timeline: list[dict[str, Any]]
    expires_at: Instant
    requested_by: str | None
    created_at: Instant
    updated_at: Instant


async def list_logs(call: Call[LogsQuery, None]) -> Answer:
    query = call.query
    station_id = None if query.station is None else await named_station(call, query.station)
    wanted = LogFilter(station_id, query.type, query.status)
    return await listed(call, "logs", lambda connection, span: rows.list_logs(connection, *span, wanted), log_view)


async def get_log(call: Call[NoQuery, None]) -> Answer:
    return Answer(log_view(await _found(call)))


async def get_log_file(call: Call[NoQuery, None]) -> Answer:
    """Only says that there is one: the bytes go past the framework (web/files/api.py)."""
    row = await _found(call)
    if row.file_status != "used":
        raise ApiProblem("no_file_yet", f"the station has not brought the file; it said {row.status or 'nothing'}")
    files = files_of(call)
    return Answer(await files.disk(lambda: files.store.size(call.tenant.id, "logs", row.id)))


async def delete_log(call: Call[NoQuery, None]) -> Answer:
    """Its file goes, and nothing more is taken at its address. That it was asked for stays."""
    row = await _found(call)

    async def end(connection: Connection) -> None:
        await move_address(connection, Progress(row.id, "ended", None, None, None, "deleted", call.now))

    await call.database(end)
    files = files_of(call)
    await files.disk(lambda: files.store.remove(call.tenant.id, "logs", row.id))
    return Answer(status=204)


async def _found(call: Call[Any, Any]) -> LogRow:
    missing = ApiProblem("unknown_log", f"no log has the id {call.path['id'][:64]!r}")
    log_id = call.id_in_path("id", missing)
    row = await call.database(lambda connection: rows.get_log(connection, log_id))
    if row is None:
        raise missing
    return row


def log_view(row: LogRow) -> LogView:
    data = row.data or {}
    return LogView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), type=row.log_type, status=row.status,
        received=row.file_status == "used", size=row.size, sha256=row.sha256,
        file_name=row.file_name or data.get("file_name"), error=row.error, request=row.request,
        timeline=data.get("timeline", []), expires_at=instant(row.expires_at), requested_by=row.requested_by,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at),
    )


_UNKNOWN = ("unknown_log",)
ROUTES = [
    Route("GET", "/logs", list_logs, "List logs that stations were asked for", {200: ListOf[LogView]}, query=LogsQuery,
          problems=("unknown_station",)),
    Route("GET", "/logs/{id}", get_log, "Read how far a log is", {200: LogView}, problems=_UNKNOWN),
    Route("GET", "/logs/{id}/file", get_log_file, "Download a log (with Range)", {200: None},
          problems=(*_UNKNOWN, "no_file_yet", "wrong_range", "no_files")),
    Route("DELETE", "/logs/{id}", delete_log, "Delete a log's file, and take none any more", {204: None},
          problems=(*_UNKNOWN, "no_files")),
]
