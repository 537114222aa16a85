"""How a 2.x station is set up and started anew: network slots and resets (OCPP 2.0.1 Part 2, B09 to B12; 2.1, B13)."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from simulators.station import charging, settings
from simulators.station.dialect import Handler, Reason
from simulators.station.outbox import JsonObject

if TYPE_CHECKING:
    from simulators.station.station import Station

ACCEPTED: Final[JsonObject] = {"status": "Accepted"}
REJECTED: Final[JsonObject] = {"status": "Rejected"}
SLOTS: Final = (0, 1, 2, 3)


def set_network_profile(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """SetNetworkProfile: a slot that is there, an address it could use, no lower security than it has."""
    slot, data = payload["configurationSlot"], payload["connectionData"]
    profile = station.settings.number(settings.SECURITY_PROFILE)
    if slot not in SLOTS or not str(data["ocppCsmsUrl"]).startswith(("ws://", "wss://")):
        return REJECTED | {"statusInfo": {"reasonCode": "InvalidNetworkConf"}}
    if data["securityProfile"] < profile:
        return REJECTED | {"statusInfo": {"reasonCode": "NoSecurityDowngrade"}}
    station.network_profiles[slot] = data
    station.note(f"network slot {slot}: {data['ocppCsmsUrl']}")
    return ACCEPTED


def reset(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """Reset of the station or one EVSE, at once, when idle, or with its transactions going on (2.1)."""
    kind, number = payload["type"], payload.get("evseId")
    if number is not None:
        return _reset_evse(station, kind, number, now)
    busy = any(outlet.transaction for outlet in station.outlets.values())
    if kind == "OnIdle":
        station.reset("idle", Reason.SOFT_RESET, "ScheduledReset", now)
        return {"status": "Scheduled"} if busy else ACCEPTED
    if kind == "ImmediateAndResume":
        if station.settings.number(settings.RESUMPTION) == 0:
            return REJECTED
        station.reset("resume" if busy else "soft", Reason.SOFT_RESET, "RemoteReset", now)
        return ACCEPTED
    station.reset("soft", Reason.SOFT_RESET, "RemoteReset", now)
    return ACCEPTED


def _reset_evse(station: "Station", kind: str, number: int, now: datetime) -> JsonObject:
    outlet = station.outlets.get(number)
    if outlet is None or kind == "ImmediateAndResume":
        return REJECTED
    if kind == "OnIdle" and outlet.transaction is not None:
        def when_idle(at: datetime) -> None:
            if outlet.transaction is not None:
                station.after(5.0, when_idle)
            else:
                station.note(f"EVSE {number} restarted")
                station.report(outlet, at)

        station.after(5.0, when_idle)
        return {"status": "Scheduled"}
    charging.stop(station, outlet, Reason.SOFT_RESET, now)
    station.note(f"EVSE {number} restarted")
    station.report(outlet, now)
    return ACCEPTED


HANDLERS: Final[dict[str, Handler]] = {"SetNetworkProfile": set_network_profile, "Reset": reset}
