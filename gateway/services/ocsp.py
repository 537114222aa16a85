"""Asks OCSP responders, and keeps their answers until nextUpdate (OCPP 2.0.1 Part 2, M06 and C07.FR.05).

Answers are kept by tenant: what is believed depends on whom the tenant trusts, and on the address its stations named.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import trio
from cryptography import x509

from actors.contract import ocsp
from actors.contract.objects import CertificateId, Failure, StatusFound
from gateway.services.cache import UntilCache
from gateway.services.http import OutsideFailed, OutsideHttp

_LONGEST: Final = 64 * 1024  # bytes of an answer
_KEPT: Final = 4096
_HEADERS: Final = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
_Key = tuple[UUID, str, CertificateId]


class Responders:
    """`deadline` in seconds for each address."""

    def __init__(self, http: OutsideHttp, deadline: float, now: Callable[[], datetime]) -> None:
        self._http = http
        self._deadline = deadline
        self._now = now
        self._kept: UntilCache[_Key, StatusFound] = UntilCache(_KEPT)
        self._threads = trio.CapacityLimiter(4)

    async def status(
        self, tenant_id: UUID, asked: CertificateId, urls: Sequence[str], issuers: Sequence[x509.Certificate]
    ) -> StatusFound | Failure:
        """What the first responder that has a usable answer says; else why the last one had none."""
        last = Failure("NoAddress", "no OCSP responder is named")
        for url in urls:
            found = await self._one(tenant_id, asked, url, issuers)
            if isinstance(found, StatusFound):
                return found
            last = found
        return last

    async def _one(
        self, tenant_id: UUID, asked: CertificateId, url: str, issuers: Sequence[x509.Certificate]
    ) -> StatusFound | Failure:
        key = (tenant_id, url, asked)
        kept = self._kept.get(key, self._now())
        if kept is not None:
            return kept
        nonce = secrets.token_bytes(16)
        request = ocsp.request(asked, nonce)
        if isinstance(request, Failure):
            return request
        answer = await self._ask(tenant_id, url, request)
        if isinstance(answer, Failure):
            return answer
        found = await trio.to_thread.run_sync(
            ocsp.read, answer, asked, nonce, self._now(), issuers, limiter=self._threads
        )
        if isinstance(found, StatusFound):
            self._kept.put(key, found, found.next_update, self._now())
        return found

    async def _ask(self, tenant_id: UUID, url: str, request: bytes) -> bytes | Failure:
        try:
            answer = await self._http.fetch(
                "POST", url, tenant=tenant_id, content=request, headers=_HEADERS, deadline=self._deadline,
                limit=_LONGEST,
            )  # fmt: skip
        except OutsideFailed as error:
            return Failure(error.reason, error.text)
        if answer.status != 200:
            return Failure("ResponderStatus", f"the responder answered HTTP {answer.status}")
        return answer.body
