"""What is wrong with a payload, and where: msgspec's error text → a field's path, a kind and a sentence.

`kind` is what OCPP's error codes tell apart; which code a kind gets in which version is the connection's business.
"""

import re
from typing import Literal

import attrs
import msgspec

Kind = Literal["missing", "unknown", "type", "constraint", "format", "occurrence"]

# A peer chooses the names and values that appear in a message; neither may grow without bound in logs and answers.
_LONGEST_NAME = 100
_LONGEST_MESSAGE = 250

_PLACE = re.compile(r"(?s)(.*) - at `(\$[^`]*)`\Z")
_STEP = re.compile(r"\.([^.\[]+)|\[([0-9]+|\.\.\.)\]")
_MISSING = re.compile(r"(?s)Object missing required field `(.*)`\Z")
_UNKNOWN = re.compile(r"(?s)Object contains unknown field `(.*)`\Z")
_OWN_CHECK = re.compile(r"(?s)Field `(\w+)`: (.*)\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

# First match wins.
_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"Invalid RFC3339|.*timezone component|Expected `str` matching regex"), "format"),
    (re.compile(r"Expected `array` of (at least |at most )?length"), "occurrence"),
    (re.compile(r"Expected `\w+`, got `\w+`\Z"), "type"),
    (re.compile(r"Expected `\w+` |Invalid enum value|.*out of range"), "constraint"),
)


@attrs.frozen
class FieldProblem:
    """One thing wrong in a payload.

    `path` is a JSON pointer into the payload (`/meterValue/0/timestamp`; empty for the payload itself); for a missing
    field it names the field. `kind`:

    - `missing`: a required field is absent
    - `unknown`: a field that the version does not have
    - `type`: another JSON type than wanted, `null` and 1.0 for an integer included
    - `constraint`: too long, out of range, not in the list of values, more than one decimal
    - `format`: a text that is no RFC 3339 time with offset, or no address
    - `occurrence`: too few or too many items in a list
    """

    path: str
    kind: Kind
    message: str


def problem(error: msgspec.ValidationError) -> FieldProblem:
    """What a decoder of this package complained about. msgspec stops at the first problem, so there is one."""
    text, place = str(error), ""
    if found := _PLACE.match(text):
        text, place = found[1], pointer(found[2])
    return _named(text, place)


def pointer(place: str) -> str:
    """msgspec's `$.meterValue[0].timestamp` → JSON pointer. `[...]`, an unnamed key, becomes `*`."""
    return "".join(f"/{name or index.replace('...', '*')}" for name, index in _STEP.findall(place))


def below(place: str, name: str) -> str:
    """A field's pointer under its object's (RFC 6901 escapes; over-long names are cut)."""
    return f"{place}/{printable(name, _LONGEST_NAME).replace('~', '~0').replace('/', '~1')}"


def printable(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """Cut to length, control characters and lone surrogates spelled out: safe for databases, logs and terminals."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", cut)


def _named(text: str, place: str) -> FieldProblem:
    if found := _MISSING.match(text):
        return FieldProblem(below(place, found[1]), "missing", f"`{found[1]}` is required")
    if found := _UNKNOWN.match(text):
        return FieldProblem(
            below(place, found[1]), "unknown", f"`{printable(found[1], _LONGEST_NAME)}` is not known here"
        )
    if found := _OWN_CHECK.match(text):
        return _named(found[2], below(place, found[1]))
    kind: Kind = next((kind for pattern, kind in _KINDS if pattern.match(text)), "type")
    return FieldProblem(place, kind, printable(text))
