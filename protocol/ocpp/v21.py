"""OCPP 2.1: what it has of its own beside what `v2.py` does for both 2.x versions."""

from typing import Any, Final

import msgspec

from protocol.ocpp import neutral, v2
from protocol.ocpp.messages import v21 as types

# Notifications: kept as facts. Where the response has a required field, the value says that we steer nothing.
_NOTIFICATIONS: Final[dict[str, dict[str, Any]]] = {
    "BatterySwap": {},
    "ClearedChargingLimit": {},
    "FirmwareStatusNotification": {},
    "LogStatusNotification": {},
    "NotifyChargingLimit": {},
    "NotifyCustomerInformation": {},
    "NotifyDERAlarm": {},
    "NotifyDERStartStop": {},
    "NotifyDisplayMessages": {},
    "NotifyEVChargingNeeds": {"status": "NoChargingProfile"},  # nobody plans this vehicle (K15)
    "NotifyEVChargingSchedule": {"status": "Accepted"},
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
}


def understand(action: str, request: msgspec.Struct) -> neutral.Message:
    """What a station's request means."""
    translate = v2.INCOMING.get(action)
    if translate is not None:
        return translate(request)
    return neutral.Notified(action, request) if action in _NOTIFICATIONS else neutral.DecisionAsked(action)


def answer(action: str, response: type[msgspec.Struct], reply: neutral.Reply) -> msgspec.Struct:
    """The typed response to that action. Raises TypeError for a reply that does not belong to it."""
    if type(reply) is neutral.EmptyReply:
        return response(**_NOTIFICATIONS.get(action, {}))
    return v2.answer(types, action, response, reply)
