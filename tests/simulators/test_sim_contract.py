"""A vehicle with a contract at a simulated station: in 2.0.1 and 2.1 as it is, in 1.6 inside DataTransfer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from actors.contract.hashing import hash_data, identify
from protocol.ocpp.version import Version
from simulators.cli import simulate
from simulators.ocsp.authority import Authority, make_authority
from simulators.station import acts, certificates, contract
from simulators.station.charging import NotPossible
from tests.support.sim_bench import START, Bench

EMAID = "DE8AA1A2B3C4D5"
ALL = list(Version)
TWO = [Version.V201, Version.V21]
Answers = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def authority() -> Authority:
    return make_authority("http://127.0.0.1:9", START)


@pytest.fixture
def files(tmp_path: Path, authority: Authority) -> tuple[str, str]:
    """Files with a contract's chain and its root."""
    chain, root = tmp_path / "chain.pem", tmp_path / "root.pem"
    chain.write_text(authority.chain(authority.contract(EMAID)))
    root.write_text(authority.root.pem)
    return str(chain), str(root)


def answering(bench: Bench, action: str, answer: Answers) -> None:
    """The platform's answer to an action, in the words of 2.x."""
    if bench.version is not Version.V16:
        bench.answers[action] = answer
        return

    def wrapped(payload: dict[str, Any]) -> dict[str, Any]:
        assert (payload["vendorId"], payload["messageId"]) == (certificates.PNC, action)
        return {"status": "Accepted", "data": orjson.dumps(answer(orjson.loads(payload["data"]))).decode()}

    bench.answers["DataTransfer"] = wrapped


def act(bench: Bench, name: str, *words: str) -> list[str]:
    """Does it and gives the notes since."""
    before = len(bench.station.notes)
    acts.act(bench.station, name, words, bench.now)
    bench.settle()
    return list(bench.station.notes)[before:]


def running(bench: Bench) -> list[str]:
    """The tokens that charge."""
    outlets = bench.station.outlets.values()
    return [outlet.transaction.permit.token for outlet in outlets if outlet.transaction is not None]


@pytest.mark.parametrize("version", ALL, ids=str)
def test_a_contract_charges_when_certificates_and_token_are_accepted(version: Version, files: tuple[str, str]) -> None:
    """C07.FR.01, FR.02 and FR.06."""
    heard: list[dict[str, Any]] = []
    said = [("CertificateRevoked", "Invalid"), ("Accepted", "Accepted")]

    def answer(payload: dict[str, Any]) -> dict[str, Any]:
        heard.append(payload)
        certificate, status = said.pop(0)
        return {"idTokenInfo": {"status": status}, "certificateStatus": certificate}

    bench = Bench(version).connect()
    bench.plug()
    answering(bench, "Authorize", answer)
    assert act(bench, "contract", EMAID, "1", *files) == [f"contract {EMAID}: Invalid, certificate CertificateRevoked"]
    assert not running(bench)
    assert act(bench, "contract", EMAID, "1", files[0])[0].endswith("Accepted, certificate Accepted")
    assert running(bench) == [EMAID]
    assert len(heard[0]["iso15118CertificateHashData"]) == 2
    assert "certificate" not in heard[0]
    assert heard[1]["certificate"].count("BEGIN CERTIFICATE") == 2
    token = heard[0]["idToken"]
    assert token == (EMAID if version is Version.V16 else {"idToken": EMAID, "type": "eMAID"})
    assert not bench.refused


def test_hash_data_is_what_the_platform_makes_of_it_too(authority: Authority) -> None:
    issued = authority.contract(EMAID)
    (leaf, sub) = contract.hashes_of(authority.chain(issued), authority.root.pem)
    ours = hash_data(identify(issued.certificate, authority.sub.certificate))
    assert leaf == ours | {"responderURL": f"{authority.url}/ocsp"}
    assert sub["serialNumber"] == f"{authority.sub.certificate.serial_number:x}"


