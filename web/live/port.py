"""What the live feed's WebSocket needs of the hub behind it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID


class LiveReader(Protocol):
    """One listener. Newest value per key wins when it reads slowly."""

    def subscribe(self, topics: Sequence[str]) -> None:
        """Replaces what it listens to."""

    async def receive(self) -> tuple[str, Any]:
        """The next (topic, CloudEvent); waits."""


class LiveHub(Protocol):
    """Hands events to listeners of their tenant."""

    def open(self, tenant_id: UUID) -> AbstractContextManager[LiveReader]: ...
