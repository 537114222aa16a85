"""What we have asked stations to say: so that a message is known as the answer to it. Pure.

A trigger names the message that shall come; a report names its request id. Kept from the moment the request goes out,
since the message may come before the answer to the request is stored.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

MOST: Final = 64
LASTS: Final = timedelta(minutes=15)
REST: Final = "report-rest"
"""The job that asks for what did not fit into the first message of a `report`."""
# OCPP 2.0.1 Part 2, 3.68 MessageTriggerEnumType: a trigger's name where it is not the message's own.
_TRIGGERED: Final = {
    "SignChargingStationCertificate": "SignCertificate",
    "SignV2GCertificate": "SignCertificate",
    "SignV2G20Certificate": "SignCertificate",
    "SignCombinedCertificate": "SignCertificate",
    "SignChargePointCertificate": "SignCertificate",
}
_REPORTS: Final = {
    "GetBaseReport": "NotifyReport", "GetReport": "NotifyReport", "GetMonitoringReport": "NotifyMonitoringReport",
}  # fmt: skip


class Prompt(msgspec.Struct, frozen=True):
    """A request of ours and when it was sent. `about` is what a report was asked for, in neutral words."""

    action: str
    at: datetime
    about: dict[str, Any]


class Prompts:
    """The newest ones of a station, by message and request id."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int | None], Prompt] = {}

    def __bool__(self) -> bool:
        return bool(self._kept)

    def note(self, action: str, payload: Any, now: datetime) -> None:
        """A request goes out; anything but a trigger or a report is nothing to remember."""
        if not isinstance(payload, Mapping):
            return
        if action in ("TriggerMessage", "ExtendedTriggerMessage"):
            wanted = str(payload.get("requestedMessage"))
            key: tuple[str, int | None] = (_TRIGGERED.get(wanted, wanted), None)
        elif action in _REPORTS:
            number = payload.get("requestId")
            key = (_REPORTS[action], number if isinstance(number, int) else None)
        else:
            return
        self._kept.pop(key, None)
        self._kept[key] = Prompt(action, now, about(action, payload))
        while len(self._kept) > MOST:
            self._kept.pop(next(iter(self._kept)))

    def find(self, action: str, request_id: int | None, now: datetime) -> Prompt | None:
        """What made a station say this; None when nothing of ours did, as far as is known."""
        found = self._kept.get((action, request_id)) or self._kept.get((action, None))
        return found if found is not None and now - found.at <= LASTS else None


_KINDS: Final = {
    "FullInventory": "full", "ConfigurationInventory": "configuration", "SummaryInventory": "summary",
}  # fmt: skip


def about(action: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a report is of: its `kind` (full, configuration, summary, custom) and what a custom one names."""
    if action == "GetBaseReport":
        return {"kind": _KINDS.get(str(payload.get("reportBase")), "custom")}
    if action == "GetReport":
        named = {"components": payload.get("componentVariable"), "criteria": payload.get("componentCriteria")}
        return {"kind": "custom"} | {name: value for name, value in named.items() if value}
    if action == "GetMonitoringReport":  # without a filter it tells all monitors (N02.FR.01)
        return {"kind": "custom" if payload.get("monitoringCriteria") or payload.get("componentVariable") else "full"}
    return {}
