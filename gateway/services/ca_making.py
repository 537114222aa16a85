"""Certificates and lists that an authority of our own makes. Pure but for the randomness of keys and serial numbers;
slow, so it runs in a thread.

ECDSA P-256 with SHA-256 (A00.FR.501 to FR.506 of OCPP 2.0.1 and 2.1 Part 2), a root and one issuing authority beneath
it, no extended key usage (A00.FR.514), key usage as narrow as possible (A00.FR.512).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

ROOT_LASTS: Final = timedelta(days=20 * 365)
ISSUING_LASTS: Final = timedelta(days=10 * 365)
CRL_LASTS: Final = timedelta(days=7)
EARLIER: Final = timedelta(hours=1)  # a station's clock may be behind ours (A02.FR.06)


@attrs.frozen
class Pair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = attrs.field(repr=False)


@attrs.frozen
class Made:
    """A whole authority. `crossing`: the root's key signed by the root that it follows."""

    root: Pair
    issuing: Pair
    crossing: x509.Certificate | None = None


def make_authority(organization: str, now: datetime, before: Pair | None = None) -> Made:
    """A new one; `before` is the root that it takes the place of."""
    root_key, issuing_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    mark = f"{now:%Y-%m-%d} {x509.random_serial_number():x}"[:19]  # two of one day differ
    root_name = _name(organization, f"Root {mark}")
    root = _authority(root_name, root_key.public_key(), root_name, root_key, now, ROOT_LASTS, length=1)
    issuing = _authority(
        _name(organization, f"Issuing {mark}"), issuing_key.public_key(), root_name, root_key, now, ISSUING_LASTS,
        length=0,
    )  # fmt: skip
    crossing = None
    if before is not None:
        left = before.certificate.not_valid_after_utc - now
        crossing = _authority(
            root_name, root_key.public_key(), before.certificate.subject, before.key, now, left, length=None
        )
    return Made(Pair(root, root_key), Pair(issuing, issuing_key), crossing)


def _name(organization: str, what: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Voltyard {what}"),
    ])


def _authority(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name, issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime, lasts: timedelta, *, length: int | None,
) -> x509.Certificate:  # fmt: skip
    builder = _begun(subject, key, issuer, issuer_key.public_key(), now - EARLIER, now + lasts)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=length), critical=True)
        .add_extension(usage, critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def make_leaf(
    csr: x509.CertificateSigningRequest, issuing: Pair, now: datetime, lasts: timedelta, crl_url: str | None
) -> x509.Certificate:
    """The station's certificate: subject and key of the request, nothing else of it (A00.FR.511: no other names)."""
    key = csr.public_key()
    until = min(now + lasts, issuing.certificate.not_valid_after_utc)
    subject, issuer = csr.subject, issuing.certificate.subject
    builder = _begun(subject, key, issuer, issuing.key.public_key(), now - EARLIER, until)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    if isinstance(key, rsa.RSAPublicKey):
        usage = _usage(digital_signature=True, key_encipherment=True)
    else:
        usage = _usage(digital_signature=True, key_agreement=isinstance(key, ec.EllipticCurvePublicKey))
    builder = builder.add_extension(usage, critical=True)
    if crl_url is not None:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(issuing.key, hashes.SHA256())


def make_crl(
    issuing: Pair, revoked: Iterable[tuple[int, datetime, x509.ReasonFlags | None]], number: int, now: datetime
) -> bytes:
    """The list of what must not be trusted any more (RFC 5280), DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuing.certificate.subject)
        .last_update(now - EARLIER)
        .next_update(now + CRL_LASTS)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.key.public_key()), critical=False
        )
    )
    for serial, at, reason in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _begun(
    subject: x509.Name, key: CertificatePublicKeyTypes, issuer: x509.Name, issuer_key: ec.EllipticCurvePublicKey,
    from_: datetime, until: datetime,
) -> x509.CertificateBuilder:  # fmt: skip
    """A00.FR.508: every certificate has a serial number, a random one."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(from_)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})
