"""What the journal commits: every kind of record lands in its row, batches form by themselves, callers may leave."""

from __future__ import annotations

from typing import Any

import pytest
import trio
import trio.lowlevel
from uuid_utils.compat import uuid7

from actors.ports import StoreUnavailable
from actors.records import (
    CommandRecord,
    FrameRecord,
    HeldOffRecord,
    PasswordAcceptedRecord,
    ProfileProvedRecord,
    ReportRecord,
    SessionFactRecord,
    UnmatchedRecord,
    VariableRecord,
)
from storage.bridge import open_bridge
from storage.journal import open_journal
from storage.store import open_store
from tests.support import units
from tests.support.outbox import until
from tests.support.postgres import Database
from tests.support.units import NOON, add_station, held_up, rows, unit

pytestmark = pytest.mark.server


async def called() -> None:
    """Let the tasks just started call, long before the database can answer."""
    for _ in range(3):
        await trio.lowlevel.checkpoint()


async def test_a_unit_is_on_disk_when_record_returns(database: Database) -> None:
    station = add_station(database)
    woken: list[bool] = []
    async with open_bridge() as bridge, open_store(bridge, database.url(), on_committed=woken.append) as store:
        assert await store.record(unit(station, units.reading(import_milli_wh=42))) is True
        assert rows(database, "select station_id, import_milli_wh from meter_values") == [(station, 42)]
        assert await store.record(unit(station, units.event())) is True
    assert woken == [False, True]
    assert rows(database, "select count(*) from journal_batches") == [(2,)]


async def test_every_kind_of_record_has_its_row(database: Database) -> None:
    station = add_station(database, pending_password_hash="new", password_hash="old")
    session = units.session(flags=["offline", "a,b"], registers={"n": [1, None]}, soc=42.5)
    command = CommandRecord(
        uuid7(), "Reset", "reset", "answered", "m1", "1.6", {"type": "Hard"}, {"status": "Accepted"}, None, "accepted",
        "me", "r1", NOON, NOON, None,
    )  # fmt: skip
    everything = unit(
        station,
        units.reading(session_id=session.id),
        units.event(request_id="r2"),
        units.state(),
        units.connector(),
        session,
        FrameRecord(uuid7(), units.now(), "in", "Heartbeat", "1", "accepted", "[2]", [{"code": "x"}]),
        SessionFactRecord(uuid7(), session.id, "began", NOON, NOON, {"x": 1}),
        UnmatchedRecord(uuid7(), "9", "stop", NOON, {"meter": 5}),
        command,
        ReportRecord(uuid7(), "LogStatusNotification", NOON, {"status": "Idle"}),
        VariableRecord("", "HeartbeatInterval", "Actual", "300", {"readonly": False}, NOON),
        PasswordAcceptedRecord(NOON),
        HeldOffRecord({"until": "soon"}),
        ProfileProvedRecord(2),
    )
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        assert await store.record(everything) is True
        image = await store.load_station(None, rows(database, "select identity from stations")[0][0])
    assert image is not None
    assert image.state == units.state()
    assert image.connectors == [units.connector()]
    assert image.sessions == [session]
    assert (image.config.password_hash, image.config.pending_password_hash) == ("new", None)
    assert image.config.held_off == {"until": "soon"}
    assert image.config.highest_profile == 2
    one: dict[str, Any] = {
        "frames": ("text, repairs", ("[2]", [{"code": "x"}])),
        "events": ("request_id, data", ("r2", {"a": 1})),
        "session_facts": ("kind, data", ("began", {"x": 1})),
        "unmatched_transactions": ("kind, data, session_id, resolved_at", ("stop", {"meter": 5}, None, None)),
        "commands": ("request, answer, error, sent_at", ({"type": "Hard"}, {"status": "Accepted"}, None, NOON)),
        "station_reports": ("action, payload", ("LogStatusNotification", {"status": "Idle"})),
        "variables": ("variable, value, detail", ("HeartbeatInterval", "300", {"readonly": False})),
        "meter_values": ("session_id, sampled::text", (session.id, units.reading().sampled)),
    }
    for table, (columns, expected) in one.items():
        assert rows(database, f"select {columns} from {table}") == [expected], table


async def test_a_value_without_detail_leaves_what_is_known_of_the_variable(database: Database) -> None:
    station = add_station(database)
    told = {"readonly": False}
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await store.record(unit(station, VariableRecord("", "HeartbeatInterval", "Actual", "300", told, NOON)))
        await store.record(unit(station, VariableRecord("", "HeartbeatInterval", "Actual", "60", {}, NOON)))
    assert rows(database, "select value, detail from variables") == [("60", told)]


