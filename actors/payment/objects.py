"""Payments at a station, as `station_objects` of kind `settlement` (OCPP 2.1 Part 2, C19 to C23). Pure.

The key is the payment provider's reference; `data` is `Settlement` as plain JSON, the status Settled, Canceled,
Rejected or Failed.
"""

from typing import Any, Final

import msgspec

KIND: Final = "settlement"


class Settlement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a payment terminal settled. The currency is the station's own and is not told."""

    psp_ref: str
    status: str
    amount: str
    at: str
    transaction_id: str | None = None
    session: str | None = None
    info: str | None = None
    receipt_id: str | None = None
    receipt_url: str | None = None
    vat_number: str | None = None
    vat_company: dict[str, Any] | None = None
