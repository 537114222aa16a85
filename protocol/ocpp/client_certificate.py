"""A station's certificate as a handshake sees it: what is in it, and what may be wrong with it. Pure.

`issuer_hash` and `serial` name a certificate wherever one is looked up or revoked: SHA-256 of the issuer's name in DER,
and the serial number, both as hex digits in lower case, the latter without leading zeros.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

import attrs
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LEAST_RSA: Final = 2048
MOST_RSA: Final = 8192
LEAST_EC: Final = 224
"""Bits of a key (A00.FR.501–503). Longer RSA keys than MOST_RSA cost us more than they give anybody."""


class BadCertificate(ValueError):  # noqa: N818 - names what it is about
    """These bytes are no certificate that can be read."""


@attrs.frozen
class ClientCertificate:
    """What a verified chain ends in. `owners`: tenants whose authority signed it, None for an authority of all.

    `chain_fault`: what is wrong with the chain above it, where the TLS layer was told not to look; None when nothing.
    `ends`: marks of the authorities that its chains end in (`authority_mark`).
    """

    common_name: str | None
    organizations: frozenset[str]
    issuer_hash: str
    serial: str
    not_before: datetime
    not_after: datetime
    key: str
    fingerprint: str
    owners: frozenset[UUID] | None = None
    chain_fault: str | None = None
    ends: frozenset[str] = frozenset()


def of_certificate(found: x509.Certificate) -> ClientCertificate:
    """Of a parsed certificate. Raises ValueError for contents that cannot be read."""
    return ClientCertificate(
        common_name=_last(found.subject, x509.NameOID.COMMON_NAME),
        organizations=frozenset(_all(found.subject, x509.NameOID.ORGANIZATION_NAME)),
        issuer_hash=issuer_hash(found),
        serial=serial_text(found.serial_number),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        key=key_text(found),
        fingerprint=fingerprint(found),
    )


def issuer_hash(certificate: x509.Certificate) -> str:
    """Of the issuer's name."""
    return sha256(certificate.issuer.public_bytes()).hexdigest()


def subject_hash(certificate: x509.Certificate) -> str:
    """Of the subject's name: the `issuer_hash` of what this certificate signs."""
    return sha256(certificate.subject.public_bytes()).hexdigest()


def authority_mark(certificate: x509.Certificate) -> str:
    """Name and key of an authority: the same for every certificate that was made for it."""
    return f"{subject_hash(certificate)} {key_mark(certificate)}"


def key_mark(certificate: x509.Certificate) -> str:
    """SHA-256 of the SubjectPublicKeyInfo. Raises ValueError for a key that cannot be read."""
    try:
        found = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except UnsupportedAlgorithm as error:  # a curve that OpenSSL knows, and nobody here
        raise ValueError(f"its kind of key is not known here: {error}") from None
    return sha256(found).hexdigest()


def serial_text(number: int) -> str:
    """A serial number as it is kept."""
    return f"{number:x}"


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the whole, hex digits in lower case."""
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def key_text(certificate: x509.Certificate) -> str:
    """Kind and bits of the public key: `EC 256`, `RSA 2048`."""
    try:
        key = certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType):
        return "unknown 0"
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.key_size}"
        case ed25519.Ed25519PublicKey():
            return "EC 255"
        case ed448.Ed448PublicKey():
            return "EC 448"
        case _:
            return "unknown 0"


def key_fault(key: str) -> str | None:
    """Why a key (as `key_text` says it) may not be used; None when it may (A00.FR.501, A00.FR.502, A00.FR.503)."""
    kind, _, size = key.partition(" ")
    bits = int(size)
    if kind == "RSA":
        if LEAST_RSA <= bits <= MOST_RSA:
            return None
        return f"its RSA key has {bits} bits; {LEAST_RSA} to {MOST_RSA} are taken"
    if kind == "EC":
        return None if bits >= LEAST_EC else f"its elliptic curve has {bits} bits; {LEAST_EC} at least are taken"
    return "its kind of key is not known here; RSA and elliptic curves are"


def validity_fault(certificate: ClientCertificate, now: datetime) -> tuple[str, str] | None:
    """(stable reason, sentence) when it does not count at `now`; None when it does."""
    if now < certificate.not_before:
        return "certificate_not_yet_valid", f"the certificate counts from {certificate.not_before:%Y-%m-%d %H:%M}Z on"
    if now > certificate.not_after:
        return "certificate_expired", f"the certificate expired at {certificate.not_after:%Y-%m-%d %H:%M}Z"
    return None


def _all(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [part.value for part in name.get_attributes_for_oid(oid) if isinstance(part.value, str)]


def _last(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    found = _all(name, oid)
    return found[-1] if found else None
