"""SignCertificate: judged by its looks and answered at once; whether it is signed is decided by the job it begins.

OCPP 2.0.1 and 2.1 Part 2, A02 and A03; OCPP 1.6 security whitepaper, A02 and A03. The answer goes out before the
certificate can (quirk 34): the job is committed with the message, and begins a moment later.
"""

import hashlib
from datetime import timedelta
from typing import Any, Final

from msgspec.structs import replace

from actors.certificates import pem
from actors.certificates.policy import MOST_AN_HOUR
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
_HOUR: Final = timedelta(hours=1)
_TOO_MANY: Final = f"more than {MOST_AN_HOUR} requests within an hour; look at the station"


def _sign(work: Work, heard: Heard) -> neutral.Reply:
    """A02.FR.11: Accepted when it can be worked on; A02.FR.12: Rejected otherwise (A03.FR.11, A03.FR.12)."""
    told = heard.json
    use = SIGNED.get(told.get("certificateType", "ChargingStationCertificate"), STATION)
    before = _counted(work)
    if before > MOST_AN_HOUR:
        return neutral.GivenReply(_rejected(heard.station.version, "TooMany", _TOO_MANY))
    work.report(heard.station, heard.action, told, told=False)
    if before == MOST_AN_HOUR:  # told once an hour
        return _refused(work, heard, use, "too_many", "TooMany", _TOO_MANY)
    try:
        csr = _request(told["csr"])
    except pem.NotPem as error:
        return _refused(work, heard, use, "not_readable", "InvalidCSR", str(error))
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


def _counted(work: Work) -> int:
    """How many came within the last hour before this one; more than one too many are not counted."""
    earlier = tuple(at for at in work.state.signing if at > work.now - _HOUR)
    if len(earlier) <= MOST_AN_HOUR:
        work.state = replace(work.state, signing=(*earlier, work.now))
    return len(earlier)


def _refused(work: Work, heard: Heard, use: str, code: str, theirs: str, text: str) -> neutral.Reply:
    station = heard.station
    refused = CertificateRefused(station_id=station.id, station=station.identity, use=use, code=code, reason=text)
    work.event(make(refused))
    return neutral.GivenReply(_rejected(station.version, theirs, text))


def _request(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise pem.NotPem(f"it has {len(text)} characters; allowed are {MOST_CHARACTERS}")
    return pem.single(text, pem.REQUEST)


def _rejected(version: Version, code: str, text: str) -> dict[str, Any]:
    if version is Version.V16:
        return {"status": "Rejected"}
    return {"status": "Rejected", "statusInfo": {"reasonCode": code, "additionalInfo": text[:512]}}


INCOMING: Final[Incoming] = {"SignCertificate": _sign}
