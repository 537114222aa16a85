"""The live feed's middle: events come in from the outbox and from actors, and go to whoever listens on this node.

A feed, not a record: a slow reader misses values that newer ones have replaced, and the readings of a session
(`voltyard.session.measured.v1`) come from the node that holds the station and are kept nowhere. `/events` has them all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from actors.station.face import LiveSession
from protocol.events.envelope import Event, as_dict, wrap
from protocol.events.types import SessionMeasured
from storage.outbox import Bus
from web.live.reader import Payload, Subscription, Value
from web.live.topics import normal, place


class LiveHub:
    """Hands events to the listeners of their tenant. Also what actors tell without waiting (`Outside`).

    `now` and `new_id` are for the envelopes of readings. A listener has at most `most_keys` values waiting.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], UUID] = uuid7,
        most_keys: int = 2000,
        most_topics: int = 500,
    ) -> None:
        self._now = now
        self._new_id = new_id
        self._most_keys = most_keys
        self._most_topics = most_topics
        self._readers: dict[UUID, list[Subscription]] = {}
        self._wake: Callable[[], None] = _nobody
        self._closed = False
        self._dropped = 0

    @property
    def quiet(self) -> bool:
        """True when nobody listens, so that readings need not be told."""
        return not self._readers

    def connect(self, wake: Callable[[], None]) -> None:
        """`wake` (the outbox dispatcher's) is called whenever events have been committed."""
        self._wake = wake

    def attach(self, bus: Bus) -> None:
        """Takes the outbox's events from now on, each time the node starts."""
        bus.subscribe("live", self.take, durable=False, start="now")

    @contextmanager
    def open(self, tenant_id: UUID) -> Iterator[Subscription]:
        """A listener of that tenant; it hears nothing until its `set` has named topics."""
        reader = Subscription(self._most_keys, self._most_topics)
        if self._closed:
            reader.close()
        self._readers.setdefault(tenant_id, []).append(reader)
        try:
            yield reader
        finally:
            self._dropped += reader.dropped
            readers = self._readers[tenant_id]
            readers.remove(reader)
            if not readers:
                del self._readers[tenant_id]

    def publish(self, tenant_id: UUID, topic: str, key: str, event: Payload | Callable[[], Payload]) -> None:
        """To those who listen to `topic` (`sessions/{id}`) or to its first part (`sessions`).

        Of several events with one key a reader who is behind gets the newest. A callable `event` is called once, when
        the first reader takes it, and not at all when none does.
        """
        readers = self._readers.get(tenant_id)
        if readers:
            head, slash, rest = topic.partition("/")
            topics = (f"{head}/{normal(rest)}", head) if slash else (head,)
            self._offer(readers, topics, key, event)

    async def take(self, event: Event) -> None:
        """The bus's handler: an event from the outbox."""
        readers = self._readers.get(event.tenant_id)
        if readers:
            placed = place(event.type, event.subject, msgspec.json.decode(event.raw, type=dict))
            self._offer(readers, placed.topics, placed.key, lambda: as_dict(event))

    def measured(self, tenant_id: UUID, session: LiveSession) -> None:
        """The newest of a session; cheap when nobody of that tenant listens."""
        readers = self._readers.get(tenant_id)
        if readers:
            at = self._now()
            topic = f"sessions/{session.id}"
            key = f"{topic} measured"
            self._offer(readers, (topic, "sessions"), key, lambda: self._reading(tenant_id, session, at))

    def recorded_events(self) -> None:
        """Events have been committed."""
        self._wake()

    def close(self) -> None:
        """Every listener's feed ends, now and later."""
        self._closed = True
        for readers in self._readers.values():
            for reader in readers:
                reader.close()

    def counts(self) -> dict[str, int]:
        """listeners, waiting values and values dropped so far: for metrics."""
        readers = [reader for each in self._readers.values() for reader in each]
        return {
            "listeners": len(readers),
            "waiting": sum(reader.waiting for reader in readers),
            "dropped": self._dropped + sum(reader.dropped for reader in readers),
        }

    def _offer(
        self, readers: list[Subscription], topics: tuple[str, ...], key: str, event: Payload | Callable[[], Payload]
    ) -> None:
        value = Value(event)
        for reader in readers:
            reader.offer(topics, key, value)

    def _reading(self, tenant_id: UUID, session: LiveSession, at: datetime) -> Payload:
        data = SessionMeasured(
            session_id=session.id,
            station_id=session.station_id,
            at=session.at,
            energy_wh=session.energy_wh,
            export_wh=session.export_wh,
            power_w=session.power_w,
            soc=session.soc,
        )
        return as_dict(wrap(data, id=self._new_id(), tenant_id=tenant_id, time=at))


def _nobody() -> None:
    """Before a dispatcher is there, its polling is enough."""
