"""How many things may be under way at once, shared out among tenants: nobody is kept waiting by what another one does.

A tenant has at most `each` places. When all places are taken, the next one goes to the tenant with the fewest.
"""

from collections import deque
from types import TracebackType
from uuid import UUID

import attrs
import trio


class Crowded(Exception):  # noqa: N818 - a state
    """Too many of this tenant wait already."""


@attrs.define(eq=False)
class _Tenant:
    """`running`: places it has. It is forgotten when it has none and nobody of it waits."""

    running: int = 0
    waiting: deque[trio.Event] = attrs.Factory(deque)


class Share:
    """`total` places at once, `each` for one tenant; `queue`: how many of a tenant may wait for one."""

    def __init__(self, total: int, each: int, queue: int) -> None:
        self._free = total
        self._each = each
        self._queue = queue
        self._tenants: dict[UUID, _Tenant] = {}

    def of(self, tenant: UUID) -> "Place":
        """A place of that tenant, for `async with` or as the limiter of a thread."""
        return Place(self, tenant)

    async def take(self, tenant: UUID) -> None:
        """Returns when the tenant has a place more; wait within a deadline. Raises Crowded."""
        mine = self._tenants.setdefault(tenant, _Tenant())
        if self._free > 0 and mine.running < self._each and not mine.waiting:
            self._free -= 1
            mine.running += 1
            return
        if len(mine.waiting) >= self._queue:
            raise Crowded
        turn = trio.Event()
        mine.waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():  # given and cancelled in the same moment
                self.give(tenant)
            else:
                mine.waiting.remove(turn)
                self._forget(tenant)
            raise

    def give(self, tenant: UUID) -> None:
        """A place of the tenant is free again."""
        self._free += 1
        self._tenants[tenant].running -= 1
        ready = [each for each in self._tenants.values() if each.waiting and each.running < self._each]
        if ready:
            chosen = min(ready, key=lambda each: each.running)
            self._free -= 1
            chosen.running += 1
            chosen.waiting.popleft().set()
        self._forget(tenant)

    def _forget(self, tenant: UUID) -> None:
        there = self._tenants[tenant]
        if there.running == 0 and not there.waiting:
            del self._tenants[tenant]


@attrs.frozen
class Place:
    """What `trio.to_thread` asks of a limiter, too: there it is given back when the thread ends, not when its caller
    gives up.
    """

    share: Share
    tenant: UUID

    async def acquire_on_behalf_of(self, borrower: object) -> None:
        """See Share.take."""
        await self.share.take(self.tenant)

    def release_on_behalf_of(self, borrower: object) -> None:
        """See Share.give."""
        self.share.give(self.tenant)

    async def __aenter__(self) -> None:
        await self.share.take(self.tenant)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.share.give(self.tenant)
