"""What of a report's request did not fit into one message is asked for later, message by message."""

from pathlib import Path

import pytest
import uuid_utils.compat as uuids

from actors.device.prompts import REST
from actors.ports import DEFAULT_TENANT
from actors.station.face import CommandResult, NeutralCommand
from gateway.worker import reports
from storage.jobs import NewJob
from tests.support.api import answered
from tests.support.postgres import Database
from tests.support.worker_rig import worker_rig


@pytest.mark.server
async def test_each_message_goes_once_and_waits_for_its_station(database: Database, tmp_path: Path) -> None:
    """B08.FR.06."""
    parts = [{"components": [{"component": {"name": name}}]} for name in "ABC"]
    async with worker_rig(database, reports.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        now, number = rig.clock.now(), uuids.uuid7()
        await rig.tools.begin(NewJob(DEFAULT_TENANT, number, REST, None, station, None, now, now, {"rest": parts}))
        await rig.work()
        assert rig.stations.sent == [], "it is not connected"
        rig.online(station)
        await rig.node.execute("update jobs set waits_for = null, run_at = $2 where id = $1", number, now)
        rig.stations.results = [
            answered({"status": "Accepted"}, outcome="accepted"), CommandResult(None, "station_busy"),
            answered({"status": "Rejected"}, outcome="rejected"), CommandResult(None, "station_silent", outcome=None),
        ]  # fmt: skip
        await rig.work()
        rig.move(minutes=1)
        await rig.work()
        sent = [command for _, command, _ in rig.stations.sent]
        wanted = [NeutralCommand("report", part) for part in parts]
        assert sent == [wanted[0], wanted[1], wanted[1], wanted[2]]
