"""What certificates are for, in our words and in those of each OCPP version.

OCPP 2.0.1 and 2.1 Part 2: CertificateSigningUseEnumType, InstallCertificateUseEnumType, GetCertificateIdUseEnumType;
OCPP 1.6 security whitepaper: CertificateUseEnumType.
"""

from typing import Final

from actors.station.phrasing import Unsupported
from protocol.ocpp.version import Version

STATION: Final = "station"  # the station towards us; in 2.x, unless told apart, towards vehicles as well
SIGNED: Final = {"ChargingStationCertificate": STATION, "V2GCertificate": "v2g", "V2G20Certificate": "v2g20"}
TRIGGERS: Final = {
    STATION: "SignChargingStationCertificate",
    "v2g": "SignV2GCertificate",
    "v2g20": "SignV2G20Certificate",
    "combined": "SignCombinedCertificate",
}
CHAIN: Final = "v2g_chain"  # what was signed for the station, with its sub-authorities; listed, never installed

_ROOTS16: Final = {
    "csms_root": "CentralSystemRootCertificate",
    "manufacturer_root": "ManufacturerRootCertificate",
}
_ROOTS201: Final = {
    "csms_root": "CSMSRootCertificate",
    "manufacturer_root": "ManufacturerRootCertificate",
    "v2g_root": "V2GRootCertificate",
    "mo_root": "MORootCertificate",
}
_ROOTS21: Final = {**_ROOTS201, "oem_root": "OEMRootCertificate"}
_ROOTS: Final = {Version.V16: _ROOTS16, Version.V201: _ROOTS201, Version.V21: _ROOTS21}
_OURS: Final = {theirs: ours for table in _ROOTS.values() for ours, theirs in table.items()} | {
    "V2GCertificateChain": CHAIN
}


def of_vehicles(use: str | None) -> bool:
    """Whether it is about vehicles (ISO 15118), which OCPP 1.6 itself knows nothing of."""
    return use == CHAIN or (use in _ROOTS201 and use not in _ROOTS16)


def root(version: Version, use: str) -> str:
    """The name of a root's use in that version. Raises Unsupported."""
    found = _ROOTS[version].get(use)
    if found is None:
        known = ", ".join(_ROOTS[version])
        raise Unsupported(f"OCPP {version.value} has no root certificate for {use!r}; there are {known}")
    return found


def listed(version: Version, use: str) -> str:
    """The same for what can be listed: the station's own V2G chain as well. Raises Unsupported."""
    if use == CHAIN and version is not Version.V16:
        return "V2GCertificateChain"
    return root(version, use)


def listable(version: Version) -> tuple[str, ...]:
    """All uses a station of that version can be asked for."""
    return (*_ROOTS[version], *(() if version is Version.V16 else (CHAIN,)))


def ours(theirs: str) -> str:
    """Our word for a name of any version; an unknown one stays as it is."""
    return _OURS.get(theirs, theirs)
