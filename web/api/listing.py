"""A page of a list that goes by id: what every such list does with its query."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from storage.pool import Connection
from web.api.call import Answer, Call
from web.api.views import ListOf
from web.paging import Page, cut, decode_cursor


class Identified(Protocol):
    """What a row has to have."""

    @property
    def id(self) -> UUID: ...


Row = TypeVar("Row", bound=Identified)
Span = tuple[int, UUID | None, bool]  # at most so many, beyond that id, oldest first


async def listed(
    call: Call[Any, None], name: str, fetch: Callable[[Connection, Span], Awaitable[Sequence[Row]]],
    view: Callable[[Row], Any],
) -> Answer:  # fmt: skip
    """`name`: of the list, so that its cursors fit no other. Raises ApiProblem `invalid_cursor`."""
    query: Page = call.query
    span = (query.limit + 1, decode_cursor(name, query, UUID), query.order == "oldest")
    found = await call.database(lambda connection: fetch(connection, span))
    shown, more = cut(name, query, found, lambda row: row.id)
    return Answer(ListOf([view(row) for row in shown], more))
