"""A server's certificate chain in a file: in order, with keys that are strong enough, and how long it counts."""

import itertools
import re
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from protocol.ocpp.client_certificate import key_fault, key_text

_HOST: Final = re.compile(r"(?:\*\.)?(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}", re.IGNORECASE)


class ChainFault(Exception):  # noqa: N818 - says what is wrong with a file
    """The chain cannot be used; the text says what is wrong and what to do."""


@attrs.frozen
class Chain:
    """What a usable file holds. Times of its first certificate, the server's own."""

    subject: str
    key: str
    not_before: datetime
    not_after: datetime
    length: int
    common_name: str | None

    @property
    def names_host(self) -> bool:
        """Whether its common name is the full name of a host (A00.FR.510)."""
        return self.common_name is not None and _HOST.fullmatch(self.common_name) is not None


def check_chain(path: Path) -> Chain:
    """The chain in a PEM file. Raises ChainFault, or OSError when it cannot be read. Blocking.

    The file has the server's certificate first and each one's issuer behind it (RFC 8446, 4.4.2).
    """
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (ValueError, x509.InvalidVersion) as error:
        raise ChainFault(f"it holds no certificate in PEM ({error})") from None
    for place, certificate in enumerate(found, 1):
        weak = key_fault(key_text(certificate))
        if weak is not None:
            raise ChainFault(f"certificate {place} ({_name(certificate)}): {weak}")
    if _is_authority(found[0]) and len(found) > 1:
        raise ChainFault(f"it begins with the authority {_name(found[0])}: put the server's own certificate first")
    for place, (lower, upper) in enumerate(itertools.pairwise(found), 2):
        if not signed_by(lower, upper):
            raise ChainFault(
                f"certificate {place} ({_name(upper)}) did not sign the one before it ({_name(lower)}): "
                "put each certificate's issuer right behind it"
            )
    own = found[0]
    common = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Chain(
        _name(own), key_text(own), own.not_valid_before_utc, own.not_valid_after_utc, len(found),
        str(common[0].value) if common else None,
    )  # fmt: skip


def signed_by(lower: x509.Certificate, upper: x509.Certificate) -> bool:
    """Whether `upper` issued `lower`, by name and signature."""
    try:
        lower.verify_directly_issued_by(upper)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string() or "without a name"
