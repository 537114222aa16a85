"""/stations/{station}/frames: what was said on the wire, without secrets."""

from typing import Literal

from msgspec import Struct

from storage.web import frames as rows
from storage.web.frames import FrameFilter, FrameRow
from web.api.call import Answer, Call
from web.api.fields import Label, Object, Search
from web.api.route import Route
from web.api.stations import find_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Between, check_between, cut, decode_moment


class FramesQuery(Between, kw_only=True, frozen=True):
    """`q`: part of the text, ignoring case."""

    action: Label | None = None
    direction: Literal["in", "out"] | None = None
    outcome: Label | None = None
    q: Search | None = None


class FrameView(Struct, frozen=True, kw_only=True):
    """One frame. `repairs` says what had to be mended before it could be read."""

    id: str
    received_at: Instant
    direction: str
    action: str | None
    message_id: str | None
    outcome: str
    text: str
    repairs: list[Object]


async def list_frames(call: Call[FramesQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_moment("frames", query)
    station = (await find_station(call)).config.id
    wanted = FrameFilter(query.since, query.until, query.action, query.direction, query.outcome, query.q)
    found = await call.database(
        lambda connection: rows.list_frames(
            connection, query.limit + 1, after, query.order == "oldest", station, wanted
        )
    )
    shown, more = cut("frames", query, found, lambda row: (row.received_at, row.id))
    return Answer(ListOf([frame_view(row) for row in shown], more))


def frame_view(row: FrameRow) -> FrameView:
    return FrameView(
        id=str(row.id), received_at=instant(row.received_at), direction=row.direction, action=row.action,
        message_id=row.message_id, outcome=row.outcome, text=row.text, repairs=row.repairs or [],
    )


ROUTES = [
    Route("GET", "/stations/{station}/frames", list_frames, "Read a station's frame log", {200: ListOf[FrameView]},
          query=FramesQuery, problems=("unknown_station",)),
]
