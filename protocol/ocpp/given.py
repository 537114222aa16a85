"""Optional fields of typed messages hold `UNSET` when absent; most code would rather see None."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def given(value: T | msgspec.UnsetType) -> T | None:
    """The value, or None when the message left it out."""
    return None if value is msgspec.UNSET else value
