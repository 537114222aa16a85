"""In and out of service: followed until the connectors show it, told again to a station that forgot, done by plan."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from actors.control.objects import KIND, Availability
from actors.ports import DEFAULT_TENANT
from actors.records import ConnectorRecord, StationObjectRecord
from actors.station.face import NeutralCommand
from gateway.worker.availability import HANDLERS
from storage.jobs import NewJob
from storage.web.availability import NewPlan, PlanRow, get_plan, insert_plan
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig

pytestmark = pytest.mark.server


async def shows(rig: WorkerRig, station: UUID, status: str) -> None:
    row = ConnectorRecord(1, 1, status, None, None, None, NOW, NOW)
    await rig.tools.record(DEFAULT_TENANT, station, row)


async def kept(rig: WorkerRig) -> str:
    status: str = await rig.node.fetchval("select status from station_objects where kind = 'availability'")
    return status


async def rounds(rig: WorkerRig, **time: float) -> None:
    rig.move(**time)
    await rig.work()


async def test_what_is_wanted_is_followed_and_told_again_to_who_forgets(database: Database, tmp_path: Path) -> None:
    """G03, G04, quirk 31."""
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        rig.stations.results = [answered(outcome="accepted")]
        wanted = Availability(1, None, False, "Scheduled")
        await rig.tools.record(DEFAULT_TENANT, station, StationObjectRecord(KIND, "1", "scheduled", wanted.data(), NOW))
        key = f"{station}/1"
        job = NewJob(
            DEFAULT_TENANT, uuids.uuid7(), "follow-availability", key, station, None, NOW, NOW, {"place": "1"}
        )
        await rig.tools.begin(job)
        await shows(rig, station, "Charging")
        await rounds(rig, seconds=1)
        await rounds(rig, seconds=31)
        assert (await kept(rig), rig.stations.sent) == ("scheduled", [])  # the session runs on
        await shows(rig, station, "Unavailable")
        await rounds(rig, minutes=3)
        assert await kept(rig) == "in_effect"
        await shows(rig, station, "Available")  # it restarted, and forgot
        await rounds(rig, minutes=16)
        assert rig.stations.sent[-1][1] == NeutralCommand("availability", {"operative": False, "evse": 1})
        rig.stations.results = [answered(outcome="accepted")]
        for _ in range(8):
            await rounds(rig, minutes=3)
        assert (await kept(rig), (await rig.job(job.id)).status) == ("refused", "failed")
        assert len(rig.stations.sent) == 5


def plan(station: UUID, **changes: Any) -> NewPlan:
    fields: dict[str, Any] = {
        "evse": 1, "connector": None, "operative": False, "starts_at": NOW + timedelta(hours=1),
        "ends_at": NOW + timedelta(hours=2), "repeats": None, "time_zone": "UTC", "reason": None,
    } | changes  # fmt: skip
    return NewPlan(DEFAULT_TENANT, uuids.uuid7(), station, **fields, now=NOW)


async def test_a_plan_goes_one_way_and_back_and_repeats(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        rig.stations.results = [answered(outcome="accepted")]
        daily = plan(station, repeats="daily", time_zone="Europe/Berlin")
        await rig.tools.database(DEFAULT_TENANT, lambda connection: insert_plan(connection, daily))
        job = NewJob(
            DEFAULT_TENANT, uuids.uuid7(), "availability-plan", str(daily.id), station, None, NOW, NOW,
            {"plan": str(daily.id)},
        )  # fmt: skip
        await rig.tools.begin(job)
        await rounds(rig, seconds=1)
        assert rig.stations.sent == []

        async def row() -> PlanRow:
            found = await rig.tools.database(DEFAULT_TENANT, lambda connection: get_plan(connection, daily.id))
            assert found is not None
            return found

        def told() -> list[bool]:
            return [each.arguments["operative"] for _, each, _ in rig.stations.sent if isinstance(each, NeutralCommand)]

        await rounds(rig, hours=1)
        assert (told(), (await row()).detail) == ([False], "begun: accepted")
        await rounds(rig, hours=1)
        assert (told(), (await row()).status) == ([False, True], "active")
        await rounds(rig, hours=23)
        assert told() == [False, True, False]
