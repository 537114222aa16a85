"""SignCertificate: judged by its looks and answered at once; whether it is signed is decided by the job it begins.

OCPP 2.0.1 and 2.1 Part 2, A02 and A03; OCPP 1.6 security whitepaper, A02 and A03. The answer goes out before the
certificate can (quirk 34): the job is committed with the message, and begins a moment later.
"""

import hashlib
from datetime import timedelta
from typing import Any, Final

from actors.certificates import pem
from actors.certificates.uses import SIGNED, STATION
from actors.station.heard import Heard, Incoming
from actors.station.work import Work
from protocol.events.certificates import CertificateRefused
from protocol.events.types import make
from protocol.ocpp import neutral
from protocol.ocpp.version import Version

SIGN: Final = "sign-certificate"
MOST_CHARACTERS: Final = 5500  # of a CSR, in every version
_A_MOMENT: Final = timedelta(seconds=1)


def _sign(work: Work, heard: Heard) -> neutral.Reply:
    """A02.FR.11: Accepted when it can be worked on; A02.FR.12: Rejected otherwise (A03.FR.11, A03.FR.12)."""
    told = heard.json
    work.report(heard.station, heard.action, told, told=False)
    use = SIGNED.get(told.get("certificateType", "ChargingStationCertificate"), STATION)
    try:
        csr = _request(told["csr"])
    except pem.NotPem as error:
        refused = CertificateRefused(
            station_id=heard.station.id, station=heard.station.identity, use=use, code="not_readable", reason=str(error)
        )
        work.event(make(refused))
        return neutral.GivenReply(_rejected(heard.station.version, "InvalidCSR", str(error)))
    state = {
        "csr": csr,
        "use": use,
        "type": told.get("certificateType"),
        "request_id": told.get("requestId"),
        "root": told.get("hashRootCertificate"),
    }
    # The same request once more, while the first is worked on, is the same work.
    mark = hashlib.sha256(f"{csr}{state['request_id']}".encode()).hexdigest()[:32]
    work.job(SIGN, state, key=f"{heard.station.id}/{use}/{mark}", after=_A_MOMENT)
    return neutral.GivenReply({"status": "Accepted"})


def _request(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise pem.NotPem(f"it has {len(text)} characters; allowed are {MOST_CHARACTERS}")
    return pem.single(text, pem.REQUEST)


def _rejected(version: Version, code: str, text: str) -> dict[str, Any]:
    if version is Version.V16:
        return {"status": "Rejected"}
    return {"status": "Rejected", "statusInfo": {"reasonCode": code, "additionalInfo": text[:512]}}


INCOMING: Final[Incoming] = {"SignCertificate": _sign}
