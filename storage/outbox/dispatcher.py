"""All consumers of a bus, from start to stop."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import trio

from storage.outbox.bus import Bus
from storage.outbox.consumer import Consumer
from storage.outbox.pace import ConsumerState, Pace
from storage.pool import Pool

_PACE = Pace()


class Dispatcher:
    """The running consumers. Made by `outbox_dispatcher`."""

    def __init__(self, consumers: Sequence[Consumer]) -> None:
        self._consumers = tuple(consumers)

    def wake(self) -> None:
        """Events were committed. For trio code; returns at once."""
        for consumer in self._consumers:
            consumer.wake()

    def consumers(self) -> list[ConsumerState]:
        """Where each one is, for metrics."""
        return [consumer.state() for consumer in self._consumers]


@asynccontextmanager
async def outbox_dispatcher(
    pool: Pool, bus: Bus, *, pace: Pace = _PACE, drain: float = 5.0, start_within: float = 10.0
) -> AsyncIterator[Dispatcher]:
    """Hands events to the bus's consumers while the block runs; `pool` is voltyard_node's.

    Enters when every consumer knows its place (or the store is away, or after `start_within` seconds). On leaving, what
    is in the outbox is still handed on for at most `drain` seconds; the rest waits for the next start.
    """
    consumers = [Consumer(subscription, pool, pace) for subscription in bus.close()]
    async with trio.open_nursery() as nursery:
        for consumer in consumers:
            nursery.start_soon(consumer.run, name=f"consumer {consumer.name}")
        with trio.move_on_after(start_within):
            for consumer in consumers:
                await consumer.ready.wait()
        dispatcher = Dispatcher(consumers)
        yield dispatcher
        for consumer in consumers:
            consumer.finish()
        # The block has ended well; the nursery closes when all have caught up, or is cancelled by this deadline.
        nursery.cancel_scope.deadline = trio.current_time() + drain
