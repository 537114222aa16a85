"""All kinds of jobs and who runs them: a line for each capability."""

from typing import Final

from gateway.worker import certificates, charging, queued, sessions
from gateway.worker.outcome import Handler, Handlers

_TABLES: Final[tuple[Handlers, ...]] = (
    queued.HANDLERS,
    certificates.HANDLERS,
    sessions.HANDLERS,
    charging.HANDLERS,
)

HANDLERS: Final[dict[str, Handler]] = {kind: handler for table in _TABLES for kind, handler in table.items()}
