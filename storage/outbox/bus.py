"""Who wants events: the subscriptions of a node, made before the dispatcher starts."""

from collections.abc import Awaitable, Callable, Collection
from typing import Literal

import attrs

from protocol.events.envelope import Event

Handler = Callable[[Event], Awaitable[None]]
Start = Literal["now", "beginning"]


class TryLater(Exception):  # noqa: N818 - a state of the world, not a fault of the event
    """Raised by a handler that cannot work just now: the event is tried again, with growing waits, and never parked."""


@attrs.frozen
class Subscription:
    """One consumer. `types` is None for all events."""

    name: str
    handler: Handler
    durable: bool
    start: Start
    types: frozenset[str] | None


class Bus:
    """The consumers of this process."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, Subscription] = {}
        self._closed = False

    def subscribe(
        self,
        name: str,
        handler: Handler,
        *,
        durable: bool,
        start: Start = "now",
        types: Collection[str] | None = None,
    ) -> None:
        """Events go to `handler` one at a time, in order, each at least once.

        A durable consumer goes on where it stood, under the same name, when the node starts again; `start` says where a
        new one begins. One that is not durable begins anew each time. Raises ValueError for a name that is taken, and
        RuntimeError once the dispatcher runs.
        """
        if self._closed:
            raise RuntimeError(f"the dispatcher runs already: subscribe {name!r} before it starts")
        if not name or name in self._subscriptions:
            raise ValueError(f"a consumer needs a name of its own; {name!r} is {'taken' if name else 'empty'}")
        wanted = None if types is None else frozenset(types)
        self._subscriptions[name] = Subscription(name, handler, durable, start, wanted)

    def close(self) -> tuple[Subscription, ...]:
        """All subscriptions; no more are taken."""
        self._closed = True
        return tuple(self._subscriptions.values())
