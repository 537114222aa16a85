"""One value of the wrong JSON type or shape → the type that the field has. Pure; None: it cannot be read so.

Every function gives the new value and the code of the repair.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_TRUE: Final = frozenset(("true", "1", "yes", "on"))
_FALSE: Final = frozenset(("false", "0", "no", "off"))
_LARGEST_EXPONENT: Final = 30  # above, an int would be built digit by digit from a text of a few bytes
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def number(value: Any) -> Decimal | None:
    """A number in a number or a text; blanks, a plus sign, leading zeros and a decimal comma are read."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, str):
        text = value.replace("\x00", "").strip()
        if len(text) > 60 or not _PLAIN_NUMBER.fullmatch(text):
            return None
        value = Decimal(text.replace(",", "."))
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        return None
    return value


def to_int(value: Any) -> tuple[int, str] | None:
    """The whole number meant and the name of the repair; None when it is no number."""
    try:
        read = number(value)
        if read is None:
            return None
        whole = int(read.to_integral_value())
    except InvalidOperation:
        return None
    return whole, "number_from_text" if read == whole and isinstance(value, str) else "number_rounded"


def to_float(value: Any) -> tuple[Decimal, str] | None:
    """The number meant and the name of the repair; None when it is no number."""
    read = number(value)
    return None if read is None else (read, "number_from_text")


def to_bool(value: Any) -> tuple[bool, str] | None:
    """The truth value meant and the name of the repair; None when it is neither."""
    text = str(value).strip().lower() if isinstance(value, str | int | Decimal) else ""
    if text in _TRUE:
        return True, "bool_from_text"
    return (False, "bool_from_text") if text in _FALSE else None


def to_text(value: Any) -> tuple[str, str]:
    """The JSON text of a value that should have been a string, digits as they were sent."""
    return _ENCODER.encode(value).decode(), "text_from_value"


def shortened(text: str, longest: int) -> tuple[str, str]:
    """A text cut to its field's length: blanks first, since many stations pad."""
    bare = text.strip()
    return (bare, "text_trimmed") if len(bare) <= longest else (bare[:longest], "text_cut")
