"""Notifications that need nothing but to be kept: report row, event, empty answer (or the one required field)."""

from typing import Any, Final

from actors.station.heard import EMPTY, Handler, Heard
from actors.station.work import Work
from protocol.ocpp import neutral

# Where the response has a required field, the value says that we steer nothing.
_KEPT: Final[dict[str, dict[str, Any]]] = {
    "BatterySwap": {},
    "ClearedChargingLimit": {},
    "DiagnosticsStatusNotification": {},
    "FirmwareStatusNotification": {},
    "LogStatusNotification": {},
    "NotifyChargingLimit": {},
    "NotifyCustomerInformation": {},
    "NotifyDERAlarm": {},
    "NotifyDERStartStop": {},
    "NotifyDisplayMessages": {},
    "NotifyEVChargingNeeds": {"status": "Rejected"},  # "service not available": nobody plans this vehicle (K15)
    "NotifyEVChargingSchedule": {"status": "Accepted"},
    "NotifyEvent": {},
    "NotifyMonitoringReport": {},
    "NotifyPeriodicEventStream": {},
    "NotifyPriorityCharging": {},
    "NotifySettlement": {},
    "NotifyWebPaymentStarted": {},
    "PublishFirmwareStatusNotification": {},
    "ReportChargingProfiles": {},
    "ReportDERControl": {},
    "ReservationStatusUpdate": {},
    "SecurityEventNotification": {},
    "SignedFirmwareStatusNotification": {},
}


def _keep(work: Work, heard: Heard) -> neutral.Reply:
    work.report(heard.station, heard.action, heard.json)
    given = _KEPT[heard.action]
    return neutral.GivenReply(given) if given else EMPTY


INCOMING: Final[dict[str, Handler]] = dict.fromkeys(_KEPT, _keep)
