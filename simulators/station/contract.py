"""A vehicle with a contract certificate at the station (ISO 15118): what the station then asks the platform.

OCPP 2.0.1 Part 2, C07, M01, M02 and M06; 2.1, M07. A station of 1.6 says the same inside a DataTransfer. Nothing here
is EXI: what stands for it is any base64.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from protocol.ocpp.version import Version
from simulators.station import certificates
from simulators.station.acting import Acts
from simulators.station.authority import TokenInfo
from simulators.station.certificate_store import hash_data, read_chain
from simulators.station.certificates import PNC, inside
from simulators.station.charging import NotPossible, give_leave, outlet_of
from simulators.station.outbox import Failure, JsonObject, Outgoing

if TYPE_CHECKING:
    from simulators.station.station import Station

SCHEMA_2: Final = "urn:iso:15118:2:2013:MsgDef"
SCHEMA_20: Final = "urn:iso:std:iso:15118:-20:CommonMessages"
Told = Callable[[JsonObject | None, datetime], None]


def ask(station: "Station", action: str, payload: JsonObject, then: Told) -> None:
    """Says it as the version does; `then` gets the answer of 2.x, None when there is none."""

    def done(answer: JsonObject | None, failure: Failure | None, now: datetime) -> None:
        then(answer if station.config.version is not Version.V16 else inside(answer), now)

    if station.config.version is Version.V16:
        wrapped: JsonObject = {"vendorId": PNC, "messageId": action, "data": orjson.dumps(payload).decode()}
        station.outbox.put(Outgoing("DataTransfer", lambda: wrapped, done=done))
        return
    station.outbox.put(Outgoing(action, lambda: payload, done=done))


def authorize(
    station: "Station", emaid: str, evse: int, *, chain: str | None = None, hashes: Sequence[JsonObject] = ()
) -> None:
    """The contract asks for leave to charge: with its chain for the platform to check, or with hash data (C07)."""
    outlet = outlet_of(station, evse)
    token: Any = emaid if station.config.version is Version.V16 else {"idToken": emaid, "type": "eMAID"}
    payload: JsonObject = {"idToken": token}
    if chain is not None:
        payload["certificate"] = chain
    if hashes:
        payload["iso15118CertificateHashData"] = list(hashes)

    def told(answer: JsonObject | None, now: datetime) -> None:
        if answer is None:
            station.note(f"contract {emaid}: no answer")
            return
        status, certificate = answer["idTokenInfo"]["status"], answer.get("certificateStatus", "none")
        station.note(f"contract {emaid}: {status}, certificate {certificate}")
        if TokenInfo(status).accepted(now) and certificate in ("Accepted", "none"):
            give_leave(station, outlet, emaid, "eMAID", now)

    ask(station, "Authorize", payload, told)


def get_certificate(
    station: "Station", *, action: str = "Install", exi: str | None = None, most: int | None = None
) -> None:
    """The vehicle wants a contract certificate; with `most` (ISO 15118-20, OCPP 2.1) it asks until none is left."""
    request = exi or base64.b64encode(hashlib.sha256(station.config.identity.encode()).digest()).decode()
    payload: JsonObject = {
        "iso15118SchemaVersion": SCHEMA_2 if most is None else SCHEMA_20, "action": action, "exiRequest": request,
    }  # fmt: skip
    if most is not None:
        payload["maximumContractCertificateChains"] = most

    def told(answer: JsonObject | None, now: datetime) -> None:
        answer = answer or {"status": "Failed"}
        why = answer.get("statusInfo", {}).get("reasonCode", "")
        station.note(f"contract certificate {answer['status'].lower()} {why}".rstrip())
        if answer.get("remainingContracts", 0) > 0:  # M01.FR.06 (2.1)
            ask(station, "Get15118EVCertificate", payload, told)

    ask(station, "Get15118EVCertificate", payload, told)


def get_status(station: "Station", data: JsonObject) -> None:
    """OCSP status of one certificate, to be kept for vehicles (M06)."""

    def told(answer: JsonObject | None, now: datetime) -> None:
        status = "failed" if answer is None else answer["status"].lower()
        station.note(f"status of certificate {data['serialNumber'][:8]}: {status}")

    ask(station, "GetCertificateStatus", {"ocspRequestData": data}, told)


def get_chain_status(station: "Station", entries: Sequence[JsonObject]) -> None:
    """Revocation of a vehicle's chain (2.1, M07)."""
    if station.config.version is not Version.V21:
        raise NotPossible("only OCPP 2.1 has GetCertificateChainStatus")

    def told(answer: JsonObject | None, now: datetime) -> None:
        found = [] if answer is None else [str(each["status"]).lower() for each in answer["certificateStatus"]]
        station.note(f"chain: {', '.join(found) or 'no answer'}")

    ask(station, "GetCertificateChainStatus", {"certificateStatusRequests": list(entries)}, told)


