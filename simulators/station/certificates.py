"""A station's certificates: keys made, requests for certificates, what is given to it, and its trust store.

OCPP 2.0.1 and 2.1 Part 2, A02, A03 and M03 to M05; OCPP 1.6 security whitepaper, the same use cases. Private keys never
leave the station but as files for its own TLS (`present`).
"""

import os
import ssl
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from protocol.ocpp.version import Version
from simulators.station import settings
from simulators.station.acting import Acts
from simulators.station.certificate_store import Store, has_signed, read_chain
from simulators.station.charging import NotPossible
from simulators.station.dialect import Handler
from simulators.station.outbox import Failure, JsonObject, Outgoing

if TYPE_CHECKING:
    from simulators.station.station import Station

STATION: Final = "ChargingStationCertificate"
PNC: Final = "org.openchargealliance.iso15118pnc"
TRIGGERED: Final = {
    "SignChargePointCertificate": STATION,
    "SignChargingStationCertificate": STATION,
    "SignV2GCertificate": "V2GCertificate",
    "SignV2G20Certificate": "V2G20Certificate",
    "SignCombinedCertificate": None,
}
_REJECTED: Final = "Rejected"
Say = Callable[[], JsonObject]


@attrs.define
class Pending:
    """A request that is out: its key, and how often it was said. `use` None: one for platform and vehicles alike."""

    key: ec.EllipticCurvePrivateKey = attrs.field(repr=False)
    use: str | None
    request_id: int | None
    attempts: int = 0


@attrs.frozen
class Own:
    """A certificate of the station with its key; `chain`: itself first."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = attrs.field(repr=False)
    chain: tuple[x509.Certificate, ...]


@attrs.define
class Wallet:
    """All that a station has of keys and certificates."""

    store: Store = attrs.Factory(Store)
    pending: list[Pending] = attrs.Factory(list)
    own: dict[str, Own] = attrs.Factory(dict)
    numbers: int = 0
    common_name: str | None = None  # what to ask for instead of the serial number
    curve: ec.EllipticCurve = attrs.Factory(ec.SECP256R1)


def wallet(station: "Station") -> Wallet:
    """The station's; made when first looked for."""
    if station.wallet is None:
        station.wallet = Wallet()
    return station.wallet


# -- asking (A02, A03) -------------------------------------------------------------------------------------------------


def triggered(station: "Station", name: str, now: datetime) -> JsonObject:
    """TriggerMessage or ExtendedTriggerMessage for a certificate: answered first, then the request goes out."""
    if name == "SignV2G20Certificate" and station.config.version is not Version.V21:
        return {"status": "NotImplemented"}
    ask(station, TRIGGERED[name])
    return {"status": "Accepted"}


def ask(station: "Station", use: str | None = STATION) -> Pending:
    """A02.FR.02 and FR.03: a new key, and SignCertificate for it."""
    mine = wallet(station)
    mine.numbers += 1
    number = mine.numbers if station.config.version is Version.V21 else None
    made = Pending(ec.generate_private_key(mine.curve), use, number)
    mine.pending = [each for each in mine.pending if each.use != use] + [made]
    _say(station, made)
    return made


def _say(station: "Station", pending: Pending) -> None:
    payload: JsonObject = {"csr": request_of(station, pending)}
    by_transfer = station.config.version is Version.V16 and pending.use not in (None, STATION)
    if (station.config.version.is_v2 or by_transfer) and pending.use is not None:
        payload["certificateType"] = pending.use  # A02.FR.13
    if pending.request_id is not None:
        payload["requestId"] = pending.request_id  # A02.FR.24
    pending.attempts += 1

    def done(answer: JsonObject | None, failure: Failure | None, now: datetime) -> None:
        answer = inside(answer) if by_transfer else answer
        told = "no answer" if answer is None else answer["status"]
        station.note(f"request for a certificate: {told}")
        if told == _REJECTED:
            _drop(station, pending)
            return
        wait = station.settings.number(settings.CSR_WAIT) * 2 ** (pending.attempts - 1)  # A02.FR.17, FR.18
        station.after(wait, lambda at: _repeat(station, pending))

    if by_transfer:
        wrapped: JsonObject = {
            "vendorId": PNC, "messageId": "SignCertificate", "data": orjson.dumps(payload).decode(),
        }  # fmt: skip
        station.outbox.put(Outgoing("DataTransfer", lambda: wrapped, done=done))
        return
    station.outbox.put(Outgoing("SignCertificate", lambda: payload, done=done))


def inside(answer: JsonObject | None) -> JsonObject | None:
    """The answer of 2.0.1 inside one to a DataTransfer; None where there is none."""
    if answer is None or answer.get("status") != "Accepted":
        return None
    try:
        return dict(orjson.loads(answer.get("data", "")))
    except (orjson.JSONDecodeError, TypeError, ValueError):
        return None


