"""A second backend hears what a station says, in order and in its own numbers, and may do what it was allowed."""

import functools
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import attrs
import msgspec
import pytest
import trio
import uuid_utils.compat as uuids

from actors.forward.messages import outgoing
from actors.ports import DEFAULT_TENANT
from actors.records import ForwardedRecord, Unit
from actors.station.face import LiveStation, RawCommand
from gateway.forwarding import forwarder as forwarder_module
from gateway.forwarding.forwarder import Forwarder
from gateway.forwarding.service import forwarding
from gateway.forwarding.wire import Lost, open_wire
from gateway.services.addresses import Names
from protocol.ocpp.version import Version
from storage.bridge import open_bridge
from storage.forwards import Forward, Forwards
from storage.pool import Pool
from storage.sealing import Seal
from storage.store import PostgresStore, open_store
from tests.support.api import NOW, DirectedStations, answered
from tests.support.postgres import Database
from tests.support.tiny_csms import TinyCsms, open_csms, usual_answers
from tests.support.units import add_station, admin

pytestmark = pytest.mark.server

START = {"connectorId": 1, "idTag": "CAFE", "meterStart": 10, "timestamp": "2026-03-01T12:00:00.000Z"}
STOP = {"transactionId": 7, "meterStop": 20, "timestamp": "2026-03-01T13:00:00.000Z"}
STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Charging"}


@attrs.define
class Side:
    """One station whose messages go to `csms`; what the node would have around them."""

    node: Pool
    store: PostgresStore
    stations: DirectedStations
    station: UUID
    csms: TinyCsms
    forward_id: UUID
    admin: Any  # (sql, *values) as the web layer
    told: list[tuple[str, str, int]] = attrs.Factory(list)

    async def say(self, action: str, payload: dict[str, Any] | str, number: int | None = None) -> None:
        """The station has said it, and it was stored."""
        text = payload if isinstance(payload, str) else msgspec.json.encode(payload).decode()
        record = ForwardedRecord(uuids.uuid7(), NOW, "1.6", action, text, number)
        await self.store.record(Unit(DEFAULT_TENANT, self.station, "", [record]))

    async def row(self) -> Forward:
        [found] = await Forwards(self.node).active()
        return found

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Forwarder]:
        """The forward runs while the block does."""
        made = Forwarder(
            await self.row(), ("us", "secret-there"), forwards=Forwards(self.node), store=self.store,
            stations=self.stations, now=lambda: NOW,
            look_up=functools.partial(Names().address, DEFAULT_TENANT, private=True),
            told=lambda forward, kind, detail, count, why: self.told.append((kind, detail, count)),
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(made.run)
            yield made
            nursery.cancel_scope.cancel()

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        return [(action, payload) for _, action, payload in self.csms.calls if action != "BootNotification"]

    async def until_heard(self, count: int) -> None:
        await self.csms.until(lambda: len(self.heard()) >= count)


@pytest.fixture
async def side(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Side]:
    for name in ("_POLL", "_FIRST_PAUSE", "_SAVE_EVERY"):
        monkeypatch.setattr(forwarder_module, name, 0.02)
    station = add_station(database, "CP1")
    forward_id = uuids.uuid7()
    numbers = iter(range(100, 200))
    answers = usual_answers() | {
        "StartTransaction": lambda p: {"transactionId": next(numbers), "idTagInfo": {"status": "Accepted"}}
    }
    async with open_csms(answers) as csms, open_bridge() as bridge:
        pools = bridge.pool(database.url("node")), bridge.pool(database.url("web"))
        async with (
            pools[0] as node, pools[1] as web, open_store(bridge, database.url("node"), deadline=10.0) as store
        ):
            stations = DirectedStations(results=[answered({"status": "Accepted"})])
            live = LiveStation(station, True, Version.V16, None, None, None, None, (), (), (), 0, None)
            stations.stations[station] = live

            async def as_web(sql: str, *values: Any) -> None:
                await web.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(sql, *values))

            await as_web(
                "insert into forwards (tenant_id, id, station_id, url, identity, created_at, updated_at)"
                " values ($1, $2, $3, $4, 'EMP-1', $5, $5)",
                DEFAULT_TENANT, forward_id, station, csms.url, NOW,
            )  # fmt: skip
            yield Side(node, store, stations, station, csms, forward_id, as_web)


