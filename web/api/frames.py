"""/frames and /stations/{station}/frames: what was said on the wire, without secrets, and why something was refused."""

from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from storage.web import frames as rows
from storage.web.frames import FrameFilter, FrameRow, SearchTooWide
from web.api.call import Answer, Call
from web.api.fields import Label, Object, Search
from web.api.route import Route
from web.api.stations import find_station, named_station
from web.api.views import ListOf
from web.frame_reasons import WhyView, explained
from web.instants import Instant, instant
from web.paging import Between, check_between, cut, decode_moment
from web.problems import ApiProblem


class FramesQuery(Between, kw_only=True, frozen=True):
    """`q`: part of the text, ignoring case."""

    action: Label | None = None
    direction: Literal["in", "out"] | None = None
    outcome: Label | None = None
    message_id: Label | None = None
    q: Search | None = None


class AllFramesQuery(FramesQuery, kw_only=True, frozen=True):
    """The same, over all stations unless one is named."""

    station: Label | None = None


class FrameView(Struct, frozen=True, kw_only=True):
    """One frame. `repairs`: what had to be mended before it could be read; `advice`: what to do about a refused one."""

    id: str
    station: str | None
    station_id: str
    received_at: Instant
    direction: str
    action: str | None
    message_id: str | None
    outcome: str
    text: str
    repairs: list[Object]
    why: WhyView | None
    advice: str | None


async def list_frames(call: Call[FramesQuery, None]) -> Answer:
    return await _listed(call, (await find_station(call)).config.id)


async def list_all_frames(call: Call[AllFramesQuery, None]) -> Answer:
    named = call.query.station
    return await _listed(call, None if named is None else await named_station(call, named))


async def _listed(call: Call[Any, None], station: UUID | None) -> Answer:
    query = call.query
    check_between(query)
    after = decode_moment("frames", query)
    wanted = FrameFilter(
        station, query.since, query.until, query.action, query.direction, query.outcome, query.message_id, query.q
    )
    try:
        found = await call.database(
            lambda connection: rows.list_frames(connection, query.limit + 1, after, query.order == "oldest", wanted)
        )
    except SearchTooWide as error:
        raise ApiProblem(
            "search_too_wide", str(error),
            errors=[("?q", "give `from` and `to`, an action or a station, or a text with three letters in a row")],
        ) from None
    shown, more = cut("frames", query, found, lambda row: (row.received_at, row.id))
    return Answer(ListOf([frame_view(row) for row in shown], more))


def frame_view(row: FrameRow) -> FrameView:
    why, advice = explained(row.direction, row.outcome, row.reply)
    return FrameView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), received_at=instant(row.received_at),
        direction=row.direction, action=row.action, message_id=row.message_id, outcome=row.outcome, text=row.text,
        repairs=row.repairs or [], why=why, advice=advice,
    )


_FOUND = (
    "Time, station, action, direction, outcome, message id and text may be given together. A text is found anywhere in "
    "a frame, ignoring case; one without three letters or digits in a row is looked for in the newest 200,000 frames "
    "of what else was asked for."
)
ROUTES = [
    Route("GET", "/stations/{station}/frames", list_frames, "Read a station's frame log", {200: ListOf[FrameView]},
          query=FramesQuery, problems=("unknown_station", "search_too_wide"), description=_FOUND),
    Route("GET", "/frames", list_all_frames, "Search the frames of all stations", {200: ListOf[FrameView]},
          query=AllFramesQuery, problems=("unknown_station", "search_too_wide"), description=_FOUND),
]
