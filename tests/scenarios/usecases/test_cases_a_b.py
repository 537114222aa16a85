"""A (security) and B (provisioning) of OCPP 2.x. Secure connections: tests/scenarios/test_profile_three.py."""

import pytest

from simulators.station import settings
from tests.support.node import Node
from tests.support.walking import Cases, Stand, later

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()
PASSWORD = "0123456789abcdefghij"
RESET = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "ResetRetries"}}


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_security_and_provisioning(walked: Node, version: str) -> None:
    await CASES.walk(walked, version)


@CASES("A01", made={"password": PASSWORD}, password=PASSWORD)
async def password_is_rotated(at: Stand) -> None:
    await at.command("rotate-password")
    changed = at.runner.station.settings.text(settings.PASSWORD)
    assert changed != PASSWORD
    await at.do("lose link 1s; until online")
    assert at.runner.refusals == {}


@CASES("A02")
async def certificate_asked_for(at: Stand) -> None:
    await at.command("renew-certificate")
    held = await at.of("/certificates", lambda c: c["status"] == "accepted")
    assert held["use"] == "station"
    await at.event("certificate.accepted")


@CASES("A03")
async def certificate_by_the_station(at: Stand) -> None:
    await at.do("act sign-certificate")
    held = await at.of("/certificates", lambda c: c["status"] == "accepted")
    assert held["not_after"] > later(0)


@CASES("A03")
async def certificate_refused(at: Stand) -> None:
    """A03.FR.06: a request for another station is not signed."""
    await at.do("act sign-certificate station SOMEBODY-ELSE")
    held = await at.of("/certificates", lambda c: c["status"] == "refused")
    assert held["code"], held


@CASES("A04")
async def security_event(at: Stand) -> None:
    await at.do("act security-event TamperDetectionActivated cabinet door")
    kept = await at.of("/security-events", critical=True)
    assert kept["event"] == "TamperDetectionActivated"
    await at.event("security.event", event="TamperDetectionActivated", critical=True)


@CASES("A05")
async def profile_moved_up(at: Stand) -> None:
    """To profile 1; 2 and 3 need a listener with TLS. Lower than what has worked is refused (A05.FR.02)."""
    body = {"profile": 1, "url": f"{at.node.ocpp}/ocpp"}
    job = await at.post(f"/stations/{at.identity}/security-profile", body)
    await at.event("security.profile_changed", profile=1, reached=True)
    await at.see(f"/jobs/{job['id']}", lambda j: j["status"] == "done")
    at.runner.station.settings.put(settings.PASSWORD, "")
    await at.do("lose link 1s")
    await at.see("/refusals", lambda r: r["identity"] == at.identity)


@CASES("B01")
async def cold_boot(at: Stand) -> None:
    shown = await at.station(lambda s: s["online"] and len(s["connectors"]) == 2)
    assert shown["boot"]["status"] == "accepted"
    assert shown["version"] == at.version
    await at.event("station.booted", admission="accepted", reason="PowerUp")


@CASES("B02", connected=False, made={"admission": "pending", "settings": {"retry_interval": 1}})
async def boot_pending(at: Stand) -> None:
    """B02.FR.01: values may be read while it is pending; accepted when the operator says so."""
    async with at.connected():
        await at.event("station.booted", admission="pending")
        read = await at.post(f"/stations/{at.identity}/variables/read", {"items": [RESET]})
        assert read["items"][0]["status"] == "Accepted", read
        await at.command("trigger", message="BootNotification")
        await at.event("station.booted", admission="pending", reason="Triggered")
        await at.patch(f"/stations/{at.identity}", {"admission": "accepted"})
        await at.event("station.booted", admission="accepted")


@CASES("B03", connected=False, made={"admission": "rejected", "settings": {"retry_interval": 1}})
async def boot_rejected(at: Stand) -> None:
    async with at.connected():
        await at.event("station.booted", admission="rejected")
        refused = await at.api.post(f"/stations/{at.identity}/commands/clear-cache", json={})
        assert refused.status_code == 409, refused.text
        await at.patch(f"/stations/{at.identity}", {"admission": "accepted"})
        await at.event("station.booted", admission="accepted")


@CASES("B04")
async def offline_and_idle(at: Stand) -> None:
    await at.do("lose link 40s; until online")
    await at.event("station.offline")
    await at.station(lambda s: s["online"])


@CASES("B05")
async def variables_set(at: Stand) -> None:
    items = [RESET | {"attributeValue": "4"}, {"component": {"name": "No"}, "variable": {"name": "Such"},
                                              "attributeValue": "1"}]  # fmt: skip
    told = await at.post(f"/stations/{at.identity}/variables/write", {"items": items})
    assert [each["status"] for each in told["items"]] == ["Accepted", "UnknownComponent"]


@CASES("B06")
async def variables_read(at: Stand) -> None:
    told = await at.post(f"/stations/{at.identity}/variables/read", {"items": [RESET]})
    assert told["items"][0]["value"] == "1", told
    await at.see(f"/stations/{at.identity}/variables", lambda v: v["variable"] == {"name": "ResetRetries"})


@CASES("B07")
async def base_report(at: Stand) -> None:
    await at.command("base-report", kind="full")
    told = await at.of("/variable-reports", lambda r: r["status"] == "complete" and r["kind"] == "full")
    assert told["variables"] > 30


@CASES("B08")
async def custom_report(at: Stand) -> None:
    await at.command("report", components=[{"component": {"name": "TxCtrlr"}}])
    await at.of("/variable-reports", lambda r: r["status"] == "complete")


@CASES("B09")
async def network_profile(at: Stand) -> None:
    await at.command("network-profile", slot=2, url="wss://csms.example/ocpp", security_profile=2)
    held = await at.of("/network-profiles")
    assert held["slot"] == 2


@CASES("B10")
async def migration(at: Stand) -> None:
    """To another address of ours: the station comes back by the new slot."""
    await at.command("network-profile", slot=2, url=f"{at.node.ocpp}/ocpp/default", security_profile=0)
    await at.command("network-priority", slots=[2])
    await at.command("reset", kind="immediate")
    await at.event("station.booted", reason="RemoteReset")
    assert "/ocpp/default/" in at.runner.url


@CASES("B11")
async def reset_while_idle(at: Stand) -> None:
    await at.command("reset", kind="immediate")
    await at.event("station.booted", reason="RemoteReset")


@CASES("B12")
async def reset_while_charging(at: Stand) -> None:
    """OnIdle waits for the end of the transaction (B12.FR.01); Immediate ends it (B12.FR.04)."""
    running = await at.charging()
    await at.command("reset", outcome="scheduled", kind="on_idle")
    await at.do("drive off 1")
    await at.event("station.booted", reason="ScheduledReset")
    ended = await at.see(f"/sessions/{running['id']}", lambda s: s["status"] == "ended")
    assert ended["stop_reason"] == "EVDisconnected"


@CASES("B13", "2.1")
async def reset_and_resume(at: Stand) -> None:
    running = await at.charging()
    assert await at.ocpp("Reset", {"type": "ImmediateAndResume"}) == {"status": "Accepted"}
    resumed = await at.see(f"/sessions/{running['id']}", lambda s: s["details"]["resumed"] > 0)
    assert resumed["status"] == "active"