async def test_of_one_key_the_last_row_of_a_batch_wins(database: Database) -> None:
    station = add_station(database)
    session = units.session()
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        ended = units.session(id=session.id, business_key=session.business_key, status="ended", ended_at=NOON)
        await store.record(
            unit(station, session, ended, units.connector(), units.connector(status="Faulted"), units.connector(evse=2))
        )
        assert rows(database, "select status from sessions") == [("ended",)]
        assert rows(database, "select evse, status from connectors order by 1") == [(1, "Faulted"), (2, "Available")]
        await store.record(unit(station, session))
        assert rows(database, "select status, ended_at from sessions") == [("active", None)]


async def test_an_unmatched_transaction_is_kept_once_and_resolved_once(database: Database) -> None:
    station = add_station(database)
    open_row = UnmatchedRecord(uuid7(), "9", "stop", NOON, {"meter": 5})
    taken = UnmatchedRecord(open_row.id, "9", "stop", NOON, {"meter": 5}, session_id=uuid7())
    other = UnmatchedRecord(uuid7(), "8", "stop", NOON, {}, session_id=uuid7())
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await store.record(unit(station, open_row, open_row))
        await store.record(unit(station, open_row))
        assert list(await store.find_unmatched(station)) == [open_row]
        await store.record(unit(station, taken))
        await store.record(unit(station, open_row, other, open_row))
        assert await store.find_unmatched(station) == []
    found = dict(rows(database, "select id, session_id from unmatched_transactions"))
    assert found == {open_row.id: taken.session_id, other.id: other.session_id}


async def test_units_that_come_during_a_commit_share_the_next_one(database: Database) -> None:
    stations = [add_station(database) for _ in range(3)]
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        async with trio.open_nursery() as nursery:
            with held_up(database, "meter_values") as waits:
                nursery.start_soon(store.record, unit(stations[0], units.reading()))
                await until(waits)
                for n in range(30):
                    nursery.start_soon(store.record, unit(stations[n % 3], units.reading()))
                await until(lambda: store.journal.stats.queued == 30)
        stats = store.journal.stats
        assert (stats.batches, stats.units, stats.largest_batch) == (2, 31, 30)
        assert stats.queued == stats.queued_bytes == 0


async def test_a_cancelled_caller_takes_nothing_back(database: Database) -> None:
    station = add_station(database)
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(store.record, unit(station, units.reading(import_milli_wh=1)))
            nursery.start_soon(store.record, unit(station, units.reading(import_milli_wh=2)))
            await called()
            nursery.cancel_scope.cancel()
        await store.journal.settled(station)
        assert not store.journal.undecided(station)
    assert rows(database, "select count(*) from meter_values") == [(2,)]


async def test_closing_writes_what_was_accepted_and_then_refuses(database: Database) -> None:
    station = add_station(database)
    async with open_bridge() as bridge, trio.open_nursery() as nursery:
        async with open_store(bridge, database.url()) as store:
            for _ in range(20):
                nursery.start_soon(store.record, unit(station, units.reading()))
            await called()
        with pytest.raises(StoreUnavailable):
            await store.record(unit(station, units.reading()))
    assert rows(database, "select count(*) from meter_values") == [(20,)]


async def test_a_full_queue_makes_callers_wait_and_says_so(database: Database) -> None:
    station = add_station(database)
    results: list[bool] = []
    async with (
        open_bridge() as bridge,
        bridge.pool(database.url(), size=1) as pool,
        open_journal(pool, max_units=4, batch_units=2) as journal,
    ):

        async def one() -> None:
            results.append(await journal.record(unit(station, units.reading())))

        behind = []
        async with trio.open_nursery() as nursery:
            for _ in range(30):
                nursery.start_soon(one)
            await called()
            behind.append(journal.behind)
            assert journal.stats.queued <= 4
            nursery.start_soon(one)
        behind.append(journal.behind)
        assert behind == [True, False]
        assert journal.stats.largest_batch == 2
    assert results == [True] * 31


async def test_a_caller_that_leaves_the_line_takes_its_unit_along(database: Database) -> None:
    first, second = add_station(database), add_station(database)
    leaving = trio.CancelScope()
    async with (
        open_bridge() as bridge,
        bridge.pool(database.url(), size=1) as pool,
        open_journal(pool, max_units=1, batch_units=1) as journal,
        trio.open_nursery() as nursery,
    ):

        async def leave() -> None:
            with leaving:
                await journal.record(unit(second, units.reading()))

        for _ in range(3):
            nursery.start_soon(journal.record, unit(first, units.reading()))
        await called()
        nursery.start_soon(leave)
        await called()
        leaving.cancel()
        await called()
        assert not journal.undecided(second)
    assert leaving.cancelled_caught
    assert rows(database, "select station_id, count(*) from meter_values group by 1") == [(first, 3)]
