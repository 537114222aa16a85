"""Smart charging as neutral commands. OCPP 1.6, 5.5, 5.7, 5.16; OCPP 2.0.1 and 2.1 Part 2, K."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import UNSET

from actors.charging import profile as profiles
from actors.charging import rules
from actors.charging.objects import SOURCES
from actors.station.phrasing import Facts, NotFit, Payload, Phrase, Phrases, Unsupported, only_by
from protocol.ocpp.version import Version

_V21_ONLY: Final = only_by(Version.V21)


def _set(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """A limit schedule (K01.FR.02). Raises NotFit for what must never be sent (K01.FR.22 and the others of rules.py).

    It holds while the station is offline too (K06, K07), and local controllers and energy managers may ask for less
    (K03, K23 to K26).
    """
    profile = profiles.read(arguments["profile"])
    evse = arguments.get("evse") or 0
    wrong = rules.wrong(facts.version, evse, profile, facts.transaction_id)
    if wrong:
        raise NotFit(wrong)
    number = facts.number if profile.id is UNSET else profile.id
    made = profiles.to_ocpp(facts.version, profile, number, facts.transaction_id)
    if facts.version is Version.V16:
        return "SetChargingProfile", {"connectorId": evse, "csChargingProfiles": made}
    return "SetChargingProfile", {"evseId": evse, "chargingProfile": made}


def _clear16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    purpose = arguments.get("purpose")
    names = (("id", "id"), ("evse", "connectorId"), ("stack_level", "stackLevel"))
    payload: Payload = {told: arguments[name] for name, told in names if arguments.get(name) is not None}
    if purpose is not None:
        payload["chargingProfilePurpose"] = profiles.MAX16 if purpose == profiles.MAX2 else purpose
    return "ClearChargingProfile", payload


def _clear2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """K10.FR.02: an id, or criteria."""
    if arguments.get("id") is not None:
        return "ClearChargingProfile", {"chargingProfileId": arguments["id"]}
    names = (("evse", "evseId"), ("purpose", "chargingProfilePurpose"), ("stack_level", "stackLevel"))
    criteria = {told: arguments[name] for name, told in names if arguments.get(name) is not None}
    return "ClearChargingProfile", {"chargingProfileCriteria": criteria}


def _report2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """K09.FR.03: ids, or other criteria; without any, the profiles of every source."""
    names = (
        ("ids", "chargingProfileId"), ("purpose", "chargingProfilePurpose"), ("stack_level", "stackLevel"),
        ("sources", "chargingLimitSource"),
    )  # fmt: skip
    criteria = {told: arguments[name] for name, told in names if arguments.get(name) is not None}
    payload: Payload = {
        "requestId": facts.number,
        "chargingProfile": criteria or {"chargingLimitSource": list(SOURCES)},
    }
    if arguments.get("evse") is not None:
        payload["evseId"] = arguments["evse"]
    return "GetChargingProfiles", payload


def _composite(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """K08.FR.01; 1.6, 5.7. EVSE 0: what the station as a whole will draw."""
    name = "connectorId" if facts.version is Version.V16 else "evseId"
    payload: Payload = {name: arguments.get("evse") or 0, "duration": arguments.get("duration_s") or 86_400}
    if arguments.get("unit") is not None:
        payload["chargingRateUnit"] = arguments["unit"]
    return "GetCompositeSchedule", payload


def _dynamic(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """K28: new values for a Dynamic profile, at once; a setpoint for a vehicle that feeds back (Q04)."""
    if facts.version is not Version.V21:
        return _V21_ONLY(arguments, facts)
    update = profiles.update_fields(arguments)
    return "UpdateDynamicSchedule", {"chargingProfileId": arguments["profile"], "scheduleUpdate": update}


def _priority(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """K21: charge with priority, or no longer."""
    if facts.version is not Version.V21:
        return _V21_ONLY(arguments, facts)
    payload = {"transactionId": facts.transaction_id, "activate": arguments["activate"]}
    return "UsePriorityCharging", payload


def _no_report(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    raise Unsupported("OCPP 1.6 reports no profiles; ask for a composite schedule")


V16: Final[Phrases] = {
    "charging-profile": _set,
    "clear-charging-profile": _clear16,
    "charging-profiles": _no_report,
    "composite-schedule": _composite,
    "dynamic-limit": _dynamic,
    "priority-charging": _priority,
}
V2: Final[Phrases] = dict(V16) | {"clear-charging-profile": _clear2, "charging-profiles": _report2}
