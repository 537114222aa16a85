"""The `limit` command's charging profile under neutral names, so that it is looked at like any other. Pure.

It has one place: of an EVSE a TxDefaultProfile, of the station a ChargingStationMaxProfile; level 0 and an id of ours.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import UNSET

from actors.charging.profile import Period, Profile, Schedule
from actors.station.phrases import PROFILE_ID


def limit_profile(arguments: Mapping[str, Any], now: datetime) -> Profile | None:
    """None for a limit that is lifted."""
    evse = arguments.get("evse") or 0
    watts, amperes = arguments.get("power_w"), arguments.get("current_a")
    if watts is None and amperes is None:
        return None
    period = Period(start_s=0, limit=float(watts if watts is not None else amperes or 0))
    until = arguments.get("until")
    return Profile(
        purpose="TxDefaultProfile" if evse else "ChargingStationMaxProfile",
        kind="Absolute",
        schedules=[Schedule(unit="W" if watts is not None else "A", periods=[period], start=now)],
        id=PROFILE_ID + evse,
        valid_to=UNSET if until is None else until,
    )
