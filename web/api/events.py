"""/events: our own events, as CloudEvents 1.0."""

from typing import Any

import msgspec

from protocol.events import envelope
from storage.web import events as rows
from storage.web.events import EventFilter, EventRow
from web.api.call import Answer, Call
from web.api.fields import Label, Object
from web.api.route import Route
from web.api.views import ListOf
from web.paging import Between, check_between, cut, decode_moment


class EventsQuery(Between, kw_only=True, frozen=True):
    """`type`: one or several, with commas between; `subject` to the letter (`stations/{id}`, `sessions/{id}`)."""

    type: Label | None = None
    subject: Label | None = None


async def list_events(call: Call[EventsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_moment("events", query)
    types = [name.strip() for name in query.type.split(",")] if query.type else None
    wanted = EventFilter(query.since, query.until, types, query.subject)
    found = await call.database(
        lambda connection: rows.list_events(
            connection, query.limit + 1, after, query.order == "oldest", wanted
        )
    )
    shown, more = cut("events", query, found, lambda row: (row.received_at, row.id))
    return Answer(ListOf([_as_cloudevent(call, row) for row in shown], more))


def _as_cloudevent(call: Call[Any, Any], row: EventRow) -> Object:
    event = envelope.Event(
        row.id, call.tenant.id, row.received_at, row.type, row.subject, msgspec.json.encode(row.data), row.request_id
    )
    return envelope.as_dict(event)


ROUTES = [
    Route("GET", "/events", list_events, "List events", {200: ListOf[Object]}, query=EventsQuery,
          description="Each item is a CloudEvent; docs/asyncapi describes the types."),
]
