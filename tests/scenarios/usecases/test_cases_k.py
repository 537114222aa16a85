"""K (smart charging) of OCPP 2.x, and of 2.1 Q (bidirectional power), R (DER control) and S (battery swap)."""

from collections.abc import Callable

import pytest

from tests.support.node import Node
from tests.support.walking import TOKEN, Cases, Json, Stand, later

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()
DEFAULT = {"purpose": "TxDefaultProfile", "kind": "Relative",
           "schedules": [{"unit": "A", "periods": [{"start_s": 0, "limit": 10}]}]}  # fmt: skip
DYNAMIC = {"id": 77, "purpose": "TxProfile", "kind": "Dynamic", "stack_level": 1}
CURVE = {"priority": 1, "yUnit": "PctMaxW", "curveData": [{"x": 100, "y": 100}, {"x": 110, "y": 0}]}


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_smart_charging_and_grid(walked: Node, version: str) -> None:
    await CASES.walk(walked, version)


def with_limit(limit: float, **more: object) -> Json:
    return DEFAULT | {"schedules": [{"unit": "A", "periods": [{"start_s": 0, "limit": limit}]}]} | more


def by(source: str, evse: int | None = None) -> Callable[[Json], bool]:
    """A limit that somebody has set at that EVSE."""
    return lambda held: held["data"]["source"] == source and evse in (None, held["data"]["evse"])


def setpoint(mode: str, **period: object) -> Json:
    return DYNAMIC | {"schedules": [
        {"unit": "W", "duration_s": 600, "periods": [{"start_s": 0, "mode": mode, **period}]}]}  # fmt: skip


@CASES("K01")
async def profile_set(at: Stand) -> None:
    await at.command("charging-profile", evse=1, profile=DEFAULT)
    held = await at.of("/charging-profiles")
    assert (held["purpose"], held["evse"]) == ("TxDefaultProfile", 1)


@CASES("K01")
async def profile_refused(at: Stand) -> None:
    """K01.FR.31: periods begin at 0; said before anything is sent."""
    bad = DEFAULT | {"schedules": [{"unit": "A", "periods": [{"start_s": 60, "limit": 10}]}]}
    answer = await at.api.post(f"/stations/{at.identity}/commands/charging-profile", json={"evse": 1, "profile": bad})
    assert answer.status_code == 422, answer.text


@CASES("K02")
async def central(at: Stand) -> None:
    session = await at.charging()
    await at.command("charging-profile", evse=1, session=session["id"], profile=with_limit(8, purpose="TxProfile"))
    await at.do("wait 130s")
    slow = await at.session(lambda s: s["power_w"] is not None and 0 < s["power_w"] < 6000)
    assert slow["status"] == "active"


@CASES("K03")
async def local_controller(at: Stand) -> None:
    """Of a group behind a local controller: it holds our default, and shares what it may among its members."""
    await at.command("charging-profile", profile=DEFAULT)
    await at.do("act limit-by-others 0 Other 8")
    await at.of("/charging-limits", by("Other"))
    await at.charging()
    await at.do("wait 130s")
    await at.session(lambda s: s["power_w"] is not None and 0 < s["power_w"] < 6000)


@CASES("K04")
async def load_balancing(at: Stand) -> None:
    """The station shares its own maximum among its EVSEs."""
    profile = with_limit(16, purpose="ChargingStationMaxProfile", kind="Absolute")
    profile["schedules"][0]["start"] = "2026-01-01T00:00:00Z"
    await at.command("charging-profile", profile=profile)
    await at.charging()
    await at.do(f"plug 2; swipe {TOKEN}-2 2; wait 65s")
    answer = await at.command("composite-schedule", evse=1, duration_s=600, unit="A")
    assert answer["payload"]["schedule"]["chargingSchedulePeriod"][0]["limit"] <= 16


@CASES("K05")
async def start_with_profile(at: Stand) -> None:
    profile = {"id": 5, "stackLevel": 0, "chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Relative",
               "chargingSchedule": [{"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [
                   {"startPeriod": 0, "limit": 9.0}]}]}  # fmt: skip
    await at.do("plug 1")
    await at.command("start", token=TOKEN, evse=1, profile=profile)
    await at.session(lambda s: s["status"] == "active")
    assert [held.id for held in at.runner.station.profiles] == [5]


