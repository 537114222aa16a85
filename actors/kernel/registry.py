"""Who holds an identity. A newer claim evicts the older one; a leaver removes only itself.

Each claim carries a fence, a number that only rises: work that was begun under an older claim can tell that it is late.
"""

from collections.abc import Hashable, Iterator
from itertools import count
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Claim(Generic[K, V]):
    """A holder's proof."""

    __slots__ = ("_registry", "fence", "holder", "key")

    def __init__(self, registry: "Registry[K, V]", key: K, holder: V, fence: int) -> None:
        self._registry = registry
        self.key = key
        self.holder = holder
        self.fence = fence

    @property
    def current(self) -> bool:
        """False once a newer claim exists or this one was released."""
        return self._registry.claim_of(self.key) is self

    def release(self) -> bool:
        """Ends this claim and no other; True when it was the current one."""
        return self._registry.remove(self)


class Registry(Generic[K, V]):
    """Claims by key. Synchronous: nothing happens between asking and taking."""

    def __init__(self) -> None:
        self._claims: dict[K, Claim[K, V]] = {}
        self._fences = count(1)

    def __len__(self) -> int:
        return len(self._claims)

    def __iter__(self) -> Iterator[Claim[K, V]]:
        return iter(list(self._claims.values()))

    def claim(self, key: K, holder: V) -> tuple[Claim[K, V], Claim[K, V] | None]:
        """Takes the key. Returns the new claim and the one it replaced."""
        older = self._claims.get(key)
        newer = self._claims[key] = Claim(self, key, holder, next(self._fences))
        return newer, older

    def claim_of(self, key: K) -> Claim[K, V] | None:
        """The current claim."""
        return self._claims.get(key)

    def remove(self, claim: Claim[K, V]) -> bool:
        """Removes exactly that claim."""
        if self._claims.get(claim.key) is not claim:
            return False
        del self._claims[claim.key]
        return True