@pytest.mark.parametrize("version", ALL, ids=str)
def test_a_vehicle_gets_its_contract_certificate_or_hears_why_not(version: Version) -> None:
    """M01 and M02."""
    bench = Bench(version).connect()
    answering(bench, "Get15118EVCertificate", lambda p: {
        "status": "Accepted" if p["action"] == "Update" else "Failed", "exiResponse": "QUJD",
        "statusInfo": {"reasonCode": "Timeout"},
    })  # fmt: skip
    assert act(bench, "contract-certificate") == ["contract certificate failed Timeout"]
    assert act(bench, "contract-certificate", "Update")[0].startswith("contract certificate accepted")
    assert not bench.refused


def test_with_iso_15118_20_it_asks_until_no_contract_is_left() -> None:
    """OCPP 2.1 Part 2, M01.FR.03 and FR.06."""
    bench = Bench(Version.V21).connect()
    left = iter([2, 1, 0])
    bench.answers["Get15118EVCertificate"] = lambda p: {
        "status": "Accepted", "exiResponse": "QUJD", "remainingContracts": next(left),
    }  # fmt: skip
    assert len(act(bench, "contract-certificate", "Install", "3")) == 3
    asked = bench.all_of("Get15118EVCertificate")
    assert asked == [asked[0]] * 3
    assert asked[0]["maximumContractCertificateChains"] == 3


@pytest.mark.parametrize("version", ALL, ids=str)
def test_the_status_of_certificates_is_asked_for(version: Version, files: tuple[str, str]) -> None:
    """M06.FR.06 and FR.07; OCPP 2.1 Part 2, M07.FR.11."""
    bench = Bench(version).connect()
    answering(bench, "GetCertificateStatus", lambda _: {"status": "Accepted", "ocspResult": "MAA="})
    notes = act(bench, "certificate-status", *files)
    assert [note.rpartition(": ")[2] for note in notes] == ["accepted", "accepted"]
    if version is not Version.V21:
        with pytest.raises(NotPossible, match=r"2\.1"):
            act(bench, "chain-status", *files)
        return
    bench.answers["GetCertificateChainStatus"] = lambda p: {"certificateStatus": [
        {"certificateHashData": each["certificateHashData"], "source": "OCSP", "status": "Good",
         "nextUpdate": "2026-03-02T12:00:00Z"} for each in p["certificateStatusRequests"]
    ]}  # fmt: skip
    assert act(bench, "chain-status", *files) == ["chain: good, good"]
    assert not bench.refused


def test_a_1_6_station_manages_certificates_by_data_transfer(authority: Authority) -> None:
    bench = Bench(Version.V16).connect()

    def ask(message: str, payload: dict[str, Any] | str) -> Any:
        data = payload if isinstance(payload, str) else orjson.dumps(payload).decode()
        told = bench.ask("DataTransfer", {"vendorId": certificates.PNC, "messageId": message, "data": data})
        assert isinstance(told, dict)
        return orjson.loads(told["data"]) if told["status"] == "Accepted" else told["status"]

    root = {"certificateType": "MORootCertificate", "certificate": authority.root.pem}
    assert ask("InstallCertificate", root)["status"] == "Accepted"
    told = ask("GetInstalledCertificateIds", {"certificateType": ["MORootCertificate"]})
    assert told["status"] == "Accepted"
    assert ask("GetInstalledCertificateIds", "no json") == "Rejected"
    assert ask("Dance", {}) == "UnknownMessageId"


@pytest.mark.parametrize("words", [
    ["contract"], ["contract", EMAID, "one"], ["contract", EMAID, "1", "/none.pem"], ["contract-certificate", "Sell"],
    ["certificate-status"], ["chain-status"],
])  # fmt: skip
def test_what_cannot_be_done_is_said(words: list[str]) -> None:
    with pytest.raises(NotPossible):
        act(Bench(Version.V21).connect(), *words)


def test_the_partners_commands_say_what_is_wrong() -> None:
    told = CliRunner().invoke(simulate, ["contract-pool", "--script", "ok,dance"])
    assert told.exit_code == 2
    assert "dance; allowed are ok" in told.output
    assert "--manner" in CliRunner().invoke(simulate, ["ocsp", "--help"]).output
