"""The services that answer `actors.ports.Consultation`, by kind: a line for each.

A service has its own deadline, size limits and cache; what goes wrong with it is logged here and answered with None.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

import structlog
import trio

from actors.ports import Consultation
from gateway.tally import Tally
from protocol.redact import redact_text

log = structlog.get_logger("services")
_OVERLOAD_TOLD_EVERY: Final = 60.0

Service = Callable[[UUID, UUID, Any], Awaitable[Any]]
"""(tenant id, station id, what it is about) → the answer, None when there is none."""


class OutsideServices:
    """Implements `actors.ports.Services`."""

    def __init__(self, table: Mapping[str, Service]) -> None:
        self._table = table
        self._overload: Tally[str] = Tally(_OVERLOAD_TOLD_EVERY)
        self.passed: Counter[str] = Counter()  # by kind: messages decided without asking

    def passed_over(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> None:
        """Counted; one log line a minute for each kind, with the station that was the last."""
        self.passed[asked.kind] += 1
        count = self._overload.add(asked.kind, trio.current_time())
        if count:
            log.warning("service_not_asked", service=asked.kind, station_id=str(station_id), count=count,
                        why="the station has too many requests under way")  # fmt: skip

    async def consult(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> Any:
        service = self._table.get(asked.kind)
        if service is None:
            return None
        try:
            return await service(tenant_id, station_id, asked.about)
        except Exception as error:  # noqa: BLE001 - whatever an outside service does, the station gets its answer
            told = redact_text(f"{type(error).__name__}: {error}")[:500]
            log.warning("service_failed", service=asked.kind, station_id=str(station_id), error=told)
            return None