def hashes_of(chain: str, root: str = "") -> list[JsonObject]:
    """Hash data of every certificate whose issuer is there, leaf first, each with its responder."""
    found = read_chain(chain + root)
    return [
        hash_data(certificate, issuer) | {"responderURL": address}
        for certificate, issuer in pairwise(found)
        if (address := responder_of(certificate)) is not None
    ]


def responder_of(certificate: x509.Certificate) -> str | None:
    """The first OCSP address it names."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return None
    ocsp = (each.access_location.value for each in access if each.access_method == AuthorityInformationAccessOID.OCSP)
    return next(ocsp, None)


def answer16(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """What the platform says about certificates to a 1.6 station, by DataTransfer: handled as in 2.x."""
    handler = _BY_TRANSFER.get(payload.get("messageId", ""))
    if handler is None:
        return {"status": "UnknownMessageId"}
    try:
        told = handler(station, orjson.loads(payload.get("data", "")), now)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return {"status": "Rejected"}
    if not isinstance(told, dict):
        return {"status": "Rejected"}
    return {"status": "Accepted", "data": orjson.dumps(told).decode()}


def _triggered(station: "Station", asked: JsonObject, now: datetime) -> JsonObject:
    """TriggerMessage as 2.0.1 has it: for the certificate towards vehicles alone."""
    name = asked["requestedMessage"]
    return certificates.triggered(station, name, now) if name == "SignV2GCertificate" else {"status": "NotImplemented"}


def _installed(station: "Station", asked: JsonObject, now: datetime) -> JsonObject:
    """GetInstalledCertificateIds as 2.0.1 answers it: the security extension of 1.6 has one of that name, too."""
    found = certificates.wallet(station).store.told(asked.get("certificateType"))
    chains = [{"certificateType": use, "certificateHashData": told} for use, told in found]
    return {"status": "Accepted", "certificateHashDataChain": chains} if chains else {"status": "NotFound"}


_BY_TRANSFER: Final = {
    **certificates.HANDLERS, "GetInstalledCertificateIds": _installed, "TriggerMessage": _triggered,
}  # fmt: skip


# What scripts say


def _contract(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act contract EMAID EVSE [CHAIN.pem [ROOT.pem]]`: with a root the station sends hash data, else the chain."""
    if len(words) not in (2, 3, 4) or not words[1].isdecimal():
        raise NotPossible("contract EMAID EVSE [CHAIN.pem [ROOT.pem]]")
    chain, root = (_read(words[2]) if len(words) > 2 else None), (_read(words[3]) if len(words) > 3 else None)
    if chain is not None and root is not None:
        authorize(station, words[0], int(words[1]), hashes=hashes_of(chain, root))
    else:
        authorize(station, words[0], int(words[1]), chain=chain)


def _certificate(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act contract-certificate [Install|Update] [MOST]`: Get15118EVCertificate."""
    action = words[0] if words else "Install"
    if action not in ("Install", "Update") or len(words) > 2 or (len(words) == 2 and not words[1].isdecimal()):
        raise NotPossible("contract-certificate [Install|Update] [MOST]")
    get_certificate(station, action=action, most=int(words[1]) if len(words) == 2 else None)


def _status(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act certificate-status CHAIN.pem ROOT.pem`: GetCertificateStatus for each certificate of the chain."""
    if len(words) != 2:
        raise NotPossible("certificate-status CHAIN.pem ROOT.pem")
    for data in hashes_of(_read(words[0]), _read(words[1])):
        get_status(station, data)


def _chain_status(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act chain-status CHAIN.pem ROOT.pem`: GetCertificateChainStatus by OCSP."""
    if len(words) != 2:
        raise NotPossible("chain-status CHAIN.pem ROOT.pem")
    entries: list[JsonObject] = []
    for data in hashes_of(_read(words[0]), _read(words[1])):
        named = {key: value for key, value in data.items() if key != "responderURL"}
        entries.append({"certificateHashData": named, "source": "OCSP", "urls": [data["responderURL"]]})
    get_chain_status(station, entries)


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise NotPossible(f"{name} cannot be read: {error}") from None


ACTS: Final[Acts] = {
    "contract": _contract,
    "contract-certificate": _certificate,
    "certificate-status": _status,
    "chain-status": _chain_status,
}