@CASES("K06")
async def offline_while_charging(at: Stand) -> None:
    session = await at.charging()
    await at.command("charging-profile", evse=1, session=session["id"], profile=with_limit(8, purpose="TxProfile"))
    await at.do("lose link 60s; until online; wait 65s")
    await at.session(lambda s: s["power_w"] is not None and 0 < s["power_w"] < 6000)


@CASES("K07")
async def offline_at_start(at: Stand) -> None:
    await at.command("charging-profile", evse=1, profile=with_limit(8))
    await at.do(f"lose link 2s; plug 1; swipe {TOKEN} 1; until charging 1; until online; wait 65s")
    await at.session(lambda s: s["power_w"] is not None and 0 < s["power_w"] < 6000)


@CASES("K08")
async def composite(at: Stand) -> None:
    await at.command("charging-profile", evse=1, profile=DEFAULT)
    answer = await at.command("composite-schedule", evse=1, duration_s=600, unit="A")
    assert answer["payload"]["schedule"]["chargingSchedulePeriod"][0]["limit"] == 10.0
    await at.see(f"/stations/{at.identity}/objects", kind="composite_schedule")


@CASES("K09")
async def profiles_read(at: Stand) -> None:
    await at.do("act limit-by-others 1 EMS 9")
    await at.command("charging-profile", evse=1, profile=DEFAULT)
    await at.command("charging-profiles")
    held = await at.of("/charging-profiles", lambda p: p["source"] == "EMS")
    assert held["id"] < 0


@CASES("K10")
async def profiles_cleared(at: Stand) -> None:
    await at.command("charging-profile", evse=1, profile=DEFAULT)
    await at.command("clear-charging-profile", purpose="TxDefaultProfile", evse=1)
    assert at.runner.station.profiles == []
    assert (await at.get("/charging-profiles", station=at.identity))["items"] == []


@CASES("K11")
async def limited_while_charging(at: Stand) -> None:
    await at.charging()
    await at.do("act limit-by-others 1 EMS 8")
    await at.of("/charging-limits", by("EMS", 1))
    await at.event("station.charging_limit_changed", source="EMS", active=True)


@CASES("K12")
async def limited_while_idle(at: Stand) -> None:
    await at.do("act limit-by-others 0 SO 20")
    await at.of("/charging-limits", by("SO", 0))


@CASES("K13")
async def limit_released(at: Stand) -> None:
    await at.do("act limit-by-others 0 EMS 20")
    await at.of("/charging-limits")
    await at.do("act clear-limit-by-others 0 EMS")
    await at.event("station.charging_limit_changed", source="EMS", active=False)


@CASES("K14")
async def limited_by_controller(at: Stand) -> None:
    await at.do("act limit-by-others 0 CSO 20")
    await at.of("/charging-limits", by("CSO"))
    await at.do("act clear-limit-by-others 0 CSO")
    await at.event("station.charging_limit_changed", source="CSO", active=False)


async def levelled(at: Stand, needs: str = "3600", limit: float = 20) -> Json:
    """A vehicle tells its needs and we set what it gets."""
    session = await at.charging()
    await at.do(f"act charging-needs 1 {needs}")
    await at.of("/charging-needs", lambda n: n["data"]["evse"] == 1)
    profile = with_limit(limit, purpose="TxProfile")
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)
    return session


@CASES("K15", dc=True)
async def vehicle_tells_needs(at: Stand) -> None:
    await levelled(at)
    await at.event("station.charging_needs_told")
    await at.do("act ev-schedule 1 15")
    await at.event("station.ev_schedule_told", accepted=True)


@CASES("K16", dc=True)
async def renegotiated_by_us(at: Stand) -> None:
    """What was set once is set anew, and the vehicle answers with a schedule within it."""
    session = await levelled(at)
    profile = with_limit(16, purpose="TxProfile")
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)
    await at.do("act ev-schedule 1 15")
    await at.event("station.ev_schedule_told", accepted=True)


@CASES("K17", dc=True)
async def renegotiated_by_vehicle(at: Stand) -> None:
    """A schedule above what was set is not accepted."""
    await levelled(at, limit=10)
    await at.do("act ev-schedule 1 300")
    await at.event("station.ev_schedule_told", accepted=False)


