"""A station with a certificate says a serial number that is not the name in it."""

from typing import Any

import pytest

from actors.records import EventRecord
from actors.station.face import Ending
from protocol.ocpp.version import Version
from tests.support.station_rig import rig


def boot(version: Version, serial: str | None) -> dict[str, Any]:
    if version is Version.V16:
        return {"chargePointVendor": "V", "chargePointModel": "M"} | (
            {"chargePointSerialNumber": serial} if serial else {}
        )
    station = {"vendorName": "V", "model": "M"} | ({"serialNumber": serial} if serial else {})
    return {"reason": "PowerUp", "chargingStation": station}


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize(("certified", "serial"), [("SN-1", "sn-1"), ("SN-1", None), (None, "SN-2")])
async def test_the_same_name_or_none_to_compare_is_well(
    version: Version, certified: str | None, serial: str | None, autojump_clock: object
) -> None:
    async with rig() as at:
        station = await at.connect(version, certified=certified)
        reply = await station.call("BootNotification", boot(version, serial))
        assert reply is not None
        assert reply["status"] == "Accepted"
        await at.settle()
        assert station.closed is None


@pytest.mark.parametrize("version", list(Version))
async def test_another_serial_number_ends_the_connection(version: Version, autojump_clock: object) -> None:
    """B01.FR.11, B01.FR.12: nothing of that boot counts, and the operator is told."""
    async with rig() as at:
        station = await at.connect(version, certified="SN-1")
        assert await station.call("BootNotification", boot(version, "SN-2")) is None
        await at.settle()
        assert station.closed == (1008, Ending.REFUSED)
        told = [event.type for event in at.kept(EventRecord)]
        assert "voltyard.security.event.v1" in told
        assert "voltyard.station.booted.v1" not in told
