"""Plug and charge and vendors' messages at a living station: what is answered late, and what our own messages leave."""

from typing import Any

import msgspec
import pytest
import trio

from actors.contract.objects import PoolAnswer
from actors.contract.pnc16_requests import VENDOR, inside, spoken
from actors.records import JobRecord, ReportRecord, StationObjectRecord
from actors.station.face import NeutralCommand
from protocol.ocpp.version import Version
from tests.support.memory_world import MemoryWorld
from tests.support.signing import csr
from tests.support.station_rig import rig

HASHES = {
    "hashAlgorithm": "SHA256", "issuerNameHash": "ab" * 32, "issuerKeyHash": "cd" * 32, "serialNumber": "1f",
}  # fmt: skip


def transfers(reports: list[Any]) -> list[Any]:
    return [each.payload for each in reports if each.action == "DataTransfer"]


@pytest.mark.parametrize("version", list(Version), ids=str)
async def test_what_we_send_is_kept_with_its_answer(version: Version, autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(version)
        data: Any = "thanks" if version is Version.V16 else {"thanks": [1]}
        peer.answers["DataTransfer"] = {"status": "Accepted", "data": data}
        command = NeutralCommand("data-transfer", {"vendor": "com.example", "message": "Hi", "data": "x"})
        assert (await world.command(command)).outcome == "accepted"
        assert transfers(world.kept(ReportRecord)) == [{
            "direction": "out", "vendorId": "com.example", "messageId": "Hi", "data": "x", "status": "Accepted",
            "answer": data,
        }]  # fmt: skip
        peer.answers["DataTransfer"] = {"status": "UnknownVendorId"}  # P01.FR.05
        assert (await world.command(command)).outcome == "rejected"
        assert transfers(world.kept(ReportRecord))[-1]["status"] == "UnknownVendorId"


async def test_certificates_on_a_1_6_station_are_known_like_those_of_2_x(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V16)
        chains = [{"certificateType": "MORootCertificate", "certificateHashData": HASHES}]
        told = {"status": "Accepted", "certificateHashDataChain": chains}
        peer.answers["DataTransfer"] = {"status": "Accepted", "data": msgspec.json.encode(told).decode()}
        command = NeutralCommand("plug-and-charge", {"message": "GetInstalledCertificateIds", "payload": {}})
        assert (await world.command(command)).outcome == "accepted"
        [held] = world.kept(StationObjectRecord)
        assert (held.kind, held.data["use"]) == ("installed_certificate", "mo_root")
        peer.answers["DataTransfer"] = {"status": "Accepted", "data": "no json"}
        await world.command(command)
        assert len(world.kept(StationObjectRecord)) == 1


async def test_a_pool_that_is_slow_holds_nothing_else_up(autojump_clock: Any) -> None:
    asked = {"iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef", "action": "Install", "exiRequest": "gJgC"}
    async with rig() as world:
        peer = await world.connect(Version.V201)
        world.services.answers["contract-pool"] = PoolAnswer("QUJD")
        for seconds, status in ((5.0, "Accepted"), (60.0, "Failed")):
            world.services.seconds = seconds
            number = f"m{seconds}"
            peer.say(msgspec.json.encode([2, number, "Get15118EVCertificate", asked]).decode())
            peer.say('[2,"h","Heartbeat",{}]')
            await trio.sleep(1)
            assert any('[3,"h"' in text for text in peer.texts)
            assert not any(number in text for text in peer.texts)
            await trio.sleep(28)  # a station's own patience
            (told,) = [text for text in peer.texts if number in text]
            assert msgspec.json.decode(told)[2]["status"] == status


def test_a_1_6_stations_request_for_a_vehicle_certificate_is_worked_on() -> None:
    """A02 for V2G certificates, by DataTransfer; the answer goes the same way back."""
    site = MemoryWorld(Version.V16)
    data = msgspec.json.encode({"csr": csr()}).decode()
    told = site.tell("DataTransfer", {"vendorId": VENDOR, "messageId": "SignCertificate", "data": data})
    assert told == {"status": "Accepted", "data": '{"status":"Accepted"}'}
    [job] = site.of(JobRecord)
    assert (job.kind, job.state["type"]) == ("sign-certificate", "V2GCertificate")
    signed = {"certificateChain": "pem", "certificateType": "V2GCertificate"}
    action, payload = spoken(Version.V16, "CertificateSigned", signed)
    assert (action, payload["messageId"]) == ("DataTransfer", "CertificateSigned")
    assert msgspec.json.decode(payload["data"]) == signed
    assert spoken(Version.V16, "CertificateSigned", {"certificateChain": "pem"})[0] == "CertificateSigned"
    assert spoken(Version.V21, "CertificateSigned", signed) == ("CertificateSigned", signed)
    assert inside({"status": "Accepted", "data": '{"status": "Rejected"}'}) == {"status": "Rejected"}
    assert inside({"status": "Accepted", "data": "["}) == {"status": "Accepted", "data": "["}
    assert inside({"status": "UnknownVendorId"}) == {"status": "UnknownVendorId"}
