"""Stations and their service in memory: stored before answered, outages, takeovers, bugs, clocks that jump."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
import trio
import trio.testing
from msgspec.structs import replace
from structlog.testing import capture_logs

from actors.ports import StoreUnavailable
from actors.records import (
    ConnectorRecord,
    EventRecord,
    FrameRecord,
    HeldOffRecord,
    ReadingRecord,
    SessionFactRecord,
    SessionRecord,
    StationStateRecord,
    Unit,
)
from actors.station import decide
from actors.station.face import Ending, NeutralCommand
from protocol.ocpp import events as wire
from protocol.ocpp.neutral import Booted
from protocol.ocpp.version import Version
from tests.support.memory_world import STATION, at
from tests.support.station_rig import Peer, Rig, rig

BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}
START = {"connectorId": 1, "idTag": "CAFE", "meterStart": 1000, "timestamp": at(0)}


def stop(number: int, meter: int = 4000) -> dict[str, Any]:
    return {"transactionId": number, "meterStop": meter, "timestamp": at(0)}


def meter(number: int, value: int) -> dict[str, Any]:
    sampled = [{"value": str(value)}]
    return {"connectorId": 1, "transactionId": number, "meterValue": [{"timestamp": at(0), "sampledValue": sampled}]}


def states(rig: Rig) -> list[bool]:
    return [record.online for record in rig.kept(StationStateRecord)]


def event_types(rig: Rig) -> list[str]:
    return [".".join(record.type.split(".")[-3:-1]) for record in rig.kept(EventRecord)]


async def test_a_whole_charge_is_stored_before_each_answer(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        world.store.delay = 0.05
        seen: list[int] = []
        peer.on_send = lambda _text: seen.append(len(world.store.units))
        before = len(world.store.units)
        assert await peer.call("BootNotification", BOOT) is not None
        started = await peer.call("StartTransaction", START)
        assert started is not None
        await peer.call("MeterValues", meter(started["transactionId"], 2000))
        await peer.call("StopTransaction", stop(started["transactionId"]))
        assert seen == [before + 2, before + 3, before + 4, before + 5], "online, boot, start, reading, stop"
        assert [row.import_milli_wh for row in world.kept(SessionRecord)][-1] == 3_000_000
        assert [fact.kind for fact in world.kept(SessionFactRecord)] == ["began", "ended"]
        assert world.outside.heard[-1].energy_wh == 3000
        await peer.hang_up()
        await world.settle()
        assert states(world)[-1] is False
        assert "station.offline" in event_types(world)


async def test_a_transaction_that_cannot_be_stored_ends_with_1013_and_no_answer(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        await world.settle()
        world.store.available = False
        began = trio.current_time()
        assert await peer.call("Heartbeat", {}) is not None, "needs no store"
        assert trio.current_time() == began
        assert await peer.call("StartTransaction", START) is None
        assert trio.current_time() - began == 20
        assert peer.closed == (1013, Ending.STORE_SILENT)
        assert not [event for event in peer.heard if isinstance(event, wire.ErrorReceived)]
        assert world.service.counts()["bugs"] == 0
        world.store.available = True
        again = await world.connect()
        first = await again.call("StartTransaction", START)
        assert first == await again.call("StartTransaction", START)
        assert len({row.id for row in world.kept(SessionRecord)}) == 1
        await world.settle()
        assert world.service.endings == {"store_silent": 1}


async def test_a_unit_in_doubt_is_found_when_it_was_stored_after_all(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        await world.settle()
        record = world.store.record

        async def stores_and_says_nothing(unit: Unit) -> bool:
            await record(unit)
            raise StoreUnavailable("in doubt")

        world.store.record = stores_and_says_nothing  # type: ignore[method-assign]
        assert await peer.call("StartTransaction", START) is None
        world.store.record = record  # type: ignore[method-assign]
        again = await world.connect()
        answer = await again.call("StartTransaction", START)
        (row,) = {row.id: row for row in world.kept(SessionRecord)}.values()
        assert answer is not None
        assert str(answer["transactionId"]) == row.transaction_id
        assert await again.call("StopTransaction", stop(answer["transactionId"])) == {}
        assert [fact.kind for fact in world.kept(SessionFactRecord)] == ["began", "ended"]


async def test_heartbeats_go_on_while_a_connection_could_not_be_told_of(autojump_clock: Any) -> None:
    async with rig() as world:
        world.store.delay = 5
        peer = await world.connect()
        world.store.available, world.store.delay = False, 0
        await trio.sleep(30)
        assert await peer.call("Heartbeat", {}) is not None
        assert peer.closed is None
        world.store.available = True
        await peer.call("BootNotification", BOOT)
        assert "station.online" in event_types(world), "told with the first message that needs the store"
        assert states(world)[-1] is True


async def test_that_a_station_has_gone_is_told_when_the_store_is_back(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        await world.settle()
        world.store.available = False
        await peer.hang_up(Ending.PEER_SILENT)
        await trio.sleep(100)
        assert states(world) == [True]
        world.store.available = True
        await trio.sleep(60)
        assert states(world) == [True, False]
        assert event_types(world).count("station.offline") == 1


async def test_a_takeover_while_a_frame_is_half_way(autojump_clock: Any) -> None:
    async with rig() as world:
        old = await world.connect()
        await world.settle()
        world.store.delay = 1.0
        answers: list[Any] = []

        async def start(peer: Peer) -> None:
            answers.append((peer, await peer.call("StartTransaction", START)))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(start, old)
            await trio.sleep(0.5)
            image = await world.store.load_station("default", "CP1")
            assert image is not None
            new = Peer(world, Version.V16)
            new.attached = await world.service.attach(image, new, Version.V16, 0)
            assert old.closed == (1008, Ending.REPLACED)
            nursery.start_soon(start, new)
        assert [peer for peer, _ in answers] == [old, new]
        assert answers[0][1] is None, "never answered: its link is gone"
        assert answers[1][1]["transactionId"] == 1, "and known to the new one"
        assert len(new.texts) == 1
        assert len({row.id for row in world.kept(SessionRecord)}) == 1
        await old.attached.receive('[2,"late","Heartbeat",{}]')
        assert len(old.texts) == len(new.texts) - 1 == 0
        await old.attached.detach(Ending.PEER_CLOSED)
        live = world.service.live(STATION)
        assert live is not None
        assert live.online
        assert world.service.endings == {"replaced": 1}


async def test_a_takeover_in_another_version_does_not_change_the_frame_that_is_half_way(autojump_clock: Any) -> None:
    async with rig() as world:
        old = await world.connect()
        await world.settle()
        world.store.delay = 1.0
        async with trio.open_nursery() as nursery:
            nursery.start_soon(old.call, "StartTransaction", START)
            await trio.sleep(0.5)  # it asks for the token; what comes then was 1.6
            world.store.delay = 0
            new = await world.connect(Version.V201)
            live = world.service.live(STATION)
            assert live is not None
            assert live.version is Version.V201
        boot = {"reason": "PowerUp", "chargingStation": {"vendorName": "V", "model": "M"}}
        assert await new.call("BootNotification", boot) is not None
        assert world.service.counts()["bugs"] == 0
        (row,) = {row.id: row for row in world.kept(SessionRecord)}.values()
        assert row.business_key.startswith("1|")
        assert {"online_2.0.1": 1, "online": 1}.items() <= world.service.counts().items()


async def test_a_frame_faster_than_the_news_of_its_connection_finds_all_readings(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        number = (await peer.call("StartTransaction", START) or {})["transactionId"]
        for value in (1500, 1200, 2000):  # a register that was reset in between, within the 30 s of one row
            await peer.call("MeterValues", meter(number, value))
        rows, readings = world.kept(SessionRecord), world.kept(ReadingRecord)
        assert rows[-1].last_received_at < readings[-1].received_at
        async with rig() as other:
            other.store.units = world.store.units
            for unit in world.store.units:
                for record in unit.records:
                    other.store._apply(unit.station_id, record)
            other.store.delay = 0.5
            fresh = await other.connect()
            other.store.delay = 0
            await fresh.call("StopTransaction", stop(number, 2000))
            last = other.kept(SessionRecord)[-1]
            assert (last.status, last.import_milli_wh) == ("ended", 1_300_000)


async def test_a_bug_ends_that_connection_and_holds_off_who_brings_it_again_and_again(
    autojump_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig() as world:
        world.store.put_station(world.configure(id=UUID(int=77), identity="CP2"))
        neighbour = await world.connect(identity="CP2")
        fine = decide._DECIDE[Booted]

        def broken(station: Any, work: Any, message: Any, answers: Any) -> Any:
            if station.identity == "CP1":
                raise ZeroDivisionError("a bug of ours")
            return fine(station, work, message, answers)

        monkeypatch.setitem(decide._DECIDE, Booted, broken)
        waits = []
        for _ in range(4):
            peer = await world.connect()
            with capture_logs() as logged:
                assert await peer.call("BootNotification", BOOT) is None
            assert [(line["station"], '"chargePointVendor":"V"' in line["frame"]) for line in logged] == [("CP1", True)]
            assert peer.closed == (1011, Ending.BUG)
            waits.append(world.service.held_off(STATION))
            await trio.sleep((waits[-1] or 0) + 1)
        assert waits == [None, None, 30, 60]
        assert world.service.counts()["bugs"] == 4
        assert world.service.counts()["ending_bug"] == 4
        assert await neighbour.call("BootNotification", BOOT) is not None
        assert neighbour.closed is None
        held = [record.value for record in world.kept(HeldOffRecord)]
        assert [value and value["crashes"] for value in held] == [3, None, 4]
        peer = await world.connect()
        await peer.call("BootNotification", BOOT)
        live = world.service.live(STATION)
        assert live is not None
        assert live.held_off == {"crashes": 5, "retry_after_s": 120}
        world.configure(held_off=None)
        await world.service.reconfigured(STATION)
        assert world.service.held_off(STATION) is None


async def test_received_at_rises_whatever_the_clock_does(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        number = (await peer.call("StartTransaction", START) or {})["transactionId"]
        for jump in (-3600, 7200, -86_400, 0, 86_400 * 400, -5):
            world.clock.jump = timedelta(seconds=jump)
            await peer.call("MeterValues", meter(number, 2000 + abs(jump)))
            if jump == 7200:
                await peer.hang_up()
                peer = await world.connect()
        await peer.call("StopTransaction", stop(number, 5_000_000))
        stamps = [
            record.received_at
            for unit in world.store.units
            for record in unit.records
            if isinstance(record, SessionFactRecord | ReadingRecord)
        ]
        assert all(one < other for one, other in pairwise(stamps))
        assert world.kept(SessionRecord)[-1].status == "ended"


async def test_an_open_session_at_an_available_connector_becomes_an_orphan_after_its_grace(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        number = (await peer.call("StartTransaction", START) or {})["transactionId"]
        await peer.call("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"})
        await trio.sleep(200)
        steps = 0

        class Counts(trio.abc.Instrument):
            def before_task_step(self, task: trio.lowlevel.Task) -> None:
                nonlocal steps
                steps += 1

        await peer.call("MeterValues", meter(number, 1800))
        trio.lowlevel.add_instrument(Counts())
        await trio.sleep(250)
        assert world.kept(SessionRecord)[-1].status == "active", "it still speaks"
        assert steps < 100, "nobody looks again and again"
        await trio.sleep(100)
        row = world.kept(SessionRecord)[-1]
        assert (row.status, row.stop_reason, row.import_milli_wh) == ("orphaned", "connector_available", 800_000)
        assert await peer.call("StopTransaction", stop(number)) == {}
        row = world.kept(SessionRecord)[-1]
        assert (row.status, row.import_milli_wh, row.flags) == ("ended", 3_000_000, ["reopened"])


async def test_repeated_status_and_garbage_and_floods_are_survived(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        same = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
        for _ in range(500):
            assert await peer.call("StatusNotification", same) == {}
        assert len(world.kept(ConnectorRecord)) == 1
        for text in ("", "[", "null", "[9]", '[2,"x","Nothing",{}]', '[3,"nobody asked",{}]', '[2,"\\ud800","Boo",{}]'):
            await peer.attached.receive(text)
        assert await peer.call("Heartbeat", {}) is not None
        await peer.attached.receive(b"\xff\xfe")
        assert peer.closed == (1007, Ending.VIOLATED)
        assert world.service.counts()["bugs"] == 0
        assert all("\ud800" not in record.text for record in world.kept(FrameRecord))


async def test_a_refused_unit_lies_in_quarantine_and_is_acknowledged(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        await world.settle()
        world.store.refuses = lambda _unit: True
        assert await peer.call("StartTransaction", START) is not None
        assert peer.closed is None
        assert len(world.store.quarantine) == 1
        assert '"StartTransaction"' in world.store.quarantine[0].raw


@pytest.mark.parametrize(
    ("changes", "closes"),
    [
        ({"name": "Gate"}, False),
        ({"admission": "pending"}, False),
        ({"strict": True}, True),
        ({"password_hash": "other"}, True),
        ({"pending_password_hash": "p2"}, False),
        ({"ocpp_version": Version.V201}, True),
        ({"ocpp_version": Version.V16}, True),
    ],
)
async def test_a_changed_configuration_is_taken_up(changes: dict[str, Any], closes: bool, autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        await world.settle()
        world.configure(**changes)
        await world.service.reconfigured(STATION)
        await world.settle()
        assert peer.closed == ((1012, Ending.REFUSED) if closes else None)
        if not closes:
            booted = await peer.call("BootNotification", BOOT)
            assert booted is not None
            assert booted["status"] == changes.get("admission", "accepted").capitalize()


@pytest.mark.parametrize("first", [{"password_hash": "p1", "security_profile": 1}, {}])
async def test_an_accepted_new_password_does_not_end_the_connection(first: Any, autojump_clock: Any) -> None:
    """Nor does a first one, though one is asked for at the next handshake."""
    async with rig() as world:
        world.configure(**first)
        peer = await world.connect()
        peer.answers["ChangeConfiguration"] = {"status": "Accepted"}
        world.configure(**first, pending_password_hash="p2")
        await world.service.reconfigured(STATION)
        result = await world.command(NeutralCommand("rotate-password", {"password": "0123456789abcdef"}))
        assert result.outcome == "accepted"
        image = await world.store.load_station("default", "CP1")
        assert image is not None
        assert (image.config.password_hash, image.config.pending_password_hash) == ("p2", None)
        assert image.config.security_profile == 1
        await world.service.reconfigured(STATION)
        await world.settle()
        assert peer.closed is None


async def test_a_removed_station_loses_its_link_and_its_actor(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        await world.settle()
        world.store.delete_station(STATION)
        await world.service.reconfigured(STATION)
        await world.settle()
        assert peer.closed == (1008, Ending.REFUSED)
        assert world.service.live(STATION) is None
        assert world.service.counts()["actors"] == 0
        assert await peer.call("Heartbeat", {}) is None
        assert world.service.endings == {"refused": 1}


async def test_a_live_view_names_connectors_sessions_and_the_newest_values(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        number = (await peer.call("StartTransaction", START) or {})["transactionId"]
        await peer.call("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Charging"})
        await peer.call("MeterValues", meter(number, 1234))
        live = world.service.live(STATION)
        assert live is not None
        (session,) = live.sessions
        assert (session.energy_wh, [c.session for c in live.connectors]) == (234, [session.id])
        assert world.service.live_session(STATION, session.id) == session
        assert replace(world.kept(SessionRecord)[-1], registers={}).status == "active"


async def test_nothing_is_left_running_when_the_stations_end(autojump_clock: Any) -> None:
    async with trio.open_nursery() as nursery:
        before = len(trio.lowlevel.current_task().child_nurseries)
        async with rig() as world:
            peers = [await world.connect() for _ in range(3)]
            await peers[-1].call("StartTransaction", START)
            await peers[-1].hang_up(Ending.STOPPING)
        assert states(world)[-1] is False, "its ending is recorded on the way out"
        await trio.testing.wait_all_tasks_blocked()
        assert len(trio.lowlevel.current_task().child_nurseries) == before
        assert not nursery.child_tasks
