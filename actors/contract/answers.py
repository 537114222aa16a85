"""What stations are answered, as the JSON of OCPP 2.x, from what was heard outside. Pure.

`None` from outside: nothing in time. That is an answer too; a station that gets none asks again and again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from actors.contract.objects import LONGEST_EXI, LONGEST_OCSP, Failure, PoolAnswer, StatusFound
from protocol.events.types import timestamp
from protocol.ocpp.version import Version

_SILENT: Final = Failure("Timeout", "no answer in time")
_STATUS: Final = {"good": "Good", "revoked": "Revoked", "unknown": "Unknown"}
Told = tuple[dict[str, Any], Failure | None]


def certificate(version: Version, outside: object) -> Told:
    """Get15118EVCertificateResponse (M01, M02), and what went wrong."""
    answer = outside if isinstance(outside, PoolAnswer) else PoolAnswer("", failure=_SILENT)
    failure = answer.failure
    if len(answer.exi) > LONGEST_EXI[version]:
        failure = Failure("TooLong", f"exiResponse has {len(answer.exi)} characters; at most {LONGEST_EXI[version]}")
        answer = PoolAnswer("", failure=failure)
    if failure is not None:
        return {"status": "Failed", "exiResponse": answer.exi, "statusInfo": failure.info()}, failure
    told: dict[str, Any] = {"status": "Accepted", "exiResponse": answer.exi}
    if version is Version.V21 and answer.remaining is not None:
        told["remainingContracts"] = answer.remaining  # M01.FR.04 and FR.07
    return told, None


def certificate_status(version: Version, outside: object) -> Told:
    """GetCertificateStatusResponse: M06.FR.02 and M06.FR.03 when it could be had, M06.FR.04 when not."""
    found: object = outside[0] if isinstance(outside, list) and outside else _SILENT
    if isinstance(found, StatusFound):
        text = found.base64()
        if len(text) <= LONGEST_OCSP[version]:
            return {"status": "Accepted", "ocspResult": text}, None
        found = Failure("TooLong", f"the OCSP response has {len(text)} characters; at most {LONGEST_OCSP[version]}")
    failure = found if isinstance(found, Failure) else _SILENT
    return {"status": "Failed", "statusInfo": failure.info()}, failure


def chain_status(asked: Sequence[Mapping[str, Any]], outside: object, now: datetime) -> dict[str, Any]:
    """GetCertificateChainStatusResponse, one entry for each that was asked.

    OCPP 2.1 Part 2, M07.FR.02, M07.FR.03, M07.FR.05, M07.FR.08.
    """
    found: Sequence[object] = outside if isinstance(outside, list) else [_SILENT] * len(asked)
    return {"certificateStatus": [_entry(each, its, now) for each, its in zip(asked, found, strict=True)]}


def _entry(asked: Mapping[str, Any], found: object, now: datetime) -> dict[str, Any]:
    known = found if isinstance(found, StatusFound) else None
    return {
        "certificateHashData": asked["certificateHashData"],
        "source": asked["source"],
        "status": "Failed" if known is None else _STATUS[known.status],
        "nextUpdate": timestamp(now if known is None else known.next_update),
    }
