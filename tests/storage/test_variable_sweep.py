"""What a full inventory no longer lists is gone from the moment it is complete, and back when it is told of again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actors.records import VariableRecord, VariablesSweptRecord
from storage.bridge import open_bridge
from storage.store import open_store
from tests.support.postgres import Database
from tests.support.units import NOON, add_station, rows, unit

pytestmark = pytest.mark.server


def variable(name: str, at: datetime) -> VariableRecord:
    return VariableRecord("", name, "Actual", "1", {}, at)


async def test_a_sweep_takes_what_is_older_and_spares_its_own_batch_and_other_stations(database: Database) -> None:
    one, other = add_station(database), add_station(database, identity="CP2")
    later = NOON + timedelta(minutes=1)
    question = (
        "select variable, removed_at is not null from variables where station_id = %s order by 1"
    )
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        for station in (one, other):
            await store.record(unit(station, variable("Old", NOON), variable("Stays", NOON), variable("Told", NOON)))
        await store.record(unit(one, variable("Told", later)))
        await store.record(unit(one, variable("Stays", later), VariablesSweptRecord(later, later)))
        assert rows(database, question, one) == [("Old", True), ("Stays", False), ("Told", False)]
        assert rows(database, question, other) == [("Old", False), ("Stays", False), ("Told", False)]
        await store.record(unit(one, variable("Old", later + timedelta(minutes=1))))
        assert rows(database, question, one)[0] == ("Old", False)
