"""All kinds of jobs and who runs them: a line for each capability."""

from typing import Final

from gateway.worker import (
    availability,
    campaigns,
    certificates,
    charging,
    local_lists,
    logs,
    monitoring,
    queued,
    reports,
    reservations,
    security,
    sessions,
    streams,
    taking_up,
    templates,
    verify,
)
from gateway.worker.outcome import Handler, Handlers

_TABLES: Final[tuple[Handlers, ...]] = (
    queued.HANDLERS,
    campaigns.HANDLERS,
    logs.HANDLERS,
    monitoring.HANDLERS,
    streams.HANDLERS,
    reservations.HANDLERS,
    availability.HANDLERS,
    local_lists.HANDLERS,
    certificates.HANDLERS,
    security.HANDLERS,
    sessions.HANDLERS,
    charging.HANDLERS,
    reports.HANDLERS,
    templates.HANDLERS,
    taking_up.HANDLERS,
    verify.HANDLERS,
)

HANDLERS: Final[dict[str, Handler]] = {kind: handler for table in _TABLES for kind, handler in table.items()}
