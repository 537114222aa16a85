"""What is asked and kept of vendors' own messages.

A line of station_reports with action DataTransfer holds {"direction": "in" or "out", "vendorId", "messageId", "data",
"status", "answer"}: `data` as sent, `status` and `answer` as answered, whoever was who.
"""

from typing import Any, Literal

import attrs

Status = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]


@attrs.frozen
class TransferAsked:
    """A vendor's message whose rule is looked for. `station`: its identity."""

    station: str
    version: str
    vendor: str
    message: str | None
    data: Any


@attrs.frozen
class Ruled:
    """What its rule says. `data`: any JSON. `reason` and `text`: why a webhook gave nothing."""

    status: Status
    data: Any = None
    reason: str | None = None
    text: str = ""
