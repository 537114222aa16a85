"""Local lists from the rule to the station: progress, differences, repairs, lost answers, limits, and 50,000 tokens."""

from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest
import trio
import uuid_utils.compat as uuids

from actors.diagnostics.objects import FORGOTTEN
from actors.locallist.plan import Known, Limits, plan
from actors.ports import DEFAULT_TENANT
from actors.records import StationObjectRecord
from actors.station.face import CommandResult, RawCommand
from gateway.worker.local_lists import HANDLERS, SYNC
from protocol.events.types import timestamp
from protocol.ocpp.version import Version
from storage.jobs import NewJob
from storage.keeping import look_at_lists
from storage.web.local_lists import LocalListRow, get_list
from tests.actors.test_local_list_plan import entries
from tests.support.api import NOW, DirectedStations, answered
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig


@attrs.define
class ListStation:
    """A station's list: takes `most` entries a message, and refuses or loses what the test says, by message."""

    most: int = 2
    version: int = 0
    held: dict[str, str] = attrs.Factory(dict)
    heard: list[dict[str, Any]] = attrs.Factory(list)
    refuse: dict[int, str] = attrs.Factory(dict)  # by how many messages came before
    lose: set[int] = attrs.Factory(set)

    def answer(self, command: Any) -> CommandResult:
        assert isinstance(command, RawCommand)
        if command.action == "GetLocalListVersion":
            return answered({"listVersion": self.version}, action=command.action)
        if command.action == "GetConfiguration":
            return answered({"configurationKey": []}, action=command.action)
        assert command.action == "SendLocalList"
        number = len(self.heard)
        self.heard.append(command.payload)
        if number in self.refuse:
            return answered({"status": self.refuse[number]}, action=command.action)
        taken = self.take(command.payload)
        if number in self.lose:
            return CommandResult(None, "station_silent", delivery="unknown")
        return answered({"status": taken}, action=command.action)

    def take(self, payload: dict[str, Any]) -> str:
        listed = payload.get("localAuthorizationList", [])
        if len(listed) > self.most:
            return "Failed"
        if payload["updateType"] == "Full":
            self.held = {}
        elif payload["listVersion"] <= self.version:
            return "VersionMismatch"
        for each in listed:
            if "idTagInfo" in each:
                self.held[each["idTag"]] = each["idTagInfo"]["status"]
            else:
                self.held.pop(each["idTag"], None)
        self.version = payload["listVersion"]
        return "Accepted"


@attrs.define
class Scene:
    rig: WorkerRig
    there: ListStation
    station: UUID

    async def token(self, uid: str, **columns: Any) -> None:
        row = {"tenant_id": DEFAULT_TENANT, "id": uuids.uuid7(), "uid": uid, "uid_key": uid.lower(),
               "created_at": NOW, "updated_at": NOW} | columns  # fmt: skip
        places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await self.rig.node.execute(f"insert into tokens ({', '.join(row)}) values ({places})", *row.values())

    async def sync(self, **state: Any) -> LocalListRow:
        now = self.rig.clock.now()
        key = str(self.station)
        job = NewJob(DEFAULT_TENANT, uuids.uuid7(), "sync-local-list", key, self.station, None, now, now, state)
        await self.rig.tools.begin(job)
        return await self.work()

    async def work(self, rounds: int = 6) -> LocalListRow:
        for _ in range(rounds):
            await self.rig.work()
            self.rig.move(seconds=31)
        row = await self.rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: get_list(connection, self.station))
        assert row is not None
        return row

    async def web(self, text: str, *arguments: Any) -> None:
        await self.rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(text, *arguments))


