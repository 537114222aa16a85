"""Messages → JSON as stations expect it: UTC times with `Z` and exactly three decimals, numbers never as text."""

import functools
import typing
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from protocol.ocpp.messages.base import Message

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(message: msgspec.Struct) -> bytes:
    """The JSON text of a message. Times are cut, not rounded, to milliseconds: `2013-02-01T20:53:32.486Z`.

    Values are not checked against their limits. Raises ValueError for a time without a zone and
    `UnicodeEncodeError` for a text with a lone surrogate, which no JSON in UTF-8 can hold.
    """
    if not _may_hold_time(type(message)):
        return _ENCODER.encode(message)
    # msgspec writes times itself, with six decimals or none, and offers no other way: so they are replaced before.
    parts: dict[str, Any] = msgspec.to_builtins(message, builtin_types=(datetime, Decimal))
    return _ENCODER.encode(_with_times_written(parts))


def encode_value(value: object) -> bytes:
    """The JSON text of plain values, such as a payload that came as JSON."""
    return _ENCODER.encode(value)


def write_time(value: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as in `2013-02-01T20:53:32.486Z`. Raises ValueError without a zone."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; OCPP times must be aware")
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        # The first and the last hours that a datetime can hold have no UTC form in Python.
        return value.isoformat(timespec="milliseconds")
    return f"{utc.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _with_times_written(value: Any) -> Any:
    if isinstance(value, datetime):
        return write_time(value)
    if isinstance(value, dict):
        return {key: _with_times_written(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_with_times_written(part) for part in value]
    return value


@functools.cache
def _may_hold_time(kind: type) -> bool:
    """Whether a time can stand anywhere in a struct; free-form parts (DataTransfer's `data`) may hold one."""
    return any(_any_part(field.type, _is_timely) for field in msgspec.structs.fields(kind))


def _is_timely(kind: object) -> bool:
    # Custom data are left out: they come from JSON and hold no datetime unless somebody puts one there.
    if isinstance(kind, type) and issubclass(kind, Message):
        return _may_hold_time(kind)
    return kind is datetime or kind is Any


def _any_part(kind: object, wanted: Callable[[object], bool]) -> bool:
    return wanted(kind) or any(_any_part(part, wanted) for part in typing.get_args(kind))
