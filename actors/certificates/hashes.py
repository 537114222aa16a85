"""Hash data of certificates and of keys (RFC 6960, 4.1.1; CertificateHashDataType in every OCPP version)."""

import hashlib
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from protocol.ocpp.client_certificate import serial_text

_ALGORITHMS: Final = {"SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}


def key_info_hash(key: CertificatePublicKeyTypes | PublicKeyTypes) -> str:
    """SHA-256 of the SubjectPublicKeyInfo in DER: how a key is known in our tables."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def of(certificate: x509.Certificate, issuer: x509.Certificate) -> dict[str, dict[str, str]]:
    """CertificateHashData by algorithm: the issuer's name as the certificate has it, the issuer's key, the serial."""
    name = certificate.issuer.public_bytes()
    value = _key_value(issuer.public_key())
    return {
        algorithm: {
            "hashAlgorithm": algorithm,
            "issuerNameHash": hashlib.new(digest, name).hexdigest(),
            "issuerKeyHash": hashlib.new(digest, value).hexdigest(),
            "serialNumber": serial_text(certificate.serial_number),
        }
        for algorithm, digest in _ALGORITHMS.items()
    }


def _key_value(key: CertificatePublicKeyTypes) -> bytes:
    """The value of the key field, without tag and length: what RFC 6960 has hashed."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def of_root(certificate: x509.Certificate) -> dict[str, dict[str, str]]:
    """The same for a certificate that is its own issuer."""
    return of(certificate, certificate)