async def test_it_is_told_in_order_and_in_its_own_numbers(side: Side) -> None:
    await side.say("StartTransaction", START, 7)
    await side.say("StatusNotification", STATUS)
    await side.say("StopTransaction", STOP)
    async with side.running():
        await side.until_heard(3)
    assert [who for who, *_ in side.csms.calls] == ["EMP-1"] * 4
    assert side.csms.calls[0][1] == "BootNotification"  # it had never heard of the station
    assert side.heard() == [("StartTransaction", START), ("StatusNotification", STATUS),
                            ("StopTransaction", STOP | {"transactionId": 100})]
    assert dict(side.csms.headers[0])[b"authorization"].startswith(b"Basic ")


async def test_where_it_stands_and_its_numbers_outlive_the_node(side: Side) -> None:
    await side.say("StartTransaction", START, 7)
    async with side.running():
        await side.until_heard(1)
        with trio.fail_after(5):
            while (await side.row()).position is None:  # noqa: ASYNC110 - it lies in the database
                await trio.sleep(0.01)
    await side.say("StopTransaction", STOP)
    async with side.running() as made:
        await side.until_heard(2)
        with trio.fail_after(5):
            while made.state["sent"] < 2:  # noqa: ASYNC110 - counted when the answer is there
                await trio.sleep(0.01)
    assert [action for _, action, _ in side.csms.calls] == ["BootNotification", "StartTransaction", "StopTransaction"]
    assert side.heard()[1][1]["transactionId"] == 100


async def test_a_side_that_is_away_gets_it_all_later(side: Side) -> None:
    side.csms.refuse = [(503, [])] * 3
    await side.say("StartTransaction", START, 7)
    async with side.running() as made:
        await side.until_heard(1)
        assert "503" in str(made.state["last_error"])
    assert len(side.csms.headers) == 4


async def test_until_it_has_accepted_the_station_nothing_else_is_told(
    side: Side, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder_module, "_LONGEST_PAUSE", 0.02)
    said = ["Pending", "Rejected"]
    side.csms.answers["BootNotification"] = lambda p: {
        "currentTime": "2026-03-01T12:00:00Z", "interval": 0, "status": said.pop(0) if len(said) > 1 else said[0],
    }  # fmt: skip
    await side.say("StatusNotification", STATUS)
    async with side.running():
        await side.csms.until(lambda: len(side.csms.calls) > 1)
        boot = '{"vendor": "Maker", "model": "Fast 50"}'  # that it said since the forward began
        with admin(database) as connection:
            connection.execute(
                "insert into station_states (tenant_id, station_id, boot) values (%s, %s, %s)",
                [DEFAULT_TENANT, side.station, boot],
            )
        said.append("Accepted")
        await side.until_heard(1)
    booted = [payload for _, action, payload in side.csms.calls if action == "BootNotification"]
    assert booted[0] == {"chargePointVendor": "Voltyard", "chargePointModel": "EMP-1"}
    assert booted[-1] == {"chargePointVendor": "Maker", "chargePointModel": "Fast 50"}
    assert [action for _, action, _ in side.csms.calls[len(booted):]] == ["StatusNotification"]


async def test_an_error_of_that_side_holds_nothing_back(side: Side) -> None:
    def refuse(payload: dict[str, Any]) -> dict[str, Any]:
        return {"nonsense": True}  # not valid for StartTransaction

    side.csms.answers["StartTransaction"] = refuse
    await side.say("StartTransaction", START, 7)
    await side.say("StopTransaction", STOP)
    await side.say("StatusNotification", STATUS)
    async with side.running() as made:
        await side.until_heard(2)
        assert made.state["skipped"] == 1  # a stop of what it never numbered
    assert [action for action, _ in side.heard()] == ["StartTransaction", "StatusNotification"]


async def test_a_side_that_only_reads_commands_nothing(side: Side) -> None:
    async with side.running():
        await side.csms.until(lambda: "EMP-1" in side.csms.sockets)
        answer = await side.csms.ask("EMP-1", "Reset", {"type": "Hard"})
    assert answer[0] == 4
    assert answer[2:4] == ["SecurityError", "this backend may only read"]
    assert side.stations.sent == []
    assert ("refused", "Reset", 1) in side.told


