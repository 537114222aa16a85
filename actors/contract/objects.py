"""What certificates are asked and told about, as typed values, and the limits of what stations take.

Names as in OCPP 2.0.1 Part 2, 2.36 OCSPRequestDataType: hashes and the serial number in hexadecimal, any case.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

import attrs

from protocol.ocpp.version import Version

Status = Literal["good", "revoked", "unknown"]
Source = Literal["OCSP", "CRL"]
MOST_REASON: Final = 20  # letters of statusInfo.reasonCode
MOST_INFO: Final = 512  # of statusInfo.additionalInfo, in 2.0.1
# OCPP 2.0.1 Part 2, 1.18.2 and 1.16.2; OCPP 2.1 Part 2, 1.26.2 and 1.23.2: characters of base64.
LONGEST_OCSP: Final = {Version.V16: 5500, Version.V201: 5500, Version.V21: 18000}
LONGEST_EXI: Final = {Version.V16: 5600, Version.V201: 5600, Version.V21: 17000}


@attrs.frozen
class Failure:
    """Why something could not be had: a word for `statusInfo.reasonCode`, and a sentence."""

    reason: str
    text: str

    def info(self) -> dict[str, str]:
        """StatusInfoType of OCPP 2.x."""
        return {"reasonCode": self.reason[:MOST_REASON], "additionalInfo": self.text[:MOST_INFO]}


@attrs.frozen
class CertificateId:
    """One certificate by the hashes of its issuer and its serial number. `algorithm`: SHA256, SHA384 or SHA512."""

    algorithm: str
    name_hash: bytes
    key_hash: bytes
    serial: int


def certificate_id(data: Mapping[str, Any]) -> CertificateId | Failure:
    """Of the JSON of an OCSPRequestDataType or CertificateHashDataType; what is wrong with it otherwise."""
    try:
        return CertificateId(
            str(data["hashAlgorithm"]), bytes.fromhex(data["issuerNameHash"]), bytes.fromhex(data["issuerKeyHash"]),
            int(data["serialNumber"], 16),
        )  # fmt: skip
    except ValueError:
        return Failure("BadHashData", "issuerNameHash, issuerKeyHash and serialNumber must be hexadecimal")


@attrs.frozen
class StatusAsked:
    """One certificate's revocation status, from the first of `urls` that has it. `data` is its hash data as given.

    `relayed`: whoever asks is given the signed answer itself, and checks it.
    """

    source: Source
    urls: tuple[str, ...]
    data: Mapping[str, Any]
    relayed: bool = False


@attrs.frozen
class StatusFound:
    """What a responder or list says. `der`: the OCSP response as it came. `next_update`: when it has to be asked again.

    `verified`: its signature was checked with an issuer that the tenant trusts.
    """

    status: Status
    next_update: datetime
    der: bytes = b""
    verified: bool = False

    def base64(self) -> str:
        """The OCSP response as stations take it."""
        return b64encode(self.der).decode()


@attrs.frozen
class PoolAsked:
    """A vehicle's request for a contract certificate (Get15118EVCertificate), EXI in base64, never decoded."""

    schema: str
    action: str
    exi: str
    most: int | None = None
    prioritised: tuple[str, ...] = ()


@attrs.frozen
class PoolAnswer:
    """The pool's answer. `exi` in base64; `remaining`: contracts that more requests would bring (OCPP 2.1)."""

    exi: str
    remaining: int | None = None
    failure: Failure | None = None


@attrs.frozen
class ContractAsked:
    """The certificates of an Authorize. `chain`: PEM, leaf first; `hashes`: hash data when the station checked it."""

    emaid: str
    chain: str | None = None
    hashes: tuple[Mapping[str, Any], ...] = ()
    strict: bool = False


CertificateVerdict = Literal["accepted", "expired", "revoked", "invalid", "missing"]


@attrs.frozen
class ContractFinding:
    """What was found of an Authorize's certificates, and why. `checked`: how many were asked after."""

    verdict: CertificateVerdict
    why: str = ""
    checked: int = 0