async def scene(rig: WorkerRig, patch: pytest.MonkeyPatch, tokens: int) -> Scene:
    station = await rig.station(settings={"items_per_message": {"send_local_list": 2}})
    rig.online(station)
    await rig.node.execute(
        "insert into station_states (tenant_id, station_id, version) values ($1, $2, '1.6')", DEFAULT_TENANT, station
    )
    there = ListStation()

    async def command(_self: Any, _: Any, asked: Any, **__: Any) -> CommandResult:
        await trio.lowlevel.checkpoint()
        return there.answer(asked)

    patch.setattr(DirectedStations, "command", command)
    made = Scene(rig, there, station)
    for number in range(tokens):
        await made.token(f"T{number}")
    await made.web(
        "insert into local_list_rules (tenant_id, id, rule, created_at, updated_at)"
        " values ($1, $2, 'accepted', $3, $3)", DEFAULT_TENANT, uuids.uuid7(), NOW,
    )  # fmt: skip
    return made


@pytest.mark.server
async def test_a_list_goes_full_in_parts_then_by_differences(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        at = await scene(rig, monkeypatch, 5)
        row = await at.sync()
        assert (row.status, row.version, row.entries, row.sent, row.total) == ("synced", 3, 5, 5, 5)
        assert [m["updateType"] for m in at.there.heard] == ["Full", "Differential", "Differential"]
        await at.web("update tokens set status = 'blocked' where uid = 'T1'")
        await at.token("T9")
        now = rig.clock.now()
        refresh = NewJob(DEFAULT_TENANT, uuids.uuid7(), "refresh-local-lists", None, None, None, now, now)
        await rig.tools.begin(refresh)
        row = await at.work()
        assert (row.status, row.version, row.entries) == ("synced", 4, 5)
        assert at.there.held == dict.fromkeys(["T0", "T2", "T3", "T4", "T9"], "Accepted")
        said = len(at.there.heard)
        await at.sync()
        assert len(at.there.heard) == said  # nothing differs, nothing is sent
        at.there.version, at.there.held = 0, {}  # the station has lost its list
        row = await at.sync(check=True)
        assert (row.status, len(at.there.held), at.there.heard[said]["updateType"]) == ("synced", 5, "Full")
        said = len(at.there.heard)
        at.there.held = {"T0": "Blocked"}  # of the right version, and yet it contradicts us (1.6, 3.5.3)
        row = await at.sync(check=True, conflict=True)
        assert (len(at.there.heard), row.status) == (said, "synced")  # calmly: it was well a moment ago
        rig.move(seconds=600)
        row = await at.work()
        assert (row.status, len(at.there.held), at.there.heard[said]["updateType"]) == ("synced", 5, "Full")
        await at.web("delete from local_list_rules")
        row = await at.sync(check=True)
        assert (row.entries, at.there.held) == (0, {})
        told = await rig.node.fetch("select type from events where type like '%local_list%'")
        assert {each["type"] for each in told} == {"voltyard.local_list.synced.v1"}


@pytest.mark.server
@pytest.mark.parametrize("word", ["VersionMismatch", "Failed"])
async def test_a_list_refused_half_way_is_sent_whole(
    word: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D01.FR.03; and one that is refused for ever ends with what to do."""
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        at = await scene(rig, monkeypatch, 5)
        at.there.refuse = {1: word}
        row = await at.sync()
        assert (row.status, row.entries, len(at.there.held)) == ("synced", 5, 5)
        assert [m["updateType"] for m in at.there.heard][:3] == ["Full", "Differential", "Full"]
        at.there.refuse = dict.fromkeys(range(1000), word)
        row = await at.sync(check=True, full=True)
        assert row.status == "failed"
        assert row.error is not None
        assert "again and again" in row.error
        at.there.refuse = {}
        assert (await at.sync(check=True)).status == "synced"


@pytest.mark.server
async def test_lost_answers_limits_and_stations_without_a_list(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        at = await scene(rig, monkeypatch, 5)
        at.there.lose = {1}
        row = await at.sync()
        assert (row.status, row.entries) == ("synced", 5)
        assert [m["updateType"] for m in at.there.heard] == ["Full", "Differential", "Differential"]  # none twice
        await rig.node.execute(
            "insert into variables (tenant_id, station_id, component, variable, value, received_at)"
            " values ($1, $2, '', 'LocalAuthListMaxLength', '3', $3)", DEFAULT_TENANT, at.station, NOW,
        )  # fmt: skip
        row = await at.sync(check=True)
        assert (row.status, row.error) == ("failed", "the list has 5 tokens, the station takes 3: narrow its rule")
        await rig.node.execute("update variables set value = '100'")
        at.there.refuse = dict.fromkeys(range(1000), "NotSupported")
        row = await at.sync(check=True, full=True)
        assert row.status == "unsupported"


def test_50_000_tokens_at_50_a_message() -> None:
    """A thousand messages, a Full one and Differentials with rising versions; cut anywhere, the rest goes on."""
    wanted = entries(50_000, Version.V16)
    there = ListStation(most=50)
    held: dict[str, Known] = {}
    ours: int | None = None
    sent = 0
    for cut in (400, 350, 1000):  # connections that end after so many messages
        todo = plan(Version.V16, wanted, held, ours=ours, theirs=there.version, limits=Limits(50))
        for message in todo.messages[:cut]:
            assert there.take(message.payload(Version.V16)) == "Accepted"
            held.update({e.uid_key: Known(e.uid, e.type, e.digest) for e in message.entries})
            ours, sent = message.number, sent + 1
    assert (sent, ours, len(there.held), there.version) == (1000, 1000, 50_000, 1000)
    assert not plan(Version.V16, wanted, held, ours=ours, theirs=there.version, limits=Limits(50)).messages


@pytest.mark.server
async def test_a_list_that_was_lost_is_noticed_after_the_next_boot_and_once_for_each(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D02: the station is asked for the version of its list; with another one than ours, it gets all of it (D01)."""
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        at = await scene(rig, monkeypatch, 3)
        assert (await at.sync()).status == "synced"

        async def look() -> int:
            return await look_at_lists(rig.node, SYNC, rig.clock.now(), [uuids.uuid7() for _ in range(3)])

        async def boots() -> None:
            boot = {"at": timestamp(rig.clock.now()), "status": "accepted"}
            await rig.node.execute(
                "update station_states set online = true, boot = $2 where station_id = $1", at.station, boot
            )

        rig.move(minutes=1)
        assert await look() == 0
        await boots()
        assert await look() == 0, "not at once after a boot"
        at.there.version, at.there.held = 0, {}
        rig.move(minutes=2)
        assert (await look(), await look()) == (1, 0)
        row = await at.work()
        assert (row.status, row.entries, len(at.there.held)) == ("synced", 3, 3)
        rig.move(minutes=10)
        assert await look() == 0
        said = len(at.there.heard)
        await boots()
        rig.move(minutes=2)
        assert await look() == 1
        assert (await at.work()).status == "synced"
        assert len(at.there.heard) == said, "what is there still is not sent again"


@pytest.mark.server
async def test_a_customer_whose_data_was_cleared_goes_off_the_list(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N10.FR.02: and stays off it, until somebody wants it there again or nobody does any more."""
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        at = await scene(rig, monkeypatch, 3)
        await at.sync()
        now = rig.clock.now()
        for key in ("t1", "gone"):
            cleared = StationObjectRecord(FORGOTTEN, key, "forgotten", {}, now)
            await rig.tools.record(DEFAULT_TENANT, at.station, cleared)
        row = await at.sync()
        assert (row.status, row.entries, sorted(at.there.held)) == ("synced", 2, ["T0", "T2"])
        row = await at.sync(check=True, full=True)
        assert sorted(at.there.held) == ["T0", "T2"]
        left = await rig.node.fetch("select key from station_objects where kind = $1 and removed_at is null", FORGOTTEN)
        assert [each["key"] for each in left] == ["t1"]  # no token is called `gone` any more
        row = await at.sync(check=True, customers=True)
        assert (row.status, row.entries, sorted(at.there.held)) == ("synced", 3, ["T0", "T1", "T2"])
