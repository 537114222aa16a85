"""How a 1.6 station answers the platform: one handler an action, listed at the end."""

from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station import certificates, commands, conduct, contract, maintenance, security, settings
from simulators.station.authority import TokenInfo
from simulators.station.dialect import Handler, Reason, Refusal, Trigger, moment
from simulators.station.outbox import JsonObject, Outgoing
from simulators.station.outlet import OutletState, Reservation
from simulators.station.settings import Access, Change

if TYPE_CHECKING:
    from simulators.station.station import Station

ACCEPTED: JsonObject = {"status": "Accepted"}
REJECTED: JsonObject = {"status": "Rejected"}


def _remote_start(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    token = str(payload["idTag"])
    outlet = commands.pick_outlet(station, payload.get("connectorId"), token)
    if outlet is None:
        return REJECTED
    authorize = station.settings.flag(settings.AUTHORIZE_REMOTE)
    commands.start_remotely(station, outlet, token, "ISO14443", None, now, authorize=authorize)
    raw = payload.get("chargingProfile")
    if raw is not None:
        profile = commands.read_profile(raw, outlet.number, raw["chargingProfileId"], raw["chargingSchedule"], now)
        commands.install_profile(station, profile)
    return ACCEPTED


def _remote_stop(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    return ACCEPTED if commands.stop_remotely(station, str(payload["transactionId"]), now) else REJECTED


def _reset(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    hard = payload["type"] == "Hard"
    station.reset("hard" if hard else "soft", Reason.HARD_RESET if hard else Reason.SOFT_RESET, "RemoteReset", now)
    return ACCEPTED


def _unlock(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    outlet = station.outlets.get(payload["connectorId"])
    if outlet is None:
        return {"status": "NotSupported"}
    if conduct.LOCK_STUCK in station.manners:
        return {"status": "UnlockFailed"}
    commands.unlock(station, outlet, now)
    return {"status": "Unlocked"}


def _availability(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number = payload["connectorId"]
    if number != 0 and number not in station.outlets:
        return REJECTED
    operative = payload["type"] == "Operative"
    outlets = [outlet for outlet in station.outlets.values() if number in (0, outlet.number)]
    if number == 0:
        station.operative = operative
    return {"status": commands.set_availability(station, outlets, operative=operative, now=now)}


def _trigger(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    name, number = payload["requestedMessage"], payload.get("connectorId")
    if number not in (None, 0) and number not in station.outlets:
        return REJECTED
    outlets = [outlet for outlet in station.outlets.values() if number in (None, outlet.number)]
    if name == "BootNotification":
        station.dialect.boot(station, "Triggered", None)
    elif name == "Heartbeat":
        station.dialect.heartbeat(station)
    elif name == "StatusNotification":
        for outlet in ([None] if number in (None, 0) else []) + list[OutletState | None](outlets):
            station.dialect.status(station, outlet, now)
    elif name == "MeterValues":
        for outlet in outlets:
            if outlet.transaction is not None:
                station.dialect.updated(station, outlet, outlet.transaction, Trigger.TRIGGERED, now)
            else:
                station.dialect.meter_values(station, outlet, now)
    elif name in ("DiagnosticsStatusNotification", "FirmwareStatusNotification", "LogStatusNotification"):
        told = maintenance.current(station, name)
        station.outbox.put(Outgoing(name, lambda: told))
    elif name in certificates.TRIGGERED:
        return certificates.triggered(station, name, now)
    else:
        return {"status": "NotImplemented"}
    return ACCEPTED


def _get_configuration(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    wanted = payload.get("key") or [row.key for row in station.settings.rows if row.key is not None]
    known, unknown = [], []
    for key in wanted:
        row = station.settings.by_key(key)
        if row is None:
            unknown.append(key)
            continue
        entry: JsonObject = {"key": row.key, "readonly": row.access is Access.READ}
        if row.access is not Access.WRITE:
            entry["value"] = station.settings.text(row)
        known.append(entry)
    return {"configurationKey": known} | ({"unknownKey": unknown} if unknown else {})


def _change_configuration(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    row = station.settings.by_key(payload["key"])
    if row is None:
        return {"status": "NotSupported"}
    if row is settings.SECURITY_PROFILE:
        return {"status": security.raise_profile(station, str(payload["value"])).value}
    change = station.settings.change(row, payload["value"])
    if row is settings.PASSWORD and change is Change.ACCEPTED:
        station.wants_relink = True
    return {"status": change.value}


def _set_profile(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    raw = payload["csChargingProfiles"]
    profile = commands.read_profile(raw, payload["connectorId"], raw["chargingProfileId"], raw["chargingSchedule"], now)
    return ACCEPTED if commands.install_profile(station, profile) else REJECTED


def _clear_profile(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number, evse, level = payload.get("id"), payload.get("connectorId"), payload.get("stackLevel")
    purpose = str(payload.get("chargingProfilePurpose", "")).replace("ChargePointMax", "ChargingStationMax")
    found = commands.clear_profiles(station, lambda p: number in (None, p.id) and evse in (None, p.evse)
                                    and level in (None, p.stack_level) and purpose in ("", p.purpose.value))
    return ACCEPTED if found else {"status": "Unknown"}


def _composite(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    number, duration = payload["connectorId"], payload["duration"]
    if number != 0 and number not in station.outlets:
        return REJECTED
    unit = payload.get("chargingRateUnit", "A")
    steps = commands.schedule_for(station, number, duration, unit, now)
    schedule = {"duration": duration, "startSchedule": station.stamp(now), "chargingRateUnit": unit,
                "chargingSchedulePeriod": commands.periods_of(steps)}
    return ACCEPTED | {"connectorId": number, "scheduleStart": station.stamp(now), "chargingSchedule": schedule}


def _data_transfer(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    if payload["vendorId"] == certificates.PNC:
        return contract.answer16(station, payload, now)
    ours = payload["vendorId"] == station.config.vendor
    return {"status": "Accepted", "data": str(payload.get("data", ""))} if ours else {"status": "UnknownVendorId"}


def _clear_cache(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    station.authority.clear_cache()
    return ACCEPTED


def _list_version(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    return {"listVersion": station.authority.list_version}


def _send_list(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    entries = {str(e["idTag"]): _listed(e.get("idTagInfo")) for e in payload.get("localAuthorizationList", [])}
    full = payload["updateType"] == "Full"
    most_sent, most = station.settings.number(settings.LIST_SENT), station.settings.number(settings.LIST_MOST)
    if station.authority.too_much(len(entries), most_sent, most, full=full):
        return {"status": "Failed"}
    if conduct.LIST_ADRIFT in station.manners and not full:
        return {"status": "VersionMismatch"}
    if full:
        station.authority.replace_list(payload["listVersion"], {t: i for t, i in entries.items() if i is not None})
        return ACCEPTED
    return ACCEPTED if station.authority.update_list(payload["listVersion"], entries) else {"status": "VersionMismatch"}


def _listed(info: JsonObject | None) -> TokenInfo | None:
    if info is None:
        return None
    return TokenInfo(str(info["status"]), info.get("parentIdTag"), moment(info.get("expiryDate")))


def _reserve(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    outlet = station.outlets.get(payload["connectorId"]) if payload["connectorId"] else commands.free_outlet(station)
    until = moment(payload["expiryDate"])
    if outlet is None or until is None:
        return REJECTED
    held = Reservation(payload["reservationId"], str(payload["idTag"]), until, payload.get("parentIdTag"))
    return {"status": commands.reserve(station, outlet, held, now)}


def _cancel_reservation(station: "Station", payload: JsonObject, now: datetime) -> JsonObject | Refusal:
    return ACCEPTED if commands.cancel_reservation(station, payload["reservationId"], now) else REJECTED


HANDLERS: dict[str, Handler] = {
    "RemoteStartTransaction": _remote_start, "RemoteStopTransaction": _remote_stop, "Reset": _reset,
    "UnlockConnector": _unlock, "ChangeAvailability": _availability, "TriggerMessage": _trigger,
    "ExtendedTriggerMessage": _trigger, "GetConfiguration": _get_configuration,
    "ChangeConfiguration": _change_configuration, "SetChargingProfile": _set_profile,
    "ClearChargingProfile": _clear_profile, "GetCompositeSchedule": _composite, "DataTransfer": _data_transfer,
    "ClearCache": _clear_cache, "GetLocalListVersion": _list_version, "SendLocalList": _send_list,
    **maintenance.HANDLERS_16,
    "ReserveNow": _reserve, "CancelReservation": _cancel_reservation, **certificates.HANDLERS,
}
