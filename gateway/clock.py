"""The node's clock: UTC from the system, and trio's own time for every deadline."""

from datetime import UTC, datetime

import trio


class SystemClock:
    """Implements actors.ports.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return trio.current_time()
