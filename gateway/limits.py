"""How often an address and an identity may try: pure, the time passed in, memory bounded.

Counted by address *and* identity, so that one bad station behind a shared address costs its neighbours nothing. The
address alone has a far wider limit of its own, against guessing through many identities; it does not touch a station
that has been let in from there before.

The `limits` package is not used here: its memory storage reads the wall clock, starts a thread that wakes a hundred
times a second, and forgets keys only by time, so that whoever makes up identities decides how much memory it takes.
"""

from collections import OrderedDict
from collections.abc import Hashable

import attrs

_KEPT = 20_000  # keys a table holds; the one used longest ago is forgotten first


@attrs.frozen
class Rate:
    """`burst` at once, then one every `every` seconds."""

    burst: int
    every: float


class Buckets:
    """One leaky bucket for every key: the generic cell rate algorithm, a float a key."""

    def __init__(self, rate: Rate, kept: int = _KEPT) -> None:
        self._every = rate.every
        self._slack = rate.every * (rate.burst - 1)
        self._kept = kept
        self._full_until: OrderedDict[Hashable, float] = OrderedDict()

    def wait(self, key: Hashable, now: float) -> float:
        """Seconds until the key may try again; 0 when it may now."""
        return max(0.0, self._full_until.get(key, now) - self._slack - now)

    def count(self, key: Hashable, now: float) -> None:
        """One try, whether it was allowed or not; what was not allowed does not push the end further away."""
        until = max(self._full_until.get(key, now), now) + self._every
        self._full_until[key] = min(until, now + self._slack + self._every)
        self._full_until.move_to_end(key)
        if len(self._full_until) > self._kept:
            self._full_until.popitem(last=False)

    def __len__(self) -> int:
        return len(self._full_until)


class HandshakeLimits:
    """Who has to stay away for a while. `now` is any clock in seconds that only rises."""

    def __init__(
        self,
        *,
        connects: Rate = Rate(20, 2.0),
        failures: Rate = Rate(10, 10.0),
        address_failures: Rate = Rate(2000, 0.05),
    ) -> None:
        self._connects = Buckets(connects)
        self._failures = Buckets(failures)
        self._address_failures = Buckets(address_failures)
        self._let_in: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait(self, address: str, identity: str, now: float) -> float:
        """Seconds for which this identity must not try again from this address; 0 when it may now."""
        pair = (address, identity.casefold())
        wait = max(self._connects.wait(pair, now), self._failures.wait(pair, now))
        return wait if pair in self._let_in else max(wait, self._address_failures.wait(address, now))

    def failed(self, address: str, identity: str, now: float) -> None:
        """It was refused for what it is or says (never for the state we are in)."""
        self._failures.count((address, identity.casefold()), now)
        self._address_failures.count(address, now)

    def let_in(self, address: str, identity: str, now: float) -> None:
        """It was accepted: counts against reconnecting all the time."""
        pair = (address, identity.casefold())
        self._connects.count(pair, now)
        self._let_in[pair] = None
        self._let_in.move_to_end(pair)
        if len(self._let_in) > _KEPT:
            self._let_in.popitem(last=False)
