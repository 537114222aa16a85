"""Who a decision is about."""

from collections.abc import Callable
from uuid import UUID

import attrs

from protocol.ocpp.version import Version

NewId = Callable[[], UUID]


@attrs.frozen
class Station:
    """Who it is: what does not change while it is connected."""

    id: UUID
    tenant_id: UUID
    identity: str
    version: Version
