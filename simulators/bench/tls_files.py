"""Certificates of a TLS run: an authority, a server with both kinds of key, and one certificate a station."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_DAYS = timedelta(days=2)


@attrs.frozen
class Issuer:
    """Who signs."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey


def make_files(folder: Path) -> Issuer:
    """ca.pem, server-ec.pem and server-rsa.pem with their .key, for 127.0.0.1."""
    folder.mkdir(mode=0o755, exist_ok=True)
    issuer = Issuer(_name("Bench authority"), ec.generate_private_key(ec.SECP256R1()))
    (folder / "ca.pem").write_bytes(_signed(issuer, issuer.name, issuer.key, authority=True).public_bytes(Encoding.PEM))
    for kind, key in (("ec", ec.generate_private_key(ec.SECP256R1())), ("rsa", rsa.generate_private_key(65537, 2048))):
        write(folder, f"server-{kind}", issuer, "127.0.0.1", key)
    return issuer


def write(folder: Path, name: str, issuer: Issuer, common_name: str, key: _Key | None = None) -> tuple[str, str]:
    """NAME.pem and NAME.key of a certificate; their paths."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    chain, secret = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(_signed(issuer, _name(common_name), own, authority=False).public_bytes(Encoding.PEM))
    secret.write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(chain), str(secret)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Bench"),
                      x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _signed(issuer: Issuer, subject: x509.Name, key: _Key, *, authority: bool) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer.name, subject, key.public_key(), x509.random_serial_number(), now - _DAYS, now + _DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    if subject == _name("127.0.0.1"):
        address = x509.IPAddress(ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())
