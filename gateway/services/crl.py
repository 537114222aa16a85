"""Downloads revocation lists, and keeps them until nextUpdate.

OCPP 2.1 Part 2, M07.FR.04, M07.FR.05, M07.FR.06, M07.FR.07.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import trio
from cryptography import x509

from actors.contract import crl
from actors.contract.crl import RevocationList
from actors.contract.objects import CertificateId, Failure, StatusFound
from gateway.services.cache import UntilCache
from gateway.services.http import OutsideFailed, OutsideHttp

_LONGEST: Final = 8 * 1024 * 1024  # bytes of a list
_KEPT: Final = 32


class RevocationLists:
    """`deadline` in seconds for each address."""

    def __init__(self, http: OutsideHttp, deadline: float, now: Callable[[], datetime]) -> None:
        self._http = http
        self._deadline = deadline
        self._now = now
        self._kept: UntilCache[tuple[UUID, str], RevocationList] = UntilCache(_KEPT)
        self._threads = trio.CapacityLimiter(2)

    async def status(
        self, tenant_id: UUID, asked: CertificateId, urls: Sequence[str], issuers: Sequence[x509.Certificate]
    ) -> StatusFound | Failure:
        """What the first list that can be had and counts says; else why the last one says nothing."""
        last = Failure("NoAddress", "no revocation list is named")
        for url in urls:
            there = await self._list(tenant_id, url)
            if isinstance(there, RevocationList):
                found = await trio.to_thread.run_sync(crl.look_up, there, asked, issuers, limiter=self._threads)
                if isinstance(found, StatusFound):
                    return found
                last = found
            else:
                last = there
        return last

    async def _list(self, tenant_id: UUID, url: str) -> RevocationList | Failure:
        kept = self._kept.get((tenant_id, url), self._now())
        if kept is not None:
            return kept
        try:
            answer = await self._http.fetch("GET", url, tenant=tenant_id, deadline=self._deadline, limit=_LONGEST)
        except OutsideFailed as error:
            return Failure(error.reason, error.text)
        if answer.status != 200:
            return Failure("CrlStatus", f"the server of the list answered HTTP {answer.status}")
        found = await trio.to_thread.run_sync(crl.load, answer.body, self._now(), limiter=self._threads)
        if isinstance(found, RevocationList):
            self._kept.put((tenant_id, url), found, found.until, self._now())
        return found
