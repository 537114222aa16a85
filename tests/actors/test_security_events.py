"""SecurityEventNotification in every version, and stations that are in on sufferance."""

import json
from typing import Any

import attrs
import pytest

from actors.records import EventRecord, JobRecord, ReportRecord
from actors.security.sufferance import BAD, RENEW
from actors.station.decide import connected
from protocol.ocpp.version import Version
from tests.support.memory_world import MemoryWorld

BOOT: dict[Version, dict[str, Any]] = {
    Version.V16: {"chargePointVendor": "V", "chargePointModel": "M"},
    Version.V201: {"chargingStation": {"vendorName": "V", "model": "M"}, "reason": "PowerUp"},
}


def told(world: MemoryWorld) -> list[dict[str, Any]]:
    events = [record for record in world.last if isinstance(record, EventRecord)]
    return [json.loads(record.data) for record in events if record.type == "voltyard.security.event.v1"]


@pytest.mark.parametrize("version", list(Version))
def test_a_security_event_is_kept_told_and_confirmed(version: Version) -> None:
    """A04.FR.02 (nothing queued for us is lost), A04.FR.03 (confirmed)."""
    world = MemoryWorld(version)
    info = "cabinet door; password=hunter22"
    payload = {"type": "TamperDetectionActivated", "timestamp": "2026-03-01T11:59:00Z", "techInfo": info}
    assert world.tell("SecurityEventNotification", payload) == {}
    [report] = [record for record in world.last if isinstance(record, ReportRecord)]
    assert report.payload["type"] == "TamperDetectionActivated"
    [event] = told(world)
    assert event.items() >= {"event": "TamperDetectionActivated", "critical": True, "source": "station"}.items()
    assert event["report_id"] == str(report.id)
    assert "hunter22" not in json.dumps([event, report.payload])
    world.tell("SecurityEventNotification", {"type": "OurOwnOne", "timestamp": "2026-03-01T11:59:00Z"})
    assert told(world)[0]["critical"] is False


@pytest.mark.parametrize("version", [Version.V16, Version.V201])
def test_with_an_expired_certificate_it_is_pending_and_renews_at_once(version: Version) -> None:
    """A00.FR.429, with the security event of A00.FR.408."""
    world = MemoryWorld(version)
    accepted = world.tell("BootNotification", BOOT[version])
    assert isinstance(accepted, dict)
    assert accepted["status"] == "Accepted"
    world.station = attrs.evolve(world.station, restricted="the certificate expired")
    decision = connected(world.station, world.state, "192.0.2.1", 3, world.now, world.new_id)
    world.last = decision.records
    [event] = told(world)
    assert (event["event"], event["source"], event["critical"]) == (BAD, "platform", True)
    [job] = [record for record in decision.records if isinstance(record, JobRecord)]
    assert (job.kind, job.key) == (RENEW, str(world.station.id))
    answer = world.tell("BootNotification", BOOT[version])
    assert isinstance(answer, dict)
    assert answer["status"] == "Pending"
