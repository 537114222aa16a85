"""Whom a tenant trusts for contracts: the rows of contract_roots as certificates."""

import functools
from uuid import UUID

import attrs
from cryptography import x509

from actors.contract.chain import Anchors
from storage.pool import Connection, Pool
from storage.web.contract_roots import trusted_roots


@attrs.frozen
class ContractRoots:
    """`web` is voltyard_web's pool: a tenant sees its own."""

    web: Pool

    async def of(self, tenant_id: UUID) -> Anchors:
        """As they are now. Raises StoreUnavailable."""

        async def read(connection: Connection) -> Anchors:
            rows = await trusted_roots(connection)
            roots = tuple(_read(pem) for use, pem in rows if use != "SubCA")
            return Anchors(roots, tuple(_read(pem) for use, pem in rows if use == "SubCA"))

        return await self.web.run_as_tenant(tenant_id, read)


@functools.lru_cache(maxsize=1024)
def _read(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())
