"""Everything a token is judged by comes from the database in one query; what stations cause goes in by the journal."""

from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from actors.records import ReservationRecord, TokenRecord, Unit
from storage.bridge import open_bridge
from storage.store import open_store
from tests.support.postgres import Database
from tests.support.units import NOON, add_station, rows, run

pytestmark = pytest.mark.server


def rule(database: Database, **columns: object) -> None:
    values = {"tenant_id": DEFAULT_TENANT, "id": uuid7(), "created_at": NOON, "updated_at": NOON} | columns
    places = ", ".join(["%s"] * len(values))
    run(database, f"insert into token_rules ({', '.join(values)}) values ({places})", *values.values())


def reserve(database: Database, station: UUID, number: int, status: str, **columns: object) -> None:
    values = {
        "tenant_id": DEFAULT_TENANT, "id": uuid7(), "station_id": station, "number": number, "token": "OWNER",
        "token_type": "ISO14443", "starts_at": NOON, "expires_at": NOON + timedelta(hours=1), "status": status,
        "created_at": NOON, "updated_at": NOON,
    } | columns  # fmt: skip
    places = ", ".join(["%s"] * len(values))
    run(database, f"insert into reservations ({', '.join(values)}) values ({places})", *values.values())


async def test_the_narrowest_rule_that_says_something_counts(database: Database) -> None:
    here = add_station(database, "CP1", site="Depot")
    there = add_station(database, "CP2")
    rule(database, unknown="accept", concurrent=3)
    rule(database, unknown="create", site="Depot")
    rule(database, station_id=here, cache_seconds=60)
    run(
        database, "insert into tokens (tenant_id, id, uid, uid_key, created_at, updated_at, windows, connector_types)"
        " values (%s, %s, 'CAFE', 'cafe', %s, %s, '[{\"days\": [\"mon\"], \"from\": \"08:00\", \"to\": \"09:00\"}]',"
        " '{cType2}')", DEFAULT_TENANT, uuid7(), NOON, NOON,
    )  # fmt: skip
    run(
        database, "insert into variables (tenant_id, station_id, component, variable, attribute_type, value,"
        " received_at) values (%s, %s, %s, %s, 'Actual', 'cType2', %s)", DEFAULT_TENANT, here,
        '{"evse":{"connectorId":1,"id":2},"name":"Connector"}', '{"name":"ConnectorType"}', NOON,
    )  # fmt: skip
    reserve(database, here, 1, "accepted", evse=1, group_uid="G")
    reserve(database, here, 2, "expired", ended_at=NOON)
    reserve(database, there, 1, "accepted")
    async with open_bridge() as bridge, open_store(bridge, database.url(), deadline=5.0) as store:
        weighed = await store.weigh_token(DEFAULT_TENANT, here, "Cafe", prefix=False)
        assert weighed.token is not None
        assert (weighed.unknown, weighed.site) == ("create", "Depot")
        assert (weighed.token.concurrent, weighed.token.cache_seconds) == (3, 60)
        assert (weighed.token.windows[0]["from"], weighed.connector_types) == ("08:00", {2: ["cType2"]})
        assert [(h.number, h.evse, h.group_uid) for h in weighed.held] == [(1, 1, "G")]
        elsewhere = await store.weigh_token(DEFAULT_TENANT, there, "CAFE", prefix=False)
        assert elsewhere.token is not None
        assert (elsewhere.unknown, elsewhere.token.cache_seconds, elsewhere.connector_types) == ("accept", None, {})


async def test_stations_make_tokens_and_move_reservations_as_far_as_they_may(database: Database) -> None:
    station = add_station(database, "CP1")
    for number, status in enumerate(("pending", "accepted", "cancelling", "expired", "cancelled"), start=1):
        reserve(database, station, number, status, ended_at=NOON if status in ("expired", "cancelled") else None)
    session = uuid7()
    records = [
        TokenRecord(uuid7(), "New", "ISO14443", "accepted", "let in", NOON),
        TokenRecord(uuid7(), "NEW", "ISO14443", "accepted", "let in", NOON),
        ReservationRecord(1, "accepted", NOON, "Accepted"),
        ReservationRecord(3, "accepted", NOON, "Accepted"),
        ReservationRecord(4, "used", NOON, session_id=session),
        ReservationRecord(5, "used", NOON, session_id=session),
        ReservationRecord(2, None, NOON, "Accepted"),
        ReservationRecord(2, "used", NOON, session_id=session),
        ReservationRecord(99, "used", NOON),
    ]
    async with open_bridge() as bridge, open_store(bridge, database.url(), deadline=5.0) as store:
        assert await store.record(Unit(DEFAULT_TENANT, station, "", list(records)))
    assert rows(database, "select uid, reason from tokens") == [("New", "let in")]
    found = rows(database, "select number, status, answer, ended_at is null from reservations order by number")
    assert found == [
        (1, "accepted", "Accepted", True), (2, "used", "Accepted", False), (3, "cancelling", "Accepted", True),
        (4, "used", None, False), (5, "cancelled", None, False),
    ]  # fmt: skip
