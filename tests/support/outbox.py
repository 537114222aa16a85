"""What the outbox tests share: a database with a writer of events, and a consumer that collects."""

import math
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import trio

from actors.ports import DEFAULT_TENANT
from protocol.events.envelope import Event
from storage.outbox import Pace
from tests.support.postgres import Database

FAST = Pace(poll=0.1, spacing=0.002, first_wait=0.005, longest_wait=0.02, tries=3, handler_deadline=5)
_INSERT = """
    insert into events (tenant_id, received_at, id, type, subject, data, request_id)
    values (%s, %s, %s, %s, %s, %s, %s) returning id
"""


class Writer:
    """One connection of the journal's role; commits when told. Blocking: only between awaits of small tests."""

    def __init__(self, database: Database) -> None:
        self._connection = psycopg.connect(database.url("node"))
        self.admin_url = database.url("admin")

    def write(
        self,
        label: str,
        *,
        type: str = "voltyard.station.online.v1",  # noqa: A002 - CloudEvents' own name
        at: datetime | None = None,
        commit: bool = True,
    ) -> None:
        station = uuid.uuid4()
        data = f'{{"station_id": "{station}", "station": "{label}"}}'
        values = (DEFAULT_TENANT, at or datetime.now(UTC), uuid.uuid4(), type, f"stations/{station}", data, None)
        self._connection.execute(_INSERT, values)
        if commit:
            self._connection.commit()

    def commit(self) -> None:
        self._connection.commit()

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        cursor = self._connection.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        self._connection.commit()
        return rows

    def close(self) -> None:
        self._connection.close()


class Collector:
    """A handler that keeps the labels of what it got, and lets a test wait for them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.on_event: Callable[[str], None] = lambda label: None

    @property
    def labels(self) -> list[str]:
        return [label_of(event) for event in self.events]

    async def __call__(self, event: Event) -> None:
        self.on_event(label_of(event))
        self.events.append(event)
        await trio.lowlevel.checkpoint()

    async def wait_for(self, count: int, seconds: float = 10.0) -> list[str]:
        """The labels, once there are that many."""
        await until(lambda: len(self.events) >= count, seconds)
        return self.labels


async def until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    """Returns when it is so, or after that time: the test's own assertion then says what is not."""
    with trio.move_on_after(seconds):
        while not is_so():  # noqa: ASYNC110 - handlers under test do not know of the test's events
            await trio.sleep(0.005)


def label_of(event: Event) -> str:
    data = event.data
    return str(getattr(data, "station", math.nan))
