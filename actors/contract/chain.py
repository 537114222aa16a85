"""Is a vehicle's certificate chain whole, valid now, and does it lead to a root of the tenant? Pure.

OCPP 2.0.1 Part 2, C07.FR.06 and FR.15 to FR.17. Chains come as PEM, leaf first, without the root; stations write line
breaks in many ways and some turn the order round, so the order is found by who issued whom.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import attrs
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from actors.contract.emaid import same
from actors.contract.objects import ContractFinding
from actors.contract.signatures import issued_by

LONGEST: Final = 6  # certificates, root included
_MOST_MARKS: Final = 40  # beginnings without an end are each sought one
_BLOCK: Final = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_NOISE: Final = re.compile(r"\\[rn]|\s")


@attrs.frozen
class Anchors:
    """What a tenant trusts: roots, and issuers below them that only help to build a chain.

    `unverified`: answers about revocation count whose issuer is not known. `unnamed`: certificates count that name
    nobody who could be asked.
    """

    roots: tuple[x509.Certificate, ...] = ()
    issuers: tuple[x509.Certificate, ...] = ()
    unverified: bool = False
    unnamed: bool = True

    @property
    def all(self) -> tuple[x509.Certificate, ...]:
        return self.roots + self.issuers

    def with_issuers(self, more: Iterable[x509.Certificate]) -> "Anchors":
        """The same with more issuers."""
        return attrs.evolve(self, issuers=(*self.issuers, *more))


@attrs.frozen
class Chain:
    """From the leaf up to and with its root."""

    path: tuple[x509.Certificate, ...]

    def links(self) -> list[tuple[x509.Certificate, x509.Certificate]]:
        """Every certificate below the root with its issuer."""
        return list(zip(self.path, self.path[1:], strict=False))


def parse(text: str) -> list[x509.Certificate] | ContractFinding:
    """The certificates of a PEM text, however its lines are broken."""
    blocks = [] if text.count("-----BEGIN ") > _MOST_MARKS else _BLOCK.findall(text)
    if not blocks:
        return ContractFinding("invalid", "`certificate` holds no certificate in PEM")
    if len(blocks) > LONGEST:
        return ContractFinding("invalid", f"`certificate` holds {len(blocks)} certificates; at most {LONGEST}")
    try:
        return [x509.load_pem_x509_certificate(_pem(block)) for block in blocks]
    except (ValueError, TypeError, x509.InvalidVersion) as error:  # what the library cannot read
        return ContractFinding("invalid", f"`certificate` cannot be read: {error}"[:300])


def _pem(block: str) -> bytes:
    plain = _NOISE.sub("", block)
    return f"-----BEGIN CERTIFICATE-----\n{plain}\n-----END CERTIFICATE-----\n".encode("ascii", "replace")


def build(certificates: Sequence[x509.Certificate], anchors: Anchors) -> Chain | ContractFinding:
    """The path from the leaf to a root that the tenant trusts."""
    leaf = _leaf(certificates)
    if leaf is None:
        return ContractFinding("invalid", "no certificate of the chain is below all others")
    path = [leaf]
    others = [each for each in (*certificates, *anchors.issuers) if each != leaf]
    while len(path) <= LONGEST:
        below = path[-1]
        root = next((each for each in anchors.roots if each == below or _issues(each, below)), None)
        if root is not None:
            return Chain(tuple(path) if root == below else (*path, root))
        step = next((each for each in others if each not in path and _issues(each, below)), None)
        if step is None:
            return _broken(below, others)
        path.append(step)
    return ContractFinding("invalid", f"the chain is longer than {LONGEST} certificates")


def _leaf(certificates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    def above(each: x509.Certificate) -> bool:
        return any(each.subject == other.issuer for other in certificates if other != each)

    lowest = [each for each in certificates if not above(each)]
    return lowest[0] if len(lowest) == 1 else None


def _issues(issuer: x509.Certificate, below: x509.Certificate) -> bool:
    return issuer.subject == below.issuer and issued_by(below, issuer)


def _broken(below: x509.Certificate, others: Iterable[x509.Certificate]) -> ContractFinding:
    name = below.issuer.rfc4514_string()[:100]
    if any(each.subject == below.issuer for each in others):
        return ContractFinding("invalid", f"a signature does not hold: not signed by {name}")
    return ContractFinding("invalid", f"no trusted root has issued it: {name} is not known")


def check(chain: Chain, emaid: str, now: datetime) -> ContractFinding | None:
    """What is wrong with the chain as of `now`; None when nothing is."""
    name = common_name(chain.path[0])
    if name is None or not same(emaid, name):
        return ContractFinding("invalid", "the contract certificate is of another eMAID than the token")
    for below, certificate in enumerate(chain.path[1:]):
        wrong = _issuer(certificate, below)
        if wrong is not None:
            return ContractFinding("invalid", f"{certificate.subject.rfc4514_string()[:100]} {wrong}")
    for certificate in chain.path:
        if certificate.not_valid_after_utc < now:
            ended = certificate.not_valid_after_utc
            return ContractFinding("expired", f"{certificate.subject.rfc4514_string()[:100]} ended on {ended:%Y-%m-%d}")
        if certificate.not_valid_before_utc > now:
            return ContractFinding("invalid", f"{certificate.subject.rfc4514_string()[:100]} is not valid yet")
    return None


def _issuer(certificate: x509.Certificate, below: int) -> str | None:
    """Why it may not issue what stands under it; `below`: how many issuers are between it and the leaf."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        return "may not issue certificates: it says nothing of being an authority"
    if not constraints.ca:
        return "may not issue certificates"
    if constraints.path_length is not None and below > constraints.path_length:
        return f"may have {constraints.path_length} authorities below it, not {below}"
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return None
    return None if usage.key_cert_sign else "has a key that may not sign certificates"


def is_authority(certificate: x509.Certificate) -> bool:
    """True when it may issue others."""
    return _issuer(certificate, 0) is None


def common_name(certificate: x509.Certificate) -> str | None:
    """The CN; a contract certificate's is its eMAID."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else None


def responders(certificate: x509.Certificate) -> tuple[str, ...]:
    """The OCSP addresses it names."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    method = AuthorityInformationAccessOID.OCSP
    return _addresses(each.access_location for each in access if each.access_method == method)


def lists(certificate: x509.Certificate) -> tuple[str, ...]:
    """The addresses of revocation lists it names."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return _addresses(name for point in points for name in point.full_name or ())


def _addresses(names: Iterable[x509.GeneralName]) -> tuple[str, ...]:
    return tuple(name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))[:5]
