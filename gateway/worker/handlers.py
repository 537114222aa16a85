"""All kinds of jobs and who runs them: a line for each capability."""

from typing import Final

from gateway.worker import queued
from gateway.worker.outcome import Handler, Handlers

_TABLES: Final[tuple[Handlers, ...]] = (
    queued.HANDLERS,
)

HANDLERS: Final[dict[str, Handler]] = {kind: handler for table in _TABLES for kind, handler in table.items()}