@CASES("K18", "2.1", dc=True)
async def scheduled_mode(at: Stand) -> None:
    await levelled(at, "7200")
    await at.reported("NotifyEVChargingNeeds", lambda n: n["chargingNeeds"]["controlMode"] == "ScheduledControl")
    await at.do("act ev-schedule 1 15")
    await at.event("station.ev_schedule_told", accepted=True)


@CASES("K19", "2.1", dc=True)
async def dynamic_mode(at: Stand) -> None:
    session = await at.charging()
    needs = {"requestedEnergyTransfer": "DC", "controlMode": "DynamicControl", "availableEnergyTransfer": ["DC"],
             "v2xChargingParameters": {"maxChargePower": 50000}}  # fmt: skip
    told = await at.say("NotifyEVChargingNeeds", {"evseId": 1, "chargingNeeds": needs})
    assert told["status"] == "NoChargingProfile"  # nobody plans by himself here (K19.FR.04)
    await at.of("/charging-needs", lambda n: n["data"]["evse"] == 1)
    schedule = {"unit": "W", "duration_s": 600, "periods": [{"start_s": 0, "limit": 5000}]}
    await at.command("charging-profile", evse=1, session=session["id"], profile=DYNAMIC | {"schedules": [schedule]})


@CASES("K20", "2.1", dc=True)
async def needs_change(at: Stand) -> None:
    """The vehicle means to leave earlier; it gets another schedule for that."""
    session = await levelled(at, "7200")
    first = await at.of("/charging-needs")
    await at.do("act charging-needs 1 3600")
    await at.of("/charging-needs", lambda n: n["received_at"] > first["received_at"])
    profile = with_limit(32, purpose="TxProfile")
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)


async def with_priority(at: Stand) -> Json:
    await at.command("charging-profile", evse=1, profile=with_limit(32, purpose="PriorityCharging"))
    return await at.charging()


@CASES("K21", "2.1")
async def priority_by_us(at: Stand) -> None:
    session = await with_priority(at)
    await at.command("priority-charging", session=session["id"], activate=True)
    await at.event("station.priority_charging_changed", activated=True)


@CASES("K22", "2.1")
async def priority_by_driver(at: Stand) -> None:
    await with_priority(at)
    await at.do("act priority 1")
    await at.event("station.priority_charging_changed", activated=True)
    await at.do("act priority 1")
    await at.event("station.priority_charging_changed", activated=False)


@CASES("K23", "2.1")
async def energy_manager(at: Stand) -> None:
    await at.do("act limit-by-others 0 EMS 16")
    await at.of("/charging-limits", by("EMS"))


@CASES("K24", "2.1")
@CASES("K25", "2.1")
@CASES("K26", "2.1")
async def manager_and_controller(at: Stand) -> None:
    """With or as a local controller: what it sets and what we set stand side by side (K26.FR.01)."""
    await at.do("act limit-by-others 0 EMS 16")
    await at.command("charging-profile", evse=1, profile=DEFAULT)
    await at.command("charging-profiles")
    await at.of("/charging-profiles", lambda p: p["source"] == "EMS")
    await at.of("/charging-profiles", lambda p: p["source"] == "CSO")


@CASES("K27", "2.1")
async def local_generation(at: Stand) -> None:
    schedule = {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6.0}]}
    limit = {"chargingLimitSource": "EMS", "isLocalGeneration": True}
    await at.say("NotifyChargingLimit", {"evseId": 0, "chargingLimit": limit, "chargingSchedule": [schedule]})
    await at.event("station.charging_limit_changed", local_generation=True)


@CASES("K28", "2.1")
async def dynamic_profile(at: Stand) -> None:
    session = await at.charging()
    schedule = {"unit": "W", "duration_s": 600, "periods": [{"start_s": 0, "limit": 5000}]}
    profile = DYNAMIC | {"update_every_s": 30, "schedules": [schedule]}
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)
    await at.command("dynamic-limit", profile=77, limit=8000)
    put = await at.api.put(f"/stations/{at.identity}/dynamic-limits/77", json={"limit": 7000})
    assert put.status_code < 300, put.text
    await at.heard("PullDynamicScheduleUpdate")


