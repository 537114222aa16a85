"""Certificates for tests, made in memory in a millisecond each: authorities, stations, servers, and every bad kind."""

import datetime
import ipaddress
import ssl
from pathlib import Path
from typing import Any

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
DAY = datetime.timedelta(days=1)


@attrs.frozen
class Made:
    """A certificate with its key, and what was put above it."""

    certificate: x509.Certificate
    key: Key
    above: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def chain(self) -> str:
        return self.pem + "".join(each.public_bytes(Encoding.PEM).decode() for each in self.above)

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """NAME.pem with the chain and NAME.key."""
        chain, key = folder / f"{name}.pem", folder / f"{name}.key"
        chain.write_text(self.chain)
        key.write_text(self.key_pem)
        return chain, key


def make(
    common_name: str,
    signer: Made | None = None,
    *,
    organization: str | None = "Operator",
    authority: bool = False,
    server: bool = False,
    key: Key | None = None,
    begins: datetime.datetime | None = None,
    ends: datetime.datetime | None = None,
    leaf_alone: bool = False,
    more: int = 0,
) -> Made:
    """Signed by itself without a `signer`. A `server` is for 127.0.0.1. `leaf_alone`: without what stands above.

    `more`: bytes of an extension that nobody knows.
    """
    now = datetime.datetime.now(datetime.UTC)
    own = key or ec.generate_private_key(ec.SECP256R1())
    names = [x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)]
    if organization is not None:
        names.insert(0, x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organization))
    subject = x509.Name(names)
    signing: Any = signer.key if signer is not None else own
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.certificate.subject if signer is not None else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now - DAY)
        .not_valid_after(ends or now + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if more:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), bytes(more))
        builder = builder.add_extension(unknown, critical=False)
    if server:
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    above = () if signer is None or signer.certificate.issuer == signer.certificate.subject else (
        signer.certificate, *signer.above
    )
    return Made(builder.sign(signing, hashes.SHA256()), own, () if leaf_alone else above)


def of_version_7(made: Made) -> str:
    """The certificate in PEM, of a version that there is not."""
    der = made.certificate.public_bytes(Encoding.DER)
    wrong = der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020107"), 1)
    return ssl.DER_cert_to_PEM_cert(wrong)


def client(authority: Made, shown: Made | None, folder: Path, *, careless: bool = False) -> ssl.SSLContext:
    """A station's context, which trusts `authority` and shows `shown`; a `careless` one takes any key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if careless:
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_verify_locations(cadata=authority.pem)
    if shown is not None:
        context.load_cert_chain(*shown.write(folder, f"shown-{id(shown)}"))
    return context
