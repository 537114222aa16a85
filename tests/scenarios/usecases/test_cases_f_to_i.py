"""F (remote control), G (availability), H (reservation), I (tariff and cost) and O (display) of OCPP 2.x."""

import pytest

from tests.support.node import Node
from tests.support.walking import TOKEN, Cases, Stand, later

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()
TARIFF = {"tariffId": "DAY-1", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.45}]}}
WELCOME = [{"format": "UTF8", "language": "en", "content": "Welcome"}]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_control_reservation_and_driver(walked: Node, version: str) -> None:
    await CASES.walk(walked, version)


@CASES("F01")
async def start_cable_first(at: Stand) -> None:
    await at.do("plug 1")
    answer = await at.command("start", token=TOKEN, evse=1)
    session = await at.session(lambda s: s["status"] == "active")
    sent = await at.get(f"/commands/{answer['command_id']}")
    assert session["remote_start_id"] == sent["request"]["remoteStartId"]


@CASES("F02")
async def start_first(at: Stand) -> None:
    await at.command("start", token=TOKEN, evse=1)
    await at.do("wait 1s; plug 1; until charging 1")
    assert (await at.session())["remote_start_id"] is not None


@CASES("F03")
async def stopped_by_us(at: Stand) -> None:
    session = await at.charging()
    await at.command("stop", session=session["id"])
    over = await at.see(f"/sessions/{session['id']}", lambda s: s["status"] == "ended")
    assert over["stop_reason"] == "Remote"


@CASES("F04", dc=True)
async def iso_stopped_by_us(at: Stand) -> None:
    session = await at.charging()
    await at.command("stop", transaction_id=session["transaction_id"])
    await at.see(f"/sessions/{session['id']}", lambda s: s["status"] == "ended")


@CASES("F05")
async def unlocked(at: Stand) -> None:
    answer = await at.command("unlock", evse=1, connector=1)
    assert answer["payload"]["status"] == "Unlocked"


@CASES("F06")
async def triggered(at: Stand) -> None:
    await at.command("trigger", message="Heartbeat")
    await at.command("trigger", message="StatusNotification", evse=2, connector=1)
    await at.command("trigger", outcome="rejected", message="TransactionEvent", evse=1)
    for message in ("FirmwareStatusNotification", "LogStatusNotification"):
        await at.command("trigger", message=message)
        await at.heard(message)


@CASES("F06", "2.1")
async def custom_triggered(at: Stand) -> None:
    await at.command("trigger", message="CustomTrigger", custom="Greeting")
    await at.of("/data-transfers", lambda t: t["message"] == "Greeting" and t["direction"] == "in")


@CASES("F07", "2.1")
async def start_with_limit(at: Stand) -> None:
    await at.learn("TxCtrlr", "SupportedLimits")
    await at.do("plug 1")
    await at.command("start", token=TOKEN, evse=1, limits={"max_energy_wh": 5000})
    await at.session(lambda s: (s["details"]["limit"] or {}).get("max_energy_wh") == 5000)


@CASES("G01")
async def availability_told(at: Stand) -> None:
    await at.do("fault 2 GroundFailure")
    await at.status("Faulted", 2)
    await at.event("station.status_changed", evse=2, status="Faulted")
    await at.do("clear fault 2")
    await at.status("Available", 2)


@CASES("G02")
async def heartbeat(at: Stand) -> None:
    """Told the time, and seen; frames of plain heartbeats are not kept."""
    before = await at.station()
    told = await at.say("Heartbeat", {})
    assert told["currentTime"] > later(-60)
    await at.station(lambda s: s["last_seen_at"] >= before["last_seen_at"])


@CASES("G03")
async def evse_out_of_service(at: Stand) -> None:
    await at.command("availability", evse=1, operative=False)
    await at.status("Unavailable", 1)
    await at.of("/availability", lambda a: a["evse"] == 1 and a["status"] in ("wanted", "in_effect"))
    await at.command("availability", evse=1, connector=1, operative=True)
    await at.status("Available", 1)


@CASES("G04")
async def station_out_of_service(at: Stand) -> None:
    """With a session running it is scheduled (G04.FR.03)."""
    await at.charging()
    await at.command("availability", outcome="scheduled", operative=False)
    await at.status("Unavailable", 2)
    await at.do("drive off 1")
    await at.status("Unavailable", 1)


