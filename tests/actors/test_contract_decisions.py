"""Plug and charge and vendors' messages as decisions: what stations are answered, in each version, and what is kept."""

import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from actors.contract.emaid import check_digit, normal, same, spellings
from actors.contract.objects import (
    ContractFinding,
    Failure,
    PoolAnswer,
    PoolAsked,
    StatusFound,
)
from actors.datatransfer.objects import Ruled
from actors.records import EventRecord, ReportRecord
from actors.station.phrases import phrase
from actors.station.phrasing import Facts
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld, token

EMAID = "DE8AA1A2B3C4D5"
PNC = "org.openchargealliance.iso15118pnc"
HASHES = {
    "hashAlgorithm": "SHA256", "issuerNameHash": "ab" * 32, "issuerKeyHash": "cd" * 32, "serialNumber": "1f",
}  # fmt: skip
OCSP = HASHES | {"responderURL": "http://ocsp.example/"}
AUTHORIZE = {"idToken": {"idToken": EMAID, "type": "eMAID"}, "iso15118CertificateHashData": [OCSP]}
EXI = {"iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef", "action": "Install", "exiRequest": "gJgC"}
BOTH = [Version.V201, Version.V21]


def world(version: Version, **changes: Any) -> MemoryWorld:
    return MemoryWorld(version, tokens=[token(EMAID, type="eMAID", **changes)])


def tell(site: MemoryWorld, action: str, payload: dict[str, Any]) -> dict[str, Any]:
    """As 2.x says it, or inside a DataTransfer for 1.6."""
    if site.station.version is not Version.V16:
        told = site.tell(action, payload)
        assert isinstance(told, dict)
        return told
    data = msgspec.json.encode(payload).decode()
    told = site.tell("DataTransfer", {"vendorId": PNC, "messageId": action, "data": data})
    assert isinstance(told, dict)
    assert told["status"] == "Accepted"
    found: dict[str, Any] = msgspec.json.decode(told["data"])
    return found


def last_event(site: MemoryWorld, name: str) -> dict[str, Any]:
    found = [each for each in site.of(EventRecord) if each.type == f"voltyard.contract.{name}.v1"]
    data: dict[str, Any] = msgspec.json.decode(found[-1].data)
    return data


@pytest.mark.parametrize("version", [Version.V16, *BOTH])
@pytest.mark.parametrize(("verdict", "changes", "certificate", "status"), [
    ("accepted", {}, "Accepted", "Accepted"),  # C07.FR.14
    ("accepted", {"status": "blocked"}, "ContractCancelled", "Blocked"),  # C07.FR.13
    ("accepted", {"status": "invalid"}, "ContractCancelled", "Invalid"),
    ("accepted", {"expires_at": NOON - timedelta(days=1)}, "ContractCancelled", "Expired"),
    ("expired", {}, "CertificateExpired", "Expired"),  # C07.FR.15
    ("revoked", {}, "CertificateRevoked", "Invalid"),  # C07.FR.16
    ("invalid", {}, "CertChainError", "Invalid"),  # C07.FR.17
])  # fmt: skip
def test_certificates_and_token_give_one_answer(
    version: Version, verdict: Any, changes: dict[str, Any], certificate: str, status: str
) -> None:
    """C07.FR.04, FR.13 to FR.17."""
    site = world(version, **changes)
    site.outside["contract"] = ContractFinding(verdict, "because")
    told = tell(site, "Authorize", AUTHORIZE)
    assert (told["certificateStatus"], told["idTokenInfo"]["status"]) == (certificate, status)
    assert site.consulted[-1].about.hashes == (OCSP,)
    assert last_event(site, "checked")["certificate_status"] == certificate


@pytest.mark.parametrize("version", BOTH)
def test_an_unknown_contract_is_cancelled_and_silence_is_no_acceptance(version: Version) -> None:
    """C07.FR.13; C07.FR.17 for what could not be verified."""
    site = MemoryWorld(version)
    site.outside["contract"] = ContractFinding("accepted")
    told = tell(site, "Authorize", AUTHORIZE)
    assert (told["certificateStatus"], told["idTokenInfo"]["status"]) == ("ContractCancelled", "Unknown")
    site = world(version)
    told = tell(site, "Authorize", AUTHORIZE)
    assert (told["certificateStatus"], told["idTokenInfo"]["status"]) == ("CertChainError", "Invalid")
    told = tell(site, "Authorize", {"idToken": AUTHORIZE["idToken"], "certificate": ""})
    assert told["certificateStatus"] == "NoCertificateAvailable"
    told = tell(site, "Authorize", {"idToken": AUTHORIZE["idToken"]})  # C08: external means
    assert told == {"idTokenInfo": {"status": "Accepted"}}


