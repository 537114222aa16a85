"""What the live feed's WebSocket needs of the hub behind it (web/live/hub.py)."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID


class LiveReader(Protocol):
    """One listener. Newest value per key wins when it reads slowly."""

    @property
    def refused(self) -> Mapping[str, str]:
        """What the last `set` did not take: topic to reason."""

    def set(self, topics: Sequence[object]) -> list[str]:
        """Listens to these from now on and to no others; returns those it took."""

    def subscribe(self, topics: Sequence[object]) -> None:
        """The same, for who needs no answer."""

    async def receive(self) -> tuple[str, Any]:
        """The next (topic, CloudEvent as JSON values or text). Raises trio.EndOfChannel when the hub has closed."""


class LiveHub(Protocol):
    """Hands events to listeners of their tenant."""

    def open(self, tenant_id: UUID) -> AbstractContextManager[LiveReader]:
        """A listener while the block runs."""
