"""Keyset pagination: the opaque cursor, and the query parameters every list shares."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from web.problems import ApiProblem

Row = TypeVar("Row")
K = TypeVar("K")

Limit = Annotated[int, Meta(ge=1, le=500, description="How many at most")]
Cursor = Annotated[str, Meta(max_length=512, description="`next` of the answer before")]
Moment = Annotated[datetime, Meta(tz=True)]


class Window(Protocol):
    """What a cursor needs of a query."""

    @property
    def limit(self) -> int: ...

    @property
    def cursor(self) -> str | None: ...


class Page(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What every list takes."""

    limit: Limit = 50
    cursor: Cursor | None = None
    order: Literal["newest", "oldest", "desc", "asc"] = "newest"

    def __post_init__(self) -> None:
        """`desc` and `asc` are what other APIs call them."""
        plain = {"desc": "newest", "asc": "oldest"}.get(self.order)
        if plain is not None:
            msgspec.structs.force_setattr(self, "order", plain)


class Between(Page, kw_only=True, frozen=True):
    """A list that can be cut by time: `from` is included, `to` is not."""

    since: Moment | None = msgspec.field(default=None, name="from")
    until: Moment | None = msgspec.field(default=None, name="to")


MomentKey = tuple[datetime, UUID]  # where a list ordered by time and id goes on
# Where a list goes on whose rows have no id: the time of the last row, and how many of that time were shown.
SkipKey = tuple[datetime, int]


class _Moment(Struct, array_like=True):
    at: datetime
    id: UUID


class _Skip(Struct, array_like=True):
    at: datetime
    skip: Annotated[int, Meta(ge=0, le=1_000_000)]


def encode_cursor(listing: str, query: Window, key: Any) -> str:
    """A cursor holds its list, its order and the last row's key."""
    text = msgspec.json.encode([listing, _order(query), key])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def decode_cursor(listing: str, query: Window, kind: type[K]) -> K | None:
    """The key to go on from; None on the first page. Raises ApiProblem `invalid_cursor`."""
    if query.cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(query.cursor + "=" * (-len(query.cursor) % 4))
        name, order, key = msgspec.json.decode(text, type=tuple[str, str, Any])
        if (name, order) == (listing, _order(query)):
            return msgspec.convert(key, kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        pass  # whatever is wrong with it, the answer is the same
    raise ApiProblem(
        "invalid_cursor", "this cursor is not from this list in this order; start again without one",
        errors=[("?cursor", "pass `next` of the answer before, unchanged")],
    )


def decode_moment(listing: str, query: Window) -> MomentKey | None:
    """As `decode_cursor`."""
    key = decode_cursor(listing, query, _Moment)
    return None if key is None else (key.at, key.id)


def decode_skip(listing: str, query: Window) -> SkipKey | None:
    """As `decode_cursor`."""
    key = decode_cursor(listing, query, _Skip)
    return None if key is None else (key.at, key.skip)


def _order(query: Window) -> str:
    return getattr(query, "order", "")


def cut(
    listing: str, query: Window, rows: Sequence[Row], key: Callable[[Row], Any]
) -> tuple[Sequence[Row], str | None]:
    """The rows to show and `next`; `rows` holds one more than the limit when there is more."""
    shown = rows[: query.limit]
    more = encode_cursor(listing, query, key(shown[-1])) if len(rows) > query.limit else None
    return shown, more


def check_between(query: Between) -> None:
    """Raises ApiProblem when `from` is not before `to`, or one of them is no time in UTC."""
    for name, moment in (("?from", query.since), ("?to", query.until)):
        if moment is not None:
            try:
                moment.astimezone(UTC)
            except OverflowError:
                raise _wrong_time(name, "is outside the calendar in UTC") from None
    if query.since is not None and query.until is not None and query.since >= query.until:
        raise _wrong_time("?from", "must be before `to`")


def _wrong_time(name: str, message: str) -> ApiProblem:
    return ApiProblem("invalid_parameter", f"`{name[1:]}` {message}", errors=[(name, message)])
