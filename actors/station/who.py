"""Who a decision is about."""

from collections.abc import Callable
from uuid import UUID

import attrs

from protocol.ocpp.version import Version

NewId = Callable[[], UUID]


@attrs.frozen
class Station:
    """Who it is: what does not change while it is connected. `restricted`: why it may be Pending only, if it may.

    `certified`: the common name of the certificate it came with, where its serial number has to be that (B01.FR.11).
    """

    id: UUID
    tenant_id: UUID
    identity: str
    version: Version
    restricted: str | None = None
    certified: str | None = None
