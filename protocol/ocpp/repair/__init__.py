"""The slow path for frames that are not as specified: understand what was meant, and write down what was put right.

Never runs in strict mode. `text` mends JSON that does not parse, `payload` a message that does not fit its type;
`action_name` finds an action under another spelling. What stations get wrong is in tables (`tables.py`), how a value of
another shape is read in `scalars.py` and `times.py`, and `walk.py` goes through a payload along its type.
"""

from protocol.ocpp import catalogue
from protocol.ocpp.events import Repair
from protocol.ocpp.repair.payloads import mend as payload
from protocol.ocpp.repair.record import plain
from protocol.ocpp.repair.text import mend as text
from protocol.ocpp.version import Version

__all__ = ["action_name", "invalid_utf8", "payload", "plain", "surrogates", "text"]

_SUFFIXES = ("", "request", "req", ".req", "_req")


def action_name(version: Version, name: str) -> str | None:
    """The action that `name` is but for letter case, blanks or a `Request` or `.req` behind it."""
    if len(name) > 100:
        return None
    wanted = name.strip().lower()
    return next(
        (known for known in catalogue.actions(version) if any(wanted == known.lower() + end for end in _SUFFIXES)), None
    )


def invalid_utf8(data: bytes, error: UnicodeDecodeError) -> Repair:
    """The record of bytes that became U+FFFD."""
    found = data[error.start : error.start + 16]
    return Repair("utf8_replaced", "", before=found.hex(" "), after="\ufffd")


def surrogates(text: str) -> tuple[str, tuple[Repair, ...]]:
    """A text whose halves of surrogate pairs are joined, or U+FFFD when alone: neither can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        before = "".join(f"\\u{ord(each):04x}" for each in text[error.start : error.start + 2])
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return joined, (Repair("surrogate_replaced", "", before, "\ufffd"),)
    return text, ()
