"""Firmware campaigns: the decisions by themselves, then with a real database and a worker that may die."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from actors.firmware.campaign import End, Pause, Rules, Start, Wait, next_step, rules_of, verdict, waves
from actors.firmware.ranks import of_update
from actors.ports import DEFAULT_TENANT
from actors.station.face import CommandResult, NeutralCommand
from actors.station.steps import step
from gateway.worker import campaigns, logs
from protocol.ocpp.version import Version
from storage.files import Digests
from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web import campaigns as rows
from storage.web.campaigns import Chosen, NewCampaign
from storage.web.firmware import NewFirmware, firmware_ready, insert_firmware
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.units import unit
from tests.support.worker_rig import WorkerRig, worker_rig

HANDLERS = {**campaigns.HANDLERS, **logs.HANDLERS}
NIGHT = {"begin": "22:00", "end": "05:00", "days": [1, 2, 3, 4, 5]}


# Decisions


@given(st.integers(0, 500), st.lists(st.one_of(
    st.tuples(st.integers(1, 50), st.none()), st.tuples(st.none(), st.floats(0.1, 100)))))  # fmt: skip
def test_waves_hold_every_station_once(total: int, wanted: list[Any]) -> None:
    sizes = waves(total, wanted)
    assert sum(sizes) == total
    assert all(size > 0 for size in sizes)


def test_waves_are_sizes_percentages_and_what_is_left() -> None:
    assert waves(100, [(2, None), (None, 20.0)]) == [2, 20, 78]
    assert waves(3, [(2, None), (None, 50.0), (5, None)]) == [2, 1]
    assert waves(3, []) == [3]


def test_what_is_next() -> None:
    rules = Rules(parallel=3, failures=1, failure_percent=50)
    assert next_step(rules, {1: {"pending": 5}, 2: {"pending": 9}}, NOW) == Start(1, 3)
    assert next_step(rules, {1: {"updating": 3, "pending": 2}}, NOW) == Wait()
    assert next_step(rules, {1: {"updating": 1, "succeeded": 1}, 2: {"pending": 9}}, NOW) == Wait()
    assert next_step(rules, {1: {"succeeded": 2}, 2: {"pending": 9}}, NOW) == Start(2, 3)
    assert next_step(rules, {1: {"waiting": 1, "succeeded": 1}, 2: {"pending": 9}}, NOW) == Start(2, 3)
    assert next_step(rules, {1: {"waiting": 2}, 2: {"pending": 9}}, NOW) == Wait()
    assert next_step(rules, {1: {"succeeded": 9, "failed": 1, "skipped": 1}}, NOW) == End()
    assert next_step(rules, {1: {"failed": 2, "pending": 7}}, NOW) == Pause("2 stations failed; at most 1 may")
    percent = next_step(Rules(failure_percent=20), {1: {"failed": 1, "succeeded": 2, "pending": 3}}, NOW)
    assert percent == Pause("1 of 3 stations failed; at most 20 % may")


def test_windows_span_midnight_and_know_their_days() -> None:
    friday = datetime(2026, 3, 6, 23, tzinfo=UTC)
    rules = rules_of({"windows": [NIGHT]})
    for hours in (0, 5):  # Saturday 04:00 is Friday's night
        assert next_step(rules, {1: {"pending": 1}}, friday + timedelta(hours=hours)) == Start(1, 1)
    over = next_step(rules, {1: {"pending": 1}}, friday + timedelta(hours=7))
    assert over == Wait(datetime(2026, 3, 9, 22, tzinfo=UTC))
    shut = next_step(rules, {1: {"pending": 1}}, friday - timedelta(hours=3))
    assert shut == Wait(datetime(2026, 3, 6, 22, tzinfo=UTC))


def test_what_counts_as_success() -> None:
    later = NOW + timedelta(minutes=1)
    assert verdict("2", "1", "Installed", None, NOW) == "succeeded"
    assert verdict("2", "2", "Installing", later, NOW) == "succeeded"
    assert verdict("2", "2", None, NOW - timedelta(1), NOW) is None
    assert verdict("2", "1", "Downloading", later, NOW) is None
    assert verdict("2", "1", "InvalidSignature", None, NOW) == "the station said InvalidSignature"


# With a database


async def campaign(rig: WorkerRig, stations: list[UUID], sizes: list[int], **rules: Any) -> UUID:
    """One for version 2 of the firmware, begun."""
    image, campaign_id = uuids.uuid7(), uuids.uuid7()
    numbers = [number for number, size in enumerate(sizes, 1) for _ in range(size)]
    members = [(Chosen(station, "", "1"), wave) for station, wave in zip(stations, numbers, strict=True)]
    now = rig.clock.now()

    async def make(connection: Connection) -> None:
        new = NewFirmware(DEFAULT_TENANT, image, "fw.bin", "2", None, None, None, None, "me", now)
        await insert_firmware(connection, new)
        await firmware_ready(connection, image, Digests(3, "a", "b"), now)
        await rows.insert_campaign(
            connection, NewCampaign(DEFAULT_TENANT, campaign_id, "All", image, rules, {}, "me", now), members
        )
        await begin(connection, rig, campaign_id)

    await rig.web.run_as_tenant(DEFAULT_TENANT, make)
    return campaign_id


async def begin(connection: Connection, rig: WorkerRig, campaign_id: UUID) -> None:
    now = rig.clock.now()
    await enqueue(connection, NewJob(
        DEFAULT_TENANT, uuids.uuid7(), "campaign", str(campaign_id), None, f"campaigns/{campaign_id}", now, now
    ))  # fmt: skip


async def rounds(rig: WorkerRig, count: int) -> None:
    for _ in range(count):
        await rig.work()
        rig.move(seconds=31)


async def stands(rig: WorkerRig, campaign_id: UUID) -> tuple[str, dict[str, str]]:
    async def read(connection: Connection) -> tuple[str, dict[str, str]]:
        found = await rows.get_campaign(connection, campaign_id)
        members = await rows.list_members(
            connection, 100, None, oldest=True, campaign_id=campaign_id, status=None, wave=None
        )
        assert found is not None
        return found.status, {each.station: each.status for each in members}

    return await rig.web.run_as_tenant(DEFAULT_TENANT, read)


async def booted(rig: WorkerRig, station: UUID, version: str) -> None:
    at = rig.clock.now().isoformat()
    await rig.node.execute(
        "insert into station_states (tenant_id, station_id, online, boot) values ($1, $2, true, $3)"
        " on conflict (station_id) do update set boot = $3",
        DEFAULT_TENANT, station, {"firmware_version": version, "at": at},
    )  # fmt: skip


async def says(rig: WorkerRig, station: UUID, status: str, key: str = "1") -> None:
    """What the journal keeps when the station says it, for the address it was last given."""
    address = await rig.node.fetchval(
        "select id from file_addresses where station_id = $1 order by id desc limit 1", station
    )
    record = step("firmware_update", key, status, of_update(status), rig.clock.now(), data={"address": str(address)})
    await rig.store.record(unit(station, record))


def sent(rig: WorkerRig) -> list[str]:
    return [station.identity for station, _, _ in rig.stations.sent]


@pytest.mark.server
async def test_waves_pause_by_themselves_and_go_on_when_told(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        stations = [await rig.station(f"CP{n}") for n in range(1, 7)]
        for station in stations[:5]:
            rig.online(station)
            await booted(rig, station, "1")
        await booted(rig, stations[1], "2")  # has it already
        rig.stations.results = [answered({"status": "Accepted"}, outcome="accepted")]
        number = await campaign(rig, stations, [2, 4], parallel=3, most_failures=0)
        await rounds(rig, 3)
        assert sent(rig) == ["CP1"]
        name, command, _ = rig.stations.sent[0]
        assert isinstance(command, NeutralCommand)
        assert name.identity == "CP1"
        assert command.arguments["location"].startswith("http://api.test/files/")
        assert (await stands(rig, number))[1] | {"CP6": ""} == {
            "CP1": "updating", "CP2": "skipped", "CP3": "pending", "CP4": "pending", "CP5": "pending", "CP6": ""
        }  # fmt: skip
        await booted(rig, stations[0], "2")
        await rounds(rig, 4)
        assert sorted(sent(rig)) == ["CP1", "CP3", "CP4", "CP5"]
        await says(rig, stations[2], "InstallationFailed")
        await rounds(rig, 3)
        status, members = await stands(rig, number)
        assert (status, members["CP3"], members["CP4"]) == ("paused", "failed", "updating")
        await says(rig, stations[3], "Installed")
        await booted(rig, stations[4], "2")
        await rounds(rig, 2)
        _, members = await stands(rig, number)
        assert (members["CP4"], members["CP5"], members["CP6"]) == ("succeeded", "succeeded", "pending")

        async def resume(connection: Connection) -> None:
            found = await rows.get_campaign(connection, number)
            assert found is not None
            changed = attrs.evolve(found, status="running", reason=None, rules={"most_failures": 3})
            await rows.change_campaign(connection, changed, rig.clock.now())
            await begin(connection, rig, number)

        await rig.web.run_as_tenant(DEFAULT_TENANT, resume)
        await rounds(rig, 2)
        assert (await stands(rig, number))[1]["CP6"] == "waiting"  # it is away
        rig.online(stations[5])
        await rig.queue.station_ready(DEFAULT_TENANT, stations[5], rig.clock.now(), timedelta(seconds=2))
        await rounds(rig, 2)
        assert sent(rig)[-1] == "CP6"
        await says(rig, stations[5], "Installed")
        await rounds(rig, 3)
        status, members = await stands(rig, number)
        assert (status, members["CP6"]) == ("ended", "succeeded")
        told = await rig.node.fetch("select data->>'status' from events where type = 'voltyard.campaign.changed.v1'")
        assert [row[0] for row in told] == ["paused", "ended"]


@pytest.mark.server
async def test_one_that_was_asked_is_not_asked_again_after_a_crash_and_tries_are_counted(
    database: Database, tmp_path: Path
) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        one, two = await rig.station("CP1"), await rig.station("CP2")
        for station in (one, two):
            rig.online(station)
            await booted(rig, station, "1")
        silent = CommandResult(uuids.uuid7(), "station_silent", "UpdateFirmware", Version.V201, delivery="unknown")
        rig.stations.results = [silent]
        number = await campaign(rig, [one, two], [2], tries=2, patience_minutes=5)
        await rounds(rig, 4)
        assert sorted(sent(rig)) == ["CP1", "CP2"]  # silence is no refusal: it may be on its way
        # The worker dies between asking and noting the answer: the lease ends, another goes on and asks nothing.
        await rig.node.execute("update jobs set lease = gen_random_uuid(), leased_until = $1 where kind = $2",
                               rig.clock.now(), "campaign-station")  # fmt: skip
        await rounds(rig, 2)
        assert len(sent(rig)) == 2
        await says(rig, one, "Installed")
        rig.stations.results = [answered({"status": "Rejected"}, outcome="rejected")]
        rig.move(minutes=6)  # nothing came of CP2's: once more, and it refuses
        await rounds(rig, 5)
        status, members = await stands(rig, number)
        assert (status, members) == ("ended", {"CP1": "succeeded", "CP2": "failed"})
        assert sent(rig).count("CP2") == 2
        error = await rig.node.fetchval("select error from campaign_stations where station_id = $1", two)
        assert error == "the station answered Rejected"


@pytest.mark.server
async def test_a_pending_station_waits_and_counts_as_no_failure(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        one = await rig.station("CP1")
        rig.online(one)
        await booted(rig, one, "1")
        rig.stations.results = [CommandResult(None, "not_accepted", "UpdateFirmware", detail="the station is pending")]
        number = await campaign(rig, [one], [1], tries=1)
        await rounds(rig, 4)
        assert await stands(rig, number) == ("running", {"CP1": "waiting"})
        left = await rig.node.fetchval("select count(*) from file_addresses")
        assert (sent(rig), left) == (["CP1"], 0)
        rig.stations.results = [answered({"status": "Accepted"}, outcome="accepted")]
        await rig.queue.station_ready(DEFAULT_TENANT, one, rig.clock.now(), timedelta(seconds=2))
        await rounds(rig, 2)
        await says(rig, one, "Installed")
        await rounds(rig, 3)
        assert await stands(rig, number) == ("ended", {"CP1": "succeeded"})
