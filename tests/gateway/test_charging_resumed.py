"""A transaction that goes on after a reboot gets its charging profiles again, unless the station keeps them itself."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from actors.charging.objects import PROFILE, profile_data
from actors.ports import DEFAULT_TENANT
from actors.records import StationObjectRecord, VariableRecord
from actors.session.instructions import RESUME
from actors.station.face import CommandResult, RawCommand
from gateway.worker import charging
from storage.jobs import NewJob
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig

pytestmark = pytest.mark.server
KEPT = '{"instance":"TxProfile","name":"ChargingProfilePersistence"}'


def profile(number: int, level: int, transaction: str = "T1", purpose: str = "TxProfile") -> dict[str, Any]:
    return {
        "id": number, "stackLevel": level, "chargingProfilePurpose": purpose, "chargingProfileKind": "Relative",
        "transactionId": transaction, "chargingSchedule": [{"id": 1, "chargingRateUnit": "A"}],
    }  # fmt: skip


async def resumed(rig: WorkerRig, station: UUID) -> UUID:
    number = uuids.uuid7()
    now = rig.clock.now()
    assert await rig.tools.begin(
        NewJob(DEFAULT_TENANT, number, RESUME, str(number), station, None, now, now, {"transaction_id": "T1"})
    )
    await rig.work()
    return number


async def test_profiles_of_the_transaction_are_sent_as_they_were(database: Database, tmp_path: Path) -> None:
    """B13.FR.31, E17.FR.15: those of this transaction that we set, lowest stack first."""
    async with worker_rig(database, charging.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        given = (
            (profile(2, 1), "CSO"), (profile(1, 0), "CSO"), (profile(3, 0, "T2"), "CSO"), (profile(4, 0), "EMS"),
            (profile(5, 0, purpose="TxDefaultProfile"), "CSO"),
        )  # fmt: skip
        await rig.tools.record(DEFAULT_TENANT, station, *[
            StationObjectRecord(PROFILE, str(each["id"]), "installed", profile_data(each, 1, source), NOW)
            for each, source in given
        ])  # fmt: skip
        silent = CommandResult(None, "station_busy")
        rig.stations.results = [silent, answered({"status": "Accepted"}), answered({"status": "Accepted"})]
        number = await resumed(rig, station)
        rig.move(minutes=1)
        await rig.work()
        wanted = [RawCommand("SetChargingProfile", {"evseId": 1, "chargingProfile": profile(n, n - 1)}) for n in (1, 2)]
        assert [command for _, command, _ in rig.stations.sent] == [wanted[0], *wanted]
        done = await rig.job(number)
        assert done.result is not None
        assert done.result["sent"] == 2
        rig.stations.sent.clear()
        kept = VariableRecord('{"name":"SmartChargingCtrlr"}', KEPT, "Actual", "true", {}, NOW)
        await rig.tools.record(DEFAULT_TENANT, station, kept)
        assert (await rig.job(await resumed(rig, station))).result == {"sent": 0, "answers": []}
        assert rig.stations.sent == []
