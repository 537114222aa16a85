"""Plug and charge against simulated partners on loopback: services as a node has them, roots in memory."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import trio

from actors.contract.chain import Anchors
from gateway.services.contract_check import ContractCheck
from gateway.services.contract_pool import ContractPool
from gateway.services.crl import RevocationLists
from gateway.services.http import OutsideHttp, open_http
from gateway.services.ocsp import Responders
from simulators.contract_pool.pool import Pool
from simulators.http import Handle, Request, Response, serve
from simulators.ocsp.authority import Authority, make_authority
from simulators.ocsp.responder import Responder

TENANT = UUID(int=1)
STATION = UUID(int=2)
EMAID = "DE8AA1A2B3C4D5"


@attrs.define
class MovingClock:
    """The wall clock, moved by the test."""

    ahead: timedelta = timedelta()
    start: datetime = attrs.Factory(lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.start + self.ahead


@attrs.define
class KnownRoots:
    """Stands for ContractRoots."""

    anchors: Anchors = attrs.Factory(Anchors)

    async def of(self, tenant_id: UUID) -> Anchors:
        return self.anchors


@attrs.frozen
class Partners:
    """What a test directs: the responder's manners, the pool's script, whom the tenant trusts."""

    url: str
    clock: MovingClock
    authority: Authority
    responder: Responder
    roots: KnownRoots
    check: ContractCheck
    http: OutsideHttp
    nursery: trio.Nursery

    def trust_sub(self) -> None:
        """The tenant knows the issuer of contracts, not the root alone."""
        self.roots.anchors = self.roots.anchors.with_issuers((self.authority.sub.certificate,))

    async def pool(self, pool: Pool, *, token: str | None = None, deadline: float = 5.0) -> ContractPool:
        """The service in front of that simulated pool."""
        port = await self.nursery.start(serve, pool.handle, "127.0.0.1", 0)
        return ContractPool(self.http, f"http://127.0.0.1:{port}/", token, deadline, self.clock)

    async def server(self, handle: Handle) -> str:
        """Another server; its address."""
        port = await self.nursery.start(serve, handle, "127.0.0.1", 0)
        return f"http://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def partners(*, deadline: float = 5.0) -> AsyncIterator[Partners]:
    """An authority whose root the tenant trusts, with its responder and list, and the services that ask them."""
    clock = MovingClock()
    late: list[Responder] = []

    async def handle(request: Request) -> Response:
        return await late[0].handle(request)

    async with trio.open_nursery() as nursery, open_http(private=True) as http:
        port = await nursery.start(serve, handle, "127.0.0.1", 0)
        authority = make_authority(f"http://127.0.0.1:{port}", clock())
        late.append(Responder(authority, clock))
        roots = KnownRoots(Anchors((authority.root.certificate,)))
        responders, lists = Responders(http, deadline, clock), RevocationLists(http, deadline, clock)
        check = ContractCheck(roots, responders, lists, clock)
        yield Partners(authority.url, clock, authority, late[0], roots, check, http, nursery)
        nursery.cancel_scope.cancel()
