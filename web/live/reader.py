"""One listener of the live feed: what it listens to, and what waits for it. Newest value per key wins."""

from collections.abc import Callable, Sequence
from typing import Any

import trio

from web.live.topics import check

Payload = dict[str, Any] | bytes


class Value:
    """An event on its way to some readers, made once and only when a reader takes it."""

    __slots__ = ("_made", "_source")

    def __init__(self, source: Payload | Callable[[], Payload]) -> None:
        self._source = source
        self._made: Payload | None = None

    def get(self) -> Payload:
        if self._made is None:
            self._made = self._source() if callable(self._source) else self._source
        return self._made


class Subscription:
    """Made by `LiveHub.open`. For one reading task.

    At most `most_keys` values wait. A newer value of a key takes the older one's place in line; when there are too many
    keys the oldest is dropped and counted in `dropped`.
    """

    def __init__(self, most_keys: int, most_topics: int) -> None:
        self.dropped = 0
        self.refused: dict[str, str] = {}
        self._most_keys = most_keys
        self._most_topics = most_topics
        self._topics: dict[str, str] = {}
        self._waiting: dict[str, tuple[str, Value]] = {}
        self._ready = trio.Event()
        self._closed = False

    def set(self, topics: Sequence[object]) -> list[str]:
        """Listens to these topics from now on, and to no others. Returns those that it took, as they were written.

        What it did not take is in `refused`: topic to reason. Values that wait for topics no longer wanted are dropped
        without being counted.
        """
        accepted: dict[str, str] = {}
        self.refused = {}
        for asked in topics:
            topic, why = check(asked)
            if why is None and topic not in accepted and len(accepted) >= self._most_topics:
                why = f"at most {self._most_topics} topics at a time"
            if why is None:
                accepted.setdefault(topic, str(asked))
            else:
                self.refused[str(asked)[:100]] = why
        self._topics = accepted
        kept = set(accepted.values())
        self._waiting = {key: value for key, value in self._waiting.items() if value[0] in kept}
        return list(accepted.values())

    def offer(self, topics: Sequence[str], key: str, value: Value) -> None:
        """Puts it in line if any of its topics is listened to; never waits."""
        for topic in topics:
            asked = self._topics.get(topic)
            if asked is not None:
                break
        else:
            return
        if key not in self._waiting and len(self._waiting) >= self._most_keys:
            del self._waiting[next(iter(self._waiting))]
            self.dropped += 1
        self._waiting[key] = (asked, value)
        self._ready.set()

    @property
    def waiting(self) -> int:
        """How many values wait for the reader."""
        return len(self._waiting)

    async def receive(self) -> tuple[str, Payload]:
        """The next (topic as it was asked for, event); waits. Raises trio.EndOfChannel when the hub has closed."""
        await trio.lowlevel.checkpoint()  # here, so that a value taken from the line cannot be lost to a cancellation
        while not self._waiting:
            if self._closed:
                raise trio.EndOfChannel
            self._ready = trio.Event()
            await self._ready.wait()
        topic, value = self._waiting.pop(next(iter(self._waiting)))
        return topic, value.get()

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> tuple[str, Payload]:
        try:
            return await self.receive()
        except trio.EndOfChannel:
            raise StopAsyncIteration from None

    def close(self) -> None:
        """What waits can still be read; then it ends."""
        self._closed = True
        self._ready.set()
