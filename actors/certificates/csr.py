"""Whether a station's request for a certificate is signed: A02 and A00.FR.501 to FR.511 (OCPP 2.0.1 and 2.1 Part 2,
OCPP 1.6 security whitepaper). Pure, but slow: parsing and checking a signature takes up to milliseconds, so it runs in
a thread.
"""

import hashlib
import ipaddress
import unicodedata
from typing import Final

import attrs
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes as digests
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from actors.certificates import hashes

_LEAST_RSA: Final = 2048
_MOST_RSA: Final = 8192  # beyond it a key is only there to keep us busy
_LEAST_EXPONENT: Final = 65537
_LEAST_CURVE: Final = 224
_DIGESTS: Final = (digests.SHA224, digests.SHA256, digests.SHA384, digests.SHA512, digests.SHA3_256, digests.SHA3_384,
                   digests.SHA3_512)  # fmt: skip


class RequestRefused(Exception):  # noqa: N818 - an answer to the station and the operator
    """It is not signed. `code` is stable; the text says what is wrong and what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@attrs.frozen
class Wanted:
    """What the subject has to say. `names`: the common names allowed, `organizations`: the operator's; empty: any."""

    names: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    source: str = "this station's serial number"  # where the names are from, for the reason of a refusal


@attrs.frozen
class Asked:
    """A request that may be signed. Hashes are SHA-256 in lower-case hexadecimal, of the DER."""

    csr: x509.CertificateSigningRequest
    csr_hash: str
    key_hash: str

    @property
    def subject(self) -> str:
        return self.csr.subject.rfc4514_string()


def judge(pem: str, wanted: Wanted) -> Asked:
    """The request, when it may be signed. Raises RequestRefused."""
    csr = _read(pem)
    try:
        key = csr.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise RequestRefused("weak_key", f"its key cannot be used: {error}; take ECDSA P-256 or RSA 2048") from None
    _check_key(key)
    _check_signature(csr)
    _check_name(csr, wanted)
    _check_organization(csr, wanted)
    der = csr.public_bytes(Encoding.DER)
    return Asked(csr, hashlib.sha256(der).hexdigest(), hashes.key_info_hash(key))


def _read(pem: str) -> x509.CertificateSigningRequest:
    try:
        return x509.load_pem_x509_csr(pem.encode())
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise RequestRefused("not_readable", f"it is no certificate signing request (PKCS #10): {error}") from None


def _check_key(key: PublicKeyTypes) -> None:
    """A00.FR.501 to FR.504."""
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < _LEAST_RSA:
            raise RequestRefused("weak_key", f"its RSA key has {key.key_size} bits; at least {_LEAST_RSA} are needed")
        if key.key_size > _MOST_RSA:
            raise RequestRefused("large_key", f"its RSA key has {key.key_size} bits; at most {_MOST_RSA} are taken")
        if key.public_numbers().e < _LEAST_EXPONENT:
            raise RequestRefused("weak_key", f"its RSA exponent is below {_LEAST_EXPONENT}")
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.key_size < _LEAST_CURVE:
            raise RequestRefused(
                "weak_key", f"its curve {key.curve.name} has {key.curve.key_size} bits; {_LEAST_CURVE} are needed"
            )
    elif not isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        raise RequestRefused("weak_key", "its key is of a kind that is not taken; use ECDSA or RSA")


def _check_signature(csr: x509.CertificateSigningRequest) -> None:
    """It proves that whoever asks has the key. RSA-PSS and PKCS #1 are both taken (A00.FR.505, quirk 34)."""
    try:
        digest = csr.signature_hash_algorithm
    except UnsupportedAlgorithm:
        raise RequestRefused("weak_signature", "it is signed with an algorithm that is not known here") from None
    if digest is not None and not isinstance(digest, _DIGESTS):
        raise RequestRefused("weak_signature", f"it is signed with {digest.name}; SHA-256 or stronger is needed")
    try:
        valid = csr.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        valid = False
    if not valid:
        raise RequestRefused("wrong_signature", "its signature is not that of its own key: it was changed or damaged")


def _check_name(csr: x509.CertificateSigningRequest, wanted: Wanted) -> None:
    """A00.FR.511: the common name is the serial number, and neither an address nor a URL."""
    name = _only(csr, NameOID.COMMON_NAME, "common name (CN)", "wrong_name")
    if _is_address(name):
        raise RequestRefused("wrong_name", f"its common name {name!r} is an address; a station's is its serial number")
    if wanted.names and name.casefold() not in {each.casefold() for each in wanted.names}:
        allowed = " or ".join(repr(each) for each in wanted.names)
        raise RequestRefused("wrong_name", f"its common name is {name!r}; {wanted.source} is {allowed}")


def _check_organization(csr: x509.CertificateSigningRequest, wanted: Wanted) -> None:
    """A00.FR.509."""
    name = _only(csr, NameOID.ORGANIZATION_NAME, "organisation (O)", "wrong_organization")
    if wanted.organizations and _plain(name) not in {_plain(each) for each in wanted.organizations}:
        allowed = " or ".join(repr(each) for each in wanted.organizations)
        raise RequestRefused(
            "wrong_organization",
            f"its organisation is {name!r}; wanted is {allowed}: set OrganizationName (CpoName in 1.6) at the station",
        )


def _only(csr: x509.CertificateSigningRequest, oid: x509.ObjectIdentifier, what: str, code: str) -> str:
    found = csr.subject.get_attributes_for_oid(oid)
    if len(found) != 1:
        raise RequestRefused(code, f"its subject has {len(found)} times a {what}; one is needed")
    value = found[0].value
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _is_address(name: str) -> bool:
    if "://" in name or name.casefold().startswith("www."):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
