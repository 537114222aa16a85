"""Which commands may be sent again when it is not known whether they arrived. Pure.

Reading, and writing what is the same when it is written twice, may. What starts, moves, opens or pays for something may
not: sent twice, it happens twice.
"""

from typing import Final

_ONCE: Final = frozenset((
    "AFRRSignal", "BatterySwap", "CertificateSigned", "ChangeTransactionTariff", "CostUpdated", "CustomerInformation",
    "DataTransfer", "GetDiagnostics", "GetLog", "InstallCertificate", "PublishFirmware", "RemoteStartTransaction",
    "RequestBatterySwap", "RequestStartTransaction", "ReserveNow", "Reset", "SendLocalList", "SignedUpdateFirmware",
    "UnlockConnector", "UpdateFirmware", "UsePriorityCharging",
))  # fmt: skip


def repeatable(action: str) -> bool:
    """True when sending it twice has the effect of sending it once."""
    return action not in _ONCE
