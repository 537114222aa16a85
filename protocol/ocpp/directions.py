"""Who begins which action: the station, we, or both (OCPP 1.6, 4 and 5; its security whitepaper; 2.x Part 2, 1)."""

from typing import Final

from protocol.ocpp import catalogue
from protocol.ocpp.version import Version

BOTH: Final = frozenset(("DataTransfer",))
_STATION_16: Final = frozenset((
    "Authorize", "BootNotification", "DiagnosticsStatusNotification", "FirmwareStatusNotification", "Heartbeat",
    "LogStatusNotification", "MeterValues", "SecurityEventNotification", "SignCertificate",
    "SignedFirmwareStatusNotification", "StartTransaction", "StatusNotification", "StopTransaction",
))  # fmt: skip
_STATION_201: Final = frozenset((
    "Authorize", "BootNotification", "ClearedChargingLimit", "FirmwareStatusNotification", "Get15118EVCertificate",
    "GetCertificateStatus", "Heartbeat", "LogStatusNotification", "MeterValues", "NotifyChargingLimit",
    "NotifyCustomerInformation", "NotifyDisplayMessages", "NotifyEVChargingNeeds", "NotifyEVChargingSchedule",
    "NotifyEvent", "NotifyMonitoringReport", "NotifyReport", "PublishFirmwareStatusNotification",
    "ReportChargingProfiles", "ReservationStatusUpdate", "SecurityEventNotification", "SignCertificate",
    "StatusNotification", "TransactionEvent",
))  # fmt: skip
_STATION_21: Final = _STATION_201 | frozenset((
    "BatterySwap", "GetCertificateChainStatus", "NotifyDERAlarm", "NotifyDERStartStop", "NotifyPeriodicEventStream",
    "NotifyPriorityCharging", "NotifySettlement", "OpenPeriodicEventStream",
    "ClosePeriodicEventStream", "PullDynamicScheduleUpdate", "ReportDERControl", "VatNumberValidation",
))  # fmt: skip
_STATION: Final = {Version.V16: _STATION_16, Version.V201: _STATION_201, Version.V21: _STATION_21}


def from_station(version: Version) -> frozenset[str]:
    """Actions that a station of this version begins."""
    return _STATION[version] | BOTH


def from_us(version: Version) -> frozenset[str]:
    """Actions that we begin."""
    return (frozenset(catalogue.actions(version)) - _STATION[version]) | BOTH
