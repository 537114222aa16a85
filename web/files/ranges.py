"""Which part of a file is asked for, or brought. Pure. RFC 9110, 14."""

import re
from typing import Final

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)
_CONTENT: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.IGNORECASE)


class NotSatisfiable(Exception):  # noqa: N818 - an answer
    """No byte of the file is in that range."""


class WrongRange(Exception):  # noqa: N818 - an answer
    """The header cannot be read."""


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, end) of a Range, end excluded; None for the whole: without a header, or one with several parts.

    Raises NotSatisfiable.
    """
    found = _RANGE.fullmatch(header.replace(" ", "")) if header else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        count = min(int(last), size)
        if count == 0:
            raise NotSatisfiable
        return size - count, size
    begin = int(first)
    end = size if not last else min(int(last) + 1, size)
    if last and int(last) < begin:
        return None  # not valid: ignored, as the standard says
    if begin >= size:
        raise NotSatisfiable
    return begin, end


def brought(content_range: str | None, offset: str | None) -> tuple[int, int | None]:
    """(where the body begins, how long the whole is, if told) of Content-Range, or else of Upload-Offset.

    Raises WrongRange.
    """
    if content_range is not None:
        found = _CONTENT.fullmatch(content_range.strip())
        if found is None:
            raise WrongRange(f"cannot read Content-Range {content_range[:80]!r}; write `bytes FIRST-LAST/TOTAL`")
        first, last, total = found.groups()
        if int(last) < int(first) or (total != "*" and int(last) >= int(total)):
            raise WrongRange(f"Content-Range {content_range[:80]!r} contradicts itself")
        return int(first), None if total == "*" else int(total)
    if offset is not None:
        if not (offset.isascii() and offset.isdigit() and len(offset) < 19):
            raise WrongRange(f"Upload-Offset {offset[:40]!r} is no number")
        return int(offset), None
    return 0, None
