"""Which way a 2.x station takes to its platform, and that it never goes back to a less secure one (A05, B10).

The slots of NetworkConfigurationPriority in order, those that were set; without any the address it was started with.
After some attempts in vain it tries the next one. What worked is its security profile from then on.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from protocol.ocpp.version import Version
from simulators.station import settings
from simulators.station.acting import Acts
from simulators.station.charging import NotPossible
from simulators.station.outbox import JsonObject, Outgoing
from simulators.station.settings import Change

if TYPE_CHECKING:
    from simulators.station.station import Station

ATTEMPTS: Final = 3  # NetworkProfileConnectionAttempts
_STAMP: Final = "%Y-%m-%dT%H:%M:%S.000Z"


def way(station: "Station", usual: str, failures: int) -> tuple[str, int]:
    """(address without identity, security profile) to try after so many failures in a row."""
    usual_way = usual, station.settings.number(settings.SECURITY_PROFILE)
    if station.config.version is Version.V16:
        return station.config.profile_urls.get(usual_way[1], usual), usual_way[1]
    ways = [(str(data["ocppCsmsUrl"]), int(data["securityProfile"])) for data in _slots(station)] or [usual_way]
    lower = usual_way[1] >= 2 and usual.startswith("ws://")
    if usual not in [url for url, _ in ways] and not (lower and _slots(station)):
        ways.append(usual_way)
    return ways[failures // ATTEMPTS % len(ways)]


def raise_profile(station: "Station", value: str) -> Change:
    """1.6, security extension: the key SecurityProfile. Upwards alone, where it knows a way; then it reconnects."""
    wanted = int(value) if value.strip().isdecimal() else -1
    if wanted not in station.config.profile_urls or wanted <= station.settings.number(settings.SECURITY_PROFILE):
        return Change.REJECTED
    station.settings.put(settings.SECURITY_PROFILE, str(wanted))
    station.note(f"security profile {wanted}")
    station.wants_relink = True
    return Change.ACCEPTED


def _slots(station: "Station") -> list[JsonObject]:
    wanted = [part.strip() for part in station.settings.text(settings.PRIORITY).split(",")]
    found = [station.network_profiles.get(int(part)) for part in wanted if part.isdecimal()]
    return [data for data in found if data is not None]


def worked(station: "Station", profile: int) -> None:
    """A05.FR.06: it has connected on that profile; slots with a lower one are forgotten."""
    if profile <= station.settings.number(settings.SECURITY_PROFILE):
        return
    station.settings.put(settings.SECURITY_PROFILE, str(profile))
    lower = [slot for slot, data in station.network_profiles.items() if data["securityProfile"] < profile]
    for slot in lower:
        del station.network_profiles[slot]
    kept = [part for part in station.settings.text(settings.PRIORITY).split(",") if part.strip().isdecimal()]
    kept = [part for part in kept if int(part) in station.network_profiles]
    if kept:
        station.settings.put(settings.PRIORITY, ",".join(kept))
    station.note(f"security profile {profile}")


def happened(station: "Station", event: str, now: datetime, info: str | None = None) -> None:
    """SecurityEventNotification (A04): queued while it is offline, so that none is lost (A04.FR.02)."""
    payload: JsonObject = {"type": event, "timestamp": now.strftime(_STAMP)}
    if info:
        payload["techInfo"] = info[:255]
    station.outbox.put(Outgoing("SecurityEventNotification", lambda: payload))


def _act(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act security-event EVENT [INFO]`: SecurityEventNotification."""
    if not words or len(words[0]) > 50:
        raise NotPossible("security-event EVENT [what it is about]: the event has at most 50 characters")
    happened(station, words[0], now, " ".join(words[1:]) or None)


ACTS: Final[Acts] = {"security-event": _act}