async def test_refused_commands_are_told_of_together(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarder_module, "_TOLD_EVERY", 0.3)
    async with side.running() as made:
        await side.csms.until(lambda: "EMP-1" in side.csms.sockets)
        for action in ("Reset", "ClearCache", "Reset", "Reset"):
            await side.csms.ask("EMP-1", action, {"type": "Hard"} if action == "Reset" else {})
        refused = [("refused", "Reset", 1), ("refused", "ClearCache", 1), ("refused", "Reset", 2)]
        with trio.fail_after(5):
            while len([each for each in side.told if each[0] == "refused"]) < 3:  # noqa: ASYNC110 - told when due
                await trio.sleep(0.01)
        assert [each for each in side.told if each[0] == "refused"] == refused
        assert made.state["refused_commands"] == 4


async def test_what_cannot_be_told_is_passed_over(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(version: Version, action: str, payload: str, theirs: Any) -> bytes:
        assert action != "MeterValues", "a bug over this one"
        return outgoing(version, action, payload, theirs)

    monkeypatch.setattr(forwarder_module, "outgoing", spoil)
    await side.say("NoSuchThing", {})
    await side.say("StopTransaction", '{"transactionId": ')
    await side.say("MeterValues", {"connectorId": 1, "meterValue": []})
    await side.say("StatusNotification", STATUS)
    async with side.running() as made:
        await side.until_heard(1)
        assert made.state["skipped"] == 3
    assert side.heard() == [("StatusNotification", STATUS)]
    assert [each for each in side.told if each[0] == "skipped"] == [
        ("skipped", "NoSuchThing", 1), ("skipped", "StopTransaction", 1), ("skipped", "MeterValues", 1),
    ]


async def test_a_command_that_fails_here_is_an_error_to_that_side_and_all_goes_on(side: Side) -> None:
    await side.admin("update forwards set mode = 'commands', allowed = $1", ["ClearCache"])
    side.stations.results = [answered({"status": "no such status"}), answered({"status": "Accepted"})]
    async with side.running():
        await side.csms.until(lambda: "EMP-1" in side.csms.sockets)
        first = await side.csms.ask("EMP-1", "ClearCache", {})
        assert (first[0], first[2]) == (4, "InternalError")
        assert (await side.csms.ask("EMP-1", "ClearCache", {}))[2] == {"status": "Accepted"}
        await side.say("StatusNotification", STATUS)
        await side.until_heard(1)
    assert len(side.csms.headers) == 1


async def test_what_is_told_again_after_the_end_of_a_node_has_its_message_id(side: Side) -> None:
    answers = side.csms.answers["StartTransaction"]
    side.csms.answers["StartTransaction"] = lambda payload: None
    await side.say("StartTransaction", START, 7)
    async with side.running():
        await side.until_heard(1)
    side.csms.answers["StartTransaction"] = answers
    async with side.running():
        await side.until_heard(2)
    assert side.csms.ids[-1] == side.csms.ids[-2]
    assert side.csms.calls[-1] == side.csms.calls[-2]


async def test_what_a_connection_is_lost_over_is_never_passed_over(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = iter(range(5))

    async def break_off(*_: Any) -> None:
        raise Lost("cannot send: ConnectionClosed")

    @asynccontextmanager
    async def breaking(*arguments: Any) -> AsyncIterator[Any]:
        if next(lost, None) is None:
            async with open_wire(*arguments) as made:
                yield made
        else:
            yield SimpleNamespace(version=Version.V16, call=break_off)

    monkeypatch.setattr(forwarder_module, "open_wire", breaking)
    monkeypatch.setattr(forwarder_module, "_LONGEST_PAUSE", 0.02)
    await side.admin("update forwards set accepted_at = $1", NOW)
    await side.say("StartTransaction", START, 7)
    await side.say("StatusNotification", STATUS)
    async with side.running() as made:
        await side.until_heard(2)
        assert made.state["skipped"] == 0
    assert [action for action, _ in side.heard()] == ["StartTransaction", "StatusNotification"]


async def test_a_side_that_answers_the_boot_with_an_error_is_asked_again(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder_module, "_LONGEST_PAUSE", 0.02)
    booted = side.csms.answers["BootNotification"]
    said = iter([{"status": "what?"}, None])
    side.csms.answers["BootNotification"] = lambda p: next(said, None) or booted(p)
    await side.say("StatusNotification", STATUS)
    async with side.running():
        await side.until_heard(1)
    assert [action for _, action, _ in side.csms.calls] == ["BootNotification"] * 2 + ["StatusNotification"]


async def test_what_is_allowed_reaches_the_station_in_our_numbers(side: Side) -> None:
    await side.admin("update forwards set mode = 'commands', allowed = $1", ["RemoteStopTransaction"])
    await side.say("StartTransaction", START, 7)
    async with side.running():
        await side.until_heard(1)
        with trio.fail_after(5):
            while not (await Forwards(side.node).numbers(await side.row())):  # noqa: ASYNC110 - as above
                await trio.sleep(0.01)
        done = await side.csms.ask("EMP-1", "RemoteStopTransaction", {"transactionId": 100})
        unknown = await side.csms.ask("EMP-1", "RemoteStopTransaction", {"transactionId": 5})
        refused = await side.csms.ask("EMP-1", "ClearCache", {})
    assert done[2] == {"status": "Accepted"}
    [(_, command, _)] = side.stations.sent
    assert command == RawCommand("RemoteStopTransaction", {"transactionId": 7})
    assert unknown[2] == "PropertyConstraintViolation"
    assert refused[2:4] == ["SecurityError", "this backend may not send ClearCache"]


async def test_it_leaves_in_peace_when_the_station_is_gone_and_all_is_told(side: Side) -> None:
    async with side.running() as made:
        await side.say("StatusNotification", STATUS)
        await side.until_heard(1)
        side.stations.stations.clear()
        await until(lambda: not made.state["connected"])
        assert made.state["last_error"] is None
        assert "code=1000" in str(side.csms.sockets["EMP-1"].closed)
    assert [each for each in side.told if each[0] == "lost"] == [("lost", "nothing left to tell", 1)]


async def until(so: Callable[[], bool]) -> None:
    with trio.fail_after(5):
        while not so():  # noqa: ASYNC110 - it has no event for it
            await trio.sleep(0.01)


async def test_another_word_on_its_commands_is_taken_where_it_is_and_a_password_ends_it_in_peace(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder_module, "_SAVE_EVERY", 60.0)  # so that it is saved by the end alone
    clock, ids = SimpleNamespace(now=lambda: NOW), uuids.uuid7
    seal = Seal(b"s" * 32)
    async with forwarding(Forwards(side.node), side.store, side.stations, seal, clock, ids, private=True) as service:

        async def changed(sql: str, *values: Any) -> None:
            await side.admin(f"update forwards set {sql}, revision = revision + 1", *values)
            service.wake()

        await side.say("StatusNotification", STATUS)
        await side.until_heard(1)
        await changed("mode = 'commands', allowed = $1", ["ClearCache"])
        await trio.sleep(0.1)
        assert (await side.csms.ask("EMP-1", "ClearCache", {}))[2] == {"status": "Accepted"}
        assert len(side.csms.headers) == 1, "the same connection"
        first = side.csms.sockets["EMP-1"]
        await changed("password_sealed = $1", seal.close("new-there", side.forward_id))
        await until(lambda: len(side.csms.headers) == 2)
        assert "code=1000" in str(first.closed)
        assert dict(side.csms.headers[1])[b"authorization"] == b"Basic " + b64encode(b"EMP-1:new-there")
        await side.say("StopTransaction", STOP | {"transactionId": 100})
        await side.say("StatusNotification", STATUS)
        await side.until_heard(2)
        await changed("enabled = false")
        await until(lambda: service.counts()["running"] == 0)
    assert [action for action, _ in side.heard()] == ["StatusNotification"] * 2, "nothing is told twice"
    [state] = (await side.node.fetch("select state from forwards"))[0]
    assert (state["sent"], state["skipped"], state["commands"], state["connected"]) == (2, 1, 1, False)


async def test_what_every_side_has_had_goes_and_a_flood_keeps_what_is_paid_for(side: Side) -> None:
    forwards = Forwards(side.node)
    for _ in range(3):
        await side.say("StatusNotification", STATUS)
    await side.say("StartTransaction", START, 7)
    for _ in range(3):
        await side.say("StatusNotification", STATUS)
    assert await forwards.tidy(["StartTransaction"], 2) == 4
    left = await forwards.waiting(await side.row(), None, 50)
    assert [each.action for each in left] == ["StartTransaction", "StatusNotification", "StatusNotification"]
    await forwards.moved(await side.row(), left[0].id, {})
    assert await forwards.tidy([], 100) == 1
    await side.admin("update forwards set enabled = false")
    assert await forwards.tidy([], 100) == 2

