"""Which question kills a station (quirk 12): one after which it went away twice is asked by operators alone. Pure."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from actors.records import Record, StationObjectRecord
from actors.verify.known import QUESTION, Asked, Known

AFTER: Final = timedelta(seconds=10)
"""A connection that ends so soon after a question may have ended because of it."""
TWICE: Final = 2
# After these a station goes away because it was told to.
_LEADS_AWAY: Final = frozenset((
    "Reset", "UpdateFirmware", "SignedUpdateFirmware", "CertificateSigned", "SetNetworkProfile", "ChangeConfiguration",
    "SetVariables", "InstallCertificate", "DeleteCertificate",
))  # fmt: skip


def asked(known: Known, action: str, now: datetime) -> tuple[Known, list[Record]]:
    """A question goes out. The one before it was survived when it lies long enough back."""
    known, records = survived(known, now)
    return replace(known, asked=None if action in _LEADS_AWAY else Asked(action, now)), records


def survived(known: Known, now: datetime) -> tuple[Known, list[Record]]:
    """What it counts for that the station is still there."""
    before = known.asked
    if before is None or now - before.at <= AFTER or before.action not in known.fatal:
        return known, []
    fatal = {action: times for action, times in known.fatal.items() if action != before.action}
    held = known.fatal[before.action] >= TWICE
    gone = StationObjectRecord(QUESTION, before.action, "survived", {}, now, removed=True)
    return replace(known, fatal=fatal), [gone] if held else []


def ended(known: Known, now: datetime) -> tuple[Known, list[Record]]:
    """The connection ended, and not by us. Records tell when a question is held back from now on."""
    before = known.asked
    if before is None:
        return known, []
    if now - before.at > AFTER:
        known, records = survived(known, now)
        return replace(known, asked=None), records
    times = known.fatal.get(before.action, 0) + 1
    known = replace(known, asked=None, fatal={**known.fatal, before.action: times})
    if times < TWICE:
        return known, []
    return known, [StationObjectRecord(QUESTION, before.action, "held_back", {"times": times}, now)]


def left_alone(connected_at: datetime | None, habits: Mapping[str, Any], now: datetime) -> int:
    """For how many seconds yet jobs ask nothing of a station whose model needs that (`calm_seconds`)."""
    calm = habits.get("calm_seconds")
    if connected_at is None or not isinstance(calm, int):
        return 0
    return max(0, math.ceil(calm - (now - connected_at).total_seconds()))


def held_back(known: Known, action: str) -> bool:
    """True for what killed the station twice and was not survived since."""
    return known.fatal.get(action, 0) >= TWICE
