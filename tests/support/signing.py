"""Keys, requests and chains for tests of certificates, good ones and bad ones, made by the cryptography package."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
Key = Any


def subject(common_name: str | None = "SN-1", organization: str | None = "Example", **more: str) -> x509.Name:
    """A subject; None leaves a part out."""
    parts = [
        (NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common_name),
        *((getattr(NameOID, name.upper()), value) for name, value in more.items()),
    ]  # fmt: skip
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value is not None])


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def csr(key: Key = None, name: x509.Name | None = None, digest: Any = None, *, pss: bool = False) -> str:
    """A request in PEM."""
    key = key or ec_key()
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject() if name is None else name)
    digest = digest or hashes.SHA256()
    scheme = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH) if pss else None
    return pem(builder.sign(key, digest, rsa_padding=scheme) if pss else builder.sign(key, digest))


def rsa_key(bits: int = 2048, exponent: int = 65537) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(exponent, bits)


@attrs.frozen
class Issuer:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key


def issue(
    name: str, by: Issuer | None = None, *, key: Any = None, begins: timedelta = timedelta(hours=-1),
    lasts: timedelta = timedelta(days=30), now: datetime = NOW, authority: bool = True,
) -> Issuer:
    """A certificate for a key of its own (or of that public key), signed by `by`, or by itself."""
    own = ec_key()
    public = own.public_key() if key is None else key
    signer = own if by is None else by.key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject(name))
        .issuer_name(subject(name) if by is None else by.certificate.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + begins + lasts)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    return Issuer(builder.sign(signer, hashes.SHA256()), own)


def pem(thing: x509.Certificate | x509.CertificateSigningRequest) -> str:
    return thing.public_bytes(Encoding.PEM).decode()


def bundle(*issued: Issuer) -> str:
    """Their certificates one after the other."""
    return "".join(pem(each.certificate) for each in issued)
