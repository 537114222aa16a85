"""How long to wait, as callers write it: `30`, `2.5`, `30s`, `5m`, `PT30S`."""

import re
from datetime import timedelta

import msgspec

from web.problems import ApiProblem

_SHORT = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|d)?")
_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, None: 1.0}


def timeout_seconds(text: str | None, default: float, longest: float) -> float:
    """Raises ApiProblem `invalid_parameter` for anything but a length of time above 0 up to `longest`."""
    if text is None:
        return default
    seconds = _seconds(text.strip())
    if seconds is None or not 0 < seconds <= longest:
        raise ApiProblem(
            "invalid_parameter", f"`timeout` must be above 0 and at most {longest:g} seconds",
            errors=[("?timeout", "give seconds (`30`, `2.5`), or `30s`, `5m`, `PT30S`")],
        )
    return seconds


def duration_seconds(name: str, text: str, longest: float) -> float:
    """The query parameter `name` as a length of time. Raises ApiProblem `invalid_parameter` as above."""
    seconds = _seconds(text.strip())
    if seconds is None or not 0 < seconds <= longest:
        raise ApiProblem(
            "invalid_parameter", f"`{name}` must be above 0 and at most {timedelta(seconds=longest)}",
            errors=[(f"?{name}", "give a length of time: `PT1H`, `30m`, `90s`")],
        )
    return seconds


def _seconds(text: str) -> float | None:
    short = _SHORT.fullmatch(text)
    if short is not None:
        return float(short[1]) * _UNIT[short[2]]
    try:
        return msgspec.convert(text, timedelta).total_seconds()
    except (msgspec.ValidationError, OverflowError):
        return None
