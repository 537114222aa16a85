"""Revocation lists: what one says of a certificate (RFC 5280; OCPP 2.1 Part 2, M07.FR.04 to M07.FR.07). Pure.

Reading a large list takes a while: the caller does it in a thread.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs
from cryptography import x509

from actors.contract.hashing import ALGORITHMS, issued_with, name_hash
from actors.contract.objects import CertificateId, Failure, StatusFound
from actors.contract.ocsp import LONGEST, SKEW

_OPEN_ENDED = timedelta(hours=1)  # how long a list without nextUpdate is kept


@attrs.frozen
class RevocationList:
    """One list as downloaded; `until`: when it has to be fetched again."""

    crl: x509.CertificateRevocationList
    until: datetime


def load(content: bytes, now: datetime) -> RevocationList | Failure:
    """A list in DER or PEM that counts now."""
    try:
        pem = content.lstrip()[:5] == b"-----"
        crl = x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
        begins, ends = crl.last_update_utc, crl.next_update_utc
        if any(extension.critical and not _known(extension) for extension in crl.extensions):
            return Failure("CrlNotUsable", "the list covers only some certificates: a critical extension is not known")
    except (ValueError, TypeError, x509.InvalidVersion) as error:  # what the library cannot read
        return Failure("NotCrl", f"the answer is no revocation list: {error}"[:300])
    if begins > now + SKEW:
        return Failure("NotYetValid", f"the list is of the future: thisUpdate {begins:%Y-%m-%dT%H:%M:%SZ}")
    if ends is not None and ends <= now:
        return Failure("Outdated", f"the list is outdated: nextUpdate {ends:%Y-%m-%dT%H:%M:%SZ}")
    return RevocationList(crl, min(ends or now + _OPEN_ENDED, now + LONGEST))


def look_up(
    found: RevocationList, asked: CertificateId, issuers: Iterable[x509.Certificate]
) -> StatusFound | Failure:
    """Revoked when the serial number is in it, else good. The list has to be the certificate's issuer's."""
    if asked.algorithm not in ALGORITHMS or name_hash(found.crl.issuer, asked.algorithm) != asked.name_hash:
        return Failure("WrongIssuer", "the list is of another issuer than the certificate")
    issuer = issued_with(asked, issuers)
    if issuer is not None and not _signed(found.crl, issuer):
        return Failure("BadSignature", "the list is not signed by the certificate's issuer")
    revoked = found.crl.get_revoked_certificate_by_serial_number(asked.serial) is not None
    return StatusFound("revoked" if revoked else "good", found.until, verified=issuer is not None)


def _known(extension: x509.Extension[x509.ExtensionType]) -> bool:
    """An issuing distribution point that leaves nothing out is the only critical extension we can do justice to."""
    point = extension.value
    if not isinstance(point, x509.IssuingDistributionPoint):
        return False
    return not point.indirect_crl and not point.only_contains_attribute_certs and point.only_some_reasons is None


def _signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    try:
        return crl.is_signature_valid(key)  # type: ignore[arg-type]  # a key that signs nothing is a TypeError
    except TypeError:
        return False
