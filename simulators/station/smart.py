"""Smart charging beyond setting and clearing: reports, limits of others, vehicles, priority, values that are fetched.

OCPP 2.0.1 and 2.1 Part 2, K09, K11 to K22, K28.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from simulators.station.acting import Acts
from simulators.station.charging import NotPossible, outlet_of
from simulators.station.dialect import Handler
from simulators.station.limits import Kind, Period, Profile, Purpose
from simulators.station.outbox import Failure, JsonObject, Outgoing
from simulators.station.outlet import OutletState

if TYPE_CHECKING:
    from simulators.station.station import Station

_ACCEPTED: Final[JsonObject] = {"status": "Accepted"}
_OWN: Final = (Purpose.EXTERNAL, Purpose.GENERATION)  # the station's to set and to clear
_NEWER: Final = (Purpose.PRIORITY,)
_A_MESSAGE: Final = 2  # profiles in one message of a report, so that reports have parts


def _newer(station: "Station") -> bool:
    return station.config.version.value == "2.1"


def settable(station: "Station") -> set[str]:
    """Purposes that the platform may set (K01.FR.22, K01.FR.120)."""
    known = (Purpose.STATION_MAX, Purpose.TX_DEFAULT, Purpose.TX, *(_NEWER if _newer(station) else ()))
    return {purpose.value for purpose in known}


def clearable(profile: Profile) -> bool:
    """Limits of others are not the platform's to clear (K10.FR.04)."""
    return profile.purpose not in _OWN


# Reports


