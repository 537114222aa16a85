"""How the statements of this package are found, and how their rows become values."""

import functools
from collections.abc import Iterable
from typing import Any, TypeVar

import asyncpg
import attrs

from storage.sql import sql

T = TypeVar("T")


@functools.cache
def statement(name: str, *, oldest: bool = False) -> str:
    """web_NAME.sql. `:before` and `:direction` stand for the order of a list: newest first unless `oldest`."""
    text = sql(f"web_{name}")
    return text.replace(":before", ">" if oldest else "<").replace(":direction", "asc" if oldest else "desc")


def made(kind: type[T], row: asyncpg.Record) -> T:
    """The row as a frozen value whose attributes are the columns."""
    return kind(**dict(row.items()))


def all_made(kind: type[T], rows: Iterable[asyncpg.Record]) -> list[T]:
    """`made` for each row, in order."""
    return [made(kind, row) for row in rows]


def values(row: Any) -> tuple[Any, ...]:
    """The attributes of an attrs value in their order: the arguments of an insert."""
    return tuple(attrs.asdict(row, recurse=False).values())
