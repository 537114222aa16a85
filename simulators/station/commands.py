"""What both dialects do the same when the platform calls: profiles, schedules, availability, remote start, progress."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station import charging
from simulators.station.authority import TokenInfo
from simulators.station.config import VOLTAGE
from simulators.station.dialect import Reason, moment
from simulators.station.limits import (
    Kind,
    Limit,
    Period,
    Profile,
    Purpose,
    Step,
    composite,
    edges,
    install,
    station_limit,
)
from simulators.station.outbox import JsonObject, Outgoing
from simulators.station.outlet import OutletState, Reservation

if TYPE_CHECKING:
    from simulators.station.station import Station

# Firmware and log progress: seconds of simulated time after the request, and what is said then.
Progress = tuple[tuple[float, str], ...]
FIRMWARE_PROGRESS: Progress = ((2, "Downloading"), (20, "Downloaded"), (22, "Installing"), (40, "Installed"))
LOG_PROGRESS: Progress = ((1, "Uploading"), (10, "Uploaded"))
MOST_PROFILES = 30
MOST_STACK_LEVEL = 10


def read_profile(raw: JsonObject, evse: int, profile_id: int, schedule: JsonObject, now: datetime) -> Profile:
    """A charging profile of either family as the model keeps it; ValueError for a purpose no platform may send."""
    purpose = str(raw["chargingProfilePurpose"]).replace("ChargePointMax", "ChargingStationMax")
    transaction = raw.get("transactionId")
    periods = sorted((_period(period) for period in schedule["chargingSchedulePeriod"]), key=lambda p: p.start)
    return Profile(
        id=profile_id, evse=evse, stack_level=int(raw["stackLevel"]), purpose=Purpose(purpose),
        kind=Kind(raw["chargingProfileKind"]), unit=str(schedule["chargingRateUnit"]), periods=tuple(periods),
        start=moment(schedule.get("startSchedule")), duration=schedule.get("duration"),
        recurrency=raw.get("recurrencyKind"), valid_from=moment(raw.get("validFrom")),
        valid_to=moment(raw.get("validTo")), transaction=None if transaction is None else str(transaction),
        installed_at=now, raw=raw,
    )


def _period(raw: JsonObject) -> Period:
    # A 2.1 setpoint steers like a limit; a negative one pauses a vehicle that cannot discharge.
    value = raw.get("limit", raw.get("setpoint"))
    limit = None if value is None else max(0.0, float(value))
    setpoint = raw.get("setpoint")
    wanted = None if setpoint is None else float(setpoint)
    return Period(int(raw["startPeriod"]), limit, raw.get("numberPhases"), wanted)


def install_profile(station: "Station", profile: Profile) -> bool:
    """Install a profile if the station can obey it; False when it is refused."""
    if profile.evse != 0 and profile.evse not in station.outlets:
        return False
    if profile.purpose is Purpose.STATION_MAX and profile.evse != 0:
        return False
    if profile.stack_level > MOST_STACK_LEVEL:
        return False
    if profile.kind in (Kind.ABSOLUTE, Kind.RECURRING) and profile.start is None:
        return False
    if profile.purpose is Purpose.TX:
        outlet = station.outlets.get(profile.evse)
        running = outlet.transaction if outlet else None
        if running is None or (profile.transaction is not None and profile.transaction != running.id):
            return False
    updated = install(station.profiles, profile)
    if len(updated) > MOST_PROFILES:
        return False
    station.profiles = updated
    station.note(f"profile {profile.id} installed ({profile.purpose.value}, level {profile.stack_level})")
    return True


def clear_profiles(station: "Station", chosen: Callable[[Profile], bool]) -> bool:
    """Remove the chosen profiles; False when there is none."""
    kept = [profile for profile in station.profiles if not chosen(profile)]
    found = len(kept) < len(station.profiles)
    station.profiles = kept
    return found


def schedule_for(station: "Station", evse: int, duration: int, unit: str, now: datetime) -> tuple[Step, ...]:
    """The composite schedule of an outlet, or of the whole station for 0."""
    outlet = station.outlets.get(evse)
    if outlet is None:
        supply = station.rating_amps()
        most = supply if unit == "A" else supply * VOLTAGE * 3
        started: datetime | None = station.started_at
        phases = 3
        limit_at = _caps_of(station)
    else:
        phases = outlet.outlet.phases
        most = outlet.outlet.max_amps if unit == "A" else outlet.outlet.max_watts
        started = outlet.transaction.started_at if outlet.transaction else None
        limit_at = _limits_of(station, outlet)
    marks = edges(station.profiles, now, duration, started)
    return composite(limit_at, marks, now, duration, unit, most, phases, VOLTAGE)


def _caps_of(station: "Station") -> Callable[[datetime], Limit]:
    return lambda when: station_limit(station.profiles, when, station.started_at)


def _limits_of(station: "Station", outlet: OutletState) -> Callable[[datetime], Limit]:
    return lambda when: station.limit(outlet, when)


def periods_of(steps: Iterable[Step]) -> list[JsonObject]:
    """A composite schedule's periods as both families write them, limits with one decimal."""
    return [{"startPeriod": step.start, "limit": round(step.limit, 1)}
            | ({"numberPhases": step.phases} if step.phases else {}) for step in steps]


