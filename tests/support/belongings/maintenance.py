"""Firmware, campaigns, logs, monitors, alerts, streams and customer information."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from storage.web.file_addresses import key_hash
from tests.support.api import NOW, Api

CUSTOMER = "/stations/{station}/customer-information/{request}"
PLAIN = {("GET", "/campaigns/{id}/stations"), ("GET", "/files"), ("GET", "/logs/{id}/file")}
IMAGE = UUID("01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11")  # as in the example of POST /campaigns
BODIES = {
    ("POST", "/campaigns"): {"name": "New", "firmware": str(IMAGE), "select": {"model": "Twin 22"}},
}


async def own(api: Api, table: str, row: dict[str, Any]) -> None:
    """A row as the web layer writes it."""
    row = {"tenant_id": DEFAULT_TENANT} | row
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    text = f"insert into {table} ({', '.join(row)}) values ({places})"
    await api.context.reads.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(text, *row.values()))


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    campaign, log, alert = uuids.uuid7(), uuids.uuid7(), uuids.uuid7()
    times = {"created_at": NOW, "updated_at": NOW}
    await own(api, "firmware", {
        "id": IMAGE, "name": mark, "version": "4.2", "status": "ready", "size": 3, "sha256": "x", **times,
    })  # fmt: skip
    spare = uuids.uuid7()  # what nothing needs can be deleted
    await own(api, "firmware", {"id": spare, "name": mark, "version": "4.1", **times})
    await own(api, "campaigns", {
        "id": campaign, "name": mark, "firmware_id": IMAGE, "rules": {}, "chosen": {}, **times,
    })  # fmt: skip
    await own(api, "campaign_stations", {"campaign_id": campaign, "station_id": station, "wave": 1, **times})
    await own(api, "file_addresses", {
        "id": log, "key_hash": key_hash("k"), "purpose": "log", "station_id": station, "log_type": "DiagnosticsLog",
        "status": "used", "file_name": mark, "size": 3, "sha256": "x", "expires_at": NOW, **times,
    })  # fmt: skip
    assert api.context.files is not None
    api.context.files.store.write(DEFAULT_TENANT, "logs", log, 0, b"log")
    api.context.files.store.finish(DEFAULT_TENANT, "logs", log)
    await api.insert("station_objects", {
        "station_id": station, "kind": "monitor", "key": "7", "since": NOW, "received_at": NOW,
        "data": {"component": {"name": mark}, "severity": 4},
    })  # fmt: skip
    await api.insert("station_objects", {
        "station_id": station, "kind": "event_stream", "key": "3", "since": NOW, "received_at": NOW, "status": mark,
        "data": {"monitor": 7},
    })  # fmt: skip
    await api.insert("monitor_events", {
        "id": alert, "station_id": station, "event_id": 1, "at": NOW, "trigger": "Alerting", "notification": "x",
        "component": {"name": mark}, "variable": {"name": "V"}, "actual_value": "1", "received_at": NOW,
    })  # fmt: skip
    await api.insert("stream_values", {
        "id": uuids.uuid7(), "n": 0, "station_id": station, "stream_id": 3, "at": NOW, "value": mark,
        "received_at": NOW,
    })  # fmt: skip
    await api.insert("customer_reports", {
        "id": uuids.uuid7(), "station_id": station, "request_id": 5, "seq_no": 0, "text": mark, "received_at": NOW,
    })  # fmt: skip
    await api.node.execute("update station_states set boot = $1 where station_id = $2", {"model": "Twin 22"}, station)
    return {
        "firmware": str(spare), "campaigns": str(campaign), "logs": str(log), "alerts": str(alert), "stream": "3",
        "request": "5",
    }  # fmt: skip
