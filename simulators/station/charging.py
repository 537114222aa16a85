"""Plug, permission, transaction: what happens at an outlet, as functions on the model."""

from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station import settings
from simulators.station.authority import TokenInfo
from simulators.station.dialect import Answered, Reason, Trigger
from simulators.station.outlet import OutletState, Permit, Transaction
from simulators.station.power import NO_FLOW, ChargingState, flow_now
from simulators.station.vehicle import Vehicle

if TYPE_CHECKING:
    from simulators.station.station import Station


ISO14443 = "ISO14443"


class NotPossible(Exception):  # noqa: N818 - reads as what it says where it is raised and caught
    """The driver wants what the outlet cannot do now; the text says why."""


def outlet_of(station: "Station", number: int) -> OutletState:
    """The outlet by number, or NotPossible naming those there are."""
    found = station.outlets.get(number)
    if found is None:
        raise NotPossible(f"there is no EVSE {number}; there are {', '.join(map(str, station.outlets))}")
    return found


def plug(station: "Station", number: int, vehicle: Vehicle, now: datetime) -> None:
    """A vehicle is plugged in; charging begins when somebody has leave to."""
    outlet = outlet_of(station, number)
    if outlet.vehicle is not None:
        raise NotPossible(f"EVSE {number} already has a vehicle")
    outlet.vehicle = vehicle
    outlet.finished = False
    station.note(f"{vehicle.name} plugged into {number}")
    _begin_if_ready(station, outlet, Trigger.PLUGGED, now)
    station.report_changes(outlet, now)


def unplug(station: "Station", number: int, now: datetime) -> None:
    """The vehicle leaves; an open transaction ends with it (StopTransactionOnEVSideDisconnect)."""
    outlet = outlet_of(station, number)
    if outlet.vehicle is None:
        raise NotPossible(f"EVSE {number} has no vehicle")
    stop(station, outlet, Reason.DEPARTED, now)
    outlet.vehicle = outlet.permit = None
    outlet.finished = False
    outlet.flow = NO_FLOW
    station.note(f"vehicle left {number}")
    station.report_changes(outlet, now)


def swipe(station: "Station", token: str, number: int | None, now: datetime, token_type: str = ISO14443) -> None:
    """A token is held to the reader: it stops its own transaction, else asks for leave to charge."""
    outlet = _meant(station, token, number)
    transaction = outlet.transaction
    if transaction is not None and transaction.permit.token.lower() == token.lower():
        stop(station, outlet, Reason.LOCAL, now)
        return
    if transaction is None and (outlet.fault is not None or not outlet.operative):
        raise NotPossible(f"EVSE {outlet.number} is {outlet.status.lower()}")

    def decided(info: TokenInfo | None, at: datetime) -> None:
        if info is None or not info.accepted(at):
            station.note(f"{token} refused: {info.status if info else 'nobody to ask'}")
            return
        station.note(f"{token} accepted")
        if transaction is not None:
            same_group = info.group is not None and info.group == transaction.permit.group
            if same_group and outlet.transaction is transaction:
                stop(station, outlet, Reason.LOCAL, at)
            return
        give_leave(station, outlet, token, token_type, at, group=info.group)

    ask(station, token, token_type, decided, now)


def ask(station: "Station", token: str, token_type: str, then: Answered, now: datetime) -> None:
    """Find out about a token: local list or cache first if so set, else the platform, else the offline rules."""
    known = station.authority.known(token)
    if known is not None and known.accepted(now) and station.settings.flag(settings.LOCAL_FIRST):
        then(known, now)
        return
    if not (station.online and station.accepted):
        then(_offline_word(station, token), now)
        return

    def answered(info: TokenInfo | None, at: datetime) -> None:
        if info is None:
            then(_offline_word(station, token), at)
            return
        station.authority.remember(token, info)
        then(info, at)

    station.dialect.authorize(station, token, token_type, answered)


def give_leave(station: "Station", outlet: OutletState, token: str, token_type: str, now: datetime, *,
               group: str | None = None, remote_id: int | None = None, remote: bool = False) -> None:
    """Grant a permit, unless the outlet is held for somebody else; charging begins when a vehicle is there."""
    held = outlet.reservation
    if held is not None:
        if token.lower() != held.token.lower() and (group is None or group != held.group):
            station.note(f"EVSE {outlet.number} is reserved")
            return
        outlet.reservation = None
    if outlet.transaction is not None:
        return
    if not remote and outlet.web_until is not None and now < outlet.web_until:
        station.note(f"EVSE {outlet.number} is kept for who pays on the web")
        return
    outlet.web_until = None
    expires = station.seconds + station.settings.number(settings.PLUG_TIMEOUT)
    outlet.permit = Permit(token, token_type, expires, remote_id, remote, group)
    _begin_if_ready(station, outlet, Trigger.REMOTE_START if remote else Trigger.AUTHORIZED, now)
    station.report_changes(outlet, now)