@CASES("G05")
async def lock_failure(at: Stand) -> None:
    await at.do("fault 1 ConnectorLockFailure")
    await at.status("Faulted", 1)
    lock = {"component": {"name": "ConnectorPlugRetentionLock", "evse": {"id": 1, "connectorId": 1}},
            "variable": {"name": "Problem"}, "actualValue": "true", "eventId": 1, "timestamp": later(0),
            "trigger": "Alerting", "eventNotificationType": "HardWiredNotification"}  # fmt: skip
    await at.say("NotifyEvent", {"generatedAt": later(0), "seqNo": 0, "eventData": [lock]})
    told = await at.of("/alerts")
    assert (told["component"]["name"], told["value"]) == ("ConnectorPlugRetentionLock", "true")


async def reserved(at: Stand, token: str, seconds: float = 600) -> dict[str, object]:
    body = {"station": at.identity, "token": token, "evse": 1, "expires_at": later(seconds)}
    made = await at.post("/reservations", body)
    found: dict[str, object] = await at.see(f"/reservations/{made['id']}", lambda r: r["status"] == "accepted")
    return found


@CASES("H01")
async def reservation(at: Stand) -> None:
    await reserved(at, await at.token("RES"))
    await at.status("Reserved", 1)
    await at.event("reservation.accepted")


@CASES("H02")
async def reservation_cancelled(at: Stand) -> None:
    held = await reserved(at, await at.token("RES"))
    assert (await at.api.delete(f"/reservations/{held['id']}")).status_code in (200, 202, 204)
    await at.see(f"/reservations/{held['id']}", lambda r: r["status"] == "cancelled")
    await at.status("Available", 1)


@CASES("H03")
async def reservation_used(at: Stand) -> None:
    token = await at.token("RES")
    held = await reserved(at, token)
    await at.charging(token)
    used = await at.see(f"/reservations/{held['id']}", lambda r: r["status"] == "used")
    assert used["session"] == (await at.session())["id"]


@CASES("H04")
async def reservation_expired(at: Stand) -> None:
    held = await reserved(at, await at.token("RES"), 3)
    await at.heard("ReservationStatusUpdate")
    await at.see(f"/reservations/{held['id']}", lambda r: r["status"] == "expired")


@CASES("I01")
async def tariff_for_driver(at: Stand) -> None:
    """As the token's message, told with the authorization."""
    token = await at.token("RATE", message={"content": "0.45 EUR per kWh", "format": "UTF8", "language": "en"})
    told = await at.say("Authorize", {"idToken": {"idToken": token, "type": "ISO14443"}})
    assert told["idTokenInfo"]["personalMessage"]["content"] == "0.45 EUR per kWh"


@CASES("I02")
async def running_cost(at: Stand) -> None:
    session = await at.charging()
    answer = await at.post(f"/stations/{at.identity}/commands/cost-update",
                           {"session": session["id"], "total_cost": "4.20"})  # fmt: skip
    assert answer["status"] == "answered"
    assert at.runner.station.till.told[session["transaction_id"]] == 4.2


@CASES("I03")
async def final_cost(at: Stand) -> None:
    session = await at.charging()
    await at.patch(f"/sessions/{session['id']}", {"total_cost": "7.10"})
    await at.do("drive off 1; until idle 1")
    await at.see(f"/sessions/{session['id']}", lambda s: s["status"] == "ended")
    await at.see(f"/stations/{at.identity}/frames", lambda f: "totalCost" in f["text"], direction="out")


@CASES("I04")
async def fallback_tariff(at: Stand) -> None:
    item = {"component": {"name": "TariffCostCtrlr"}, "variable": {"name": "TariffFallbackMessage"},
            "attributeValue": "0.50 EUR per kWh"}  # fmt: skip
    told = await at.post(f"/stations/{at.identity}/variables/write", {"items": [item]})
    assert told["items"][0]["status"] == "Accepted", told


@CASES("I05")
async def fallback_cost(at: Stand) -> None:
    item = {"component": {"name": "TariffCostCtrlr"}, "variable": {"name": "TotalCostFallbackMessage"},
            "attributeValue": "Ask the operator"}  # fmt: skip
    told = await at.post(f"/stations/{at.identity}/variables/write", {"items": [item]})
    assert told["items"][0]["status"] == "Accepted", told


