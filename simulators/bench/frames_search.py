"""Searching the frame log as the web does: as its role, through the tenant's fence, in a database full of frames."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import psycopg

from simulators.bench.figures import Figure, figure
from simulators.bench.lab import Lab
from simulators.bench.rows import TENANT, Piece

MEANT_FRAMES = 10_000_000
STATIONS = 1000
DATABASE = "frames"
_DAYS = 10
_BATCH = 50_000
_ROUNDS = 5
_OTHER = "00000000-0000-7000-8000-0000000000b2"
_SERIAL = "lpad(((i * 7919) %% 9999991)::text, 7, '0')"  # a text that few frames hold
# One frame in twenty is another tenant's, one in a hundred refused; texts as stations and we write them.
_FILL = f"""
insert into frames (tenant_id, station_id, received_at, id, direction, action, message_id, outcome, text)
select case when i %% 20 = 7 then '{_OTHER}' else %(tenant)s end::uuid, s.ids[1 + i %% cardinality(s.ids)],
       %(day)s::timestamptz + (i - %(begin)s) * %(step)s::interval, gen_random_uuid(),
       case when kind in (1, 3, 5, 7) then 'out' else 'in' end, m.action, m.number,
       case when kind in (1, 3, 5, 7) then 'sent' when i %% 100 = 8 then 'refused' else 'accepted' end, m.text
