"""Settings of many stations that changed at once are taken up in batches, after the request that changed them."""

from pathlib import Path

import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from gateway.worker import taking_up
from storage.jobs import NewJob
from storage.web.provisioning import TAKE_UP
from tests.support.postgres import Database
from tests.support.worker_rig import worker_rig


@pytest.mark.server
async def test_stations_in_memory_take_up_what_changed_in_batches_and_once_each(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_up, "_AT_ONCE", 2)
    async with worker_rig(database, taking_up.HANDLERS, tmp_path) as rig:
        made = [await rig.station(f"CP{number}") for number in range(5)]
        for station in made[:4]:
            rig.online(station)
        await rig.node.execute("update stations set site = 'north' where id = any($1)", made[1:3])
        waits = NewJob(DEFAULT_TENANT, uuids.uuid7(), "x", None, made[0], None, rig.clock.at, rig.clock.at,
                       waits_for="accepted")  # fmt: skip
        await rig.tools.begin(waits)
        for site, expected in ((None, made[:4]), ("north", made[1:3])):
            rig.stations.told.clear()
            now, number = rig.clock.at, uuids.uuid7()
            await rig.tools.begin(NewJob(DEFAULT_TENANT, number, TAKE_UP, None, None, None, now, now, {"site": site}))
            for _ in range(3):
                await rig.work()
            assert [station for _, station in rig.stations.told] == expected
            assert (await rig.job(number)).result == {"told": len(expected)}
        assert (await rig.job(waits.id)).waits_for is None  # its admission may be another now
