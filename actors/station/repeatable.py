"""Which commands may be sent again when it is not known whether they arrived. Pure.

Reading may, and so may writing what is the same when it is written twice, or taking away what is then not there. What
is not named here is sent at most once: what starts, moves, opens or pays for something would do so twice.
"""

from typing import Final

_READS: Final = frozenset((
    "GetBaseReport", "GetChargingProfiles", "GetCompositeSchedule", "GetConfiguration", "GetDERControl",
    "GetDisplayMessages", "GetInstalledCertificateIds", "GetLocalListVersion", "GetMonitoringReport",
    "GetPeriodicEventStream", "GetReport", "GetTariffs", "GetTransactionStatus", "GetVariables",
))  # fmt: skip
_WRITES: Final = frozenset((
    "AdjustPeriodicEventStream", "ChangeAvailability", "ChangeConfiguration", "NotifyAllowedEnergyTransfer",
    "SetChargingProfile", "SetDERControl", "SetDefaultTariff", "SetDisplayMessage", "SetMonitoringBase",
    "SetMonitoringLevel", "SetNetworkProfile", "SetVariables", "UpdateDynamicSchedule",
))  # fmt: skip
_TAKES_AWAY: Final = frozenset((
    "CancelReservation", "ClearCache", "ClearChargingProfile", "ClearDERControl", "ClearDisplayMessage", "ClearTariffs",
    "ClearVariableMonitoring", "DeleteCertificate", "RemoteStopTransaction", "RequestStopTransaction",
    "UnpublishFirmware",
))  # fmt: skip

REPEATABLE: Final = _READS | _WRITES | _TAKES_AWAY


def repeatable(action: str) -> bool:
    """True when sending it twice has the effect of sending it once."""
    return action in REPEATABLE