@CASES("K29", "2.1", dc=True)
async def dynamic_by_others(at: Stand) -> None:
    """We say that somebody outside sets the limit, who then does, and again."""
    await feeding(at, setpoint("ExternalLimits"))
    await at.do("act limit-by-others 1 EMS 9; wait 1s; act limit-by-others 1 EMS 7")
    await at.of("/charging-limits", by("EMS"))


@CASES("Q01", "2.1", dc=True, made={"settings": {"allowed_energy_transfer": ["DC", "DC_BPT"]}})
async def v2x_authorized(at: Stand) -> None:
    told = await at.say("Authorize", {"idToken": {"idToken": TOKEN, "type": "ISO14443"}})
    assert told["allowedEnergyTransfer"] == ["DC", "DC_BPT"]
    session = await at.charging(vehicle="soc 60 battery 60kWh discharge 10kW")
    await at.do("act charging-needs 1")
    await at.of("/charging-needs", lambda n: "DC_BPT" in str(n))
    profile = setpoint("CentralSetpoint", setpoint=-5000)
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)


async def feeding(at: Stand, profile: Json, *, power: str = "discharge 10kW") -> Json:
    session = await at.charging(vehicle=f"soc 60 battery 60kWh {power}")
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)
    return session


@CASES("Q02", "2.1", dc=True)
async def charging_only_first(at: Stand) -> None:
    session = await feeding(at, setpoint("ChargingOnly", limit=5000))
    await at.command("allowed-energy-transfer", session=session["id"], allowed=["DC", "DC_BPT"])
    await at.heard("NotifyEVChargingNeeds")
    profile = setpoint("CentralSetpoint", setpoint=-5000)
    await at.command("charging-profile", evse=1, session=session["id"], profile=profile)


@CASES("Q03", "2.1", dc=True)
async def discharge_by_schedule(at: Stand) -> None:
    profile = {"purpose": "TxProfile", "kind": "Relative", "schedules": [
        {"unit": "W", "periods": [{"start_s": 0, "mode": "CentralSetpoint", "setpoint": -5000}]}]}  # fmt: skip
    session = await feeding(at, profile)
    await at.do("wait 130s")
    await at.see(f"/sessions/{session['id']}", lambda s: s["export_wh"])


@CASES("Q04", "2.1", dc=True)
async def discharge_by_setpoint(at: Stand) -> None:
    session = await feeding(at, setpoint("CentralSetpoint", setpoint=1000))
    await at.command("dynamic-limit", profile=77, setpoint=-5000)
    await at.do("wait 130s")
    await at.see(f"/sessions/{session['id']}", lambda s: s["export_wh"])


@CASES("Q05", "2.1", dc=True)
async def external_setpoint(at: Stand) -> None:
    await feeding(at, setpoint("ExternalSetpoint"))
    await at.of("/charging-profiles", lambda p: p["id"] == 77)


@CASES("Q06", "2.1", dc=True)
async def external_limits(at: Stand) -> None:
    await feeding(at, setpoint("ExternalLimits"))
    await at.do("act limit-by-others 1 EMS 9")
    await at.of("/charging-limits", by("EMS"))


@CASES("Q07", "2.1", dc=True)
async def central_frequency(at: Stand) -> None:
    await feeding(at, setpoint("CentralFrequency", setpoint=-2000))
    await at.command("dynamic-limit", profile=77, setpoint=-3000)


@CASES("Q08", "2.1", dc=True)
async def local_frequency(at: Stand) -> None:
    curve = [{"frequency": 49.8, "power": -5000}, {"frequency": 50.2, "power": 5000}]
    signals = [{"signal": -100, "power": -3000}, {"signal": 100, "power": 3000}]
    profile = {"id": 77, "purpose": "TxProfile", "kind": "Relative", "schedules": [{"unit": "W", "periods": [
        {"start_s": 0, "mode": "LocalFrequency", "baseline": 1000, "freq_watt": curve, "signal_watt": signals}]}]}
    await feeding(at, profile)
    await at.command("afrr-signal", signal=50)
    await at.do("act grid-frequency 49.9")


@CASES("Q09", "2.1", dc=True)
async def local_balancing(at: Stand) -> None:
    await feeding(at, setpoint("LocalLoadBalancing"))
    await at.do("act tell 1 operationMode LocalLoadBalancing")
    await at.session(lambda s: s["details"]["operation_mode"] == "LocalLoadBalancing")


