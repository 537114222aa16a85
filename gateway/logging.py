"""How this process writes its log: one event a line, for people on a terminal, else as JSON. Secrets never.

Loggers are made with `structlog.get_logger(__name__)`; events are short sentences, the rest are fields.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog

_SECRET_NAMES = re.compile(
    r"(?i)passw|secret|token|authorization|api_?key|auth(orization)?_?key|private_?key|pepper|credential|cookie"
)
#: Names that look secret and are not.
_HARMLESS = {"token_type", "tokens", "token_count", "key"}
_IN_ADDRESSES = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@'\"]+@", re.IGNORECASE)
_IN_HEADERS = re.compile(r"\b(basic|bearer)\s+[A-Za-z0-9+/=._~-]{4,}", re.IGNORECASE)
_HIDDEN = "(secret)"

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(log_format: str, level: str, stream: TextIO | None = None) -> None:
    """Sets logging up for this process. `log_format` is auto, console or json; `stream` is stderr unless given."""
    out = sys.stderr if stream is None else stream
    console = log_format == "console" or (log_format == "auto" and out.isatty())
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer(_json)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,  # before the redactor: a traceback quotes what went wrong
            redact,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    _take_over_standard_logging(_LEVELS[level])


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hides values by their names, and credentials inside texts: in addresses and in Authorization headers."""
    for name, value in event.items():
        event[name] = _cleaned(name, value)
    return event


def _cleaned(name: str, value: Any) -> Any:
    if name not in _HARMLESS and _SECRET_NAMES.search(name) and value is not None:
        return _HIDDEN
    if isinstance(value, str):
        if "://" in value:
            value = _IN_ADDRESSES.sub(rf"\1{_HIDDEN}@", value)
        return _IN_HEADERS.sub(rf"\1 {_HIDDEN}", value)
    if isinstance(value, dict):
        return {key: _cleaned(str(key), item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(name, item) for item in value]
    return value


def _json(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class _Forward(logging.Handler):
    """Lines of libraries that use the standard library's logging, in our form."""

    def emit(self, record: logging.LogRecord) -> None:
        method = logging.getLevelName(record.levelno).lower()
        logger = structlog.get_logger(record.name)
        say = getattr(logger, method if method in _LEVELS else "error")
        say(record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _take_over_standard_logging(level: int) -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Forward)]:
        root.removeHandler(handler)
    root.addHandler(_Forward())
    root.setLevel(max(level, logging.INFO))
