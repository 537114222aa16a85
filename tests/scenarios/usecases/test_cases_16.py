"""OCPP 1.6: all 39 actions, in both directions, each driven by REST or told by the station and read by REST."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from simulators.station import settings
from tests.scenarios.usecases.test_cases_l_n_p import IMAGE, image
from tests.support.node import Node
from tests.support.signing import issue, pem
from tests.support.walking import TOKEN, Cases, Json, Stand, later

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()
OLD = "1.6"
PROFILE = {"purpose": "TxDefaultProfile", "kind": "Relative",
           "schedules": [{"unit": "A", "periods": [{"start_s": 0, "limit": 10}]}]}  # fmt: skip


def test_every_action_has_its_case() -> None:
    assert {case.name for case in CASES.all} == set(catalogue.actions(Version.V16))


async def test_all_actions(walked: Node) -> None:
    await CASES.walk(walked, OLD)


# What we begin


@CASES("CancelReservation", OLD)
async def reservation_cancelled(at: Stand) -> None:
    held = await reserved(at)
    await at.api.delete(f"/reservations/{held['id']}")
    await at.see(f"/reservations/{held['id']}", lambda r: r["status"] == "cancelled")
    await at.status("Available", 1)


async def reserved(at: Stand) -> Json:
    token = f"R-{at.case[:12]}"
    await at.post("/tokens", {"uid": token})
    body = {"station": at.identity, "token": token, "evse": 1, "expires_at": later(600)}
    made = await at.post("/reservations", body)
    return await at.see(f"/reservations/{made['id']}", lambda r: r["status"] == "accepted")


@CASES("CertificateSigned", OLD)
async def certificate_by_us(at: Stand) -> None:
    await at.command("renew-certificate")
    await at.of("/certificates", lambda c: c["status"] == "accepted")


@CASES("ChangeAvailability", OLD)
async def out_of_service(at: Stand) -> None:
    await at.command("availability", operative=False)
    await at.status("Unavailable", 2)
    await at.command("availability", operative=True)
    await at.status("Available", 2)


@CASES("ChangeConfiguration", OLD)
async def key_changed(at: Stand) -> None:
    told = await at.post(f"/stations/{at.identity}/variables/write",
                         {"items": [{"key": "ResetRetries", "value": "4"}]})  # fmt: skip
    assert told["items"][0]["status"] == "Accepted"


@CASES("ClearCache", OLD)
async def cache_cleared(at: Stand) -> None:
    await at.charging()
    await at.command("clear-cache")
    assert at.runner.station.authority.known(TOKEN) is None


@CASES("ClearChargingProfile", OLD)
async def profile_cleared(at: Stand) -> None:
    await at.command("charging-profile", evse=1, profile=PROFILE)
    await at.command("clear-charging-profile", purpose="TxDefaultProfile", evse=1)
    assert at.runner.station.profiles == []


@CASES("DataTransfer", OLD)
async def transfer(at: Stand) -> None:
    await at.command("data-transfer", vendor="Voltyard", message="Greeting", data="hello")
    await at.of("/data-transfers", lambda t: t["direction"] == "out" and t["status"] == "Accepted")
    told = await at.say("DataTransfer", {"vendorId": "com.example.nobody"})
    assert told["status"] == "UnknownVendorId"
    await at.of("/data-transfers", lambda t: t["direction"] == "in")


@CASES("DeleteCertificate", OLD)
async def certificate_deleted(at: Stand) -> None:
    shown = await root_installed(at)
    await at.command("delete-certificate", certificate=shown["installed"][0]["key"])
    await at.see(f"/stations/{at.identity}/certificates", lambda held: held["installed"] == [])


async def root_installed(at: Stand) -> Json:
    root = issue("Root", now=datetime.now(UTC))
    await at.command("install-certificate", use="csms_root", certificate=pem(root.certificate))
    await at.command("installed-certificates", use="csms_root")
    return await at.see(f"/stations/{at.identity}/certificates", lambda held: bool(held["installed"]))


@CASES("ExtendedTriggerMessage", OLD)
async def extended_trigger(at: Stand) -> None:
    await at.command("trigger", message="LogStatusNotification", extended=True)
    await at.heard("LogStatusNotification")


@CASES("GetCompositeSchedule", OLD)
async def composite(at: Stand) -> None:
    await at.command("charging-profile", evse=1, profile=PROFILE)
    answer = await at.command("composite-schedule", evse=1, duration_s=600, unit="A")
    assert answer["payload"]["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 10.0


@CASES("GetConfiguration", OLD)
async def keys_read(at: Stand) -> None:
    await at.command("base-report", kind="full")
    held = await at.see(f"/stations/{at.identity}/variables", lambda v: v["key"] == "NumberOfConnectors", limit=500)
    assert held["value"] == "2"


@CASES("GetDiagnostics", OLD)
async def diagnostics(at: Stand) -> None:
    await at.command("get-log", outcome=None, type="diagnostics", plain=True)
    await at.of("/logs", lambda log: log["received"])
    await at.heard("GetDiagnostics", direction="out")


@CASES("GetInstalledCertificateIds", OLD)
async def certificates_listed(at: Stand) -> None:
    assert (await root_installed(at))["installed"][0]["use"] == "csms_root"


@CASES("GetLocalListVersion", OLD)
async def list_version(at: Stand) -> None:
    at.runner.station.authority.list_version = 7
    answer = await at.command("local-list-version", outcome=None)
    assert answer["payload"] == {"listVersion": 7}


@CASES("GetLog", OLD)
async def log(at: Stand) -> None:
    await at.command("get-log", type="security")
    await at.of("/logs", lambda each: each["received"] and each["status"] == "Uploaded")


@CASES("InstallCertificate", OLD)
async def root_given(at: Stand) -> None:
    await root_installed(at)


@CASES("RemoteStartTransaction", OLD)
async def remote_start(at: Stand) -> None:
    raw = {"chargingProfileId": 5, "stackLevel": 0, "chargingProfilePurpose": "TxProfile",
           "chargingProfileKind": "Relative", "chargingSchedule": {
               "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 9.0}]}}  # fmt: skip
    await at.do("plug 1")
    await at.command("start", token=TOKEN, evse=1, profile=raw)
    assert (await at.session(lambda s: s["status"] == "active"))["token"] == TOKEN


@CASES("RemoteStopTransaction", OLD)
async def remote_stop(at: Stand) -> None:
    session = await at.charging()
    await at.command("stop", session=session["id"])
    over = await at.see(f"/sessions/{session['id']}", lambda s: s["status"] == "ended")
    assert over["stop_reason"] == "Remote"


@CASES("ReserveNow", OLD)
async def reservation_used(at: Stand) -> None:
    held = await reserved(at)
    await at.status("Reserved", 1)
    await at.charging(held["token"])
    await at.see(f"/reservations/{held['id']}", lambda r: r["status"] == "used")


@CASES("Reset", OLD)
async def reset(at: Stand) -> None:
    booted = (await at.station())["boot"]
    await at.command("reset", kind="immediate")
    await at.station(lambda s: s["boot"] != booted and s["online"])


@CASES("SendLocalList", OLD)
async def listed_offline(at: Stand) -> None:
    token = await at.token("L")
    await at.post("/local-list-rules", {"station": at.identity, "rule": "tokens", "tokens": [token]})
    await at.see(f"/local-lists/{at.identity}", lambda held: held["status"] == "synced" and held["entries"] == 1)
    await at.do(f"lose link 2s; plug 1; swipe {token} 1; until charging 1; until online")
    await at.session(lambda s: s["token"] == token)


@CASES("SetChargingProfile", OLD)
async def profile_set(at: Stand) -> None:
    session = await at.charging()
    profile = PROFILE | {"purpose": "TxProfile"}
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)
    await at.of("/charging-profiles", lambda p: p["purpose"] == "TxProfile")
    await at.do("wait 130s")
    await at.session(lambda s: s["power_w"] is not None and 0 < s["power_w"] < 7000)


@CASES("SignedUpdateFirmware", OLD)
async def signed_firmware(at: Stand) -> None:
    maker = issue("Maker", now=datetime.now(UTC))
    signature = base64.b64encode(maker.key.sign(IMAGE, ec.ECDSA(hashes.SHA256()))).decode()
    firmware = await image(at, signature=signature, signing_certificate=pem(maker.certificate))
    await at.command("update-firmware", firmware=firmware)
    await at.event("station.booted", firmware_version="2.0.0")


@CASES("TriggerMessage", OLD)
async def triggered(at: Stand) -> None:
    for message in ("FirmwareStatusNotification", "DiagnosticsStatusNotification", "MeterValues"):
        await at.command("trigger", message=message)
    await at.heard("DiagnosticsStatusNotification")


@CASES("UnlockConnector", OLD)
async def unlocked(at: Stand) -> None:
    session = await at.charging()
    await at.command("unlock", evse=1)
    over = await at.see(f"/sessions/{session['id']}", lambda s: s["status"] == "ended")
    assert over["stop_reason"] == "UnlockCommand"


@CASES("UpdateFirmware", OLD)
async def plain_firmware(at: Stand) -> None:
    await at.command("update-firmware", outcome=None, firmware=await image(at))
    await at.event("station.firmware_status", status="Installed")
    await at.event("station.booted", firmware_version="2.0.0")


# What the station begins


@CASES("Authorize", OLD)
async def authorized(at: Stand) -> None:
    group = await at.token("A", group="FAMILY")
    told = await at.say("Authorize", {"idTag": group})
    assert (told["idTagInfo"]["status"], told["idTagInfo"]["parentIdTag"]) == ("Accepted", "FAMILY")
    told = await at.say("Authorize", {"idTag": "NOBODY"})
    assert told["idTagInfo"]["status"] == "Invalid"
    await at.event("token.refused", token="NOBODY")


@CASES("BootNotification", OLD, connected=False, made={"admission": "pending", "settings": {"retry_interval": 1}})
async def booted(at: Stand) -> None:
    async with at.connected():
        await at.event("station.booted", admission="pending")
        await at.patch(f"/stations/{at.identity}", {"admission": "accepted"})
        told = await at.event("station.booted", admission="accepted")
    assert told["version"] == OLD


@CASES("DiagnosticsStatusNotification", OLD)
async def diagnostics_told(at: Stand) -> None:
    await at.command("get-log", outcome=None, type="diagnostics", plain=True)
    await at.of("/logs", lambda each: each["status"] == "Uploaded")


@CASES("FirmwareStatusNotification", OLD)
async def firmware_told(at: Stand) -> None:
    await at.command("update-firmware", outcome=None, firmware=await image(at))
    await at.do("act fail DownloadFailed")
    await at.event("station.firmware_status", status="DownloadFailed")


@CASES("Heartbeat", OLD)
async def heartbeat(at: Stand) -> None:
    assert (await at.say("Heartbeat", {}))["currentTime"] > later(-60)


@CASES("LogStatusNotification", OLD)
async def log_told(at: Stand) -> None:
    await at.do("act fail UploadFailure")
    await at.command("get-log", type="security")
    await at.of("/logs", lambda each: each["status"] == "UploadFailure")


@CASES("MeterValues", OLD)
async def readings(at: Stand) -> None:
    session = await at.charging()
    await at.do("wait 130s; act sign 1")
    await at.see(f"/sessions/{session['id']}/meter-values", lambda r: r["energy_wh"] is not None)
    await at.see(f"/sessions/{session['id']}/signed-values")


@CASES("SecurityEventNotification", OLD)
async def security_event(at: Stand) -> None:
    await at.do("act security-event TamperDetectionActivated")
    await at.of("/security-events", critical=True)


@CASES("SignCertificate", OLD)
async def certificate_by_station(at: Stand) -> None:
    await at.do("act sign-certificate")
    await at.of("/certificates", lambda c: c["status"] == "accepted")


@CASES("SignedFirmwareStatusNotification", OLD)
async def signed_firmware_refused(at: Stand) -> None:
    maker = issue("Maker", now=datetime.now(UTC))
    signature = base64.b64encode(maker.key.sign(b"another", ec.ECDSA(hashes.SHA256()))).decode()
    firmware = await image(at, signature=signature, signing_certificate=pem(maker.certificate))
    await at.command("update-firmware", firmware=firmware)
    await at.event("station.firmware_status", status="InvalidSignature")


@CASES("StartTransaction", OLD)
async def began_offline(at: Stand) -> None:
    at.runner.station.settings.put(settings.UNKNOWN_OFFLINE, "true")
    await at.do(f"lose link 60s; plug 1; swipe {TOKEN} 1; until charging 1; until online")
    session = await at.session(lambda s: s["status"] == "active")
    assert session["transaction_id"] is not None


@CASES("StatusNotification", OLD)
async def faulted(at: Stand) -> None:
    await at.do("fault 2 GroundFailure")
    await at.event("station.status_changed", evse=2, status="Faulted", error="GroundFailure")
    await at.do("clear fault 2")
    await at.status("Available", 2)


@CASES("StopTransaction", OLD)
async def ended(at: Stand) -> None:
    session = await at.charging()
    await at.do(f"wait 60s; swipe {TOKEN} 1; until idle 1")
    over = await at.see(f"/sessions/{session['id']}", lambda s: s["status"] == "ended")
    assert over["stop_reason"] in ("Local", None)
    assert over["energy_wh"] > 0