@CASES("Q10", "2.1", dc=True)
async def idle(at: Stand) -> None:
    await feeding(at, setpoint("Idle"))
    await at.do("act tell 1 evseSleep true")
    await at.session(lambda s: s["details"]["evse_sleep"] is True)


@CASES("Q11", "2.1", dc=True)
@CASES("Q12", "2.1", dc=True)
async def offline_while_feeding(at: Stand) -> None:
    session = await feeding(at, setpoint("CentralSetpoint", setpoint=-5000))
    await at.do("lose link 60s; until online; wait 65s")
    shown = await at.see(f"/sessions/{session['id']}", lambda s: s["export_wh"])
    assert shown["status"] == "active"


async def der(at: Stand, type_: str, control: Json, *, default: bool = True) -> None:
    await at.command("der-control", type=type_, default=default, control=control)


@CASES("R01", "2.1", dc=True)
@CASES("R02", "2.1")
@CASES("R03", "2.1", dc=True)
async def session_under_control(at: Stand) -> None:
    """The vehicle says what it can, and is fed by the control that the station has (R01.FR.01)."""
    await der(at, "VoltWatt", CURVE)
    await at.charging(vehicle="soc 60 battery 60kWh discharge 10kW")
    await at.do("act charging-needs 1")
    await at.of("/charging-needs", lambda n: "_BPT" in str(n))
    await at.of("/der-controls", lambda c: c["type"] == "VoltWatt")


@CASES("R04", "2.1")
async def controls_configured(at: Stand) -> None:
    await der(at, "LimitMaxDischarge", {"priority": 1, "pctMaxDischargePower": 50})
    await der(at, "FixedVar", {"priority": 1, "setpoint": 10, "unit": "PctMaxVar"})
    await at.command("der-controls")
    await at.heard("ReportDERControl")
    await at.command("clear-der-control", default=True, type="FixedVar")
    await at.of("/der-controls", lambda c: c["type"] == "FixedVar" and c["status"] == "cleared", removed="true")


@CASES("R04", "2.1")
async def control_starts_and_ends(at: Stand) -> None:
    await der(at, "VoltWatt", CURVE | {"startTime": later(1), "duration": 30}, default=False)
    await at.event("station.der_control_changed", started=True)
    await at.event("station.der_control_changed", started=False)


@CASES("R05", "2.1")
async def der_alarm(at: Stand) -> None:
    await at.do("act der-alarm VoltWatt OverVoltage")
    await at.of("/der-alarms")
    await at.do("act end-der-alarm")
    await at.event("station.der_alarm_changed", active=False)


@CASES("S01", "2.1")
async def swap_by_token(at: Stand) -> None:
    await at.say("Authorize", {"idToken": {"idToken": TOKEN, "type": "ISO14443"}})
    await at.do(f"act battery-in 1 B-{at.identity[-6:]} 12 5 {TOKEN}")
    kept = await at.of("/battery-swaps")
    assert (kept["what"], kept["request_id"], kept["token"]) == ("in", 5, TOKEN)


@CASES("S02", "2.1")
async def swap_by_us(at: Stand) -> None:
    await at.do(f"act battery-in 2 FULL-1 100 1 {TOKEN}")
    await at.command("battery-swap", token=TOKEN)
    await at.of("/battery-swaps", lambda s: s["what"] == "out")


@CASES("S03", "2.1")
async def swap_both_ways(at: Stand) -> None:
    await at.do(f"act battery-in 1 B-1 12 5 {TOKEN}; act battery-in 2 B-2 100 5 {TOKEN}")
    await at.do(f"act battery-out 2 5 {TOKEN}; act battery-left 1 5 {TOKEN}")
    await at.of("/battery-swaps", lambda s: s["what"] == "out_timeout")
    held = await at.of("/batteries", lambda b: b["serial_number"] == "B-1")
    assert held["soc"] == 12


@CASES("S04", "2.1")
async def swap_charging(at: Stand) -> None:
    """A battery in its slot charges like a vehicle."""
    await at.do(f"act battery-in 1 B-4 12 5 {TOKEN}; plug 1 soc 12 battery 2kWh")
    await at.command("start", token=TOKEN, evse=1)
    await at.session(lambda s: s["status"] == "active")
    await at.of("/batteries", lambda b: b["serial_number"] == "B-4")
