"""A contract authority: a root, an authority under it, and contract certificates for vehicles. Made in memory."""

from datetime import datetime, timedelta
from typing import Final

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

_YEARS: Final = timedelta(days=3650)
_WEEK: Final = timedelta(days=7)


@attrs.frozen
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = attrs.field(repr=False)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@attrs.frozen
class Authority:
    """Root, sub-authority and a responder that the sub-authority named. `url`: where responder and list are.

    `forger`: a responder of the same name that nobody named.
    """

    root: Issued
    sub: Issued
    responder: Issued
    forger: Issued
    url: str
    now: datetime

    def contract(
        self, emaid: str, *, since: timedelta = _WEEK, lasts: timedelta = _WEEK, ocsp: bool = True, crl: bool = True,
        issuer: Issued | None = None,
    ) -> Issued:  # fmt: skip
        """A contract certificate that began `since` ago and lasts another `lasts`."""
        extensions: list[x509.ExtensionType] = [x509.BasicConstraints(ca=False, path_length=None)]
        if ocsp:
            extensions.append(_responder(self.url))
        if crl:
            extensions.append(_list(self.url))
        return issue(emaid, issuer or self.sub, extensions, self.now - since, self.now + lasts)

    def chain(self, contract: Issued) -> str:
        """As an Authorize has it: leaf first, without the root."""
        return contract.pem + self.sub.pem


def make_authority(url: str, now: datetime) -> Authority:
    """Everything below a new root."""
    begins, ends = now - _WEEK, now + _YEARS
    key = ec.generate_private_key(ec.SECP256R1())
    root = _sign("Simulated MO root", None, key, key, [x509.BasicConstraints(ca=True, path_length=1)], begins, ends)
    anchor = Issued(root, key)
    sub = issue(
        "Simulated MO sub 1", anchor, [x509.BasicConstraints(ca=True, path_length=0), _responder(url), _list(url)],
        begins, ends,
    )
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    responder = issue("Simulated responder", sub, [purposes], begins, ends)
    forger = issue("Simulated responder", responder, [purposes], begins, ends)
    return Authority(anchor, sub, responder, forger, url, now)


def issue(
    name: str, issuer: Issued, extensions: list[x509.ExtensionType], begins: datetime, ends: datetime
) -> Issued:
    """A certificate of that common name."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Issued(_sign(name, issuer.certificate, issuer.key, key, extensions, begins, ends), key)


def _sign(
    name: str, issuer: x509.Certificate | None, signer: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey,
    extensions: list[x509.ExtensionType], begins: datetime, ends: datetime,
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=subject if issuer is None else issuer.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(begins).not_valid_after(ends)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    return builder.sign(signer, hashes.SHA256())


def _responder(url: str) -> x509.AuthorityInformationAccess:
    location = x509.UniformResourceIdentifier(f"{url}/ocsp")
    return x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, location)])


def _list(url: str) -> x509.CRLDistributionPoints:
    name = x509.UniformResourceIdentifier(f"{url}/crl")
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None)])