@CASES("I06")
async def tariff_changes_while_charging(at: Stand) -> None:
    session = await at.charging()
    await at.patch(f"/sessions/{session['id']}", {"messages": [{"language": "en", "content": "now 0.60"}]})
    await at.do("act event 1 ChargingRateChanged")
    await at.see(f"/stations/{at.identity}/frames", lambda f: "now 0.60" in f["text"], direction="out")
    assert "shown: now 0.60" in at.runner.station.notes


@CASES("I07", "2.1")
async def default_tariff(at: Stand) -> None:
    await at.command("default-tariff", tariff=TARIFF, evse=1)
    assert at.runner.station.till.defaults[1]["tariffId"] == "DAY-1"
    await at.of("/tariff-contents", lambda t: t["tariff_id"] == "DAY-1")


@CASES("I08", "2.1")
async def driver_tariff(at: Stand) -> None:
    """A session reckoned by the station with the tariff it holds (I08.FR.13)."""
    await at.command("default-tariff", tariff=TARIFF)
    await at.charging()
    await at.session(lambda s: s["details"]["tariff_id"] == "DAY-1")


@CASES("I09", "2.1")
async def tariffs_read(at: Stand) -> None:
    await at.command("default-tariff", tariff=TARIFF, evse=2)
    await at.command("tariffs", evse=0)
    held = await at.of("/station-tariffs")
    assert (held["tariff_id"], held["evse"], held["kind"]) == ("DAY-1", 2, "DefaultTariff")


@CASES("I10", "2.1")
async def tariffs_cleared(at: Stand) -> None:
    await at.command("default-tariff", tariff=TARIFF, evse=1)
    await at.command("clear-tariffs", tariffs=["DAY-1"])
    assert at.runner.station.till.defaults == {}
    await at.of("/station-tariffs", lambda t: t["removed_at"] is not None, removed="true")


@CASES("I11", "2.1")
async def tariff_changed(at: Stand) -> None:
    session = await at.charging()
    await at.command("change-tariff", session=session["id"], tariff=TARIFF | {"tariffId": "NIGHT-1"})
    await at.session(lambda s: s["details"]["tariff_id"] == "NIGHT-1")
    await at.event("transaction.tariff_changed")


@CASES("I12", "2.1")
async def cost_details(at: Stand) -> None:
    await at.command("default-tariff", tariff=TARIFF)
    await at.charging()
    await at.do("wait 120s; act cost 1; drive off 1")
    over = await at.session(lambda s: s["status"] == "ended" and s["details"]["cost_details"] is not None)
    assert over["details"]["total_cost"]["currency"] == "EUR"


@CASES("O01")
async def message_shown(at: Stand) -> None:
    await at.command("display-message", id=7, priority="NormalCycle", state="Idle", texts=WELCOME)
    assert 7 in at.runner.station.messages
    await at.of("/display-messages", lambda m: m["id"] == 7)


@CASES("O02")
async def message_for_transaction(at: Stand) -> None:
    session = await at.charging()
    await at.command("display-message", id=8, priority="InFront", texts=WELCOME, session=session["id"])
    held = await at.of("/display-messages", lambda m: m["id"] == 8)
    assert held["transaction_id"] == session["transaction_id"]


@CASES("O03")
async def messages_read(at: Stand) -> None:
    for number in (1, 2, 3):
        at.runner.station.messages[number] = {
            "id": number, "priority": "NormalCycle", "message": {"format": "UTF8", "content": f"No {number}"}}
    await at.command("display-messages")
    await at.of("/display-messages", lambda m: m["id"] == 3)


@CASES("O04")
async def some_messages_read(at: Stand) -> None:
    await at.command("display-message", id=4, priority="NormalCycle", state="Idle", texts=WELCOME)
    await at.command("display-messages", state="Idle")
    await at.heard("NotifyDisplayMessages")


@CASES("O05")
async def message_cleared(at: Stand) -> None:
    await at.command("display-message", id=5, priority="NormalCycle", texts=WELCOME)
    await at.command("clear-display-message", id=5)
    await at.of("/display-messages", lambda m: m["id"] == 5 and m["removed_at"] is not None, removed="true")


@CASES("O06")
async def message_replaced(at: Stand) -> None:
    await at.command("display-message", id=6, priority="NormalCycle", texts=WELCOME)
    other = [{"format": "UTF8", "language": "en", "content": "Closed"}]
    await at.command("display-message", id=6, priority="AlwaysFront", texts=other)
    held = await at.of("/display-messages", lambda m: m["priority"] == "AlwaysFront")
    assert held["texts"][0]["content"] == "Closed"
