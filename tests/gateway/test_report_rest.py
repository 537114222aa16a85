"""What of a report's request did not fit into one message is asked for later, message by message."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuids

from actors.device.prompts import REST
from actors.ports import DEFAULT_TENANT
from actors.records import StationObjectRecord
from actors.station.face import CommandResult, NeutralCommand
from gateway.worker import reports, streams
from protocol.events.types import timestamp
from storage.jobs import NewJob
from storage.keeping import look_at_monitors
from tests.support.api import answered
from tests.support.postgres import Database
from tests.support.worker_rig import worker_rig


@pytest.mark.server
async def test_each_message_goes_once_and_waits_for_its_station(database: Database, tmp_path: Path) -> None:
    """B08.FR.06."""
    parts: list[dict[str, Any]] = [{"components": [{"component": {"name": name}}]} for name in "AB"]
    parts.append({"command": "clear-monitors", "monitors": [4]})  # N06.FR.04
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
        wanted = [NeutralCommand("report", part) for part in parts[:2]]
        wanted.append(NeutralCommand("clear-monitors", {"monitors": [4]}))
        assert sent == [wanted[0], wanted[1], wanted[1], wanted[2]]


@pytest.mark.server
async def test_monitors_are_listed_again_after_a_boot_and_a_narrow_stream_is_widened(
    database: Database, tmp_path: Path
) -> None:
    """N04.FR.19: ids may be others after it; N15.FR.05."""
    async with worker_rig(database, streams.HANDLERS, tmp_path) as rig:
        station, bare = await rig.station(), await rig.station("CP2")
        now = rig.clock.now()

        async def look() -> int:
            ids = [uuids.uuid7(), uuids.uuid7()]
            return await look_at_monitors(rig.node, "monitoring-report", rig.clock.now(), ids)

        async def hold(kind: str, key: str, data: dict[str, Any]) -> None:
            await rig.tools.record(DEFAULT_TENANT, station, StationObjectRecord(kind, key, None, data, now))

        await hold("monitor", "7", {"notification": "CustomMonitor"})
        await hold("event_stream", "3", {"monitor": 7, "interval": 4, "values": 10})
        boot = {"at": timestamp(now + timedelta(minutes=1)), "status": "accepted"}
        for each in (station, bare):
            await rig.node.execute(
                "insert into station_states (tenant_id, station_id, version, online, boot)"
                " values ($1, $2, '2.1', true, $3)", DEFAULT_TENANT, each, boot,
            )  # fmt: skip
        assert await look() == 0, "not yet booted"
        rig.move(minutes=3)
        assert (await look(), await look()) == (1, 0)
        assert await rig.node.fetchval("select station_id from jobs") == station
        rig.online(station)
        rig.stations.results = [answered({"status": "Accepted"}, outcome="accepted")]
        widen = NewJob(DEFAULT_TENANT, uuids.uuid7(), "widen-stream", None, station, None, now, now, {"stream": 3})
        await rig.tools.begin(widen)
        await rig.work()
        assert [command for _, command, _ in rig.stations.sent] == [
            NeutralCommand("adjust-stream", {"stream": 3, "interval": 2, "values": 20})
        ]