def test_a_token_of_1_6_may_be_a_plain_text() -> None:
    site = world(Version.V16)
    site.outside["contract"] = ContractFinding("accepted")
    told = tell(site, "Authorize", {"idToken": EMAID, "certificate": "-----BEGIN"})
    assert told == {"idTokenInfo": {"status": "Accepted"}, "certificateStatus": "Accepted"}
    assert site.consulted[-1].about.chain == "-----BEGIN"


@pytest.mark.parametrize("version", [Version.V16, *BOTH])
def test_a_pools_answer_goes_to_the_vehicle_and_a_failure_is_told(version: Version) -> None:
    """OCPP 2.0.1 Part 2, M01 and M02."""
    site = world(version)
    site.outside["contract-pool"] = PoolAnswer("c2lnbmVk")
    assert tell(site, "Get15118EVCertificate", EXI | {"action": "Update"}) == {
        "status": "Accepted", "exiResponse": "c2lnbmVk",
    }  # fmt: skip
    assert site.consulted[-1].about == PoolAsked(EXI["iso15118SchemaVersion"], "Update", "gJgC")
    assert last_event(site, "certificate_relayed")["action"] == "Update"
    site.outside.clear()
    told = tell(site, "Get15118EVCertificate", EXI)
    assert (told["status"], told["exiResponse"], told["statusInfo"]["reasonCode"]) == ("Failed", "", "Timeout")
    site.outside["contract-pool"] = PoolAnswer("A" * 17_001)
    told = tell(site, "Get15118EVCertificate", EXI)
    assert (told["status"], told["statusInfo"]["reasonCode"]) == ("Failed", "TooLong")
    assert last_event(site, "certificate_relayed")["reason"] == "TooLong"


def test_contracts_left_are_counted_in_2_1() -> None:
    """OCPP 2.1 Part 2, M01.FR.04."""
    site = world(Version.V21)
    site.outside["contract-pool"] = PoolAnswer("QUJD", 2)
    asked = EXI | {"maximumContractCertificateChains": 3, "prioritizedEMAIDs": [EMAID]}
    assert tell(site, "Get15118EVCertificate", asked)["remainingContracts"] == 2
    about = site.consulted[-1].about
    assert (about.most, about.prioritised) == (3, (EMAID,))


@pytest.mark.parametrize("version", [Version.V16, *BOTH])
def test_an_ocsp_answer_goes_to_the_station_as_it_came(version: Version) -> None:
    """M06.FR.01, M06.FR.02, M06.FR.03, M06.FR.04, M06.FR.08, M06.FR.09: revoked is an answer that could be had."""
    site = world(version)
    asked = {"ocspRequestData": OCSP}
    site.outside["certificate-status"] = [StatusFound("revoked", NOON, b"\x30\x00")]
    assert tell(site, "GetCertificateStatus", asked) == {
        "status": "Accepted", "ocspResult": base64.b64encode(b"\x30\x00").decode(),
    }  # fmt: skip
    for outside, reason in (
        ([Failure("Replayed", "the nonce differs")], "Replayed"),
        ([StatusFound("good", NOON, b"x" * 14_000)], "TooLong"),
        (None, "Timeout"),
    ):
        site.outside["certificate-status"] = outside
        told = tell(site, "GetCertificateStatus", asked)
        assert (told["status"], told["statusInfo"]["reasonCode"]) == ("Failed", reason)
    assert [each.action for each in site.of(ReportRecord)].count("GetCertificateStatus") == 3


def test_each_certificate_of_a_chain_has_its_status() -> None:
    """OCPP 2.1 Part 2, M07.FR.02, M07.FR.03, M07.FR.05 and M07.FR.08."""
    site = world(Version.V21)
    entries = [
        {"certificateHashData": HASHES, "source": source, "urls": ["http://x.example/"]}
        for source in ("OCSP", "CRL", "CRL", "OCSP")
    ]
    until = NOON + timedelta(days=1)
    site.outside["certificate-status"] = [
        StatusFound("good", until),
        StatusFound("revoked", until),
        Failure("Timeout", "late"),
        StatusFound("unknown", until),
    ]
    told = tell(site, "GetCertificateChainStatus", {"certificateStatusRequests": entries})["certificateStatus"]
    assert [each["status"] for each in told] == ["Good", "Revoked", "Failed", "Unknown"]
    assert [each["source"] for each in told] == ["OCSP", "CRL", "CRL", "OCSP"]
    assert told[0]["nextUpdate"] == "2026-05-05T12:00:00.000Z"
    assert told[2]["nextUpdate"] <= "2026-05-04T12:01:00.000Z"
    site.outside.clear()
    told = tell(site, "GetCertificateChainStatus", {"certificateStatusRequests": entries})["certificateStatus"]
    assert {each["status"] for each in told} == {"Failed"}


# Vendors' messages


