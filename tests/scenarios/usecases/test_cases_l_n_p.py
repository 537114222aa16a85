"""L (firmware), N (diagnostics, monitoring, customers) and P (data transfer) of OCPP 2.x."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.node import Node
from tests.support.signing import issue, pem
from tests.support.walking import TOKEN, Cases, Json, Stand, good

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()
IMAGE = b"firmware 2.0.0\n" + bytes(50_000)
TEMPERATURE = {"component": {"name": "Connector", "evse": {"id": 1, "connectorId": 1}},
               "variable": {"name": "Temperature"}}  # fmt: skip


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_firmware_monitoring_and_transfer(walked: Node, version: str) -> None:
    await CASES.walk(walked, version)


async def image(at: Stand, **more: str) -> str:
    """An image in our file server."""
    made = await at.post("/firmware", {"version": "2.0.0", "name": f"{at.identity}.bin", **more})
    async with httpx.AsyncClient(timeout=30) as client:
        brought = await client.put(made["upload"]["url"], content=IMAGE)
    assert brought.is_success, brought.text
    name: str = made["id"]
    return name


async def installed(at: Stand) -> None:
    await at.event("station.firmware_status", status="Installed")
    await at.event("station.booted", firmware_version="2.0.0")


@CASES("L01")
async def signed_firmware(at: Stand) -> None:
    maker = issue("Maker", now=datetime.now(UTC))
    signature = base64.b64encode(maker.key.sign(IMAGE, ec.ECDSA(hashes.SHA256()))).decode()
    firmware = await image(at, signature=signature, signing_certificate=pem(maker.certificate))
    await at.command("update-firmware", firmware=firmware)
    await at.event("station.firmware_status", status="SignatureVerified")
    await installed(at)


@CASES("L01")
async def wrongly_signed_firmware(at: Stand) -> None:
    """L01.FR.03: told by a security event as well."""
    maker = issue("Maker", now=datetime.now(UTC))
    signature = base64.b64encode(maker.key.sign(b"another image", ec.ECDSA(hashes.SHA256()))).decode()
    firmware = await image(at, signature=signature, signing_certificate=pem(maker.certificate))
    await at.command("update-firmware", firmware=firmware)
    await at.event("station.firmware_status", status="InvalidSignature")
    await at.of("/security-events", lambda e: e["event"] == "InvalidFirmwareSignature")


@CASES("L02")
async def plain_firmware(at: Stand) -> None:
    await at.command("update-firmware", firmware=await image(at), retries=1)
    await installed(at)


@CASES("L03")
async def firmware_published(at: Stand) -> None:
    await at.command("publish-firmware", firmware=await image(at))
    await at.reported("PublishFirmwareStatusNotification", lambda told: told["status"] == "Published")


@CASES("L04")
async def firmware_unpublished(at: Stand) -> None:
    checksum = "d41d8cd98f00b204e9800998ecf8427e"
    await at.command("publish-firmware", url="https://files.example/x.bin", checksum=checksum)
    await at.reported("PublishFirmwareStatusNotification", lambda told: told["status"] == "Published")
    answer = await at.command("unpublish-firmware", checksum=checksum)
    assert answer["payload"]["status"] == "Unpublished"


@CASES("N01")
async def log_uploaded(at: Stand) -> None:
    for kind in ("diagnostics", "security"):
        await at.command("get-log", type=kind)
        log = await at.of("/logs", lambda each: each["received"] and each["status"] == "Uploaded")
    file = await at.api.get(f"/logs/{log['id']}/file")
    assert b"log" in file.content


async def watched(at: Stand, kind: str = "upper_threshold", value: float = 80, **more: Any) -> Json:
    body: dict[str, Any] = {**TEMPERATURE, "type": kind, "value": value, "severity": 4, **more}
    await at.command("set-monitor", **body)
    return await at.of("/monitors")


@CASES("N02")
async def monitors_read(at: Stand) -> None:
    await watched(at)
    await at.command("monitoring-report")
    await at.heard("NotifyMonitoringReport")
    assert (await at.of("/monitors"))["component"]["name"] == "Connector"


@CASES("N03")
async def monitoring_base(at: Stand) -> None:
    await watched(at)
    await at.command("monitoring-base", base="factory_default")
    await at.command("monitoring-report")
    assert at.runner.station.watch.monitors == {}


@CASES("N04")
async def monitor_set(at: Stand) -> None:
    held = await watched(at)
    assert (held["type"], held["value"], held["severity"]) == ("UpperThreshold", 80, 4)


@CASES("N05")
async def monitoring_level(at: Stand) -> None:
    await at.command("monitoring-level", severity=3)
    assert at.runner.station.watch.level == 3


@CASES("N06")
async def monitor_cleared(at: Stand) -> None:
    held = await watched(at)
    await at.command("clear-monitors", monitors=[held["id"]])
    assert (await at.get("/monitors", station=at.identity))["items"] == []


@CASES("N07")
async def alert(at: Stand) -> None:
    held = await watched(at)
    await at.do("act measure Connector Temperature 92")
    told = await at.event("station.monitor_alert", component="Connector", trigger="Alerting")
    assert (told["monitor"], told["value"]) == (held["id"], "92")
    await at.of("/alerts", lambda a: a["monitor"] == held["id"])


@CASES("N08")
async def periodic_event(at: Stand) -> None:
    await watched(at, "periodic", 20)
    await at.do("act measure Connector Temperature 30; wait 60s")
    await at.of("/alerts", lambda a: a["trigger"] == "Periodic")


@CASES("N09")
async def customer_read(at: Stand) -> None:
    answer = await at.command("customer-information", token=TOKEN)
    sent = await at.get(f"/commands/{answer['command_id']}")
    place = f"/stations/{at.identity}/customer-information/{sent['request']['requestId']}"
    shown = await at.until_there(place)
    assert TOKEN in shown["text"]


@CASES("N10")
async def customer_cleared(at: Stand) -> None:
    await at.charging()
    await at.command("customer-information", token=TOKEN, clear=True, report=False)
    assert at.runner.station.authority.known(TOKEN) is None


async def stream(at: Stand) -> Json:
    await watched(at, "periodic", 20, stream={"interval": 20, "values": 2})
    found: Json = await at.see(f"/stations/{at.identity}/streams", lambda s: s["status"] == "open")
    return found


@CASES("N11", "2.1")
async def stream_opened(at: Stand) -> None:
    assert (await stream(at))["values"] == 2


@CASES("N12", "2.1")
async def streams_listed(at: Stand) -> None:
    await stream(at)
    answer = await at.command("list-streams", outcome=None)
    assert len(answer["payload"]["constantStreamData"]) == 1


@CASES("N13", "2.1")
async def stream_closed(at: Stand) -> None:
    held = await stream(at)
    await at.command("clear-monitors", monitors=[held["monitor"]])
    await at.see(f"/stations/{at.identity}/streams", lambda s: s["closed_at"] is not None, removed="true")


@CASES("N14", "2.1")
async def stream_adjusted(at: Stand) -> None:
    held = await stream(at)
    await at.command("adjust-stream", stream=held["id"], interval=40)
    await at.see(f"/stations/{at.identity}/streams", lambda s: s["interval"] == 40)


@CASES("N15", "2.1")
async def stream_values(at: Stand) -> None:
    held = await stream(at)
    for value in (30, 31):
        await at.do(f"act measure Connector Temperature {value}; wait 25s")
    kept = await at.until_there(f"/stations/{at.identity}/streams/{held['id']}/values", lambda v: v["items"])
    assert kept["items"][0]["value"] in ("30", "31")


@CASES("P01")
async def transfer_to_station(at: Stand) -> None:
    await at.command("data-transfer", vendor="Voltyard", message="Greeting", data={"hello": True})
    kept = await at.of("/data-transfers", lambda t: t["direction"] == "out")
    assert (kept["status"], kept["data"]) == ("Accepted", {"hello": True})


@CASES("P02")
async def transfer_to_us(at: Stand) -> None:
    vendor = f"com.example.{at.identity}"
    told = await at.say("DataTransfer", {"vendorId": vendor, "messageId": "Hello"})
    assert told["status"] == "UnknownVendorId"
    rule = {"vendor": vendor, "message": "Hello", "answer": "accept", "data": {"good": 1}}
    good(await at.api.post("/data-transfers/rules", json=rule))
    told = await at.say("DataTransfer", {"vendorId": vendor, "messageId": "Hello"})
    assert told == {"status": "Accepted", "data": {"good": 1}}
    await at.of("/data-transfers", lambda t: t["direction"] == "in" and t["status"] == "Accepted")