def _report(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetChargingProfiles: a message for each EVSE and source, in parts (K09.FR.01, K09.FR.02)."""
    wanted, evse = payload["chargingProfile"], payload.get("evseId")
    found = [p for p in station.profiles if p.raw is not None and evse in (None, p.evse) and _meant(p, wanted)]
    if not found:
        return {"status": "NoProfiles"}
    groups: dict[tuple[int, str], list[JsonObject]] = {}
    for profile in found:
        groups.setdefault((profile.evse, profile.source), []).append(reported(profile))
    parts = [
        (*place, raws[first : first + _A_MESSAGE])
        for place, raws in groups.items()
        for first in range(0, len(raws), _A_MESSAGE)
    ]
    for number, (place, source, raws) in enumerate(parts):
        message: JsonObject = {
            "requestId": payload["requestId"], "chargingLimitSource": source, "evseId": place, "chargingProfile": raws,
        }  # fmt: skip
        if number < len(parts) - 1:
            message["tbc"] = True
        _say(station, "ReportChargingProfiles", message)
    return _ACCEPTED


def _meant(profile: Profile, wanted: JsonObject) -> bool:
    return (
        profile.id in wanted.get("chargingProfileId", [profile.id])
        and wanted.get("chargingProfilePurpose", profile.purpose.value) == profile.purpose.value
        and wanted.get("stackLevel", profile.stack_level) == profile.stack_level
        and profile.source in wanted.get("chargingLimitSource", [profile.source])
    )


def reported(profile: Profile) -> JsonObject:
    """The profile as it came; a Dynamic one with its latest values."""
    raw: JsonObject = dict(profile.raw or {})
    raw.pop("customData", None)
    return raw


# Limits of others


def limit_by_others(
    station: "Station", evse: int, source: str, limit: float, now: datetime, *, critical: bool = False,
    generation: bool = False,
) -> None:  # fmt: skip
    """Somebody else sets a limit in A (K11.FR.01, K11.FR.02, K12.FR.02); its id is negative (K11.FR.06)."""
    number = -(zlib.crc32(f"{evse}/{source}".encode()) % 1_000_000 + 1)
    purpose = Purpose.GENERATION if generation else Purpose.EXTERNAL
    schedule = {
        "id": 1, "chargingRateUnit": "A", "startSchedule": station.stamp(now),
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
    }  # fmt: skip
    raw = {
        "id": number, "stackLevel": 0, "chargingProfilePurpose": purpose.value, "chargingProfileKind": "Absolute",
        "chargingSchedule": [schedule],
    }  # fmt: skip
    held = Profile(number, evse, 0, purpose, Kind.ABSOLUTE, "A", (Period(0, limit),), now, source=source, raw=raw)
    station.profiles = [*(p for p in station.profiles if p.id != number), held]
    told: JsonObject = {"chargingLimitSource": source, "isGridCritical": critical}
    if generation:
        told["isLocalGeneration"] = True
    _say(station, "NotifyChargingLimit", {"evseId": evse, "chargingLimit": told, "chargingSchedule": [schedule]})


def clear_limit_by_others(station: "Station", evse: int, source: str, now: datetime) -> None:
    """The limit is gone (K13.FR.01, K13.FR.02)."""
    gone = [p for p in station.profiles if p.purpose in _OWN and p.evse == evse and p.source == source]
    if not gone:
        raise NotPossible(f"{source} does not limit EVSE {evse}")
    station.profiles = [p for p in station.profiles if p not in gone]
    _say(station, "ClearedChargingLimit", {"evseId": evse, "chargingLimitSource": source})


# Vehicles


def tell_needs(station: "Station", number: int, now: datetime, **more: Any) -> None:
    """The vehicle says what it needs (K15.FR.01, K18.FR.01, Q01.FR.03)."""
    outlet = outlet_of(station, number)
    vehicle = outlet.vehicle
    if vehicle is None:
        raise NotPossible(f"EVSE {number} has no vehicle")
    missing = max(0.0, (vehicle.target_soc - vehicle.soc) / 100 * vehicle.capacity_wh)
    both = vehicle.max_discharge_watts > 0
    needs: JsonObject = {"requestedEnergyTransfer": _transfer(outlet, both), **more}
    if _newer(station):
        most = vehicle.max_dc_watts if outlet.outlet.dc else vehicle.max_ac_watts
        needs |= {"controlMode": "ScheduledControl", "availableEnergyTransfer": [needs["requestedEnergyTransfer"]]}
        parameters = {"maxChargePower": most, "evTargetEnergyRequest": round(missing), "targetSoC": 100}
        if both:
            parameters["maxDischargePower"] = vehicle.max_discharge_watts
        needs["v2xChargingParameters"] = parameters
    elif outlet.outlet.dc:
        needs["dcChargingParameters"] = {"evMaxCurrent": 400, "evMaxVoltage": 500, "stateOfCharge": int(vehicle.soc)}
    else:
        needs["acChargingParameters"] = {
            "energyAmount": round(missing), "evMinCurrent": 6, "evMaxCurrent": 16, "evMaxVoltage": 400,
        }  # fmt: skip

    def done(answer: JsonObject | None, failure: Failure | None, at: datetime) -> None:
        status = answer["status"] if answer is not None else "no answer"
        station.note(f"needs of {number}: {status}")

    payload = {"evseId": number, "maxScheduleTuples": 12, "chargingNeeds": needs}
    station.outbox.put(Outgoing("NotifyEVChargingNeeds", lambda: payload, done=done))


def _transfer(outlet: OutletState, both: bool) -> str:
    if outlet.outlet.dc:
        return "DC_BPT" if both else "DC"
    return "AC_BPT" if both else "AC_three_phase" if outlet.outlet.phases == 3 else "AC_single_phase"


def tell_schedule(
    station: "Station", number: int, periods: Sequence[tuple[int, float]], unit: str, now: datetime
) -> None:
    """The vehicle says how it will charge (K15.FR.10); when refused, a note says so."""
    listed = [{"startPeriod": start, "limit": limit} for start, limit in periods]
    schedule = {"id": 1, "chargingRateUnit": unit, "chargingSchedulePeriod": listed}
    payload = {"evseId": number, "timeBase": station.stamp(now), "chargingSchedule": schedule}

    def done(answer: JsonObject | None, failure: Failure | None, at: datetime) -> None:
        station.note(f"schedule of {number}: {answer['status'] if answer is not None else 'no answer'}")

    station.outbox.put(Outgoing("NotifyEVChargingSchedule", lambda: payload, done=done))


# Priority


def _use_priority(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """UsePriorityCharging (K21.FR.01 to K21.FR.08)."""
    outlet = next(
        (o for o in station.outlets.values() if o.transaction and o.transaction.id == payload["transactionId"]), None
    )
    if outlet is None:
        return {"status": "Rejected", "statusInfo": {"reasonCode": "TxNotFound"}}
    if payload["activate"] and not _has_priority(station, outlet):
        return {"status": "NoProfile", "statusInfo": {"reasonCode": "NotFound"}}
    _switch(station, outlet, on=payload["activate"])
    return _ACCEPTED


def press_priority(station: "Station", number: int, now: datetime) -> None:
    """The driver asks for priority at the station, or ends it (K22)."""
    outlet = outlet_of(station, number)
    if outlet.transaction is None:
        raise NotPossible(f"nothing charges at EVSE {number}")
    if not _has_priority(station, outlet):
        raise NotPossible(f"no PriorityCharging profile is installed for EVSE {number} (K22.FR.01)")
    _switch(station, outlet, on=not outlet.priority)


def _has_priority(station: "Station", outlet: OutletState) -> bool:
    return any(p.purpose is Purpose.PRIORITY and p.evse in (0, outlet.number) for p in station.profiles)


def _switch(station: "Station", outlet: OutletState, *, on: bool) -> None:
    if outlet.priority is on or outlet.transaction is None:
        return
    outlet.priority = on
    _say(station, "NotifyPriorityCharging", {"transactionId": outlet.transaction.id, "activated": on})


# Dynamic profiles


def update(station: "Station", number: int, values: JsonObject, now: datetime) -> bool:
    """New values for a Dynamic profile (K28.FR.06, K28.FR.08); the dead-man timer starts anew (K28.FR.13 to 15)."""
    held = next((p for p in station.profiles if p.id == number), None)
    value = values.get("limit", values.get("setpoint"))
    if held is None or held.kind is not Kind.DYNAMIC or value is None:
        return False
    setpoint = values.get("setpoint")
    period = attrs.evolve(
        held.periods[0], limit=max(0.0, float(value)), setpoint=None if setpoint is None else float(setpoint)
    )
    fresh = attrs.evolve(held, periods=(period,), installed_at=now, start=None)
    station.profiles = [fresh if p is held else p for p in station.profiles]
    return True


def steer(station: "Station", profile: Profile, setpoint: float) -> None:
    """Another setpoint for the first period of a profile that the station works out by itself (Q08.FR.06)."""
    period = attrs.evolve(profile.periods[0], limit=max(0.0, setpoint), setpoint=setpoint)
    fresh = attrs.evolve(profile, periods=(period, *profile.periods[1:]))
    station.profiles = [fresh if p is profile else p for p in station.profiles]


def installed(station: "Station", profile: Profile) -> None:
    """A Dynamic profile with an interval fetches its values by itself (K28.FR.10)."""
    interval = (profile.raw or {}).get("dynUpdateInterval") or 0
    if profile.kind is Kind.DYNAMIC and interval > 0:
        _pull_after(station, profile.id, interval)


def _pull_after(station: "Station", number: int, interval: int) -> None:
    def pull(now: datetime) -> None:
        if all(p.id != number or p.kind is not Kind.DYNAMIC for p in station.profiles):
            return
        if station.online:
            _pull(station, number)
        _pull_after(station, number, interval)

    station.after(interval, pull)


def _pull(station: "Station", number: int) -> None:
    def done(answer: JsonObject | None, failure: Failure | None, at: datetime) -> None:
        if answer is not None and answer["status"] == "Accepted":
            update(station, number, answer.get("scheduleUpdate") or {}, at)

    payload = {"chargingProfileId": number}
    station.outbox.put(Outgoing("PullDynamicScheduleUpdate", lambda: payload, done=done))


def _say(station: "Station", action: str, payload: JsonObject) -> None:
    station.outbox.put(Outgoing(action, lambda: payload))


# Scripts


def _words(words: Sequence[str], least: int, usage: str) -> None:
    if len(words) < least:
        raise NotPossible(f"write: {usage}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise NotPossible(f"{text!r} is no number") from None


def _act_limit(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act limit-by-others EVSE SOURCE AMPERE`: somebody else limits the EVSE (0: the station)."""
    _words(words, 3, "limit-by-others EVSE SOURCE AMPERE")
    limit_by_others(station, int(_number(words[0])), words[1], _number(words[2]), now)


def _act_clear(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act clear-limit-by-others EVSE SOURCE`: that limit is gone."""
    _words(words, 2, "clear-limit-by-others EVSE SOURCE")
    clear_limit_by_others(station, int(_number(words[0])), words[1], now)


def _act_needs(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act charging-needs EVSE [SECONDS]`: the vehicle tells what it needs, until it leaves so much later."""
    _words(words, 1, "charging-needs EVSE [SECONDS UNTIL DEPARTURE]")
    leaves = {} if len(words) < 2 else {
        "departureTime": station.stamp(now + timedelta(seconds=_number(words[1])))
    }  # fmt: skip
    tell_needs(station, int(_number(words[0])), now, **leaves)


def _act_schedule(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act ev-schedule EVSE AMPERE`: the vehicle tells how it will charge."""
    _words(words, 2, "ev-schedule EVSE AMPERE")
    tell_schedule(station, int(_number(words[0])), [(0, _number(words[1]))], "A", now)


def _act_priority(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act priority EVSE`: the driver asks for priority, or ends it."""
    _words(words, 1, "priority EVSE")
    press_priority(station, int(_number(words[0])), now)


ACTS: Final[Acts] = {
    "limit-by-others": _act_limit,
    "clear-limit-by-others": _act_clear,
    "charging-needs": _act_needs,
    "ev-schedule": _act_schedule,
    "priority": _act_priority,
}
HANDLERS_201: Final[dict[str, Handler]] = {"GetChargingProfiles": _report}
HANDLERS_21: Final[dict[str, Handler]] = {"UsePriorityCharging": _use_priority}