def transfer(site: MemoryWorld, vendor: str, message: str | None = None, data: Any = None) -> dict[str, Any]:
    payload = {"vendorId": vendor} | ({} if message is None else {"messageId": message})
    told = site.tell("DataTransfer", payload | ({} if data is None else {"data": data}))
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("version", [Version.V16, *BOTH])
def test_vendors_messages_are_answered_by_their_rule_and_kept(version: Version) -> None:
    """OCPP 1.6, 4.3; 2.0.1 Part 2, P02.FR.06 and FR.07."""
    site = world(version)
    assert transfer(site, "com.strange") == {"status": "UnknownVendorId"}
    site.outside["data-transfer"] = Ruled("UnknownMessageId")
    assert transfer(site, "com.example", "What") == {"status": "UnknownMessageId"}
    site.outside["data-transfer"] = Ruled("Accepted", {"n": [1]})
    wanted = '{"n":[1]}' if version is Version.V16 else {"n": [1]}
    assert transfer(site, "com.example", "Hi", "x") == {"status": "Accepted", "data": wanted}
    site.outside["data-transfer"] = Ruled("Rejected", None, "WebhookStatus", "HTTP 500")
    told = transfer(site, "com.example", "Hi", "x")
    info = {"statusInfo": {"reasonCode": "WebhookStatus", "additionalInfo": "HTTP 500"}}
    assert told == {"status": "Rejected"} | ({} if version is Version.V16 else info)
    kept: Any = [each.payload for each in site.of(ReportRecord)][2]
    assert kept == {
        "direction": "in", "vendorId": "com.example", "messageId": "Hi", "data": "x", "status": "Accepted",
        "answer": {"n": [1]},
    }  # fmt: skip


def test_data_of_2_x_may_be_anything() -> None:
    site = world(Version.V201)
    site.outside["data-transfer"] = Ruled("Accepted")
    for data in ({"a": [1, None]}, [1], 7, True, "text"):
        assert transfer(site, "com.example", None, data) == {"status": "Accepted"}
        assert site.consulted[-1].about.data == data


def test_plug_and_charge_of_1_6_knows_its_messages_and_refuses_what_is_broken() -> None:
    site = world(Version.V16)
    assert transfer(site, PNC, "Dance", "{}") == {"status": "UnknownMessageId"}
    assert transfer(site, PNC) == {"status": "UnknownMessageId"}
    for message in ("Authorize", "Get15118EVCertificate", "GetCertificateStatus", "SignCertificate"):
        for data in (None, "no json", "[]", "{}", '{"idToken": 7}'):
            assert transfer(site, PNC, message, data) == {"status": "Rejected"}
    assert site.consulted == []
    modern = world(Version.V201)  # 2.x has messages for it
    assert transfer(modern, PNC, "Authorize", "{}") == {"status": "UnknownVendorId"}


def test_what_we_send_is_written_as_the_version_writes_it() -> None:
    """OCPP 1.6, 5.6; 2.0.1 Part 2, P01."""
    given = {"vendor": "com.example", "message": "Hi", "data": {"n": 1}}
    facts = Facts(NOON)
    wanted = {"vendorId": "com.example", "messageId": "Hi"}
    assert phrase(Version.V16, "data-transfer", given, facts) == ("DataTransfer", wanted | {"data": '{"n":1}'})
    assert phrase(Version.V21, "data-transfer", given, facts) == ("DataTransfer", wanted | {"data": {"n": 1}})
    asked = {"message": "TriggerMessage", "payload": {"requestedMessage": "SignV2GCertificate"}}
    assert phrase(Version.V201, "plug-and-charge", asked, facts) == ("TriggerMessage", asked["payload"])
    wanted = {"vendorId": PNC, "messageId": "TriggerMessage", "data": '{"requestedMessage":"SignV2GCertificate"}'}
    assert phrase(Version.V16, "plug-and-charge", asked, facts) == ("DataTransfer", wanted)


# Contract ids


def test_a_contract_id_has_one_form_for_all_spellings() -> None:
    digits = {"NN123ABCDEFGHI": "T", "FRXYZ123456789": "2", "ITA1B2C3E4F5G6": "4", "ESZU8WOX834H1D": "R",
              "PT73902837ABCZ": "Z", "DE83DUIEN83QGZ": "D", "DE83DUIEN83ZGQ": "M", "DE8AA001234567": "0"}  # fmt: skip
    assert {form: check_digit(form) for form in digits} == digits
    assert normal("nl-tnm-000122045-u") == "NLTNM000122045U"
    assert same("NL-TNM-000122045", "nltnm000122045u")
    assert not same("NL-TNM-000122045-X", "NLTNM000122045")  # a wrong check digit names nobody else
    assert spellings("NLTNM000122045X") == ("NLTNM000122045X",)
    assert spellings("04A2B3C4") == ()
    assert same("04a2b3c4", "04A2B3C4")
