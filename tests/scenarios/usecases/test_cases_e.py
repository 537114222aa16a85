"""E (transactions) and J (meter values) of OCPP 2.x."""

import pytest

from tests.support.node import Node
from tests.support.walking import TOKEN, Cases, Stand

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_transactions_and_meter_values(walked: Node, version: str) -> None:
    await CASES.walk(walked, version)


async def ended(at: Stand, session: str) -> dict[str, object]:
    return await at.see(f"/sessions/{session}", lambda s: s["status"] == "ended")


@CASES("E01")
async def start_points(at: Stand) -> None:
    told = {"component": {"name": "TxCtrlr"}, "variable": {"name": "TxStartPoint"}}
    read = await at.post(f"/stations/{at.identity}/variables/read", {"items": [told]})
    assert read["items"][0]["value"] == "PowerPathClosed"
    assert (await at.charging())["charging_state"] == "Charging"


@CASES("E02")
async def cable_first(at: Stand) -> None:
    await at.do(f"plug 1; wait 2s; swipe {TOKEN} 1; until charging 1")
    session = await at.session(lambda s: s["status"] == "active")
    assert session["details"]["trigger"] in ("Authorized", "ChargingStateChanged", "MeterValuePeriodic")
    await at.status("Occupied")
    await at.event("session.began", session_id=session["id"])


@CASES("E03")
async def token_first(at: Stand) -> None:
    await at.do(f"swipe {TOKEN} 1")
    await at.heard("Authorize")
    await at.quiet()
    await at.do("plug 1; until charging 1")
    session = await at.session()
    await at.see(f"/sessions/{session['id']}/facts", lambda fact: "CablePluggedIn" in str(fact["data"]))


@CASES("E04")
async def began_offline(at: Stand) -> None:
    await at.charging()
    await at.do(f"drive off 1; wait 1s; lose link 40s; plug 1; swipe {TOKEN} 1; until charging 1; until online")
    session = await at.session(lambda s: s["details"]["offline"] is True)
    assert session["token"] == TOKEN


@CASES("E05")
async def id_not_accepted(at: Stand) -> None:
    token = await at.token("BLOCKED", status="blocked")
    await at.do(f"plug 1; swipe {token} 1")
    await at.event("token.refused", token=token)
    assert (await at.get("/sessions", station=at.identity))["items"] == []


@CASES("E06")
async def stop_points(at: Stand) -> None:
    """The end of the authorization ends the transaction, though the cable is still in."""
    told = {"component": {"name": "TxCtrlr"}, "variable": {"name": "TxStopPoint"}}
    read = await at.post(f"/stations/{at.identity}/variables/read", {"items": [told]})
    assert read["items"][0]["value"] == "EVConnected,Authorized"
    session = await at.charging()
    await at.do(f"swipe {TOKEN} 1")
    assert (await ended(at, session["id"]))["stop_reason"] == "Local"


@CASES("E07")
async def stopped_by_token(at: Stand) -> None:
    session = await at.charging()
    await at.do(f"wait 60s; swipe {TOKEN} 1; until idle 1")
    over = await ended(at, session["id"])
    assert (over["stop_reason"], over["energy_wh"] is not None) == ("Local", True)


@CASES("E08")
async def ended_offline(at: Stand) -> None:
    session = await at.charging()
    await at.do("lose link 30s; drive off 1; until online")
    assert (await ended(at, session["id"]))["stop_reason"] == "EVDisconnected"


@CASES("E09")
async def vehicle_leaves(at: Stand) -> None:
    session = await at.charging()
    await at.do("drive off 1")
    assert (await ended(at, session["id"]))["stop_reason"] == "EVDisconnected"
    await at.status("Available")


@CASES("E10")
async def vehicle_suspends(at: Stand) -> None:
    """A full vehicle takes no more; the transaction stays."""
    await at.do(f"plug 1 soc 99.9 battery 1kWh; swipe {TOKEN} 1; until suspended 1")
    session = await at.session(lambda s: s["charging_state"] == "SuspendedEV")
    assert session["status"] == "active"


@CASES("E11")
async def link_lost(at: Stand) -> None:
    session = await at.charging()
    await at.do("lose link 30s; until online; wait 60s")
    shown = await at.see(f"/sessions/{session['id']}", lambda s: s["energy_wh"] and s["energy_wh"] > 0)
    assert shown["status"] == "active"


@CASES("E12")
async def happened_offline(at: Stand) -> None:
    await at.charging()
    await at.do("drive off 1; wait 1s; lose link 120s")
    await at.do("until online")
    await at.do(f"lose link 2s; plug 1; swipe {TOKEN} 1; until charging 1; drive off 1; until online")
    session = await at.session(lambda s: s["status"] == "ended" and s["details"]["offline"] is True)
    assert session["ended_at"] is not None


@CASES("E13")
async def told_again(at: Stand) -> None:
    """A message whose answer is lost comes once more and counts once."""
    await at.do("misbehave: repeat start")
    session = await at.charging()
    await at.do("wait 65s; drive off 1")
    over = await ended(at, session["id"])
    assert over["energy_wh"] is not None
    assert len((await at.get("/sessions", station=at.identity))["items"]) == 1


@CASES("E14")
async def transaction_status(at: Stand) -> None:
    session = await at.charging()
    answer = await at.post(f"/stations/{at.identity}/commands/transaction-status", {"session": session["id"]})
    assert answer["payload"] == {"ongoingIndicator": True, "messagesInQueue": False}


@CASES("E15")
async def charging_ends(at: Stand) -> None:
    await at.do(f"plug 1 soc 99 battery 1kWh; swipe {TOKEN} 1; until charged 1; drive off 1")
    session = await at.session(lambda s: s["status"] == "ended")
    assert session["energy_wh"] >= 5


@CASES("E16", "2.1")
async def limit_reached(at: Stand) -> None:
    await at.learn("TxCtrlr", "SupportedLimits")
    session = await at.charging()
    await at.patch(f"/sessions/{session['id']}", {"limit": {"max_energy_wh": 200}})
    limited = await at.see(
        f"/sessions/{session['id']}", lambda s: s["details"]["trigger"] == "EnergyLimitReached")
    assert limited["details"]["limit"]["max_energy_wh"] == 200
    await at.do("act limit 1 time 7200")
    await at.see(f"/sessions/{session['id']}", lambda s: s["details"]["limit"]["max_time_s"] == 7200)


@CASES("E17", "2.1")
async def resumed(at: Stand) -> None:
    session = await at.charging()
    await at.do("act resume 1")
    shown = await at.see(f"/sessions/{session['id']}", lambda s: s["details"]["resumed"] > 0)
    assert shown["status"] == "active"


@CASES("J01")
async def loose_readings(at: Stand) -> None:
    await at.command("trigger", message="MeterValues", evse=2)
    kept = await at.see(f"/stations/{at.identity}/meter-values", loose="true")
    assert kept["evse"] == 2


@CASES("J02")
async def session_readings(at: Stand) -> None:
    session = await at.charging()
    await at.do("wait 130s")
    kept = await at.see(f"/sessions/{session['id']}/meter-values", lambda r: r["energy_wh"] is not None)
    assert {"Power.Active.Import", "Voltage"} <= {value["measurand"] for value in kept["values"]}
    await at.do("act sign 1")
    await at.see(f"/sessions/{session['id']}/signed-values")


@CASES("J03", dc=True)
async def charging_loop(at: Stand) -> None:
    await at.do(f"plug 1 soc 20; swipe {TOKEN} 1; until charging 1; wait 65s")
    assert (await at.session(lambda s: s["soc"] is not None))["soc"] >= 20
