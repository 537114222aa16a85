"""Mending JSON text that no parser takes, by its tokens: what stands between them is put right, values stay as sent.

One pass, linear in the text. Stray, missing and doubled commas, missing values, bare words, broken escapes, raw control
characters, half surrogate pairs and what follows the end of the frame. A text that simply stops is not completed: what
is missing could be the part that counts.
"""

import re
from typing import Final

from protocol.ocpp.events import Repair
from protocol.ocpp.repair.record import excerpt

LONGEST: Final = 65_536
"""Characters above which a text is not mended: it would hold up every other station for too long."""

_DEEPEST: Final = 100
_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]|[\s\x00\ufeff]+|[^\s\x00\ufeff\[\]{}:,"]+', re.DOTALL)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_IN_STRING: Final = re.compile(
    r"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r'|(?P<good>\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])|(?P<bad>\\)|(?P<control>[\x00-\x1f])'
)
_WORDS: Final = {"true": "true", "false": "false", "null": "null", "nil": "null", "none": "null", "undefined": "null"}
_NO_NUMBERS: Final = {"nan", "-nan", "inf", "-inf", "infinity", "-infinity", "+infinity"}


class _GivenUp(Exception):  # noqa: N818 - named for what happened
    """The text has no reading that is surely the meant one."""


def mend(text: str) -> tuple[str, tuple[Repair, ...]] | None:
    """JSON text that parses, and what was done to it; None when it is not known what was meant."""
    if len(text) > LONGEST:
        return None
    mender = _Mender(text)
    position = 0
    try:
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                return None
            mender.at = position
            mender.take(found[0])
            position = found.end()
    except _GivenUp:
        return None
    if not mender.complete:
        return None
    return "".join(mender.out), tuple(mender.repairs.values())


class _Mender:
    """Where in the JSON we are: a stack of open brackets, and what may come next in the innermost."""

    def __init__(self, text: str) -> None:
        self.at = 0
        self._text = text
        self.out: list[str] = []
        self.repairs: dict[str, Repair] = {}
        self.complete = False
        self._stack: list[str] = []
        self._next = "value"  # value, key, colon, or comma
        self._comma = False  # one was read and is written before the next value, if one comes

    def take(self, token: str) -> None:
        first = token[0]
        if first in " \t\r\n":
            return
        if first.isspace() or first in "\x00\ufeff":
            self._note("text_around", "")
        elif self.complete:
            if first in "[{":
                raise _GivenUp  # a second frame in one text: dropping it would lose a message
            self._note("text_around", "")
        elif first == ",":
            self._take_comma()
        elif first == ":":
            if self._next != "colon":
                raise _GivenUp
            self.out.append(":")
            self._next = "value"
        elif first in "]}":
            self._close(first)
        else:
            self._take_value(token)

    def _take_comma(self) -> None:
        if self._next == "colon":
            raise _GivenUp
        if self._next == "comma":
            self._comma = True
            self._next = "key" if self._stack[-1] == "{" else "value"
        elif self._stack and self._stack[-1] == "{" and self._next == "value":
            self._missing_value()
            self._comma = True
            self._next = "key"
        else:
            self._note("comma_dropped", "")

    def _missing_value(self) -> None:
        self.out.append("null")
        self._next = "comma"
        self._note("value_missing", "null")

    def _close(self, bracket: str) -> None:
        if not self._stack or self._stack[-1] != {"]": "[", "}": "{"}[bracket] or self._next == "colon":
            raise _GivenUp
        if bracket == "}" and self._next == "value":
            self._missing_value()
        if self._comma:
            self._note("comma_dropped", bracket)
        self._comma = False
        self._stack.pop()
        self.out.append(bracket)
        self._next = "comma"
        self.complete = not self._stack

    def _take_value(self, token: str) -> None:
        if self._next == "colon" or (not self._stack and token[0] not in "[{"):
            raise _GivenUp
        inside = self._stack[-1] if self._stack else ""
        if self._next == "comma":
            self._note("comma_missing", ",")
            self._comma = True
            self._next = "key" if inside == "{" else "value"
        if self._comma:
            self.out.append(",")
            self._comma = False
        if token[0] in "[{":
            self._open(token)
        else:
            key = self._next == "key"
            self.out.append(self._string(token) if token[0] == '"' else self._bare(token, key))
            self._next = "colon" if key else "comma"

    def _open(self, bracket: str) -> None:
        if self._next == "key" or len(self._stack) >= _DEEPEST:
            raise _GivenUp
        self._stack.append(bracket)
        self.out.append(bracket)
        self._next = "key" if bracket == "{" else "value"

    def _bare(self, word: str, key: bool) -> str:
        """A word without quotes; numbers that JSON does not know (`007`, `+5`, `.5`) become texts, read further on."""
        if not key and (word in ("true", "false", "null") or _NUMBER.fullmatch(word)):
            return word
        lowered = word.lower()
        if not key and lowered in _NO_NUMBERS:
            mended = "null"
        elif not key and lowered in _WORDS:
            mended = _WORDS[lowered]
        else:
            mended = self._string(f'"{word.strip(chr(39))}"')
        self._note("word_bare", mended)
        return mended

    def _string(self, token: str) -> str:
        if "\\" not in token and token.isprintable():
            return token
        return _IN_STRING.sub(lambda found: self._mend_escape(found), token)

    def _mend_escape(self, found: re.Match[str]) -> str:
        if found["pair"] or found["good"]:
            return found[0]
        if found["half"]:
            self._note("surrogate_replaced", "\\ufffd")
            return "\\ufffd"
        if found["bad"]:
            self._note("escape_mended", "\\\\")
            return "\\\\"
        self._note("control_escaped", f"\\u{ord(found[0]):04x}")
        return f"\\u{ord(found[0]):04x}"

    def _note(self, code: str, after: str) -> None:
        """One record for each kind of repair: a frame can need thousands of the same."""
        if code not in self.repairs:
            self.repairs[code] = Repair(code, "", excerpt(self._text[self.at : self.at + 80]), after)
