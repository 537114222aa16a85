"""Rows made beforehand, quickly, and rows counted afterwards."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import attrs
import psycopg
from psycopg import sql
from uuid_utils.compat import uuid7

from storage.passwords import Passwords
from storage.roles import create_database

TENANT = "00000000-0000-7000-8000-000000000001"
TOKEN = "BENCH-TOKEN"  # noqa: S105 - an RFID token's number
_BATCH = 100_000
_DAYS = 10
_FILL = """
insert into meter_values (tenant_id, station_id, received_at, session_id, evse, connector, at, context,
                          import_milli_wh, power_w, sampled)
select %(tenant)s::uuid, stations.ids[1 + i %% cardinality(stations.ids)],
       %(day)s::timestamptz + i * %(step)s::interval, stations.ids[1 + i %% cardinality(stations.ids)], 1, 1,
       %(day)s::timestamptz + i * %(step)s::interval, 'Sample.Periodic', 100000000000 + i, 11040,
       '[{"value":"100000000","measurand":"Energy.Active.Import.Register","unit":"Wh"},'
       '{"value":"11040.0","measurand":"Power.Active.Import","unit":"W"},'
       '{"value":"16.0","measurand":"Current.Import","unit":"A","phase":"L1"}]'
from generate_series(%(first)s::bigint, %(last)s::bigint) i,
     (select array_agg(id) as ids from (select id from stations order by id limit 1000) s) stations
"""


class Rows:
    """The database, as its administrator sees it. `data_dir`: the node's, where the pepper of its passwords lies."""

    def __init__(self, admin: str, data_dir: Path) -> None:
        self._admin = admin
        data_dir.mkdir(mode=0o700, exist_ok=True)
        self._passwords = Passwords.open(data_dir)

    def address(self, database: str) -> str:
        return urlunsplit(urlsplit(self._admin)._replace(path=f"/{database}"))

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.address(database), autocommit=True, connect_timeout=20)

    def create_database(self, name: str) -> None:
        with self._connect("postgres") as connection:
            create_database(connection, name)

    def add_stations(self, count: int, prefix: str, database: str = "bench") -> list[tuple[str, str | None]]:
        """Stations of profile 1 with generated passwords, and a token they may use; identities and passwords."""
        made: list[tuple[str, str | None]] = []
        now = datetime.now(UTC)
        columns = "tenant_id, id, identity, identity_key, security_profile, password_hash, created_at, updated_at"
        with self._connect(database) as connection, connection.cursor() as cursor:
            with cursor.copy(f"copy stations ({columns}) from stdin") as copy:
                for number in range(1, count + 1):
                    identity, password = f"{prefix}{number:05d}", self._passwords.generate()
                    kept = self._passwords.hash_generated(password)
                    copy.write_row((TENANT, uuid7(), identity, identity.casefold(), 1, kept, now, now))
                    made.append((identity, password))
            cursor.execute(
                "insert into tokens (tenant_id, id, uid, uid_key, created_at, updated_at) "
                "values (%s, %s, %s, %s, now(), now()) on conflict (tenant_id, uid_key) do nothing",
                (TENANT, uuid7(), TOKEN, TOKEN.casefold()))
            cursor.execute("analyze stations")
        return made

    def count_variables(self, identity: str, database: str = "bench") -> int:
        """How many attributes of variables of that station are stored."""
        with self._connect(database) as connection:
            row = connection.execute(
                "select count(*) from variables v join stations s on s.id = v.station_id where s.identity = %s",
                (identity,)).fetchone()
        return int(row[0]) if row else 0

    def set_profile(self, prefix: str, profile: int, database: str = "bench") -> None:
        """The security profile of the stations whose identities begin so."""
        with self._connect(database) as connection:
            connection.execute(
                "update stations set security_profile = %s where starts_with(identity, %s)", (profile, prefix))

    def count(self, database: str, table: str) -> int:
        with self._connect(database) as connection:
            row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
            assert row is not None
            return int(row[0])

    def fill(self, database: str, total: int, progress: Callable[[int], None]) -> None:
        """`total` meter values over today and the days before, by two connections, then settled on disk."""
        now = datetime.now(UTC)
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        with self._connect(database) as connection:
            span = (today - timedelta(days=_DAYS), now + timedelta(days=1))
            connection.execute("select partitions_ensure(%s, %s)", span)
        pieces = list(pieces_of(total, today, now))
        lock = threading.Lock()
        faults: list[BaseException] = []
        shared = (database, pieces, lock, progress, faults)
        threads = [threading.Thread(target=self._fill_some, args=shared, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]
        self.settle(database, "meter_values")

    def settle(self, database: str, *tables: str) -> None:
        """What would else be done in the background during a measurement."""
        with self._connect(database) as connection:
            for table in tables:
                connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(table)))
            connection.execute("checkpoint")

    def _fill_some(self, database: str, pieces: list["Piece"], lock: threading.Lock,
                   progress: Callable[[int], None], faults: list[BaseException]) -> None:
        try:
            with self._connect(database) as connection:
                connection.execute("set synchronous_commit = off")  # of this preparation alone
                while not faults:
                    with lock:
                        if not pieces:
                            return
                        piece = pieces.pop()
                    connection.execute(_FILL, attrs.asdict(piece) | {"tenant": TENANT})
                    progress(piece.last - piece.first + 1)
        except psycopg.Error as error:
            faults.append(error)


@attrs.frozen
class Piece:
    """Rows to make at once: from `day` on, every `step`, with these numbers."""

    day: datetime
    step: timedelta
    first: int
    last: int


def pieces_of(total: int, today: datetime, now: datetime) -> Iterator[Piece]:
    """`total` rows, an even share for each day; today's end before now."""
    for back in range(_DAYS):
        share = total * (back + 1) // _DAYS - total * back // _DAYS
        length = timedelta(days=1) if back else max(now - today, timedelta(seconds=1))
        for first in range(0, share, _BATCH):
            last = min(first + _BATCH, share) - 1
            yield Piece(today - timedelta(days=back), length / share, first, last)
