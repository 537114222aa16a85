"""Resources with an id and a revision: listed, read, created, changed and deleted the same way, whatever they are.

A change is made to a row that is locked, and only to the revision that its author has seen, when `If-Match` names one:
two changes at once lose nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import attrs
from msgspec import UNSET

from storage.pool import Connection
from web.api.call import Answer, Call
from web.api.conditions import check_match, etag
from web.api.listing import Span, listed
from web.api.once import in_one_transaction
from web.problems import ApiProblem


def given(value: Any, otherwise: Any) -> Any:
    """What a merge patch leaves out stays as it was."""
    return otherwise if value is UNSET else value


class Revised(Protocol):
    """What a row has to have."""

    @property
    def id(self) -> UUID: ...

    @property
    def revision(self) -> int: ...


Row = TypeVar("Row", bound=Revised)
Read = TypeVar("Read", bound=Revised, covariant=True)


class Get(Protocol[Read]):
    """Reads a row; None when the tenant has none of that id. `lock`: until the transaction ends."""

    def __call__(self, connection: Connection, row_id: UUID, /, *, lock: bool = False) -> Awaitable[Read | None]: ...


@attrs.frozen
class Resource(Generic[Row]):
    """One kind. `path`: below the API's base; `unknown`: the code of the problem when there is none of that id."""

    path: str
    unknown: str
    called: str  # in words: "template"
    get: Get[Row]
    view: Callable[[Row], Any]

    async def listed(
        self, call: Call[Any, None], fetch: Callable[[Connection, Span], Awaitable[Sequence[Row]]]
    ) -> Answer:
        """A page by creation; `fetch` takes (connection, span)."""
        return await listed(call, self.path.replace("/", "-"), fetch, self.view)

    async def read(self, call: Call[Any, None]) -> Answer:
        """The one in the address. Raises ApiProblem `unknown`, as all that follow."""
        return self.shown(await call.database(lambda connection: self.found(call, connection)))

    async def created(
        self, call: Call[Any, Any], row_id: UUID, insert: Callable[[Connection], Awaitable[bool]], taken: str
    ) -> Answer:
        """201, once for an Idempotency-Key; `insert` False: ApiProblem `already_exists`, with the words `taken`."""

        async def work(connection: Connection) -> Answer:
            if not await insert(connection):
                raise ApiProblem("already_exists", taken)
            row = await self.get(connection, row_id)
            assert row is not None  # inserted in this very transaction
            place = {"Location": f"/api/v1/{self.path}/{row_id}", "ETag": etag(row.revision)}
            return Answer(self.view(row), 201, place)

        return await in_one_transaction(call, work)

    async def changed(self, call: Call[Any, Any], change: Callable[[Connection, Row], Awaitable[None]]) -> Row:
        """The row as it is after `change(connection, row)`. Raises ApiProblem `precondition_failed` too."""

        async def work(connection: Connection) -> Row:
            await change(connection, await self._to_change(call, connection))
            return await self.found(call, connection)

        return await call.database(work)

    async def deleted(self, call: Call[Any, None], delete: Callable[[Connection, Row], Awaitable[Any]]) -> Row:
        """The row as it was before `delete(connection, row)`."""

        async def work(connection: Connection) -> Row:
            there = await self._to_change(call, connection)
            await delete(connection, there)
            return there

        return await call.database(work)

    async def _to_change(self, call: Call[Any, Any], connection: Connection) -> Row:
        there = await self.found(call, connection, lock=True)
        check_match(call.if_match, there.revision)
        return there

    async def found(self, call: Call[Any, Any], connection: Connection, *, lock: bool = False) -> Row:
        """The row of the id in the address."""
        missing = ApiProblem(self.unknown, f"no {self.called} has the id {call.path['id'][:64]!r}")
        row = await self.get(connection, call.id_in_path("id", missing), lock=lock)
        if row is None:
            raise missing
        return row

    def shown(self, row: Row) -> Answer:
        """With its ETag."""
        return Answer(self.view(row), headers={"ETag": etag(row.revision)})
