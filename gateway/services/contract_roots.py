"""Whom a tenant trusts for contracts: the rows of contract_roots as certificates, and its rules for their status."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import trio
from cryptography import x509

from actors.contract.chain import Anchors
from storage.pool import Connection, Pool
from storage.web.contract_roots import trusted_roots
from storage.web.security import Policy, read_policy

_KEPT: Final = 1024  # parsed certificates, of all tenants


class ContractRoots:
    """`web` is voltyard_web's pool: a tenant sees its own."""

    def __init__(self, web: Pool) -> None:
        self._web = web
        self._parsed: OrderedDict[str, x509.Certificate] = OrderedDict()
        self._threads = trio.CapacityLimiter(1)

    async def of(self, tenant_id: UUID) -> Anchors:
        """As they are now. Raises StoreUnavailable."""

        async def read(connection: Connection) -> tuple[list[tuple[str, str]], Policy]:
            return await trusted_roots(connection), await read_policy(connection)

        rows, policy = await self._web.run_as_tenant(tenant_id, read)
        found = await self._certificates([pem for _, pem in rows])
        roots = tuple(found[pem] for use, pem in rows if use != "SubCA")
        issuers = tuple(found[pem] for use, pem in rows if use == "SubCA")
        return Anchors(roots, issuers, policy.unverified_status, policy.unnamed_status)

    async def _certificates(self, pems: Sequence[str]) -> dict[str, x509.Certificate]:
        """Of these texts, whose form was checked when they were kept; new ones are parsed in a thread."""
        found = {pem: self._parsed[pem] for pem in pems if pem in self._parsed}
        new = [pem for pem in pems if pem not in found]
        if new:
            found |= await trio.to_thread.run_sync(_parse, new, limiter=self._threads)
        for pem in pems:
            self._parsed[pem] = found[pem]
            self._parsed.move_to_end(pem)
        while len(self._parsed) > _KEPT:
            self._parsed.popitem(last=False)
        return found


def _parse(pems: Sequence[str]) -> dict[str, x509.Certificate]:
    """Runs in a thread."""
    return {pem: x509.load_pem_x509_certificate(pem.encode()) for pem in pems}
