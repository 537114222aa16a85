"""What a handler is given and what it gives back. Handlers know nothing of the HTTP framework."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.tenants import Tenant
from web.context import Context
from web.problems import ApiProblem

Q = TypeVar("Q")
B = TypeVar("B")
T = TypeVar("T")


@attrs.frozen
class Principal:
    """Who asks. `permissions` None: all of them (the platform's admin)."""

    name: str
    permissions: frozenset[str] | None

    def may(self, permission: str) -> bool:
        return self.permissions is None or permission in self.permissions


@attrs.frozen
class Call(Generic[Q, B]):
    """One request, already authenticated, its query and body checked."""

    context: Context
    tenant: Tenant
    principal: Principal
    request_id: str
    path: Mapping[str, str]
    query: Q
    body: B
    if_match: str | None
    idempotency_key: str | None
    fingerprint: str  # of method, address and body, secrets left out

    @property
    def now(self) -> datetime:
        return self.context.clock()

    async def database(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """`work(connection)` in one transaction that sees this call's tenant. Raises StoreUnavailable."""
        return await self.context.reads.run_as_tenant(self.tenant.id, work)

    def id_in_path(self, name: str, missing: ApiProblem) -> UUID:
        """The id in the address; raises `missing` when it is no id at all."""
        try:
            return UUID(self.path[name])
        except ValueError:
            raise missing from None


@attrs.frozen
class Raw:
    """A body that is no JSON: bytes as they were received."""

    content: bytes
    media_type: str = "application/octet-stream"


@attrs.frozen
class Answer:
    """What goes back: a struct or JSON values (None: no body), or `Raw`."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)


Handler = Callable[[Call[Any, Any]], Awaitable[Answer]]
