"""A connection that holds a station: its link, its protocol state, and the claim that says whether it still counts."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from actors.kernel.registry import Claim
from actors.station.face import Ending, Link
from protocol.ocpp.connection import Connection
from protocol.ocpp.translate import Translator


class Owner(Protocol):
    """Who handles what an attachment brings (service.py)."""

    async def received(self, attached: "Attached", text: str | bytes) -> None: ...

    async def violated(self, attached: "Attached", code: int, reason: str, raw: bytes) -> None: ...

    async def detached(self, attached: "Attached", ending: Ending) -> None: ...


class Attached:
    """Implements `face.Attachment` for the gateway; the actor knows its current one."""

    __slots__ = (
        "_owner",
        "claim",
        "connection",
        "ending",
        "idle_window",
        "last_seen_at",
        "link",
        "profile",
        "recalls",
        "translator",
    )

    claim: Claim[UUID, "Attached"]

    def __init__(
        self,
        owner: Owner,
        link: Link,
        connection: Connection,
        translator: Translator,
        *,
        profile: int,
        idle_window: float,
    ) -> None:
        self._owner = owner
        self.link = link
        self.connection = connection
        self.translator = translator
        self.profile = profile
        self.idle_window = idle_window
        self.recalls = 0  # how often the store was asked which command an answer is for
        self.last_seen_at: datetime | None = None
        self.ending: Ending | None = None  # why we close it, from then on until it is gone

    def close(self, code: int, reason: str, ending: Ending) -> None:
        """Starts closing its link; the first ending wins, also over a newer connection that comes meanwhile."""
        self.ending = self.ending or ending
        self.link.close(code, reason, ending)

    async def receive(self, text: str | bytes) -> None:
        """See `face.Attachment.receive`."""
        await self._owner.received(self, text)

    async def violated(self, code: int, reason: str, raw: bytes) -> None:
        """See `face.Attachment.violated`."""
        await self._owner.violated(self, code, reason, raw)

    async def detach(self, ending: Ending) -> None:
        """See `face.Attachment.detach`."""
        await self._owner.detached(self, ending)