def _repeat(station: "Station", pending: Pending) -> None:
    """A02.FR.19: only so often."""
    if pending in wallet(station).pending and pending.attempts <= station.settings.number(settings.CSR_REPEATS):
        _say(station, pending)


def _drop(station: "Station", pending: Pending) -> None:
    mine = wallet(station)
    mine.pending = [each for each in mine.pending if each is not pending]


def request_of(station: "Station", pending: Pending) -> str:
    """The request in PEM. Common name: the serial number, towards vehicles the SECC's id (A00.FR.511, A02)."""
    vehicles = pending.use in ("V2GCertificate", "V2G20Certificate")
    secc = station.settings.text(settings.SECC_ID)
    serial = station.config.serial or station.config.identity
    name = wallet(station).common_name or (secc if vehicles and secc else serial)
    organization = station.settings.text(settings.ORGANIZATION) or station.config.vendor
    subject = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ])
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(pending.key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


# -- being given (A02) -------------------------------------------------------------------------------------------------


def certificate_signed(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """CertificateSigned: verified before it is used (A02.FR.06)."""
    pending, why = _meant(station, payload), "no request is open"
    chain = read_chain(payload["certificateChain"])
    if pending is not None:
        why = _wrong(station, pending, chain, len(payload["certificateChain"]), now)
    if pending is None or why:
        _report_invalid(station, why, now)
        return _rejected(station, why)
    _drop(station, pending)
    mine = wallet(station)
    for use in (STATION, "V2GCertificate") if pending.use is None else (pending.use,):
        mine.own[use] = Own(pending.key, tuple(chain))
    station.note(f"new certificate {chain[0].serial_number:x}")
    if pending.use in (None, STATION):
        station.wants_relink = True  # A02.FR.08
    return {"status": "Accepted"}


def _meant(station: "Station", payload: JsonObject) -> Pending | None:
    """A02.FR.26: an unknown request id is nobody's."""
    open_ = wallet(station).pending
    number, use = payload.get("requestId"), payload.get("certificateType")
    if number is not None:
        return next((each for each in open_ if each.request_id == number), None)
    fitting = [each for each in open_ if use is None or each.use in (use, None)]
    return fitting[-1] if fitting else None


def _wrong(
    station: "Station", pending: Pending, chain: list[x509.Certificate], size: int, now: datetime
) -> str:
    """What is wrong with a chain; nothing when it may be used."""
    if size > station.settings.number(settings.CHAIN_SIZE):
        return "the chain is too long"  # A02.FR.16
    if not chain:
        return "the chain cannot be read"
    if chain[0].public_key() != pending.key.public_key():
        return "the first certificate is not for the key that was asked for"
    if any(not each.not_valid_before_utc <= now <= each.not_valid_after_utc for each in chain):
        return "a certificate is not valid now"
    if any(not has_signed(above, below) for below, above in pairwise(chain)):
        return "the chain is not in order"
    kind = "CSMSRootCertificate" if pending.use in (None, STATION) else "V2GRootCertificate"
    roots = wallet(station).store.of(kind)
    if roots and not any(has_signed(root, chain[-1]) for root in roots):
        return "the chain leads to no root that is installed"
    return ""


def _report_invalid(station: "Station", why: str, now: datetime) -> None:
    """A02.FR.07: the platform is told by a security event as well."""
    v2 = station.config.version.is_v2
    name = "InvalidChargingStationCertificate" if v2 else "InvalidChargePointCertificate"
    payload = {"type": name, "timestamp": station.stamp(now), "techInfo": why}
    station.note(f"certificate refused: {why}")
    station.outbox.put(Outgoing("SecurityEventNotification", lambda: payload))


def _rejected(station: "Station", why: str) -> JsonObject:
    if not station.config.version.is_v2:
        return {"status": _REJECTED}
    return {"status": _REJECTED, "statusInfo": {"reasonCode": "InvalidCertificate", "additionalInfo": why}}


# -- the trust store (M03 to M05) --------------------------------------------------------------------------------------


def install(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """InstallCertificate."""
    checked = station.settings.flag(settings.ROOT_CHECK)
    chain = read_chain(payload["certificate"])
    why = "not one certificate" if len(chain) != 1 else ""
    if not why:
        why = wallet(station).store.install(payload["certificateType"], chain[0], now, checked=checked)
    return _rejected(station, why) if why else {"status": "Accepted"}


def delete(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """DeleteCertificate; the station's own is not to be deleted so (M04.FR.06)."""
    mine, told = wallet(station), payload["certificateHashData"]
    own = mine.own.get(STATION)
    if own is not None and mine.store.is_meant(told, own.chain[0], mine.store.issuer_of(own.chain)):
        return {"status": "Failed"}
    return {"status": "Accepted" if mine.store.delete(told) else "NotFound"}


def installed(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetInstalledCertificateIds."""
    mine, wanted = wallet(station), payload.get("certificateType")
    if not station.config.version.is_v2:
        found = mine.store.told([str(wanted)])
        return {"status": "Accepted", "certificateHashData": [each for _, each in found]} if found else _NOT_FOUND
    chains: list[JsonObject] = [
        {"certificateType": use, "certificateHashData": told} for use, told in mine.store.told(wanted)
    ]
    if wanted is None or "V2GCertificateChain" in wanted:
        chains += [mine.store.chain(own.chain) for use, own in mine.own.items() if use != STATION]
    return {"status": "Accepted", "certificateHashDataChain": chains} if chains else _NOT_FOUND


_NOT_FOUND: Final[JsonObject] = {"status": "NotFound"}


# -- for TLS -----------------------------------------------------------------------------------------------------------


def write_files(station: "Station", folder: Path) -> tuple[Path, Path] | None:
    """The station's chain and key as files (mode 0600) in `folder`; None as long as it has no certificate."""
    own = wallet(station).own.get(STATION)
    if own is None:
        return None
    name = station.config.serial or "station"
    chain, key = folder / f"{name}.pem", folder / f"{name}.key"
    private = own.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for path, content in (
        (chain, b"".join(each.public_bytes(serialization.Encoding.PEM) for each in own.chain)), (key, private)
    ):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(content)
    return chain, key


def present(station: "Station", context: ssl.SSLContext) -> ssl.SSLContext:
    """The context shows the station's certificate and trusts its installed platform roots from now on."""
    if station.wallet is None:
        return context
    for root in station.wallet.store.of("CSMSRootCertificate"):
        context.load_verify_locations(cadata=root.public_bytes(serialization.Encoding.DER))
    with tempfile.TemporaryDirectory() as folder:
        files = write_files(station, Path(folder))
        if files is not None:
            context.load_cert_chain(*files)
    return context


def keep(station: "Station", folder: Path) -> None:
    """Writes certificate, key and platform roots (`roots.pem`) into a folder, for the next start."""
    folder.mkdir(parents=True, exist_ok=True)
    write_files(station, folder)
    roots = wallet(station).store.of("CSMSRootCertificate")
    (folder / "roots.pem").write_bytes(b"".join(each.public_bytes(serialization.Encoding.PEM) for each in roots))


def take_up(station: "Station", folder: Path) -> None:
    """Reads what `keep` wrote, as far as it is there. Raises ValueError for files that cannot be read."""
    name = station.config.serial or "station"
    chain, key = folder / f"{name}.pem", folder / f"{name}.key"
    if chain.exists() and key.exists():
        take_own(station, chain, key)
    if (folder / "roots.pem").exists():
        use = "CSMSRootCertificate" if station.config.version.is_v2 else "CentralSystemRootCertificate"
        wallet(station).store.held += [(use, each) for each in read_chain((folder / "roots.pem").read_text())]


def take_own(station: "Station", chain: Path, key: Path) -> None:
    """The station has that certificate (PEM, itself first) with that key (PEM). Raises ValueError."""
    found = read_chain(chain.read_text())
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    if not found or not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError(f"{chain} has no certificate, or {key} no EC or RSA key")
    if found[0].public_key() != private.public_key():
        raise ValueError(f"{key} is not the key of the first certificate in {chain}")
    wallet(station).own[STATION] = Own(private, tuple(found))


# -- scripts -----------------------------------------------------------------------------------------------------------

_USES: Final = {"station": STATION, "v2g": "V2GCertificate", "v2g20": "V2G20Certificate", "combined": None}


def _act(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act sign-certificate [station|v2g|v2g20|combined] [NAME]`: SignCertificate, NAME in place of the usual one."""
    use = words[0] if words else "station"
    if use not in _USES or len(words) > 2:
        raise NotPossible(f"sign-certificate [{'|'.join(_USES)}] [NAME]")
    if use == "v2g20" and station.config.version is not Version.V21:
        raise NotPossible("only OCPP 2.1 has certificates of ISO 15118-20")
    if len(words) == 2:
        wallet(station).common_name = words[1]
    ask(station, _USES[use])


ACTS: Final[Acts] = {"sign-certificate": _act}
HANDLERS: Final[dict[str, Handler]] = {
    "CertificateSigned": certificate_signed,
    "InstallCertificate": install,
    "DeleteCertificate": delete,
    "GetInstalledCertificateIds": installed,
}
