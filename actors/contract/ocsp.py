"""OCSP requests and what is believed of their answers (RFC 6960; OCPP 2.0.1 Part 2, M06.FR.08 and FR.09). Pure.

An answer has to be about the certificate asked for, fresh, and ours: a nonce in it is the one that we sent. Where the
issuer is known, or comes with the answer and leads to one that the tenant trusts, its signature has to hold too.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from actors.contract.chain import is_authority
from actors.contract.hashing import ALGORITHMS, issued_with
from actors.contract.objects import CertificateId, Failure, Status, StatusFound
from actors.contract.signatures import issued_by, signed_by

SKEW: Final = timedelta(minutes=5)  # by which the clocks of others may be ahead
LONGEST: Final = timedelta(days=7)  # OCPP 2.1 Part 2, M07: kept for a week at most
_MOST_BROUGHT: Final = 4  # certificates in an answer that are looked at as authorities
_OPEN_ENDED: Final = timedelta(days=1)  # how old an answer without nextUpdate may be
_WORDS: Final[dict[ocsp.OCSPCertStatus, Status]] = {
    ocsp.OCSPCertStatus.GOOD: "good",
    ocsp.OCSPCertStatus.REVOKED: "revoked",
    ocsp.OCSPCertStatus.UNKNOWN: "unknown",
}


def request(asked: CertificateId, nonce: bytes) -> bytes | Failure:
    """The request as DER, or what is wrong with the hash data."""
    algorithm = ALGORITHMS.get(asked.algorithm)
    if algorithm is None:
        return Failure("BadHashData", f"hash algorithm {asked.algorithm}; allowed: {', '.join(ALGORITHMS)}")
    builder = ocsp.OCSPRequestBuilder().add_extension(x509.OCSPNonce(nonce), critical=False)
    try:
        builder = builder.add_certificate_by_hash(asked.name_hash, asked.key_hash, asked.serial, algorithm)
    except ValueError:
        size = algorithm.digest_size
        return Failure("BadHashData", f"hashes of {asked.algorithm} have {size} bytes, a serial number is above 0")
    return builder.build().public_bytes(Encoding.DER)


def read(
    der: bytes, asked: CertificateId, nonce: bytes, now: datetime, issuers: Iterable[x509.Certificate]
) -> StatusFound | Failure:
    """What the answer says of the certificate. `issuers`: certificates that the tenant trusts to issue others."""
    try:
        answer = ocsp.load_der_ocsp_response(der)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return Failure("ResponderRefused", f"the responder says {answer.response_status.name.lower()}")
        wrong = _wrong(answer, nonce)
        if wrong is not None:
            return wrong
        single = _about(answer, asked)
        if single is None:
            return Failure("WrongCertificate", "the answer is about another certificate")
        return _judged(der, answer, single, asked, now, issuers)
    except (ValueError, TypeError, x509.InvalidVersion) as error:  # what the library cannot read
        return Failure("NotOcsp", f"the answer is no OCSP response: {error}"[:300])


def _judged(
    der: bytes, answer: ocsp.OCSPResponse, single: ocsp.OCSPSingleResponse, asked: CertificateId, now: datetime,
    issuers: Iterable[x509.Certificate],
) -> StatusFound | Failure:  # fmt: skip
    until = _until(single, now)
    if isinstance(until, Failure):
        return until
    known = tuple(issuers)
    issuer = issued_with(asked, (*known, *_brought(answer, known, now)))
    if issuer is not None and not _signed(answer, issuer, now):
        return Failure("BadSignature", "the answer is not signed by the certificate's issuer or a responder of it")
    return StatusFound(_WORDS[single.certificate_status], until, der, verified=issuer is not None)


def _brought(
    answer: ocsp.OCSPResponse, known: tuple[x509.Certificate, ...], now: datetime
) -> tuple[x509.Certificate, ...]:
    """Authorities that came with the answer and lead to known ones, step by step."""
    left = [each for each in answer.certificates[:_MOST_BROUGHT] if is_authority(each) and _counts(each, now)]
    found: list[x509.Certificate] = []
    while (step := next((each for each in left if any(issued_by(each, top) for top in (*known, *found))), None)):
        found.append(step)
        left.remove(step)
    return tuple(found)


def _counts(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc - SKEW <= now <= certificate.not_valid_after_utc


def _wrong(answer: ocsp.OCSPResponse, nonce: bytes) -> Failure | None:
    """A responder may leave the nonce out (RFC 6960, 4.4.1); then freshness is all there is."""
    try:
        given = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None
    return None if given == nonce else Failure("Replayed", "the answer belongs to another request: its nonce differs")


def _about(answer: ocsp.OCSPResponse, asked: CertificateId) -> ocsp.OCSPSingleResponse | None:
    wanted = type(ALGORITHMS[asked.algorithm])
    for single in answer.responses:
        named = (single.issuer_name_hash, single.issuer_key_hash, single.serial_number)
        if isinstance(single.hash_algorithm, wanted) and named == (asked.name_hash, asked.key_hash, asked.serial):
            return single
    return None


def _until(single: ocsp.OCSPSingleResponse, now: datetime) -> datetime | Failure:
    """Until when it may be believed; a Failure when that time is over or has not begun."""
    begins, ends = single.this_update_utc, single.next_update_utc
    if begins > now + SKEW:
        return Failure("NotYetValid", f"the answer is of the future: thisUpdate {begins:%Y-%m-%dT%H:%M:%SZ}")
    if ends is None:
        fresh = begins + _OPEN_ENDED > now
        return now if fresh else Failure("Outdated", f"the answer is old: thisUpdate {begins:%Y-%m-%dT%H:%M:%SZ}")
    if ends <= now:
        return Failure("Outdated", f"the answer is outdated: nextUpdate {ends:%Y-%m-%dT%H:%M:%SZ}")
    return min(ends, now + LONGEST)


def _signed(answer: ocsp.OCSPResponse, issuer: x509.Certificate, now: datetime) -> bool:
    """By the issuer, or by a responder that the issuer named (RFC 6960, 4.2.2.2)."""
    signers = [issuer, *(each for each in answer.certificates if _delegate(each, issuer, now))]
    algorithm = answer.signature_hash_algorithm
    return any(
        signed_by(each.public_key(), answer.signature, answer.tbs_response_bytes, algorithm) for each in signers
    )


def _delegate(certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bool:
    if not _counts(certificate, now):
        return False
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes and issued_by(certificate, issuer)
