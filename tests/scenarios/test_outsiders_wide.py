"""All that the `ocpp` package can do as a station, in 1.6 and 2.0.1: driven by REST, its own messages read by REST."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.support.node import Node
from tests.support.outsiders import moment
from tests.support.packaged import call16, call201, packaged_station
from tests.support.packaged_wide import ANSWERS_16, ANSWERS_201, Wide16, Wide201
from tests.support.signing import csr, issue, pem, subject

pytestmark = [pytest.mark.server, pytest.mark.slow]
PROFILE = {"purpose": "TxDefaultProfile", "kind": "Relative",
           "schedules": [{"unit": "A", "periods": [{"start_s": 0, "limit": 10}]}]}  # fmt: skip
TEMPERATURE = {"component": {"name": "Connector"}, "variable": {"name": "Temperature"}}
URL = "http://127.0.0.1:9/image.bin"


def commands(root: str) -> list[tuple[str, dict[str, Any]]]:
    """What an operator says to a station of either version."""
    return [
        ("local-list-version", {}), ("clear-cache", {}), ("unlock", {"evse": 1, "connector": 1}),
        ("availability", {"evse": 1, "operative": True}), ("trigger", {"message": "Heartbeat"}),
        ("update-firmware", {"url": URL}), ("get-log", {"type": "diagnostics", "url": URL}),
        ("charging-profile", {"evse": 1, "profile": PROFILE}), ("composite-schedule", {"evse": 1, "duration_s": 60}),
        ("clear-charging-profile", {"purpose": "TxDefaultProfile"}), ("base-report", {"kind": "full"}),
        ("data-transfer", {"vendor": "com.example", "message": "Hello", "data": "x"}),
        ("install-certificate", {"use": "csms_root", "certificate": root}),
        ("installed-certificates", {"use": "csms_root"}),
    ]  # fmt: skip


ONLY_16: list[tuple[str, dict[str, Any]]] = [
    ("trigger", {"message": "Heartbeat", "extended": True}), ("get-log", {"type": "security", "url": URL}),
    ("get-log", {"type": "diagnostics", "plain": True}),
    ("update-firmware", {"url": URL, "signed": True, "signature": "c2ln", "signing_certificate": ""}),
]
ONLY_201: list[tuple[str, dict[str, Any]]] = [
    ("publish-firmware", {"url": URL, "checksum": "d41d8cd98f00b204e9800998ecf8427e"}),
    ("unpublish-firmware", {"checksum": "d41d8cd98f00b204e9800998ecf8427e"}),
    ("charging-profiles", {}), ("report", {"components": [{"component": {"name": "TxCtrlr"}}]}),
    ("monitoring-base", {"base": "all"}), ("monitoring-level", {"severity": 5}), ("monitoring-report", {}),
    ("set-monitor", TEMPERATURE | {"type": "upper_threshold", "value": 80, "severity": 4}),
    ("clear-monitors", {"monitors": [7]}), ("display-messages", {}), ("clear-display-message", {"id": 7}),
    ("display-message", {"id": 7, "priority": "NormalCycle", "texts": [
        {"format": "UTF8", "language": "en", "content": "Hi"}]}),
    ("customer-information", {"token": "04A1B2C3"}),
    ("network-profile", {"slot": 2, "url": "wss://csms.example/ocpp", "security_profile": 2}),
    ("cost-update", {"transaction_id": "t1", "total_cost": "4.20"}), ("transaction-status", {"transaction_id": "t1"}),
]  # fmt: skip


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
def test_all_that_the_package_knows(node: Node, version: str) -> None:
    identity = f"wide{version.replace('.', '')}"
    node.add_stations(identity)
    node.add_token(f"04WIDE{version}")
    asyncio.run(_walk(node, identity, version))


async def _walk(node: Node, identity: str, version: str) -> None:
    maker = issue("Maker", now=datetime.now(UTC))
    root = pem(maker.certificate)
    old = version == "1.6"
    async with node.async_api() as api, packaged_station(node, identity, Wide16 if old else Wide201) as station:
        await (_told_16(station) if old else _told_201(station))
        failed = []
        for name, body in commands(root) + (ONLY_16 if old else ONLY_201):
            given = body | ({"signing_certificate": root} if "signing_certificate" in body else {})
            answer = await api.post(f"/stations/{identity}/commands/{name}", json=given)
            if answer.status_code != 200 or answer.json()["outcome"] not in ("accepted", None):
                failed.append(f"{name}: {answer.text}")
        assert failed == []
        await _lists_and_reservations(api, identity, station, f"04WIDE{version}")
        held = (await api.get(f"/stations/{identity}/certificates")).json()["installed"]
        deleted = await api.post(f"/stations/{identity}/commands/delete-certificate",
                                 json={"certificate": held[0]["key"]})  # fmt: skip
        assert deleted.json()["outcome"] == "accepted", deleted.text
        await _signed(api, identity, station, old=old)
        if not old:
            item = {"component": {"name": "TxCtrlr"}, "variable": {"name": "EVConnectionTimeOut"}}
            read = await api.post(f"/stations/{identity}/variables/read", json={"items": [item]})
            assert read.json()["items"][0]["value"] == "42"
        missing = set(ANSWERS_16 if old else ANSWERS_201) - set(station.asked)
        assert missing == set(), "never asked"


async def _lists_and_reservations(api: httpx.AsyncClient, identity: str, station: Any, token: str) -> None:
    rule = {"station": identity, "rule": "tokens", "tokens": [token]}
    assert (await api.post("/local-list-rules", json=rule)).status_code == 201
    await _asked(station, "SendLocalList")
    wanted = {"station": identity, "token": token, "evse": 1, "expires_at": moment(600)}
    made = (await api.post("/reservations", json=wanted)).json()
    await _until(api, f"/reservations/{made['id']}", "accepted")
    await api.delete(f"/reservations/{made['id']}")
    await _asked(station, "CancelReservation")


async def _signed(api: httpx.AsyncClient, identity: str, station: Any, *, old: bool) -> None:
    """A request of the station is signed, and the chain given to it."""
    request = csr(name=subject("SN-WIDE", "Stranger"))
    kind: Any = call16 if old else call201
    told = await station.call(kind.SignCertificate(csr=request))
    assert told.status == "Accepted"
    await _asked(station, "CertificateSigned")
    listed = (await api.get("/certificates", params={"station": identity})).json()
    assert listed["items"][0]["status"] in ("sent", "accepted")


async def _asked(station: Any, action: str) -> None:
    async with asyncio.timeout(20):
        while action not in station.asked:  # noqa: ASYNC110 - the package tells nobody
            await asyncio.sleep(0.1)


async def _until(api: httpx.AsyncClient, path: str, status: str) -> None:
    async with asyncio.timeout(20):
        while (await api.get(path)).json()["status"] != status:  # noqa: ASYNC110 - an answer of the API
            await asyncio.sleep(0.1)


async def _told_16(station: Any) -> None:
    """What a 1.6 station says by the security extension and beside transactions."""
    plate = {"charge_point_model": "One", "charge_point_vendor": "Stranger", "charge_point_serial_number": "SN-WIDE"}
    assert (await station.call(call16.BootNotification(**plate))).status == "Accepted"
    await station.call(call16.SecurityEventNotification("StartupOfTheDevice", moment(), ""))
    await station.call(call16.FirmwareStatusNotification(status="Idle"))
    await station.call(call16.DiagnosticsStatusNotification(status="Idle"))
    await station.call(call16.LogStatusNotification(status="Idle", request_id=1))
    await station.call(call16.SignedFirmwareStatusNotification(status="Idle", request_id=1))
    told = await station.call(call16.DataTransfer(vendor_id="com.example.none"))
    assert told.status == "UnknownVendorId"


async def _told_201(station: Any) -> None:
    plate = {"model": "One", "vendor_name": "Stranger", "serial_number": "SN-WIDE"}
    told = await station.call(call201.BootNotification(charging_station=plate, reason="PowerUp"))
    assert told.status == "Accepted"
    await station.call(call201.SecurityEventNotification(type="StartupOfTheDevice", timestamp=moment()))
    await station.call(call201.FirmwareStatusNotification(status="Idle"))
    await station.call(call201.LogStatusNotification(status="Idle"))
    part = {"component": {"name": "TxCtrlr"}, "variable": {"name": "EVConnectionTimeOut"},
            "variable_attribute": [{"value": "120"}]}  # fmt: skip
    await station.call(call201.NotifyReport(request_id=1, generated_at=moment(), seq_no=0, report_data=[part]))
    event = TEMPERATURE | {"event_id": 1, "timestamp": moment(), "trigger": "Alerting", "actual_value": "90",
                           "event_notification_type": "CustomMonitor"}  # fmt: skip
    await station.call(call201.NotifyEvent(generated_at=moment(), seq_no=0, event_data=[event]))
    limit = {"charging_limit_source": "EMS"}
    await station.call(call201.NotifyChargingLimit(charging_limit=limit))
    await station.call(call201.ClearedChargingLimit(charging_limit_source="EMS"))
    told = await station.call(call201.DataTransfer(vendor_id="com.example.none"))
    assert told.status == "UnknownVendorId"