def stop(station: "Station", outlet: OutletState, reason: Reason, now: datetime) -> bool:
    """End the outlet's transaction; False when there is none."""
    transaction = outlet.transaction
    if transaction is None:
        return False
    outlet.flow = NO_FLOW
    outlet.finished = outlet.vehicle is not None
    station.dialect.ended(station, outlet, transaction, reason, now)
    outlet.last_transaction = transaction
    outlet.transaction = outlet.permit = None
    outlet.priority = False
    station.profiles = [p for p in station.profiles if not (p.purpose.value == "TxProfile" and p.evse == outlet.number)]
    station.note(f"transaction on {outlet.number} ended: {reason.v16}")
    station.report_changes(outlet, now)
    return True


def refused_by_platform(station: "Station", transaction: Transaction, now: datetime) -> None:
    """The platform did not accept the token of a running transaction (StopTransactionOnInvalidId)."""
    outlet = station.outlets[transaction.evse]
    transaction.refused = True
    if outlet.transaction is transaction and station.settings.flag(settings.STOP_INVALID):
        stop(station, outlet, Reason.DEAUTHORIZED, now)


def set_fault(station: "Station", number: int, fault: str | None, now: datetime) -> None:
    """Break an outlet (its transaction ends) or mend it with None."""
    outlet = outlet_of(station, number)
    if fault is not None:
        stop(station, outlet, Reason.FAULT, now)
    outlet.fault = fault
    if fault is not None:
        _let_go(station, outlet, "Removed", now)
    station.report_changes(outlet, now)


def advance(station: "Station", outlet: OutletState, seconds: float, now: datetime) -> None:
    """Let simulated time pass at one outlet: energy, state changes, meter values, expiry of permits."""
    _expire(station, outlet, now)
    transaction = outlet.transaction
    if transaction is None or outlet.vehicle is None:
        return
    before = outlet.flow.state
    outlet.flow = flow_now(outlet.outlet, outlet.vehicle, station.limit(outlet, now))
    if outlet.flow.watts < 0:
        outlet.meter.exported.add(-outlet.flow.watts, seconds)
        outlet.vehicle.give(-outlet.flow.watts, seconds)
    if outlet.flow.watts > 0:
        outlet.meter.add(outlet.flow.watts, seconds)
        outlet.vehicle.take(outlet.flow.watts, seconds)
        transaction.charging_s += seconds
    if transaction.limit:
        station.dialect.advanced(station, outlet, transaction, now)
    if outlet.flow.state is not before and before is not ChargingState.IDLE:
        station.dialect.updated(station, outlet, transaction, Trigger.STATE_CHANGED, now)
    station.report_changes(outlet, now)
    interval = station.settings.number(settings.SAMPLE_INTERVAL)
    if interval > 0 and station.seconds >= transaction.next_sample_s:
        transaction.next_sample_s = station.seconds + interval
        station.dialect.updated(station, outlet, transaction, Trigger.PERIODIC, now)


def _begin_if_ready(station: "Station", outlet: OutletState, trigger: Trigger, now: datetime) -> None:
    permit = outlet.permit
    ready = outlet.vehicle is not None and outlet.transaction is None and outlet.operative and outlet.fault is None
    if permit is None or not ready or outlet.vehicle is None:
        return
    transaction = Transaction(outlet.number, permit, outlet.meter.whole_wh, now)
    transaction.next_sample_s = station.seconds + station.settings.number(settings.SAMPLE_INTERVAL)
    outlet.transaction = transaction
    outlet.permit = None
    outlet.finished = False
    outlet.flow = flow_now(outlet.outlet, outlet.vehicle, station.limit(outlet, now))
    station.note(f"transaction on {outlet.number} began")
    station.dialect.began(station, outlet, transaction, trigger, now)


def _expire(station: "Station", outlet: OutletState, now: datetime) -> None:
    if outlet.permit is not None and station.seconds >= outlet.permit.expires_s:
        outlet.permit = None
        station.note(f"nobody plugged into {outlet.number} in time")
        station.report_changes(outlet, now)
    if outlet.reservation is not None and now >= outlet.reservation.until:
        _let_go(station, outlet, "Expired", now)


def _let_go(station: "Station", outlet: OutletState, why: str, now: datetime) -> None:
    """A reservation ends without its driver: said when it can be (H04)."""
    dropped = station.forget_reservation(outlet, now)
    if dropped is not None and station.online:
        station.dialect.reservation_over(station, dropped.id, why)


def _meant(station: "Station", token: str, number: int | None) -> OutletState:
    if number is not None:
        return outlet_of(station, number)
    outlets = list(station.outlets.values())
    own = [o for o in outlets if o.transaction and o.transaction.permit.token.lower() == token.lower()]
    plugged = [o for o in outlets if o.vehicle is not None and o.transaction is None]
    free = [o for o in outlets if o.transaction is None and o.fault is None and o.operative]
    return (own + plugged + free + outlets)[0]


def _offline_word(station: "Station", token: str) -> TokenInfo | None:
    known = station.authority.known(token)
    if known is not None:
        return known if station.settings.flag(settings.LOCAL_OFFLINE) else None
    return TokenInfo("Accepted") if station.settings.flag(settings.UNKNOWN_OFFLINE) else None

