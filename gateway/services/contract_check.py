"""The certificates of an Authorize by contract, and the revocation status that stations ask us for.

OCPP 2.0.1 Part 2, C07.FR.05: every certificate of the chain is asked after, side by side, within one deadline.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import attrs
import trio
from cryptography import x509

from actors.contract import chain as chains
from actors.contract.chain import Anchors, Chain
from actors.contract.hashing import identify
from actors.contract.objects import (
    CertificateId,
    ContractAsked,
    ContractFinding,
    Failure,
    Source,
    StatusAsked,
    StatusFound,
    certificate_id,
)
from gateway.services.crl import RevocationLists
from gateway.services.ocsp import Responders

_SECONDS: Final = 20.0  # for all of it, however many addresses are named


class Roots(Protocol):
    """Implemented by gateway/services/contract_roots.py."""

    async def of(self, tenant_id: UUID) -> Anchors:
        """Whom the tenant trusts."""


@attrs.frozen
class _Wanted:
    """One certificate and where to ask for it; no address at all: it cannot be asked after."""

    name: str
    id: CertificateId
    ocsp: tuple[str, ...]
    crl: tuple[str, ...] = ()


@attrs.frozen
class ContractCheck:
    """Both services. Answers are values; nothing is raised for what somebody outside did."""

    roots: Roots
    responders: Responders
    lists: RevocationLists
    now: Callable[[], datetime]
    threads: trio.CapacityLimiter = attrs.field(factory=lambda: trio.CapacityLimiter(4))

    async def statuses(
        self, tenant_id: UUID, station_id: UUID, asked: Sequence[StatusAsked]
    ) -> list[StatusFound | Failure]:
        """For each, in order, its status or why there is none."""
        anchors = await self.roots.of(tenant_id)
        found: list[StatusFound | Failure] = [Failure("Timeout", "no answer in time")] * len(asked)

        async def one(place: int, each: StatusAsked) -> None:
            named = certificate_id(each.data)
            if isinstance(named, Failure):
                found[place] = named
                return
            status = await self._status(tenant_id, each.source, named, each.urls, anchors.all)
            found[place] = status if each.relayed else _believed(status, anchors)

        with trio.move_on_after(_SECONDS):
            async with trio.open_nursery() as nursery:
                for place, each in enumerate(asked):
                    nursery.start_soon(one, place, each)
        return found

    async def contract(self, tenant_id: UUID, station_id: UUID, asked: ContractAsked) -> ContractFinding:
        """What the certificates are worth now."""
        anchors = await self.roots.of(tenant_id)
        if asked.chain is not None:
            built = await trio.to_thread.run_sync(
                _built, asked.chain, anchors, asked.emaid, self.now(), limiter=self.threads
            )
            if isinstance(built, ContractFinding):
                return built
            return await self._asked_after(tenant_id, _of_chain(built), anchors.with_issuers(built.path), asked.strict)
        wanted: list[_Wanted] = []
        for data in asked.hashes:
            named = certificate_id(data)
            if isinstance(named, Failure):
                return ContractFinding("invalid", named.text)
            wanted.append(_Wanted(f"serial {named.serial:x}", named, (str(data["responderURL"]),)))
        return await self._asked_after(tenant_id, wanted, anchors, asked.strict)

    async def _asked_after(
        self, tenant_id: UUID, wanted: Sequence[_Wanted], anchors: Anchors, strict: bool
    ) -> ContractFinding:
        """The worst of all: revoked before what could not be told. Quirk 34: chains that name no address."""
        nowhere = [each for each in wanted if not each.ocsp and not each.crl]
        if nowhere and (strict or not anchors.unnamed):
            return ContractFinding("invalid", f"{nowhere[0].name} names no OCSP responder and no revocation list")
        findings: list[ContractFinding] = []

        async def one(each: _Wanted) -> None:
            found = _believed(await self._either(tenant_id, each, anchors.all), anchors)
            if isinstance(found, Failure):
                findings.append(ContractFinding("invalid", f"{each.name}: {found.text}"))
            elif found.status == "revoked":
                findings.append(ContractFinding("revoked", f"{each.name} is revoked"))
            elif found.status == "unknown":
                findings.append(ContractFinding("invalid", f"{each.name} is not known to its responder"))

        somewhere = [each for each in wanted if each not in nowhere]
        with trio.move_on_after(_SECONDS) as scope:
            async with trio.open_nursery() as nursery:
                for each in somewhere:
                    nursery.start_soon(one, each)
        if scope.cancelled_caught:
            findings.append(ContractFinding("invalid", "the certificates could not be checked in time"))
        findings.sort(key=lambda finding: finding.verdict != "revoked")
        return findings[0] if findings else ContractFinding("accepted", checked=len(somewhere))

    async def _either(
        self, tenant_id: UUID, each: _Wanted, issuers: Sequence[x509.Certificate]
    ) -> StatusFound | Failure:
        """By OCSP; where that fails or is not offered, by a revocation list."""
        found = await self._status(tenant_id, "OCSP", each.id, each.ocsp, issuers)
        if isinstance(found, Failure) and each.crl:
            by_list = await self._status(tenant_id, "CRL", each.id, each.crl, issuers)
            return found if isinstance(by_list, Failure) and each.ocsp else by_list
        return found

    async def _status(
        self, tenant_id: UUID, source: Source, asked: CertificateId, urls: Sequence[str],
        issuers: Sequence[x509.Certificate],
    ) -> StatusFound | Failure:  # fmt: skip
        service = self.responders if source == "OCSP" else self.lists
        return await service.status(tenant_id, asked, urls, issuers)


def _believed(found: StatusFound | Failure, anchors: Anchors) -> StatusFound | Failure:
    """Good news has to be signed by somebody known (C07.FR.05, M07.FR.02), unless the tenant says otherwise."""
    if isinstance(found, Failure) or found.verified or anchors.unverified or found.status == "revoked":
        return found
    text = "nobody known has signed the answer: add the certificate's issuer to /contract-roots (SubCA)"
    return Failure("Unverified", text)


def _built(text: str, anchors: Anchors, emaid: str, now: datetime) -> Chain | ContractFinding:
    """Runs in a thread: several signatures are checked."""
    certificates = chains.parse(text)
    if isinstance(certificates, ContractFinding):
        return certificates
    built = chains.build(certificates, anchors)
    if isinstance(built, ContractFinding):
        return built
    return chains.check(built, emaid, now) or built


def _of_chain(chain: Chain) -> list[_Wanted]:
    return [
        _Wanted(
            below.subject.rfc4514_string()[:100], identify(below, issuer), chains.responders(below), chains.lists(below)
        )
        for below, issuer in chain.links()
    ]
