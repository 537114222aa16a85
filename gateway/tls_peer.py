"""Whose a station's certificate is: the way from it up to an authority, and to the tenants that authority is for.

OpenSSL has verified the chain when a session began. Of a resumed one it keeps the station's certificate alone, so the
authorities in between are remembered. What was found out about a certificate is remembered, too: parsing it and
checking signatures costs as much as the rest of a resumed handshake. Whether it counts now is asked every time.

All of it is done between two frames of other stations, so what costs more than about a millisecond is not looked at.
"""

import ssl
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import attrs
from cryptography import x509

from gateway.tls_chain import signed_by
from protocol.ocpp.client_certificate import (
    BadCertificate,
    ClientCertificate,
    authority_mark,
    issuer_hash,
    of_certificate,
    subject_hash,
)
from protocol.ocpp.handshake import TlsFacts

_BETWEEN = 1_000  # authorities between a root and stations that are remembered
_NAMESAKES = 8  # of one name
_LARGEST = 4_096  # bytes of one certificate: a millisecond, whatever is in it
_KNOWN = 20_000  # stations' certificates that are remembered
_LONGEST = 8  # certificates of a chain


@attrs.frozen
class Authority:
    """A certificate that ends chains. `tenant_id` None: it counts for every tenant."""

    tenant_id: UUID | None
    certificate: x509.Certificate


Certificates = Mapping[str, Sequence[x509.Certificate]]  # by the hash of their subject
_Way = tuple[Authority, list[x509.Certificate]]  # the end of a chain, and all above the station's certificate


class Authorities:
    """Those a node trusts to sign stations' certificates. Replaced as a whole when one comes or goes."""

    def __init__(self, trusted: Iterable[Authority] = ()) -> None:
        self._roots: dict[str, dict[str, list[Authority]]] = {}  # by subject, then by mark: one signature to check
        self._tenants: dict[str, set[UUID | None]] = {}  # who trusts it, by its mark
        for each in trusted:
            mark = authority_mark(each.certificate)
            self._roots.setdefault(subject_hash(each.certificate), {}).setdefault(mark, []).append(each)
            self._tenants.setdefault(mark, set()).add(each.tenant_id)
        self._between: dict[str, list[x509.Certificate]] = {}
        self._remembered = 0
        self._known: OrderedDict[bytes, tuple[ClientCertificate, list[_Way]]] = OrderedDict()

    def remember(self, chain: Sequence[bytes]) -> Certificates:
        """Of a chain that was verified just now: what stands between the station's certificate and the root.

        Raises BadCertificate for one that is too large.
        """
        found: dict[str, list[x509.Certificate]] = {}
        for der in chain[1:-1][:_LONGEST]:
            certificate = _parsed(der)
            subject = subject_hash(certificate)
            found.setdefault(subject, []).append(certificate)
            namesakes = self._between.setdefault(subject, [])
            if certificate not in namesakes and len(namesakes) < _NAMESAKES and self._remembered < _BETWEEN:
                namesakes.append(certificate)
                self._remembered += 1
        return found

    def trusts(self, tenant_id: UUID, ends: Iterable[str]) -> bool:
        """Whether one of these authorities (`ClientCertificate.ends`) still counts for that tenant."""
        return any(not {tenant_id, None}.isdisjoint(self._tenants.get(mark, ())) for mark in ends)

    def judge(self, der: bytes, now: datetime, between: Certificates | None = None) -> ClientCertificate:
        """What is in a certificate, who owns it, and what is wrong above it. Raises BadCertificate.

        `between`: what came with it; without it, what is remembered.
        """
        found, ways = self._about(der, between)
        good = [(root, above) for root, above in ways if _fault(above, now) is None]
        if not ways:
            return attrs.evolve(found, chain_fault="its issuer is not among the authorities trusted here (any more)")
        if not good:
            return attrs.evolve(found, owners=_owners(root for root, _ in ways), chain_fault=_fault(ways[0][1], now))
        return attrs.evolve(found, owners=_owners(root for root, _ in good))

    def _about(self, der: bytes, between: Certificates | None) -> tuple[ClientCertificate, list[_Way]]:
        mark = sha256(der).digest()
        known = self._known.get(mark)
        if known is not None:
            self._known.move_to_end(mark)
            return known
        leaf = _parsed(der)
        try:
            found = of_certificate(leaf)
        except (ValueError, TypeError, x509.InvalidVersion) as error:
            raise BadCertificate(str(error)) from None
        ways = list(self._ways(leaf, self._between if between is None else between, _LONGEST))
        found = attrs.evolve(found, ends=frozenset(authority_mark(root.certificate) for root, _ in ways))
        about = found, ways
        if ways:
            self._known[mark] = about
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
        return about

    def _ways(self, lower: x509.Certificate, between: Certificates, left: int) -> Iterable[_Way]:
        issuer = issuer_hash(lower)
        for roots in self._roots.get(issuer, {}).values():
            if signed_by(lower, roots[0].certificate):
                yield from ((root, [root.certificate]) for root in roots)
        if left <= 1:
            return
        for upper in between.get(issuer, ()):
            if upper != lower and signed_by(lower, upper):
                for root, above in self._ways(upper, between, left - 1):
                    yield root, [upper, *above]


def _parsed(der: bytes) -> x509.Certificate:
    if len(der) > _LARGEST:
        raise BadCertificate(f"a certificate of {len(der)} bytes; at most {_LARGEST} are taken")
    try:
        return x509.load_der_x509_certificate(der)
    except (ValueError, TypeError, x509.InvalidVersion) as error:
        raise BadCertificate(str(error)) from None


def _owners(roots: Iterable[Authority]) -> frozenset[UUID] | None:
    tenants = {root.tenant_id for root in roots}
    return None if None in tenants else frozenset(each for each in tenants if each is not None)


def _fault(above: Sequence[x509.Certificate], now: datetime) -> str | None:
    for each in above:
        if not each.not_valid_before_utc <= now <= each.not_valid_after_utc:
            name, span = each.subject.rfc4514_string(), (each.not_valid_before_utc, each.not_valid_after_utc)
            return f"its authority {name} counts from {span[0]:%Y-%m-%d} to {span[1]:%Y-%m-%d} only"
    return None


def facts(tls: ssl.SSLObject, authorities: Authorities, now: datetime) -> TlsFacts:
    """What the handshake proved about the other side. Raises BadCertificate for one that cannot be read."""
    resumed = bool(tls.session_reused)
    der = tls.getpeercert(binary_form=True)
    if der is None:
        return TlsFacts(None, resumed)
    between = None if resumed else authorities.remember(_verified(tls))
    return TlsFacts(authorities.judge(der, now, between), resumed)


def _verified(tls: ssl.SSLObject) -> list[bytes]:
    """The chain as OpenSSL found it, the station's own certificate first. A public method from Python 3.13 on."""
    if hasattr(tls, "get_verified_chain"):
        return [bytes(each) for each in tls.get_verified_chain()]
    inner: Any = tls._sslobj  # type: ignore[attr-defined]
    return [each.public_bytes(_DER) for each in inner.get_verified_chain() or ()]


_DER = 2  # _ssl.ENCODING_DER
