"""A limit that was cleared is looked after where the station's word is not enough (quirk 31)."""

from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from actors.station.face import NeutralCommand
from gateway.worker.verify import HANDLERS
from storage.jobs import NewJob
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.worker_rig import worker_rig

pytestmark = pytest.mark.server


def schedule(limit: float | None) -> dict[str, Any]:
    periods = [] if limit is None else [{"startPeriod": 0, "limit": limit}]
    return {"status": "Accepted", "connectorId": 1, "chargingSchedule": {
        "chargingRateUnit": "A", "chargingSchedulePeriod": periods,
    }}  # fmt: skip


async def test_what_still_limits_was_not_cleared(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        station = await rig.station()
        for payload, status, kept in (
            (schedule(6.0), "failed", "not_cleared"),
            (schedule(32.0), "done", "cleared"),
            (schedule(None), "done", "cleared"),
            ({"status": "Rejected"}, "done", "cleared"),
        ):
            rig.online(station)
            rig.stations.results = [answered(payload=payload)]
            state = {"evse": 1, "limit_w": 4140.0}
            job = NewJob(
                DEFAULT_TENANT, uuids.uuid7(), "verify-clear", f"{station}/1", station, None, NOW, rig.clock.at, state
            )
            await rig.tools.begin(job)
            await rig.work()
            assert (await rig.job(job.id)).status == status
            told = await rig.node.fetchval("select status from station_objects where kind = 'limit_check'")
            assert told == kept
            assert rig.stations.sent[-1][1] == NeutralCommand("composite-schedule", {"evse": 1, "duration_s": 60})
            rig.move(minutes=1)
