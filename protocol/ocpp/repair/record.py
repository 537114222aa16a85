"""How a repair is written down: values as JSON text, short, and free of what a database cannot hold."""

import re
from typing import Any, Final

import msgspec

LONGEST: Final = 500
"""Characters of a value in a record; the whole is in the frame log."""

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_HALVES: Final = re.compile("[\ud800-\udfff]")


def excerpt(text: str) -> str:
    """A text cut to length, NUL spelled out, half surrogate pairs replaced."""
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return _HALVES.sub("\ufffd", cut.replace("\x00", "\\u0000").replace("\\u0000", "␀"))


def written(value: Any) -> str:
    """A JSON value as short text."""
    try:
        return excerpt(_ENCODER.encode(value).decode())
    except (TypeError, ValueError, RecursionError):
        return excerpt(repr(value)[:LONGEST])


def plain(value: Any) -> Any:
    """A JSON value without U+0000 in its texts and names (PostgreSQL holds none); the same value when it had none."""
    if isinstance(value, str):
        return value.replace("\x00", "") if "\x00" in value else value
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {plain(key): plain(part) for key, part in value.items()}
    return value
