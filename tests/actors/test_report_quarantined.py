"""A part of a report that could not be stored as it is has not arrived."""

from typing import Any

from actors.records import StationObjectRecord, Unit, VariableRecord, VariablesSweptRecord
from actors.station.face import RawCommand
from protocol.ocpp.version import Version
from tests.actors.test_device_reports import part
from tests.support.station_rig import Rig, rig


async def asked(world: Rig, peer: Any) -> None:
    peer.answers["GetBaseReport"] = {"status": "Accepted"}
    wanted = RawCommand("GetBaseReport", {"requestId": 7, "reportBase": "FullInventory"})
    assert (await world.command(wanted)).status == "answered"


async def test_what_lies_in_quarantine_is_missing_and_nothing_is_taken_for_gone(autojump_clock: Any) -> None:
    """B07.FR.14 holds for an inventory that is here; its variables would be swept with those that are not there."""
    async with rig() as world:
        peer = await world.connect(Version.V201)
        await asked(world, peer)
        await peer.call("NotifyReport", part(0, 3))

        def bad(unit: Unit) -> bool:
            return any(isinstance(each, VariableRecord) and '"V1-0"' in each.variable for each in unit.records)

        world.store.refuses = bad
        assert await peer.call("NotifyReport", part(1, 3)) == {}
        world.store.refuses = lambda unit: False
        assert len(world.store.quarantine) == 1
        await peer.call("NotifyReport", part(2, 3))
        await world.settle()
        [report] = [each for each in world.kept(StationObjectRecord) if each.kind == "report"][-1:]
        assert (report.status, report.data["missing"]) == ("running", [1])
        assert world.kept(VariablesSweptRecord) == []
        await peer.call("NotifyReport", part(1, 3))
        assert len(world.kept(VariablesSweptRecord)) == 1, "sent again, it is whole"
