"""Who a decision is about."""

from collections.abc import Callable
from uuid import UUID

import attrs

from protocol.ocpp.version import Version

NewId = Callable[[], UUID]


@attrs.frozen
class Station:
    """Who it is: what does not change while it is connected. `restricted`: why it may be Pending only, if it may."""

    id: UUID
    tenant_id: UUID
    identity: str
    version: Version
    restricted: str | None = None
