"""Models whose quirks are known from public reports: data, from the general to the particular.

An operator lays profiles of their own over these (`/model-profiles`), a station its settings over both. What the
fields mean stands in docs/guides/device-model.md.
"""

from typing import Any, Final

import msgspec


class Shipped(msgspec.Struct, frozen=True):
    """Patterns as in `models.matches`, what counts, and where it was reported (owner/repository#number)."""

    vendor: str | None
    model: str | None
    firmware: str | None
    data: dict[str, Any]
    source: str


SHIPPED: Final = (
    # Takes a charging profile at stack level 0 only.
    Shipped("ABB", "TAC*", None, {"stack_level_zero_only": True}, "lbbrhzn/ocpp#1737, evcc-io/evcc#15493"),
    Shipped("ABB", "*Terra*AC*", None, {"stack_level_zero_only": True}, "lbbrhzn/ocpp#1737, evcc-io/evcc#15493"),
    # Answers the clearing of a profile at stack level 0 with Unknown, though it was there.
    Shipped("go-e*", None, None, {"verify_clear": True}, "goecharger/go-eCharger-API-v2#187"),
)