def set_availability(station: "Station", outlets: list[OutletState], *, operative: bool, now: datetime) -> str:
    """Switch outlets on or off: Accepted, or Scheduled where a transaction must end first (OCPP 1.6, 5.2)."""
    waiting = [outlet for outlet in outlets if outlet.transaction is not None and not operative]
    for outlet in outlets:
        outlet.operative = operative
        station.report_changes(outlet, now)
    return "Scheduled" if waiting else "Accepted"


def pick_outlet(station: "Station", number: int | None, token: str) -> OutletState | None:
    """The outlet a remote start is for: the one named, else one with a waiting vehicle, else a free one."""
    def usable(outlet: OutletState) -> bool:
        held = outlet.reservation
        free = outlet.transaction is None and outlet.fault is None and outlet.operative
        return free and (held is None or held.token.lower() == token.lower())

    candidates = [o for o in station.outlets.values() if usable(o) and number in (None, o.number)]
    candidates.sort(key=lambda outlet: outlet.vehicle is None)
    return candidates[0] if candidates else None


def start_remotely(station: "Station", outlet: OutletState, token: str, token_type: str, remote_id: int | None,
                   now: datetime, *, authorize: bool) -> None:
    """Give leave as the platform asked, after asking about the token when the station is set so."""
    if not authorize:
        charging.give_leave(station, outlet, token, token_type, now, remote_id=remote_id, remote=True)
        return

    def decided(info: TokenInfo | None, at: datetime) -> None:
        if info is not None and info.accepted(at):
            charging.give_leave(station, outlet, token, token_type, at, remote_id=remote_id, remote=True)

    charging.ask(station, token, token_type, decided, now)


def stop_remotely(station: "Station", transaction_id: str, now: datetime) -> bool:
    """End the transaction of that id; False when none is open."""
    for outlet in station.outlets.values():
        if outlet.transaction is not None and outlet.transaction.id == transaction_id:
            return charging.stop(station, outlet, Reason.REMOTE, now)
    return False


def unlock(station: "Station", outlet: OutletState, now: datetime) -> None:
    """Open the lock: a running transaction ends, the vehicle may leave."""
    charging.stop(station, outlet, Reason.UNLOCK, now)
    station.note(f"connector {outlet.number} unlocked")


def free_outlet(station: "Station") -> OutletState:
    """For a reservation of any connector (1.6, 5.13): the first that can be held, else one whose state says why not."""
    outlets = list(station.outlets.values())
    free = (each for each in outlets if each.fault is None and each.operative and each.vehicle is None)
    return next((each for each in free if each.transaction is None and each.reservation is None), outlets[0])


def reserve(station: "Station", outlet: OutletState, reservation: Reservation, now: datetime) -> str:
    """Hold an outlet for somebody: Accepted, or why not."""
    if outlet.fault is not None:
        return "Faulted"
    if not outlet.operative:
        return "Unavailable"
    same = outlet.reservation is not None and outlet.reservation.id == reservation.id
    if outlet.vehicle is not None or outlet.transaction is not None or (outlet.reservation is not None and not same):
        return "Occupied"
    outlet.reservation = reservation
    station.report_changes(outlet, now)
    return "Accepted"


def cancel_reservation(station: "Station", number: int, now: datetime) -> bool:
    """Release a held outlet; False when no outlet is held under that number."""
    for outlet in station.outlets.values():
        if outlet.reservation is not None and outlet.reservation.id == number:
            station.forget_reservation(outlet, now)
            return True
    return False


def run_progress(station: "Station", action: str, steps: Progress, extra: JsonObject) -> None:
    """Say the stages of a transfer one after another. Nothing is fetched or sent: only the story is told."""
    for after, status in steps:
        station.after(after, _say(station, action, {"status": status} | extra))


def _say(station: "Station", action: str, payload: JsonObject) -> Callable[[datetime], None]:
    def say(now: datetime) -> None:
        if station.online:
            station.outbox.put(Outgoing(action, lambda: payload))
    return say
