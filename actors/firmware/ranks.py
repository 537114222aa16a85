"""How far along an update is by each status, so that one that comes late does not turn it back. Pure.

OCPP 2.0.1 Part 2, 3.32 FirmwareStatusEnumType and 3.66 PublishFirmwareStatusEnumType; 1.6, 7.25, and the security
whitepaper for the signed forms.
"""

from typing import Final

from actors.station.steps import CANCELLED, FAILURE, REFUSED, Rank, going

INSTALLED: Final = 90
_UPDATE: Final = {
    "DownloadScheduled": going(10),
    "Downloading": going(20),
    "DownloadPaused": going(20),
    "Downloaded": going(30),
    "SignatureVerified": going(40),
    "InstallScheduled": going(50),
    "Installing": going(60),
    "InstallRebooting": going(60),
    "Installed": going(INSTALLED),
    "DownloadFailed": FAILURE,
    "InvalidSignature": FAILURE,
    "InstallVerificationFailed": FAILURE,
    "InstallationFailed": FAILURE,
}
_PUBLISH: Final = {
    "DownloadScheduled": going(10),
    "Downloading": going(20),
    "DownloadPaused": going(20),
    "Downloaded": going(30),
    "ChecksumVerified": going(40),
    "Published": going(INSTALLED),
    "DownloadFailed": FAILURE,
    "InvalidChecksum": FAILURE,
    "PublishFailed": FAILURE,
}
_ANSWERS: Final = {"Accepted": going(1), "AcceptedCanceled": going(1)}
FAILURES: Final = frozenset(name for name, rank in (_UPDATE | _PUBLISH).items() if rank is FAILURE)
REFUSALS: Final = frozenset(("Rejected", "InvalidCertificate", "RevokedCertificate", "error"))
CANCELED: Final = CANCELLED


def of_update(status: str) -> Rank:
    """A status of an update."""
    return _UPDATE.get(status, going(5))


def of_publishing(status: str) -> Rank:
    """A status of publishing."""
    return _PUBLISH.get(status, going(5))


def of_answer(status: str) -> Rank:
    """The answer to the request: what is not accepted was never taken."""
    return _ANSWERS.get(status, going(REFUSED))
