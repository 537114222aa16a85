"""A station that is pending has refused nothing: whatever the job, it waits for a boot that is accepted."""

from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
import uuid_utils.compat as uuids

from actors.certificates.learned import LIST
from actors.device.prompts import REST
from actors.ports import DEFAULT_TENANT
from actors.security import upgrade
from actors.security.sufferance import RENEW
from actors.station.face import CommandResult
from actors.tariffs.learned import READ_AGAIN
from actors.verify.steps import VERIFY_CLEAR
from gateway.worker.handlers import HANDLERS
from protocol.ocpp.version import Version
from storage.jobs import NewJob, look_again
from tests.support.api import answered
from tests.support.postgres import Database
from tests.support.worker_rig import worker_rig

WORK: dict[str, dict[str, Any]] = {
    "monitoring-report": {},
    "event-streams": {},
    "inventory": {},
    REST: {"rest": [{"components": []}]},
    READ_AGAIN: {},
    LIST: {},
    RENEW: {"asked": 0},
    VERIFY_CLEAR: {"evse": 1, "limit_w": 1000},
    "charging-renegotiate": {"evse": 1, "profile": {}},
    upgrade.KIND: upgrade.begin(2, url="wss://x", slot=1, interface="Wired0", root=None, reset="immediate")
    | {"step": "reset", "plan": ["reset", "proof"]},
}


@pytest.mark.server
async def test_a_pending_station_has_refused_nothing(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        rig.stations.results = [CommandResult(None, "not_accepted", detail="the station is pending")]
        made = {}
        for number, (kind, state) in enumerate(WORK.items()):
            station = await rig.station(f"CP{number}")
            rig.online(station)
            live = attrs.evolve(rig.stations.stations[station], version=Version.V201, registration="pending")
            rig.stations.stations[station] = live
            now, job_id = rig.clock.at, uuids.uuid7()
            await rig.tools.begin(NewJob(DEFAULT_TENANT, job_id, kind, None, station, None, now, now, state))
            made[kind] = job_id
        await rig.work()
        found = {kind: await rig.job(job_id) for kind, job_id in made.items()}
        told = {kind: (job.status, job.waits_for, job.error) for kind, job in found.items()}
        assert told == dict.fromkeys(WORK, ("waiting", "accepted", "the station is pending"))
        asked = len(rig.stations.sent)
        assert asked == len(WORK)
        rig.move(hours=1)
        await rig.work()
        assert len(rig.stations.sent) == asked  # it is not asked again before
        rig.stations.results = [answered({"status": "Accepted"}, outcome="accepted")]
        for station in list(rig.stations.stations):
            wake = partial(look_again, station_id=station, now=rig.clock.at, waits_for="accepted")
            await rig.tools.database(DEFAULT_TENANT, wake)
        await rig.work()
        assert len(rig.stations.sent) >= 2 * asked
