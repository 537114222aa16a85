"""How a 2.0.1 or 2.1 station answers the platform: one handler an action, listed at the end."""

from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station import (
    certificates,
    commands,
    conduct,
    depot,
    devicemodel,
    display,
    grid,
    maintenance,
    monitoring,
    provisioning,
    settings,
    smart,
    tariffs,
    web_payment,
)
from simulators.station.authority import TokenInfo
from simulators.station.dialect import Handler, Trigger, moment
from simulators.station.outbox import JsonObject, Outgoing
from simulators.station.outlet import OutletState, Reservation

if TYPE_CHECKING:
    from simulators.station.station import Station

ACCEPTED: JsonObject = {"status": "Accepted"}
REJECTED: JsonObject = {"status": "Rejected"}
CUSTOM = "Greeting"  # the one message of its own that this station can be triggered to say (2.1)


def _request_start(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    token, kind = payload["idToken"]["idToken"], payload["idToken"]["type"]
    outlet = commands.pick_outlet(station, payload.get("evseId"), token)
    if outlet is None:
        return REJECTED
    authorize = station.settings.flag(settings.AUTHORIZE_REMOTE)
    commands.start_remotely(station, outlet, token, kind, payload["remoteStartId"], now, authorize=authorize)
    raw = payload.get("chargingProfile")
    if raw is not None:
        profile = commands.read_profile(raw, outlet.number, raw["id"], raw["chargingSchedule"][0], now)
        commands.install_profile(station, profile)
    running = outlet.transaction
    return ACCEPTED | ({"transactionId": running.id} if running is not None else {})


def _request_stop(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    return ACCEPTED if commands.stop_remotely(station, payload["transactionId"], now) else REJECTED


def _transaction_status(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number = payload.get("transactionId")
    waiting = {"messagesInQueue": station.outbox.waiting_transactions > 0}
    if number is None:
        return waiting
    open_ids = [outlet.transaction.id for outlet in station.outlets.values() if outlet.transaction]
    return waiting | {"ongoingIndicator": number in open_ids}


def _unlock(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    outlet = station.outlets.get(payload["evseId"])
    if outlet is None or payload["connectorId"] != 1:
        return {"status": "UnknownConnector"}
    if outlet.transaction is not None:
        return {"status": "OngoingAuthorizedTransaction"}
    if conduct.LOCK_STUCK in station.manners:
        return {"status": "UnlockFailed", "statusInfo": {"reasonCode": "LockFailure"}}  # F05.FR.05
    commands.unlock(station, outlet, now)
    return {"status": "Unlocked"}


def _availability(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number = (payload.get("evse") or {}).get("id", 0)
    if number != 0 and number not in station.outlets:
        return REJECTED
    operative = payload["operationalStatus"] == "Operative"
    if number == 0:
        station.operative = operative
    outlets = [outlet for outlet in station.outlets.values() if number in (0, outlet.number)]
    return {"status": commands.set_availability(station, outlets, operative=operative, now=now)}


def _trigger(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    name, number = payload["requestedMessage"], (payload.get("evse") or {}).get("id")
    if number not in (None, 0) and number not in station.outlets:
        return REJECTED
    outlets = [outlet for outlet in station.outlets.values() if number in (None, 0, outlet.number)]
    if name == "TransactionEvent":
        return _trigger_events(station, outlets, now)
    if name == "BootNotification":
        if station.accepted:
            return REJECTED  # F06.FR.17: not when the last one was accepted
        station.dialect.boot(station, "Triggered", None)
    elif name == "Heartbeat":
        station.dialect.heartbeat(station)
    elif name == "StatusNotification":
        for outlet in outlets:
            station.dialect.status(station, outlet, now)
    elif name == "MeterValues":
        for outlet in outlets:
            station.dialect.meter_values(station, outlet, now)
    elif name in ("FirmwareStatusNotification", "LogStatusNotification"):
        now_told = maintenance.current(station, name)
        station.outbox.put(Outgoing(name, lambda: now_told))
    elif name in certificates.TRIGGERED:
        return certificates.triggered(station, name, now)
    elif name == "CustomTrigger" and payload.get("customTrigger") == CUSTOM:
        told = {"vendorId": station.config.vendor, "messageId": CUSTOM}
        station.outbox.put(Outgoing("DataTransfer", lambda: told))
    else:
        return {"status": "NotImplemented"}
    return ACCEPTED


def _trigger_events(station: "Station", outlets: list[OutletState], now: datetime) -> JsonObject:
    running = [(outlet, outlet.transaction) for outlet in outlets if outlet.transaction is not None]
    for outlet, transaction in running:
        station.dialect.updated(station, outlet, transaction, Trigger.TRIGGERED, now)
    return ACCEPTED if running else REJECTED


def _set_profile(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    raw = payload["chargingProfile"]
    if raw["chargingProfilePurpose"] not in smart.settable(station):
        return REJECTED | {"statusInfo": {"reasonCode": "InvalidProfile"}}
    profile = commands.read_profile(raw, payload["evseId"], raw["id"], raw["chargingSchedule"][0], now)
    if not commands.install_profile(station, profile):
        return REJECTED
    smart.installed(station, profile)
    grid.follow_frequency(station, now)
    return ACCEPTED


def _clear_profile(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number = payload.get("chargingProfileId")
    wanted = payload.get("chargingProfileCriteria") or {}
    evse, level, purpose = wanted.get("evseId"), wanted.get("stackLevel"), wanted.get("chargingProfilePurpose")
    found = commands.clear_profiles(station, lambda p: smart.clearable(p) and number in (None, p.id)
                                    and evse in (None, p.evse) and level in (None, p.stack_level)
                                    and purpose in (None, p.purpose.value))
    return ACCEPTED if found else {"status": "Unknown"}


def _composite(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number, duration = payload["evseId"], payload["duration"]
    if number != 0 and number not in station.outlets:
        return REJECTED
    unit = payload.get("chargingRateUnit", "A")
    steps = commands.schedule_for(station, number, duration, unit, now)
    schedule = {"evseId": number, "duration": duration, "scheduleStart": station.stamp(now), "chargingRateUnit": unit,
                "chargingSchedulePeriod": commands.periods_of(steps)}
    return ACCEPTED | {"schedule": schedule}


def _update_schedule(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    return ACCEPTED if smart.update(station, payload["chargingProfileId"], payload["scheduleUpdate"], now) else REJECTED


def _data_transfer(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    if payload["vendorId"] != station.config.vendor:
        return {"status": "UnknownVendorId"}
    return ACCEPTED | ({"data": payload["data"]} if "data" in payload else {})


def _clear_cache(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    station.authority.clear_cache()
    return ACCEPTED


def _list_version(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    return {"versionNumber": station.authority.list_version}


def _send_list(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    sent = payload.get("localAuthorizationList", [])
    entries = {str(entry["idToken"]["idToken"]): _listed(entry.get("idTokenInfo")) for entry in sent}
    version = payload["versionNumber"]
    full = payload["updateType"] == "Full"
    most_sent, most = station.settings.number(settings.LIST_SENT), station.settings.number(settings.LIST_MOST)
    if station.authority.too_much(len(entries), most_sent, most, full=full):
        return {"status": "Failed"}
    if conduct.LIST_ADRIFT in station.manners and not full:
        return {"status": "VersionMismatch"}
    if full:
        station.authority.replace_list(version, {t: info for t, info in entries.items() if info is not None})
        return ACCEPTED
    return ACCEPTED if station.authority.update_list(version, entries) else {"status": "VersionMismatch"}


def _listed(info: JsonObject | None) -> TokenInfo | None:
    if info is None:
        return None
    group = info.get("groupIdToken")
    return TokenInfo(str(info["status"]), group["idToken"] if group else None, moment(info.get("cacheExpiryDateTime")))


def _reserve(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number, until = payload.get("evseId"), moment(payload["expiryDateTime"])
    outlet = station.outlets.get(number) if number else commands.pick_outlet(station, None, "")
    if outlet is None or until is None:
        return REJECTED
    group = (payload.get("groupIdToken") or {}).get("idToken")
    held = Reservation(payload["id"], payload["idToken"]["idToken"], until, group)
    return {"status": commands.reserve(station, outlet, held, now)}


def _cancel_reservation(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    return ACCEPTED if commands.cancel_reservation(station, payload["reservationId"], now) else REJECTED


HANDLERS_201: dict[str, Handler] = smart.HANDLERS_201 | {
    "RequestStartTransaction": _request_start, "RequestStopTransaction": _request_stop,
    "GetTransactionStatus": _transaction_status, "UnlockConnector": _unlock,
    "ChangeAvailability": _availability, "TriggerMessage": _trigger, "SetChargingProfile": _set_profile,
    "ClearChargingProfile": _clear_profile, "GetCompositeSchedule": _composite, "DataTransfer": _data_transfer,
    "ClearCache": _clear_cache, "GetLocalListVersion": _list_version, "SendLocalList": _send_list,
    **maintenance.HANDLERS, **monitoring.HANDLERS, "ReserveNow": _reserve,
    "CancelReservation": _cancel_reservation, "GetVariables": devicemodel.get_variables,
    "SetVariables": devicemodel.set_variables, "GetBaseReport": devicemodel.get_base_report,
    "GetReport": devicemodel.get_report, **certificates.HANDLERS, **provisioning.HANDLERS,
}
HANDLERS_201 |= {**display.HANDLERS, **tariffs.HANDLERS_201}
HANDLERS_21: dict[str, Handler] = HANDLERS_201 | smart.HANDLERS_21 | grid.HANDLERS | depot.HANDLERS | {
    "UpdateDynamicSchedule": _update_schedule}
HANDLERS_21 |= {**tariffs.HANDLERS_21, **web_payment.HANDLERS_21}
HANDLERS_21 |= monitoring.HANDLERS_21
