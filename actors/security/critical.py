"""Which security events are critical (OCPP 2.0.1 and 2.1 Part 2 appendix 1; 1.6 security whitepaper, security events).

The versions differ on some; what one of them calls critical is critical here. Names that 1.6 spells otherwise stand for
the same. An event of a maker's own is kept and told, and not called critical: nobody but the maker knows.
"""

from typing import Final

CRITICAL: Final = frozenset((
    "FirmwareUpdated",
    "SettingSystemTime",
    "StartupOfTheDevice",
    "ResetOrReboot",
    "SecurityLogWasCleared",
    "MemoryExhaustion",
    "TamperDetectionActivated",
    "InvalidFirmwareSignature",
    "InvalidFirmwareSigningCertificate",
    "InvalidCsmsCertificate",
    "InvalidCentralSystemCertificate",
    "InvalidChargingStationCertificate",
    "InvalidChargePointCertificate",
    "DiscardedRenewedClientCertificate",
    "InvalidTLSVersion",
    "InvalidTLSCipherSuite",
    "MaintenanceLoginAccepted",
    "MaintenanceLoginFailed",
))  # fmt: skip
ROUTINE: Final = frozenset((
    "FailedToAuthenticateAtCsms",
    "FailedToAuthenticationAtCentralSystem",
    "CsmsFailedToAuthenticate",
    "CentralSystemFailedToAuthentication",
    "ReconfigurationOfSecurityParameters",
    "InvalidMessages",
    "AttemptedReplayAttacks",
))  # fmt: skip
_BY_KEY: Final = {name.casefold(): name for name in (*CRITICAL, *ROUTINE)}


def is_critical(event: str) -> bool:
    """Whether the specification calls it critical; letter case and blanks around it do not matter."""
    return _BY_KEY.get(event.strip().casefold(), "") in CRITICAL