from generate_series(%(first)s::bigint, %(last)s::bigint) i
cross join (select array_agg(id order by identity) ids from stations) s
cross join lateral (select (i / 20) %% 8 kind, md5(i::text) number, to_char(%(day)s::timestamptz
                    + (i - %(begin)s) * %(step)s::interval, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') at, {_SERIAL} serial) v
cross join lateral (select case when kind in (0, 1) then 'StatusNotification'
                    when kind in (2, 3) then 'BootNotification'
                    when kind in (4, 5) then 'TransactionEvent' else 'NotifyEvent' end action, number,
    case kind
    when 0 then '[2,"' || number || '","StatusNotification",{{"timestamp":"' || at || '",'
        '"connectorStatus":"Occupied","evseId":' || 1 + i %% 4 || ',"connectorId":1}}]'
    when 2 then '[2,"' || number || '","BootNotification",{{"reason":"PowerUp","chargingStation":{{"model":"M'
        || i %% 40 || '","vendorName":"Vendor","serialNumber":"SN-' || serial || '","firmwareVersion":"1.'
        || i %% 90 || '"}}}}]'
    when 3 then '[3,"' || number || '",{{"currentTime":"' || at || '","interval":300,"status":"Accepted"}}]'
    when 4 then '[2,"' || number || '","TransactionEvent",{{"eventType":"Started","timestamp":"' || at || '",'
        '"triggerReason":"Authorized","seqNo":0,"transactionInfo":{{"transactionId":"T' || serial || '",'
        '"chargingState":"EVConnected"}},"evse":{{"id":1,"connectorId":1}},"idToken":{{"idToken":"04'
        || upper(left(md5(serial), 12)) || '","type":"ISO14443"}}}}]'
    when 6 then '[2,"' || number || '","NotifyEvent",{{"generatedAt":"' || at || '","seqNo":0,"eventData":[{{"eventId":'
        || i || ',"timestamp":"' || at || '","trigger":"Alerting","actualValue":"' || i %% 97 || '.5",'
        '"eventNotificationType":"HardWiredMonitor","component":{{"name":"Controller"}},'
        '"variable":{{"name":"Temperature"}}}}]}}]'
    else '[3,"' || number || '",{{}}]' end as text) m
"""  # noqa: S608 - of our own constants


@attrs.frozen
class Search:
    """One kind of search: how it is called, and the arguments of frames_find beside p_limit."""

    name: str
    arguments: dict[str, Any]


@attrs.frozen
class Took:
    """`first_ms`: the first time, with what it needs not yet in the database's memory; the others of all rounds."""

    name: str
    found: int
    first_ms: float
    median_ms: float
    worst_ms: float


def take(lab: Lab, *, frames: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Fills a database, measures inserting with and without the index for text, then every kind of search."""
    lab.spread_database()
    lab.migrate(DATABASE)
    lab.rows.add_stations(STATIONS, "F-", DATABASE)
    address = lab.address(DATABASE)
    costs = insert_costs(address, say)
    filled = fill(address, frames, say)
    found = [measure(address, search) for search in searches(address, frames)]
    for one in found:
        say(f"{one.name}: {one.found} found, first {one.first_ms:.0f} ms, median {one.median_ms:.1f} ms, "
            f"worst {one.worst_ms:.0f} ms")
    return {"frames": frames, "filled_s": filled, "insert_us": costs, "searches": [attrs.asdict(one) for one in found]}


def _connect(address: str) -> psycopg.Connection[Any]:
    return psycopg.connect(address, autocommit=True, connect_timeout=20)


def fill(address: str, total: int, say: Callable[[str], None]) -> float:
    """`total` frames over ten days, two connections; the index for text is made when they are in. Seconds."""
    began = time.monotonic()
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with _connect(address) as connection:
        connection.execute("insert into tenants (id, slug, name, created_at) values (%s, 'other', 'Other', now()) "
                           "on conflict do nothing", (_OTHER,))
        connection.execute("select partitions_ensure(%s, %s)", (today - timedelta(days=_DAYS), today))
        row = connection.execute("select pg_get_indexdef('frames_by_text'::regclass)").fetchone()
        definition = row[0] if row else ""
        connection.execute("drop index frames_by_text")
        _in_two_threads(address, list(_pieces(total, today)))
        say(f"{total} frames stored after {time.monotonic() - began:.0f} s; making the index for text")
        connection.execute("set maintenance_work_mem = '1GB'")
        connection.execute(definition.replace(" ON ONLY ", " ON "))
        connection.execute("vacuum (analyze) frames")
        connection.execute("checkpoint")
    say(f"ready after {time.monotonic() - began:.0f} s")
    return time.monotonic() - began


def _in_two_threads(address: str, pieces: list[tuple[Piece, int]]) -> None:
    faults: list[BaseException] = []

    def some() -> None:
        try:
            with _connect(address) as connection:
                connection.execute("set synchronous_commit = off")  # of this preparation alone
                while pieces and not faults:
                    piece, begin = pieces.pop()
                    connection.execute(_FILL, attrs.asdict(piece) | {"tenant": TENANT, "begin": begin})
        except IndexError:
            return  # the other one took the last
        except psycopg.Error as error:
            faults.append(error)

    threads = [threading.Thread(target=some, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def _pieces(total: int, today: datetime) -> Iterator[tuple[Piece, int]]:
    """Numbers run through all days; with each piece the number that its day begins with."""
    for back in range(_DAYS):
        begin, end = total * back // _DAYS, total * (back + 1) // _DAYS
        step = timedelta(days=1) / max(end - begin, 1)
        for first in range(begin, end, _BATCH):
            yield Piece(today - timedelta(days=back + 1), step, first, min(first + _BATCH, end) - 1), begin


def insert_costs(address: str, say: Callable[[str], None]) -> dict[str, float]:
    """Microseconds for each frame, written by the hundred as the journal does, with and without the index for text."""
    costs: dict[str, float] = {}
    with _connect(address) as connection:
        connection.execute("select partitions_ensure(now(), now() + interval '1 day')")
        row = connection.execute("select pg_get_indexdef('frames_by_text'::regclass)").fetchone()
        definition = row[0] if row else ""
        for name in ("with", "without"):
            if name == "without":
                connection.execute("drop index frames_by_text")
            connection.execute("truncate frames")
            costs[name] = _insert_cost(connection)
            say(f"a frame costs {costs[name]:.0f} µs {name} the index for text")
        connection.execute("truncate frames")
        connection.execute(definition.replace(" ON ONLY ", " ON "))
    return costs


def _insert_cost(connection: psycopg.Connection[Any], batches: int = 200, size: int = 100) -> float:
    began = time.perf_counter()
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for batch in range(batches):
        piece = Piece(today, timedelta(microseconds=1), batch * size, (batch + 1) * size - 1)
        connection.execute(_FILL, attrs.asdict(piece) | {"tenant": TENANT, "begin": 0})
    return (time.perf_counter() - began) / (batches * size) * 1e6


def searches(address: str, frames: int) -> list[Search]:
    """One of each kind: by station, time, action, outcome, message and text, common, rare and of nowhere."""
    with _connect(address) as connection:
        row = connection.execute("select id from stations where identity = 'F-00417'").fetchone()
    assert row is not None
    station = row[0]
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    then = today - timedelta(days=6, hours=5)
    rare = str(((frames // 2 // 160 * 160 + 40) * 7919) % 9999991).zfill(7)
    return [
        Search("newest of all", {}),
        Search("newest of a station", {"p_station": station}),
        Search("a time of long ago", {"p_from": then, "p_until": then + timedelta(hours=1)}),
        Search("an action", {"p_action": "BootNotification"}),
        Search("an action of a station", {"p_action": "BootNotification", "p_station": station}),
        Search("an action that never came", {"p_action": "PublishFirmware"}),
        Search("refused", {"p_outcome": "refused"}),
        Search("refused, an action", {"p_outcome": "refused", "p_action": "TransactionEvent"}),
        Search("refused of a station", {"p_outcome": "refused", "p_station": station}),
        Search("a message id", {"p_message": "0" * 32}),
        Search("common text", {"p_text": "serialNumber"}),
        Search("rare text", {"p_text": f"SN-{rare}"}),
        Search("rare text, its piece", {"p_text": rare[1:]}),
        Search("rare text, oldest first", {"p_text": f"sn-{rare}", "p_oldest": True}),
        Search("text of nowhere", {"p_text": "ConnectorLockFailure"}),
        Search("text of a station", {"p_text": "Temperature", "p_station": station}),
        Search("text, action and outcome", {"p_text": "Controller", "p_action": "NotifyEvent", "p_outcome": "refused"}),
        Search("rare text within a day", {"p_text": "99997.5", "p_from": then, "p_until": then + timedelta(days=1)}),
    ]


def measure(address: str, search: Search) -> Took:
    """As voltyard_web, with the tenant set for each transaction, as the web does."""
    names = ", ".join(f"{name} => %({name})s" for name in search.arguments)
    statement = f"select * from frames_find(p_limit => 51{', ' if names else ''}{names})"  # noqa: S608 - our own names
    times: list[float] = []
    found = 0
    with _connect(address) as connection:
        connection.execute("set role voltyard_web")
        for _ in range(_ROUNDS):
            with connection.transaction():
                connection.execute("select set_config('voltyard.tenant', %s, true)", (TENANT,))
                began = time.perf_counter()
                found = len(connection.execute(statement, search.arguments).fetchall())
                times.append((time.perf_counter() - began) * 1000)
    return Took(search.name, found, times[0], statistics.median(times), max(times))


def figures(found: dict[str, Any]) -> list[Figure]:
    """The goal of this part: the slowest of all searches, the first ones included."""
    worst = max(found["searches"], key=lambda one: float(one["worst_ms"]))
    frames = found["frames"]
    note = f"{frames:,} frames; the slowest: {worst['name']}"
    note += "" if frames >= MEANT_FRAMES else f"; the goal is meant for {MEANT_FRAMES:,}"
    return [figure("frames_search_s", worst["worst_ms"] / 1000, note)]
