"""The shape of every list."""

from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class ListOf(Struct, Generic[T], frozen=True):
    """One page; `next` is the cursor of the following one, null on the last."""

    items: list[T]
    next: str | None
