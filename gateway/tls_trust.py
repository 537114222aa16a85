"""Which authorities of tenants a listener can trust side by side.

OpenSSL looks an issuer up by name among all that are trusted, whoever's they are, and takes one that fits: an authority
named like another tenant's, with a key of its own, would have that tenant's stations refused. So a name belongs to the
key that had it first: those in the listener's file, then by when tenants registered them. Whoever registers the same
key shares it. Several keys of one tenant under one name are for its own stations to bear.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import attrs
from cryptography import x509

from gateway.tls_peer import Authority
from protocol.ocpp.client_certificate import key_mark

_BLANKS: Final = re.compile(r"[ \t\n\v\f\r]+")
_LOWER: Final = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
Registered = tuple[str, Authority]  # PEM and parsed


def compared_name(name: x509.Name) -> bytes:
    """A name as OpenSSL compares it: letter case of ASCII, blanks and the kind of string do not matter."""
    found = bytearray()
    for relative in name.rdns:
        found += b"/"
        for part in sorted(relative, key=lambda each: each.oid.dotted_string):
            value = part.value if isinstance(part.value, bytes) else _plain(part.value).encode()
            found += f"{part.oid.dotted_string}={len(value)}:".encode() + value
    return bytes(found)


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ").translate(_LOWER)


@attrs.frozen
class _Holder:
    """Who has a name: None for the file, which is every tenant's."""

    tenant_id: UUID | None
    key: str


class Names:
    """Names of authorities and whose they are, in the order in which they were taken."""

    def __init__(self, own: Iterable[Authority] = ()) -> None:
        """`own`: those of the listener's file."""
        self._held: dict[bytes, set[_Holder]] = {}
        for each in own:
            self.take(each)

    def take(self, authority: Authority) -> bool:
        """False when somebody else has that name for another key; then it stays so."""
        certificate = authority.certificate
        held = self._held.setdefault(compared_name(certificate.subject), set())
        key = key_mark(certificate)
        if any(each.tenant_id != authority.tenant_id and each.key != key for each in held):
            return False
        held.add(_Holder(authority.tenant_id, key))
        return True


def side_by_side(
    own: Iterable[Authority], registered: Sequence[Registered]
) -> tuple[list[Registered], list[Registered]]:
    """(those that can be trusted together with the file's `own`, those that cannot), the first registered first."""
    names = Names(own)
    kept: list[Registered] = []
    left_out: list[Registered] = []
    for each in registered:
        (kept if names.take(each[1]) else left_out).append(each)
    return kept, left_out
