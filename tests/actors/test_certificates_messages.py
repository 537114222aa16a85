"""SignCertificate as it comes in, and the neutral commands about certificates as they go out. Pure."""

from datetime import timedelta
from typing import Any

import pytest

from actors.certificates.phrases import V2, V16
from actors.certificates.policy import MOST_AN_HOUR
from actors.records import EventRecord, JobRecord
from actors.station.phrasing import Facts, Unsupported
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld
from tests.support.signing import bundle, csr, issue

ALL = (Version.V16, Version.V201, Version.V21)
REQUEST, ROOT = csr(), bundle(issue("Root"))


@pytest.mark.parametrize("version", ALL, ids=str)
def test_a_request_is_accepted_at_once_and_becomes_work(version: Version) -> None:
    """A02.FR.11, A03.FR.11; nothing is signed before the answer is out (quirk 34)."""
    world = MemoryWorld(version)
    more: dict[str, Any] = {} if version is Version.V16 else {"certificateType": "V2GCertificate"}
    if version is Version.V21:
        more["requestId"] = 7
    assert world.tell("SignCertificate", {"csr": REQUEST.replace("\n", "\r\n")} | more) == {"status": "Accepted"}
    [job] = world.of(JobRecord)
    assert (job.kind, job.state["csr"], job.state["request_id"]) == ("sign-certificate", REQUEST, more.get("requestId"))
    assert (job.state["use"], job.state["type"]) == (
        ("station", None) if version is Version.V16 else ("v2g", "V2GCertificate")
    )
    assert (job.run_at - job.created_at).total_seconds() == 1
    world.tell("SignCertificate", {"csr": REQUEST} | more)
    assert {each.key for each in world.of(JobRecord)} == {job.key}  # the same work, which is open once only
    world.tell("SignCertificate", {"csr": csr()} | more)
    assert len({each.key for each in world.of(JobRecord)}) == 2


@pytest.mark.parametrize("version", ALL, ids=str)
@pytest.mark.parametrize("text", ["garbage", ROOT, REQUEST + REQUEST, "-----BEGIN CERTIFICATE REQUEST-----"])
def test_what_is_no_request_is_rejected_at_once(version: Version, text: str) -> None:
    """A02.FR.12, A03.FR.12."""
    world = MemoryWorld(version)
    answer = world.tell("SignCertificate", {"csr": text})
    assert isinstance(answer, dict)
    assert answer["status"] == "Rejected"
    assert ("statusInfo" in answer) == version.is_v2
    assert list(world.of(JobRecord)) == []
    assert [event.type for event in world.of(EventRecord)] == ["voltyard.certificate.refused.v1"]


def test_a_station_that_asks_without_end_is_heard_so_often_an_hour() -> None:
    """A02.FR.12; told once, and nothing more is kept of it."""
    world = MemoryWorld(Version.V201)

    def ask() -> dict[str, Any]:
        answer = world.tell("SignCertificate", {"csr": REQUEST})
        assert isinstance(answer, dict)
        return answer

    assert [ask()["status"] for _ in range(MOST_AN_HOUR)] == ["Accepted"] * MOST_AN_HOUR
    for _ in range(3):
        assert ask()["statusInfo"]["reasonCode"] == "TooMany"
    told = [event for event in world.of(EventRecord) if event.type == "voltyard.certificate.refused.v1"]
    assert len(told) == 1
    assert len(list(world.of(JobRecord))) == MOST_AN_HOUR
    world.now += timedelta(hours=1)
    assert ask()["status"] == "Accepted"


def test_a_request_that_is_too_long_is_rejected() -> None:
    world = MemoryWorld(Version.V201)
    long = REQUEST.replace("-----END", "A" * 6000 + "\n-----END")
    kind = catalogue.actions(Version.V201)["SignCertificate"]
    assert catalogue.check(kind, {"csr": long}) != []  # a station that breaks this rule is heard all the same
    answer = world.tell("SignCertificate", {"csr": long[:5500]})  # what is left of it after the repair of long fields
    assert isinstance(answer, dict)
    assert answer["status"] == "Rejected"
    assert answer["statusInfo"]["reasonCode"] == "InvalidCSR"
    assert list(world.of(JobRecord)) == []


def phrase(version: Version, name: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    """The command as that version says it, which has to be valid."""
    table = V16 if version is Version.V16 else V2
    action, payload = table[name](arguments, Facts(NOON, version=version))
    assert catalogue.check(catalogue.actions(version)[action], payload) == []
    return action, payload


@pytest.mark.parametrize("version", ALL, ids=str)
def test_commands_are_valid_in_every_version(version: Version) -> None:
    """A02, M03, M04.FR.07, M05."""
    csms = "CentralSystemRootCertificate" if version is Version.V16 else "CSMSRootCertificate"
    assert phrase(version, "install-certificate", use="csms_root", certificate=ROOT.replace("\n", "\r\n")) == (
        "InstallCertificate", {"certificateType": csms, "certificate": ROOT},
    )  # fmt: skip
    told = {"hashAlgorithm": "SHA512", "issuerNameHash": "Aa", "issuerKeyHash": "Bb", "serialNumber": "0f"}
    assert phrase(version, "delete-certificate", certificate="csms_root:SHA512:Aa:Bb:0f") == (
        "DeleteCertificate", {"certificateHashData": told},
    )  # fmt: skip
    listed = phrase(version, "installed-certificates")[1]
    assert listed == ({"certificateType": csms} if version is Version.V16 else {})
    roots = ["csms_root", "manufacturer_root", *(["v2g_root", "mo_root"] if version.is_v2 else [])]
    for use in [*roots, *(["oem_root"] if version is Version.V21 else [])]:
        phrase(version, "install-certificate", use=use, certificate=ROOT)
        phrase(version, "installed-certificates", use=use)
    renew = phrase(version, "renew-certificate")
    assert renew == (
        ("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}) if version is Version.V16
        else ("TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"})
    )  # fmt: skip


def test_an_evse_with_an_iso_15118_controller_of_its_own_is_asked_alone() -> None:
    """A02.FR.22, A02.FR.23."""
    assert phrase(Version.V21, "renew-certificate", use="v2g20", evse=2)[1] == {
        "requestedMessage": "SignV2G20Certificate", "evse": {"id": 2},
    }  # fmt: skip
    assert phrase(Version.V201, "renew-certificate", use="v2g")[1] == {"requestedMessage": "SignV2GCertificate"}
    assert phrase(Version.V201, "installed-certificates", use="v2g_chain")[1] == {
        "certificateType": ["V2GCertificateChain"]
    }


@pytest.mark.parametrize(
    ("version", "name", "arguments", "words"),
    [
        (Version.V16, "install-certificate", {"use": "oem_root", "certificate": ROOT}, "no root certificate"),
        (Version.V201, "install-certificate", {"use": "oem_root", "certificate": ROOT}, "no root certificate"),
        (Version.V16, "renew-certificate", {"use": "v2g20"}, "or v2g, not"),
        (Version.V201, "renew-certificate", {"use": "v2g20"}, "OCPP 2.1 does"),
        (Version.V201, "delete-certificate", {"certificate": "x"}, "no key"),
    ],
)
def test_what_a_version_does_not_know_is_said(
    version: Version, name: str, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(Unsupported, match=words):
        phrase(version, name, **arguments)
