"""Sessions derived anew from the database: differing rows are written, sealed ones skipped, newer ones left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from uuid_utils.compat import uuid7

from actors.records import ReadingRecord, SessionFactRecord, SessionRecord
from storage.bridge import open_bridge
from storage.rebuild import Rebuilt, rebuild_sessions
from storage.store import open_store
from tests.support import units
from tests.support.postgres import Database
from tests.support.units import add_station, rows, run, unit

pytestmark = pytest.mark.server


def last_register(
    facts: list[SessionFactRecord], readings: list[ReadingRecord], row: SessionRecord
) -> SessionRecord:
    """A derivation that can be checked by hand: the last register wins, facts become flags."""
    newest = readings[-1].import_milli_wh if readings else None
    return replace(row, import_milli_wh=newest, flags=[fact.kind for fact in facts], registers={"n": len(readings)})


async def test_rows_that_differ_are_written_and_the_second_run_changes_nothing(database: Database) -> None:
    station = add_station(database)
    now = units.now()
    sessions = [units.session(began_received_at=now, last_received_at=now, started_at=now) for _ in range(450)]
    sealed = sessions[7]
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await store.record(unit(station, *sessions))
        for number, session in enumerate(sessions[:3]):
            fact = SessionFactRecord(uuid7(), session.id, "began", now, now, {})
            readings = [
                units.reading(
                    session_id=session.id, received_at=now + timedelta(seconds=n), import_milli_wh=1000 * number + n
                )
                for n in range(5)
            ]
            await store.record(unit(station, fact, *readings))
        run(database, "update sessions set sealed = true where id = %s", sealed.id)
        assert await rebuild_sessions(store.pool, last_register) == Rebuilt(changed=449, sealed=1)
        assert await rebuild_sessions(store.pool, last_register) == Rebuilt(same=449, sealed=1)
    found = {row[0]: row[1:] for row in rows(database, "select id, import_milli_wh, flags, registers from sessions")}
    assert found[sessions[2].id] == (2004, ["began"], {"n": 5})
    assert found[sessions[4].id] == (None, [], {"n": 0})
    assert found[sealed.id] == (0, [], {"segments": []})


async def test_what_was_written_meanwhile_stays(database: Database) -> None:
    station = add_station(database)
    session = units.session()

    def interrupted(
        facts: list[SessionFactRecord], readings: list[ReadingRecord], row: SessionRecord
    ) -> SessionRecord:
        run(database, "update sessions set import_milli_wh = 99")
        return last_register(facts, readings, row)

    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await store.record(unit(station, session))
        assert await rebuild_sessions(store.pool, interrupted) == Rebuilt(busy=1)
    assert rows(database, "select import_milli_wh, flags from sessions") == [(99, [])]
