"""Certificates by the hashes of their issuer, as OCPP names them. Pure.

OCPP 2.0.1 Part 2, 2.36: the name hash over the DER of the issuer's name, the key hash over the key's bits alone.
"""

from collections.abc import Iterable
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actors.contract.objects import CertificateId

ALGORITHMS: Final[dict[str, hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "SHA256": hashes.SHA256(),
    "SHA384": hashes.SHA384(),
    "SHA512": hashes.SHA512(),
}


def name_hash(name: x509.Name, algorithm: str) -> bytes:
    return _digest(name.public_bytes(), algorithm)


def key_hash(certificate: x509.Certificate, algorithm: str) -> bytes:
    """Of the certificate's own key: the hash that those it issued carry."""
    whole = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _digest(_key_bits(whole), algorithm)


def identify(certificate: x509.Certificate, issuer: x509.Certificate, algorithm: str = "SHA256") -> CertificateId:
    """The certificate by its issuer."""
    return CertificateId(
        algorithm, name_hash(issuer.subject, algorithm), key_hash(issuer, algorithm), certificate.serial_number
    )


def hash_data(found: CertificateId) -> dict[str, Any]:
    """CertificateHashDataType: the serial number without leading zeroes."""
    return {
        "hashAlgorithm": found.algorithm,
        "issuerNameHash": found.name_hash.hex(),
        "issuerKeyHash": found.key_hash.hex(),
        "serialNumber": f"{found.serial:x}",
    }


def issued_with(asked: CertificateId, issuers: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """Whichever of the issuers has that name and key."""
    for issuer in issuers:
        named = name_hash(issuer.subject, asked.algorithm) == asked.name_hash
        if named and key_hash(issuer, asked.algorithm) == asked.key_hash:
            return issuer
    return None


def _digest(content: bytes, algorithm: str) -> bytes:
    digest = hashes.Hash(ALGORITHMS[algorithm])
    digest.update(content)
    return digest.finalize()


def _key_bits(whole: bytes) -> bytes:
    """The bits of the key inside a SubjectPublicKeyInfo: SEQUENCE { algorithm SEQUENCE, key BIT STRING }."""
    _, start, _ = _element(whole, 0)
    _, _, after = _element(whole, start)
    _, begin, end = _element(whole, after)
    return whole[begin + 1 : end]  # the first byte counts the bits that are not used


def _element(der: bytes, at: int) -> tuple[int, int, int]:
    """(tag, where its content begins, where it ends) of the DER element at that place."""
    length, begin = der[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, begin = int.from_bytes(der[begin : begin + size], "big"), begin + size
    return der[at], begin, begin + length
