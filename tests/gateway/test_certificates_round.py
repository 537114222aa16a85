"""A station asks for a certificate, gets it signed, and takes it; every version, and whatever may go wrong."""

from pathlib import Path

import pytest

from actors.station.face import NeutralCommand
from protocol.ocpp.version import Version
from simulators.station import certificates
from tests.support.certificate_rig import certificate_rig
from tests.support.postgres import Database

pytestmark = pytest.mark.server

ALL = (Version.V16, Version.V201, Version.V21)


async def test_every_version_asks_is_signed_and_accepts(database: Database, tmp_path: Path) -> None:
    """A02.FR.11, A02.FR.14, A02.FR.25, A03.FR.11, A03.FR.21."""
    async with certificate_rig(database, tmp_path) as rig:
        for version in ALL:
            name = f"CP-{version.value}"
            joined = await rig.connect(name, version)
            assert (await rig.command(name, NeutralCommand("renew-certificate", {}))).outcome == "accepted"
            await rig.settle()
            assert joined.station.notes[-1] == "request for a certificate: Accepted"
            assert joined.heard("CertificateSigned") == []  # the answer goes first (quirk 34)
            await rig.work()
            own = joined.station.wallet.own[certificates.STATION]
            [row] = await rig.certificates(station_id=(await rig.store.load_station("default", name)).config.id)
            assert (row.status, row.reason, row.use) == ("accepted", None, "station")
            assert row.serial == f"{own.chain[0].serial_number:x}"
            assert row.subject == f"CN=SN-{name},O=Voltyard"
            assert joined.station.wants_relink
        accepted = await rig.events("certificate.accepted")
        assert [each["station"] for each in accepted] == [f"CP-{version.value}" for version in ALL]
