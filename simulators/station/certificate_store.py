"""The trust store of a simulated station, and how certificates are named in OCPP (CertificateHashDataType).

Hash data as RFC 6960 (4.1.1) has it: the issuer's name in DER, the value of the issuer's key, and the serial number in
hexadecimal without leading zeros.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import attrs
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.station.outbox import JsonObject

MOST: Final = 20
_DIGESTS: Final = {"SHA256": hashlib.sha256, "SHA384": hashlib.sha384, "SHA512": hashlib.sha512}
_CSMS_ROOTS: Final = ("CSMSRootCertificate", "CentralSystemRootCertificate")


def read_chain(text: str) -> list[x509.Certificate]:
    """The certificates of a PEM text; none when it cannot be read."""
    try:
        return x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        return []


def has_signed(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether the one was signed by the other."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def hash_data(certificate: x509.Certificate, issuer: x509.Certificate, algorithm: str = "SHA256") -> JsonObject:
    """How OCPP names a certificate."""
    digest = _DIGESTS[algorithm]
    return {
        "hashAlgorithm": algorithm,
        "issuerNameHash": digest(certificate.issuer.public_bytes()).hexdigest(),
        "issuerKeyHash": digest(_key_value(issuer)).hexdigest(),
        "serialNumber": f"{certificate.serial_number:x}",
    }


def _key_value(certificate: x509.Certificate) -> bytes:
    """The content of the BIT STRING subjectPublicKey: what follows its head and the count of unused bits."""
    info = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    _, body = _opened(info)
    length, algorithm = _opened(body)
    rest = body[length + len(algorithm) :]
    _, bits = _opened(rest)
    return bits[1:]


def _opened(der: bytes) -> tuple[int, bytes]:
    """Length of the head of one DER value, and its content."""
    size, head = der[1], 2
    if size & 0x80:
        head = 2 + (size & 0x7F)
        size = int.from_bytes(der[2:head], "big")
    return head, der[head : head + size]


@attrs.define
class Store:
    """Roots by the use they were installed for; a station names them by its `algorithm`."""

    algorithm: str = "SHA256"
    held: list[tuple[str, x509.Certificate]] = attrs.Factory(list)

    def of(self, use: str) -> list[x509.Certificate]:
        """All of a use; 1.6 and 2.x have names of their own for the platform's roots."""
        names = _CSMS_ROOTS if use in _CSMS_ROOTS else (use,)
        return [certificate for kind, certificate in self.held if kind in names]

    def install(self, use: str, root: x509.Certificate, now: datetime, *, checked: bool) -> str:
        """Takes a root; what is wrong with it otherwise. `checked`: AdditionalRootCertificateCheck (M05.FR.10)."""
        if not root.not_valid_before_utc <= now <= root.not_valid_after_utc:
            return "it is not valid now"
        before = self.of(use)
        if checked and use in _CSMS_ROOTS and before:
            if not any(has_signed(each, root) for each in before):
                return "it is not signed by the root that it replaces"  # M05.FR.11
            self.held = [each for each in self.held if each[0] != use or each[1] is before[-1]]  # one as a fallback
        elif len(self.held) >= MOST and (use, root) not in self.held:
            return "the trust store is full"
        self.held = [each for each in self.held if each != (use, root)] + [(use, root)]  # M05.FR.17
        return ""

    def told(self, uses: Sequence[str] | None) -> list[tuple[str, JsonObject]]:
        """Use and hash data of all roots, or of those uses (M03.FR.04)."""
        return [
            (use, hash_data(root, self._signer(root), self.algorithm))
            for use, root in self.held
            if uses is None or use in uses
        ]

    def chain(self, chain: Sequence[x509.Certificate]) -> JsonObject:
        """The station's own V2G chain: the sub-authorities stand beneath its certificate (M03.FR.05)."""
        issuers = [*chain[1:], self.issuer_of(chain[-1:])]
        first, *rest = [
            hash_data(each, issuer, self.algorithm) for each, issuer in zip(chain, issuers, strict=True)
        ]
        told: JsonObject = {"certificateType": "V2GCertificateChain", "certificateHashData": first}
        return told | ({"childCertificateHashData": rest[:4]} if rest else {})

    def delete(self, told: JsonObject) -> bool:
        """False when it holds nothing of that name (M04.FR.04)."""
        left = [each for each in self.held if not self.is_meant(told, each[1], self._signer(each[1]))]
        found = len(left) != len(self.held)
        self.held = left
        return found

    def is_meant(self, told: JsonObject, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Whether hash data name that certificate; hexadecimal has no case."""
        known = hash_data(certificate, issuer, told["hashAlgorithm"])
        return all(str(told[name]).lower() == str(known[name]).lower() for name in known)

    def issuer_of(self, chain: Sequence[x509.Certificate]) -> x509.Certificate:
        """Who signed the first of a chain: the next one, a root, or as far as is known itself."""
        return chain[1] if len(chain) > 1 else self._signer(chain[0])

    def _signer(self, certificate: x509.Certificate) -> x509.Certificate:
        known = (root for _, root in self.held if has_signed(root, certificate))
        return next(known, certificate)
