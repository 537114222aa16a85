"""Simulated stations: firmware with everything that can go wrong, logs, monitors, streams, customer information."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID

from protocol.ocpp.version import Version
from simulators.station import acts
from simulators.station.charging import NotPossible
from simulators.station.maintenance import version_of
from tests.support.sim_bench import START, Bench

ALL, TWO = list(Version), [Version.V201, Version.V21]
IMAGE = b"firmware 4.2.0\n" + bytes(1000)
TEMPERATURE = {"component": {"name": "Connector"}, "variable": {"name": "Temperature"}}


def EC() -> Any:  # noqa: N802 - a kind of key
    return ec.generate_private_key(ec.SECP256R1())


def RSA() -> Any:  # noqa: N802 - a kind of key
    return rsa.generate_private_key(65537, 2048)


def ask(bench: Bench, action: str, payload: dict[str, Any]) -> Any:
    return bench.ask(action, payload)


def certificate(key: Any) -> str:
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Maker")])
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = builder.serial_number(random_serial_number()).not_valid_before(START)
    made = made.not_valid_after(START + timedelta(days=9))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def update(bench: Bench, **firmware: Any) -> Any:
    wanted = {"location": "http://x/fw.bin", "retrieveDateTime": START.isoformat(), **firmware}
    if bench.version is Version.V16 and "signature" not in firmware:
        plain = {"location": wanted["location"], "retrieveDate": wanted["retrieveDateTime"]}
        return ask(bench, "UpdateFirmware", plain)
    action = "SignedUpdateFirmware" if bench.version is Version.V16 else "UpdateFirmware"
    return ask(bench, action, {"requestId": 7, "firmware": wanted})


def fetched(bench: Bench, image: bytes | None) -> None:
    """What the runner does when the station wants a file."""
    bench.station.maintenance.transfers.popleft().done(image, bench.now)


def statuses(bench: Bench, action: str = "FirmwareStatusNotification") -> list[str]:
    return [payload["status"] for name, payload in bench.calls if name == action]


@pytest.mark.parametrize("version", ALL)
def test_an_update_ends_with_a_boot_of_the_new_version(version: Version) -> None:
    bench = Bench(version).connect()
    bench.station.maintenance.real = True
    update(bench)
    bench.pass_time(3)
    fetched(bench, IMAGE)
    bench.pass_time(30)
    assert statuses(bench) == ["Downloading", "Downloaded", "Installing", "Installed"]
    assert bench.station.wants_reset == "soft"
    assert bench.station.firmware == "4.2.0"
    bench.disconnect()
    bench.station.restarted(bench.now)
    bench.connect()
    boot = bench.last("BootNotification")
    assert boot.get("firmwareVersion", boot.get("chargingStation", {}).get("firmwareVersion")) == "4.2.0"


@pytest.mark.parametrize("make", [EC, RSA])
def test_signatures_are_checked(make: Any) -> None:
    key = make()
    scheme = (ec.ECDSA(hashes.SHA256()),) if isinstance(key, ec.EllipticCurvePrivateKey) else (
        padding.PKCS1v15(), hashes.SHA256())  # fmt: skip
    signed = {"signature": base64.b64encode(key.sign(IMAGE, *scheme)).decode(), "signingCertificate": certificate(key)}
    for image, last in ((IMAGE, "Installed"), (IMAGE + b"x", "InvalidSignature")):
        bench = Bench(Version.V16 if last == "Installed" else Version.V201).connect()
        bench.station.maintenance.real = True
        assert update(bench, **signed) == {"status": "Accepted"}
        bench.pass_time(3)
        fetched(bench, image)
        bench.pass_time(30)
        action = "SignedFirmwareStatusNotification" if last == "Installed" else "FirmwareStatusNotification"
        assert statuses(bench, action)[-1] == last
        if last == "InvalidSignature":
            assert bench.last("SecurityEventNotification")["type"] == "InvalidFirmwareSignature"
    garbage = update(Bench(Version.V201).connect(), signature="x", signingCertificate="no certificate")
    assert garbage == {"status": "InvalidCertificate"}


@pytest.mark.parametrize("failure", ["DownloadFailed", "InstallationFailed", "InstallVerificationFailed"])
def test_it_fails_when_told_and_a_newer_one_takes_its_place(failure: str) -> None:
    bench = Bench(Version.V21).connect()
    acts.act(bench.station, "fail", [failure], bench.now)
    update(bench)
    assert update(bench) == {"status": "AcceptedCanceled"}
    bench.pass_time(60)
    assert statuses(bench)[-1] == failure
    assert statuses(bench).count("Downloading") == 1
    assert bench.station.wants_reset is None
    with pytest.raises(NotPossible, match="fail takes one of"):
        acts.act(bench.station, "fail", ["Meteor"], bench.now)
    assert version_of(b"", "http://x/twin-4.2.1.bin") == "4.2.1"


@pytest.mark.parametrize("version", ALL)
def test_logs_are_brought_and_cancelled(version: Version) -> None:
    bench = Bench(version).connect()
    bench.station.maintenance.real = True
    if version is Version.V16:
        assert ask(bench, "GetDiagnostics", {"location": "http://x/"}) == {"fileName": "CP1-diagnostics.log"}
    else:
        log = {"requestId": 3, "logType": "DiagnosticsLog", "log": {"remoteLocation": "http://x/"}}
        ask(bench, "GetLog", log)
        bench.pass_time(2)
        assert ask(bench, "GetLog", log | {"requestId": 4})["status"] == "AcceptedCanceled"
        assert bench.last("LogStatusNotification") == {"status": "AcceptedCanceled", "requestId": 3}
        bench.station.maintenance.transfers.clear()
    bench.pass_time(2)
    assert b"log" in (bench.station.maintenance.transfers[0].data or b"")
    fetched(bench, b"")
    bench.pass_time(1)
    action = "DiagnosticsStatusNotification" if version is Version.V16 else "LogStatusNotification"
    assert bench.last(action)["status"] == "Uploaded"


@pytest.mark.parametrize("version", TWO)
def test_monitors_fire_clear_and_are_reported_in_parts(version: Version) -> None:
    bench = Bench(version).connect()
    wanted = [{**TEMPERATURE, "type": kind, "value": value, "severity": n} for n, (kind, value) in enumerate(
        [("UpperThreshold", 80), ("Delta", 5), ("Periodic", 60)])]  # fmt: skip
    results = ask(bench, "SetVariableMonitoring", {"setMonitoringData": wanted})["setMonitoringResult"]
    assert [each["status"] for each in results] == ["Accepted"] * 3
    again = ask(bench, "SetVariableMonitoring", {"setMonitoringData": wanted[:1]})["setMonitoringResult"]
    assert again[0]["status"] == "Duplicate"
    for value in ("70", "85", "60"):
        acts.act(bench.station, "measure", ["Connector", "Temperature", value], bench.now)
    bench.pass_time(61)
    told = [payload["eventData"][0] for name, payload in bench.calls if name == "NotifyEvent"]
    assert [(each["trigger"], each.get("cleared")) for each in told] == [
        ("Delta", None), ("Alerting", None), ("Delta", None), ("Alerting", True), ("Delta", None), ("Periodic", None),
    ]  # fmt: skip
    assert ask(bench, "GetMonitoringReport", {"requestId": 5}) == {"status": "Accepted"}
    bench.pass_time(1)
    parts = [payload for name, payload in bench.calls if name == "NotifyMonitoringReport"]
    assert [(part["seqNo"], part["tbc"], len(part["monitor"])) for part in parts] == [(0, True, 2), (1, False, 1)]
    assert ask(bench, "SetMonitoringBase", {"monitoringBase": "FactoryDefault"}) == {"status": "Accepted"}
    assert ask(bench, "GetMonitoringReport", {"requestId": 6}) == {"status": "EmptyResultSet"}


def test_a_stream_opens_fills_and_closes() -> None:
    bench = Bench(Version.V21).connect()
    bench.answers["OpenPeriodicEventStream"] = lambda _: {"status": "Accepted"}
    stream = {"values": 2}
    ask(bench, "SetVariableMonitoring", {"setMonitoringData": [
        {**TEMPERATURE, "type": "Periodic", "value": 1, "severity": 9, "periodicEventStream": stream}
    ]})  # fmt: skip
    bench.pass_time(1)
    for value in ("1", "2", "3"):
        acts.act(bench.station, "measure", ["Connector", "Temperature", value], bench.now)
        bench.pass_time(1)
    [told] = [text for text in bench.texts if "NotifyPeriodicEventStream" in text]
    assert told.startswith("[6,")
    assert ask(bench, "AdjustPeriodicEventStream", {"id": 1, "params": {"values": 9}}) == {"status": "Accepted"}
    assert len(ask(bench, "GetPeriodicEventStream", {})["constantStreamData"]) == 1
    ask(bench, "ClearVariableMonitoring", {"id": [1, 2]})
    bench.pass_time(1)
    assert bench.last("ClosePeriodicEventStream") == {"id": 1}
    assert sum("NotifyPeriodicEventStream" in text for text in bench.texts) == 2


def test_customer_information_comes_in_parts_and_images_are_published() -> None:
    bench = Bench(Version.V201).connect()
    asked = {"requestId": 9, "report": True, "clear": True}
    assert ask(bench, "CustomerInformation", asked) == {"status": "Invalid"}
    token = {"idToken": "CAFE", "type": "ISO14443"}
    assert ask(bench, "CustomerInformation", asked | {"idToken": token}) == {"status": "Accepted"}
    bench.pass_time(1)
    told = [payload for name, payload in bench.calls if name == "NotifyCustomerInformation"]
    assert "".join(part["data"] for part in told) == "customer CAFE of CP1"
    md5 = "d41d8cd98f00b204e9800998ecf8427e"
    ask(bench, "PublishFirmware", {"location": "http://x/fw", "checksum": md5, "requestId": 2})
    bench.pass_time(12)
    assert statuses(bench, "PublishFirmwareStatusNotification")[-1] == "Published"
    assert ask(bench, "UnpublishFirmware", {"checksum": md5}) == {"status": "Unpublished"}
    assert ask(bench, "UnpublishFirmware", {"checksum": md5}) == {"status": "NoFirmware"}


@pytest.mark.parametrize("version", ALL)
def test_a_trigger_is_told_how_far_it_is(version: Version) -> None:
    """L01.FR.25, L01.FR.26; 1.6, 4.4 and 4.5: Idle only when nothing goes on."""
    bench = Bench(version).connect()
    bench.station.maintenance.real = True
    trigger = {"requestedMessage": "FirmwareStatusNotification"}

    def told() -> dict[str, Any]:
        assert ask(bench, "TriggerMessage", trigger) == {"status": "Accepted"}
        bench.pass_time(0.5)
        return [payload for name, payload in bench.calls if name == "FirmwareStatusNotification"][-1]

    assert told() == {"status": "Idle"}
    update(bench)
    bench.pass_time(3)
    number = {} if version is Version.V16 else {"requestId": 7}
    assert told() == {"status": "Downloading"} | number
    fetched(bench, IMAGE)
    bench.pass_time(30)
    assert "Installed" in statuses(bench)
    assert told() == {"status": "Idle"}
