"""Chains of certificates: put in order, checked, and cut to what a station takes. Pure, but slow: for a thread."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from actors.certificates import hashes, pem

MOST: Final = 8  # certificates of one chain
SIZE: Final = 10_000  # characters of certificateChain, in every version


class ChainRefused(ValueError):  # noqa: N818 - says what is the case
    """An authority's answer that cannot be given to a station; the message says why."""


def read(text: str) -> list[x509.Certificate]:
    """All certificates of a PEM text, as they stand there. Raises ChainRefused."""
    try:
        found = pem.blocks(text, pem.CERTIFICATE)
    except pem.NotPem as error:
        raise ChainRefused(str(error)) from None
    if len(found) > MOST:
        raise ChainRefused(f"it holds {len(found)} certificates; {MOST} are enough")
    try:
        return [x509.load_pem_x509_certificate(each.encode()) for each in found]
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise ChainRefused(f"it holds something that is no certificate: {error}") from None


def ordered(found: Sequence[x509.Certificate], key_hash: str, now: datetime) -> list[x509.Certificate]:
    """The certificate of that key first, then each one's issuer; without a root. Whatever order they came in.

    Raises ChainRefused when none is of that key, one is signed by nobody there, or one is not valid now.
    """
    leaf = next((each for each in found if hashes.key_info_hash(each.public_key()) == key_hash), None)
    if leaf is None:
        raise ChainRefused("none of its certificates is for the key that was asked for")
    if self_issued(leaf):
        raise ChainRefused("the certificate is signed by itself, so nobody vouches for it")
    chain, rest = [leaf], [each for each in found if each is not leaf]
    while (issuer := next((each for each in rest if issued(chain[-1], each)), None)) is not None:
        chain.append(issuer)
        rest.remove(issuer)
    if any(not self_issued(each) for each in rest):
        raise ChainRefused("it holds certificates that are not part of the chain")
    for each in chain:
        _check_time(each, now)
    return [each for each in chain if not self_issued(each)]


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the one was signed by the other."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def self_issued(certificate: x509.Certificate) -> bool:
    """A root."""
    return certificate.issuer == certificate.subject and issued(certificate, certificate)


def _check_time(certificate: x509.Certificate, now: datetime) -> None:
    """A02.FR.06: a station refuses what is not valid at the moment."""
    name = certificate.subject.rfc4514_string()
    if now < certificate.not_valid_before_utc:
        raise ChainRefused(f"{name} is not valid before {certificate.not_valid_before_utc:%Y-%m-%d %H:%M:%S}Z")
    if now >= certificate.not_valid_after_utc:
        raise ChainRefused(f"{name} has expired on {certificate.not_valid_after_utc:%Y-%m-%d %H:%M:%S}Z")


def written(chain: Sequence[x509.Certificate]) -> str:
    """PEM, one after the other (A00.FR.507)."""
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in chain)


def fitting(text: str, limit: int | None) -> str | None:
    """As much of a chain as fits into `limit` characters; None when not even its first certificate does.

    A02.FR.16: a station may refuse what is longer than its MaxCertificateChainSize.
    """
    most = SIZE if limit is None or limit <= 0 else min(limit, SIZE)
    parts = pem.blocks(text, pem.CERTIFICATE)
    while parts and len("".join(parts)) > most:
        parts.pop()
    return "".join(parts) or None
