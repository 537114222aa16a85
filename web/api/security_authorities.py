"""A certificate in a request that must be an authority's: read, and refused with the reason when it is none."""

from datetime import datetime

import attrs
import trio
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from protocol.ocpp.client_certificate import fingerprint, key_fault, key_text
from web.problems import ApiProblem

_threads = trio.CapacityLimiter(2)


@attrs.frozen
class GivenAuthority:
    """What is kept of it. `pem` in its usual line breaks."""

    fingerprint: str
    name: str
    pem: str
    not_after: datetime
    certificate: x509.Certificate


async def read_authority(pem: str, now: datetime, path: str) -> GivenAuthority:
    """Raises ApiProblem `invalid_body` naming `path` for what is no authority that can sign now.

    In a thread: a certificate may hold so much that it takes milliseconds.
    """
    return await trio.to_thread.run_sync(_read, pem, now, path, limiter=_threads)


def _read(pem: str, now: datetime, path: str) -> GivenAuthority:
    try:
        return _given(pem, now, path)
    except (ValueError, x509.InvalidVersion) as error:  # of its names, its times or its extensions
        raise _wrong(path, f"it cannot be read: {error}"[:300]) from None


def _given(pem: str, now: datetime, path: str) -> GivenAuthority:
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise _wrong(path, "it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)") from None
    if len(found) != 1:
        raise _wrong(path, f"it holds {len(found)} certificates; give one at a time")
    [certificate] = found
    if not _may_sign(certificate):
        raise _wrong(path, "it is no authority's: its basic constraints do not say CA")
    weak = key_fault(key_text(certificate))
    if weak is not None:
        raise _wrong(path, weak)
    if now > certificate.not_valid_after_utc:
        raise _wrong(path, f"it expired at {certificate.not_valid_after_utc:%Y-%m-%d %H:%M}Z")
    return GivenAuthority(
        fingerprint(certificate), certificate.subject.rfc4514_string()[:500],
        certificate.public_bytes(Encoding.PEM).decode(), certificate.not_valid_after_utc, certificate,
    )  # fmt: skip


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def _wrong(path: str, why: str) -> ApiProblem:
    return ApiProblem("invalid_body", f"the certificate cannot be used: {why}", errors=[(path, why)])
