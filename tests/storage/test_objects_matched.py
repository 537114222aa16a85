"""Objects that stations hold change by what they contain: in the table, and among rows of the same batch."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from actors.records import ObjectsMatchedRecord, Record, StationObjectRecord, Unit
from storage.bridge import open_bridge
from storage.journal.rows import columns
from storage.journal.tables import MATCHES, OBJECTS
from storage.store import open_store
from tests.support.postgres import Database
from tests.support.units import NOON, add_station, rows, unit

STATION = uuid7()


def held(key: str, seconds: float = 0, **data: Any) -> StationObjectRecord:
    return StationObjectRecord("charging_profile", key, "installed", data, NOON + timedelta(seconds=seconds))


def said(match: dict[str, Any], seconds: float = 1, **changes: Any) -> ObjectsMatchedRecord:
    return ObjectsMatchedRecord("charging_profile", NOON + timedelta(seconds=seconds), match, **changes)


def removed(*records: Record) -> dict[str, bool]:
    """What a batch writes of each object: whether it is gone."""
    made = columns([Unit(DEFAULT_TENANT, STATION, "", list(records))])
    written = made[OBJECTS]
    return dict(zip(written[3], written[7], strict=True))


def test_rows_of_the_same_batch_are_hit_when_they_came_before() -> None:
    batch = (held("1", evse=1), held("2", evse=2), said({"evse": 1}), held("3", 2, evse=1), held("4", 1, evse=1))
    assert removed(*batch) == {"1": True, "2": False, "3": False, "4": False}
    again = (held("1", evse=1), said({"evse": 1}), held("1", 2, evse=1))
    assert removed(*again) == {"1": False}, "what is set again is there"
    assert removed(held("1", evse={"id": 1, "more": 2}), said({"evse": {"id": 1}})) == {"1": True}
    assert removed(held("1", evse=1), said({"evse": 1}, keys=["2"])) == {"1": False}
    assert removed(held("1", evse=1), said({"evse": 1}, keep=["1"])) == {"1": False}


def test_what_a_batch_writes_is_left_to_it_by_the_statement() -> None:
    made = columns([Unit(DEFAULT_TENANT, STATION, "", [held("1", 5, evse=1), said({"evse": 1}, keep=["9"])])])
    assert made[MATCHES][6] == ['["1","9"]']


@pytest.mark.server
async def test_what_is_in_the_table_goes_or_changes_by_what_it_contains(database: Database) -> None:
    """The end of a transaction, a clear by criteria, a control that is superseded."""
    station, other = add_station(database), add_station(database, identity="CP2")
    first = [held("1", evse=1, purpose="Tx"), held("2", evse=1, purpose="Max"), held("3", evse=2, purpose="Tx")]
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        await store.record(unit(station, *first))
        await store.record(unit(other, *first))
        await store.record(unit(station, said({"evse": 1, "purpose": "Tx"}, status="cleared")))
        assert _there(database, station) == [("1", "cleared", True), ("2", "installed", False),
                                             ("3", "installed", False)]
        await store.record(unit(station, said({}, keys=["3"], status="superseded", removed=False)))
        await store.record(unit(station, said({}, keep=["3"])))
        assert _there(database, station) == [("1", "cleared", True), ("2", "installed", True),
                                             ("3", "superseded", False)]
        assert [gone for *_, gone in _there(database, other)] == [False, False, False]
        data = rows(database, f"select data from station_objects where station_id = '{station}' and key = '1'")
        assert data == [({"evse": 1, "purpose": "Tx"},)], "what it was is kept"


def _there(database: Database, station: UUID) -> list[tuple[Any, ...]]:
    return rows(
        database,
        f"select key, status, removed_at is not null from station_objects where station_id = '{station}' order by key",
    )
