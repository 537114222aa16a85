"""Vendors' messages that the code itself understands: vendor, message id, handler. Pure.

All others are a matter of the tenant's rules (gateway/services/datatransfer.py).
"""

from collections.abc import Mapping
from typing import Final

from actors.contract.pnc16 import MESSAGES as PNC
from actors.contract.pnc16_requests import VENDOR as PNC_VENDOR
from actors.datatransfer.handlers import Handler
from protocol.ocpp.neutral import DataTransferred
from protocol.ocpp.version import Version

_REGISTRY: Final[Mapping[tuple[Version, str], Mapping[str, Handler]]] = {
    (Version.V16, PNC_VENDOR): PNC,
}


def known_vendor(version: Version, message: DataTransferred) -> Mapping[str, Handler] | None:
    """The messages of that vendor by id; None when the code knows nothing of it."""
    return _REGISTRY.get((version, message.vendor))
