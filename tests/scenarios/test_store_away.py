"""The database away, refusing a table, or full: nothing unstored is acknowledged, and service resumes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import attrs
import pytest
import trio

from tests.support.node import Node, running_node
from tests.support.outsiders import HandStation, Lost, Payload, TurnedAway, hand_station, moment
from tests.support.postgres import Server
from tests.support.proxy import Proxy, proxy_to

pytestmark = [pytest.mark.server, pytest.mark.slow]

_DEADLINE = 1.5  # s, VOLTYARD_STORE_DEADLINE here


@attrs.frozen
class Place:
    """A node with its database behind a proxy that can go away."""

    node: Node
    proxy: Proxy


@pytest.fixture(scope="module")
def place(postgres_server: Server) -> Iterator[Place]:
    database = postgres_server.migrated_database()
    with (
        proxy_to(database.port) as proxy,
        running_node(
            database_url=database.url("admin"),
            seen_by_node=proxy.through(database.url("admin")),
            store_deadline=f"{_DEADLINE}s",
        ) as node,
    ):
        node.add_token("AWAY")
        yield Place(node, proxy)
    postgres_server.drop(database)


def start(seconds: float = 0.0, register: int = 100) -> Payload:
    return {"connectorId": 1, "idTag": "AWAY", "meterStart": register, "timestamp": moment(seconds)}


def values(register: int, transaction: int | None = None) -> Payload:
    sampled = {"value": str(register), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
    told = {"connectorId": 1, "meterValue": [{"timestamp": moment(), "sampledValue": [sampled]}]}
    return told if transaction is None else told | {"transactionId": transaction}


def event(kind: str, number: int, transaction: str) -> Payload:
    trigger = {"Started": "CablePluggedIn", "Ended": "EVDeparted"}.get(kind, "MeterValuePeriodic")
    info = {"transactionId": transaction}
    told = {"eventType": kind, "timestamp": moment(), "seqNo": number, "triggerReason": trigger}
    return told | {"transactionInfo": info, "evse": {"id": 1, "connectorId": 1}}


async def missing(node: Node) -> str:
    """What /readyz names, as one text."""
    found = await trio.to_thread.run_sync(node.readiness)
    assert found["status"] in ("ready", 503), found
    return ", ".join(found["missing"])


async def ready_again(node: Node) -> None:
    await trio.to_thread.run_sync(node.wait_ready, 30.0)


async def accepted_again(node: Node, identity: str, action: str, payload: Payload, version: str = "1.6") -> Payload:
    """Redials and resends as stations do, until the message is acknowledged."""
    with trio.fail_after(30):
        while True:
            try:
                async with hand_station(node, identity, version) as station:
                    return await station.call(action, payload)
            except (Lost, TurnedAway):
                await trio.sleep(0.1)


def stored_readings(node: Node, identity: str) -> int:
    count: int = node.value(
        "select count(*) from meter_values m join stations s on s.id = m.station_id where s.identity = %s", identity
    )
    return count


@pytest.mark.parametrize("how", ["gone", "stalled"])
async def test_while_the_database_is_away_nothing_is_promised(place: Place, how: str) -> None:
    node, proxy = place.node, place.proxy
    old, new, late = (f"{how}-{kind}" for kind in ("16", "201", "late"))
    node.add_stations(old, new, late, f"{how}-idle")
    async with (
        hand_station(node, old) as station,
        hand_station(node, new, "2.0.1") as modern,
        hand_station(node, f"{how}-idle") as idle,
    ):
        await station.boot("1.6")
        await modern.boot("2.0.1")
        await idle.boot("1.6")
        begun = start()
        getattr(proxy, how)()
        try:
            # Not a CALLERROR, which stations take for a no: the connection ends, and they keep the message.
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_ends_unanswered, station, "StartTransaction", begun)
                nursery.start_soon(_ends_unanswered, modern, "TransactionEvent", event("Started", 0, "t-away"))
                nursery.start_soon(_is_told_to_come_back, node, late)
                nursery.start_soon(_is_told_to_come_back, node, f"nobody-{how}")  # never 404 while nobody can know
                for _ in range(5):
                    assert (await idle.call("Heartbeat", {}))["currentTime"]
            found = await missing(node)
            assert "database" in found
        finally:
            proxy.back()
        await ready_again(node)
        assert (await idle.call("Heartbeat", {}))["currentTime"]
    number = (await accepted_again(node, old, "StartTransaction", begun))["transactionId"]
    assert number >= 1
    await accepted_again(node, new, "TransactionEvent", event("Started", 0, "t-away"), "2.0.1")
    with pytest.raises(TurnedAway) as turned_away:
        async with hand_station(node, f"nobody-{how}"):
            pass
    assert turned_away.value.status == 404
    found_sessions = node.rows(
        "select s.identity, t.transaction_id from sessions t join stations s on s.id = t.station_id "
        "where s.identity = any(%s) order by 1",
        [old, new],
    )
    assert sorted(found_sessions) == sorted([(old, str(number)), (new, "t-away")])


async def _ends_unanswered(station: HandStation, action: str, payload: Payload) -> None:
    with pytest.raises(Lost) as lost:
        await station.call(action, payload)
    assert lost.value.code == 1013


async def _is_told_to_come_back(node: Node, identity: str) -> None:
    with pytest.raises(TurnedAway) as turned_away:
        async with hand_station(node, identity):
            pass
    assert turned_away.value.status == 503
    assert int(turned_away.value.headers["retry-after"]) >= 1


async def test_short_absences_are_waited_for(place: Place) -> None:
    node, proxy = place.node, place.proxy
    node.add_stations("patient")
    async with hand_station(node, "patient") as station:
        await station.boot("1.6")
        for round_ in range(3):
            proxy.gone()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(station.call, "MeterValues", values(100 + round_))
                await _until_waiting(node, "the database cannot be asked")
                proxy.back()
        assert await trio.to_thread.run_sync(stored_readings, node, "patient") == 3


async def _until_waiting(node: Node, words: str) -> None:
    with trio.fail_after(10):
        while words not in await missing(node):  # noqa: ASYNC110 - another process
            await trio.sleep(0.01)


@contextmanager
def refusing(
    node: Node, table: LiteralString, sqlstate: LiteralString, condition: LiteralString = "true"
) -> Iterator[None]:
    """The database refuses every row of one table, as a full disk or a broken index would."""
    with node.database() as connection:
        connection.execute(
            f"create or replace function refuse() returns trigger language plpgsql as $$ begin if {condition} then "
            f"raise exception 'no room, says the test' using errcode = '{sqlstate}'; end if; return new; end $$"
        )
        connection.execute(f"create trigger refuse before insert on {table} for each row execute function refuse()")
        try:
            yield
        finally:
            connection.execute(f"drop trigger refuse on {table}")


@pytest.mark.parametrize("sqlstate", ["53100", "55000"])
async def test_a_table_that_takes_no_readings_stops_readings_only(place: Place, sqlstate: LiteralString) -> None:
    node = place.node
    full, fine = f"full-{sqlstate}", f"fine-{sqlstate}"
    node.add_stations(full, fine)
    async with hand_station(node, full) as station, hand_station(node, fine) as other:
        await station.boot("1.6")
        number = (await station.call("StartTransaction", start()))["transactionId"]
        with refusing(node, "meter_values", sqlstate):
            told = values(150, number)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_ends_unanswered, station, "MeterValues", told)
                await _until_waiting(node, "no room, says the test")
                # Whoever sends nothing that is refused does not notice.
                assert (await other.boot("1.6"))["status"] == "Accepted"
                began = await other.call("StartTransaction", start())
                stop = {"transactionId": began["transactionId"], "meterStop": 300, "timestamp": moment()}
                await other.call("StopTransaction", stop)
                assert (await other.call("Heartbeat", {}))["currentTime"]
            assert await trio.to_thread.run_sync(stored_readings, node, full) == 0
        await ready_again(node)
        await accepted_again(node, full, "MeterValues", told)
        assert await trio.to_thread.run_sync(stored_readings, node, full) == 1
        assert node.value("select count(*) from quarantine") == 0


async def test_a_table_that_takes_no_facts_stops_starts_and_stops(place: Place) -> None:
    node = place.node
    node.add_stations("facts16", "facts201")
    async with hand_station(node, "facts16") as station, hand_station(node, "facts201", "2.0.1") as modern:
        await station.boot("1.6")
        await modern.boot("2.0.1")
        begun = start()
        with refusing(node, "session_facts", "53100"):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_ends_unanswered, station, "StartTransaction", begun)
                nursery.start_soon(_ends_unanswered, modern, "TransactionEvent", event("Started", 0, "t-facts"))
            assert node.value("select count(*) from sessions where transaction_id = 't-facts'") == 0
        await ready_again(node)
    await accepted_again(node, "facts16", "StartTransaction", begun)
    await accepted_again(node, "facts201", "TransactionEvent", event("Started", 0, "t-facts"), "2.0.1")
    counted = node.rows(
        "select i.identity, count(*) from sessions s join stations i on i.id = s.station_id "
        "join session_facts f on f.session_id = s.id where i.identity like 'facts%' group by 1 order by 1"
    )
    assert counted == [("facts16", 1), ("facts201", 1)]


async def test_what_the_database_refuses_for_its_content_is_kept_and_answered(place: Place) -> None:
    node = place.node
    node.add_stations("strange", "neighbour")
    async with hand_station(node, "strange") as station, hand_station(node, "neighbour") as other:
        await station.boot("1.6")
        await other.boot("1.6")
        with refusing(node, "meter_values", "22003", "new.import_milli_wh = 666000"):
            async with trio.open_nursery() as nursery:
                for register in (665, 666, 667):
                    nursery.start_soon(station.call, "MeterValues", values(register))
                    nursery.start_soon(other.call, "MeterValues", values(register + 1000))
        assert await trio.to_thread.run_sync(stored_readings, node, "strange") == 2
        assert await trio.to_thread.run_sync(stored_readings, node, "neighbour") == 3
        raw = bytes(node.value("select raw from quarantine where sqlstate = '22003'"))
        assert b'"666"' in raw
        assert await missing(node) == ""
