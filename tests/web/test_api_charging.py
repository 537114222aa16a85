"""Smart charging, grid controls and batteries by REST; and what the services look up, in the real database."""

from typing import Any
from uuid import UUID

import pytest

from actors.station.face import NeutralCommand
from gateway.services.charging import charging_services
from tests.support.api import NOW, Api, problem

pytestmark = pytest.mark.server
START = "2026-01-01T00:00:00Z"
DEFAULT = {
    "purpose": "TxDefaultProfile", "kind": "Absolute",
    "schedules": [{"unit": "A", "start": START, "periods": [{"start_s": 0, "limit": 16}]}],
}  # fmt: skip


async def hold(api: Api, station: str, kind: str, key: str, data: dict[str, Any], **columns: Any) -> None:
    row = {"station_id": UUID(station), "kind": kind, "key": key, "data": data, "since": NOW, "received_at": NOW}
    await api.insert("station_objects", row | columns)


async def tell(api: Api, station: str, name: str, value: str, component: str = "SmartChargingCtrlr") -> None:
    await api.insert("variables", {
        "station_id": UUID(station), "component": f'{{"name":"{component}"}}', "variable": f'{{"name":"{name}"}}',
        "attribute_type": "Actual", "value": value, "detail": {}, "received_at": NOW,
    })


def profile_data(number: int, **changes: Any) -> dict[str, Any]:
    period = {"startPeriod": 0, "setpoint": 1000.0}
    schedule = {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": [period]}
    return {
        "id": number, "evse": 1, "purpose": "TxDefaultProfile", "kind": "Absolute", "stack_level": 0, "source": "CSO",
        "transaction_id": None, "profile": {"id": number, "chargingSchedule": [schedule]}, "set_by": "admin",
        "accepted_at": START, "command_id": None,
    } | changes  # fmt: skip


async def test_a_profile_is_held_against_what_the_station_holds_and_has_told(api: Api) -> None:
    """K01.FR.05, K01.FR.06, K01.FR.26: 422 with the place and the reason; nothing is sent."""
    station = (await api.station(ocpp_version="2.1"))["id"]
    await hold(api, station, "charging_profile", "7", profile_data(7))
    sent = {"evse": 1, "profile": DEFAULT}
    answer = await api.post("/stations/CP1/commands/charging-profile", sent)
    assert answer.status_code == 200, answer.text
    asked = api.stations.sent[-1][1]
    assert isinstance(asked, NeutralCommand)
    assert asked.arguments["profile"].id == 7, "it takes the place of what is there"
    clash = {"evse": 1, "profile": DEFAULT | {"id": 8}}
    refused = problem(await api.post("/stations/CP1/commands/charging-profile", clash), 422, "invalid_payload")
    assert refused["errors"][0]["path"] == "/profile/stack_level"
    assert "K01.FR.06" in refused["errors"][0]["message"]
    await tell(api, station, "RateUnit", "W")
    refused = problem(await api.post("/stations/CP1/commands/charging-profile", sent), 422, "invalid_payload")
    assert "K01.FR.26" in refused["errors"][0]["message"]
    assert len(api.stations.sent) == 1
    wrong = {"evse": 1, "profile": DEFAULT | {"purpose": "Nonsense"}}
    told = problem(await api.post("/stations/CP1/commands/charging-profile", wrong), 422, "invalid_body")
    assert told["errors"][0]["path"] == "/profile/purpose"
    told = problem(await api.post("/stations/CP1/commands/clear-charging-profile", {}), 422, "invalid_body")
    assert "K10.FR.02" in told["errors"][0]["message"]
    external = {"purpose": "ChargingStationExternalConstraints"}
    told = problem(await api.post("/stations/CP1/commands/clear-charging-profile", external), 422, "invalid_body")
    assert "K10.FR.06" in told["errors"][0]["message"]
    both = {"ids": [1], "purpose": "TxProfile"}
    told = problem(await api.post("/stations/CP1/commands/charging-profiles", both), 422, "invalid_body")
    assert "K09.FR.03" in told["errors"][0]["message"]


async def test_grid_controls_and_swaps_are_looked_at_first(api: Api) -> None:
    """R04.FR.01; S02.FR.03: no battery for a token that is not accepted."""
    station = (await api.station(ocpp_version="2.1"))["id"]
    await tell(api, station, "ModesSupported", "VoltWatt", "DCDERCtrlr")
    body = {"type": "VoltVar", "control": {"priority": 1}}
    refused = problem(await api.post("/stations/CP1/commands/der-control", body), 422, "invalid_payload")
    assert "the station supports VoltWatt" in refused["errors"][0]["message"]
    refused = problem(await api.post("/stations/CP1/commands/battery-swap", {"token": "CAFE"}), 422, "invalid_payload")
    assert "S02.FR.03" in refused["detail"]
    assert api.stations.sent == []
    await api.post("/tokens", {"uid": "CAFE", "type": "KeyCode"})
    assert (await api.post("/stations/CP1/commands/battery-swap", {"token": "cafe"})).status_code == 200
    asked = api.stations.sent[-1][1]
    assert isinstance(asked, NeutralCommand)
    assert asked.arguments == {"token": "CAFE", "token_type": "KeyCode"}
    await api.patch("/tokens/CAFE", {"status": "blocked"})
    refused = problem(await api.post("/stations/CP1/commands/battery-swap", {"token": "CAFE"}), 422, "invalid_payload")
    assert "is blocked" in refused["errors"][0]["message"]


async def test_what_stations_hold_is_listed_across_them(api: Api) -> None:
    station = (await api.station())["id"]
    await api.station("CP2")
    await hold(api, station, "charging_profile", "7", profile_data(7))
    held = {"type": "VoltWatt", "default": True, "priority": 1}
    await hold(api, station, "der_control", "c", held, status="installed")
    await hold(api, station, "der_alarm", "VoltWatt", {"fault": "OverVoltage"}, removed_at=NOW)
    await hold(api, station, "battery", "B1", {"evse": 2, "soc": 97, "soh": 91}, status="in")
    await hold(api, station, "battery_swap", "4/in", {"request_id": 4, "what": "in", "batteries": []})
    [profile] = (await api.get("/charging-profiles?station=CP1")).json()["items"]
    assert (profile["id"], profile["set_by"], profile["purpose"]) == (7, "admin", "TxDefaultProfile")
    assert (await api.get("/charging-profiles?station=CP2")).json()["items"] == []
    [control] = (await api.get("/der-controls?status=installed")).json()["items"]
    assert (control["id"], control["type"], control["priority"]) == ("c", "VoltWatt", 1)
    assert (await api.get("/der-alarms")).json()["items"] == []
    [alarm] = (await api.get("/der-alarms?removed=true")).json()["items"]
    assert alarm["removed_at"] is not None
    [battery] = (await api.get("/batteries?station=CP1")).json()["items"]
    assert (battery["serial_number"], battery["soc"], battery["soh"], battery["evse"]) == ("B1", 97, 91, 2)
    [swap] = (await api.get("/battery-swaps")).json()["items"]
    assert (swap["request_id"], swap["what"]) == (4, "in")


async def test_what_a_station_fetches_is_set_by_rest_and_found_by_the_service(api: Api) -> None:
    """K28.FR.07, K28.FR.12: the newest of operator, push and the profile's own values."""
    station = (await api.station())["id"]
    address = "/stations/CP1/dynamic-limits/7"
    problem(await api.get(address), 404, "unknown_object")
    problem(await api.get("/stations/CP1/dynamic-limits/x"), 404, "unknown_object")
    wrong = problem(await api.call("PUT", address, json={"setpoint_l2": 5}), 422, "invalid_body")
    assert wrong["errors"][0]["path"] == "/setpoint_l2"
    service = charging_services(api.context.reads)["dynamic_limit"]  # type: ignore[arg-type]  # a pool, here
    tenant = UUID("00000000-0000-7000-8000-000000000001")

    async def fetch() -> dict[str, Any]:
        found: dict[str, Any] = await service(tenant, UUID(station), {"profile": 7})
        return found

    assert (await fetch())["dynamic"] is False
    await hold(api, station, "charging_profile", "7", profile_data(7, kind="Dynamic"))
    assert await fetch() == {"dynamic": True, "values": {"setpoint": 1000.0}, "news": True, "source": "profile"}
    pushed = {"values": {"setpoint": -1.0}, "source": "push", "pushed_at": START}
    await hold(api, station, "dynamic_limit", "7", pushed)
    assert (await fetch())["values"] == {"setpoint": -1.0}
    put = await api.call("PUT", address, json={"setpoint": -5000})
    assert (put.status_code, put.json()["values"], put.json()["set_by"]) == (200, {"setpoint": -5000.0}, "admin")
    assert (await api.get(address)).json() == put.json()
    assert (await fetch())["source"] == "operator"
    assert (await api.delete(address)).status_code == 204
    assert (await fetch())["source"] == "push"
    problem(await api.delete(address), 404, "unknown_object")
    report = charging_services(api.context.reads)["charging_report"]  # type: ignore[arg-type]
    await api.insert("commands", {
        "id": UUID(int=9), "station_id": UUID(station), "action": "GetChargingProfiles", "status": "answered",
        "request": {"requestId": 5, "chargingProfile": {"stackLevel": 1}}, "created_at": NOW,
    })
    found = await report(tenant, UUID(station), {"request_id": 5})
    assert found["criteria"]["chargingProfile"] == {"stackLevel": 1}
    assert found["set_by"]["7"]["set_by"] == "admin"
    assert (await report(tenant, UUID(station), {"request_id": 6}))["criteria"] is None
    given = charging_services(api.context.reads)["charging_given"]  # type: ignore[arg-type]
    assert await given(tenant, UUID(station), {"transaction_id": None}) == {}
    tx = profile_data(8, purpose="TxProfile", transaction_id="T1")
    await hold(api, station, "charging_profile", "8", tx)
    found = await given(tenant, UUID(station), {"transaction_id": "T1"})
    assert (found["profile"]["id"], found["control_mode"], found["renegotiated"]) == (8, None, False)


async def test_a_plain_limit_is_looked_at_like_a_profile(api: Api) -> None:
    """K02.FR.01, K01.FR.06, K01.FR.26: a unit that the station takes, and no place that another profile has."""
    station = (await api.station(ocpp_version="2.1"))["id"]
    path = "/stations/CP1/commands/limit"
    assert (await api.post(path, {"evse": 1, "power_w": 7000})).status_code == 200
    await tell(api, station, "RateUnit", "A")
    refused = problem(await api.post(path, {"evse": 1, "power_w": 7000}), 422, "invalid_payload")
    assert refused["errors"][0]["path"] == "/power_w"
    assert "K01.FR.26" in refused["errors"][0]["message"]
    assert (await api.post(path, {"evse": 1, "current_a": 10})).status_code == 200
    await hold(api, station, "charging_profile", "7", profile_data(7))
    refused = problem(await api.post(path, {"evse": 1, "current_a": 10}), 422, "invalid_payload")
    assert "K01.FR.06" in refused["errors"][0]["message"]
    assert (await api.post(path, {"evse": 1, "current_a": None})).status_code == 200, "lifting it needs no look"
    assert len(api.stations.sent) == 3


async def test_what_the_operator_gave_a_transaction_answers_its_vehicles_needs(api: Api) -> None:
    """K15.FR.03, K15.FR.07, K18.FR.07: the TxProfile of the transaction, when the vehicle takes so many periods."""
    station = (await api.station(ocpp_version="2.1"))["id"]
    service = charging_services(api.context.reads)["charging_plan"]  # type: ignore[arg-type]  # a pool, here
    tenant = UUID("00000000-0000-7000-8000-000000000001")
    about = {"transaction_id": "T1", "most_periods": 1}
    assert await service(tenant, UUID(station), about) == {}
    own = profile_data(7, purpose="TxProfile", transaction_id="T1")
    await hold(api, station, "charging_profile", "7", own)
    found = await service(tenant, UUID(station), about)
    assert (found["status"], found["profile"], found["pause_s"]) == ("Accepted", own["profile"], 0)
    assert await service(tenant, UUID(station), about | {"most_periods": 0}) == {}
    assert await service(tenant, UUID(station), about | {"transaction_id": None}) == {}
    await api.insert("jobs", {
        "id": UUID(int=5), "kind": "charging-renegotiate", "key": f"{station}/T1/needs", "station_id": UUID(station),
        "status": "done", "state": {}, "created_at": NOW, "run_at": NOW, "updated_at": NOW,
    })
    assert (await service(tenant, UUID(station), about))["pause_s"] > 0, "no renegotiation chases the other"


async def test_a_drivers_tariff_is_set_for_a_station(api: Api) -> None:
    """I08.FR.01: kept as OCPP writes it; what is no tariff is refused with its place."""
    await api.station(ocpp_version="2.1")
    tariff = {"tariffId": "FLEET", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.31}]}}
    answer = await api.patch("/stations/CP1", {"settings": {"driver_tariffs": {"FLEET-7": tariff}}})
    assert (answer.status_code, answer.json()["settings"]["driver_tariffs"]) == (200, {"FLEET-7": tariff}), answer.text
    wrong = {"settings": {"driver_tariffs": {"FLEET-7": {"tariffId": "X"}}}}
    told = problem(await api.patch("/stations/CP1", wrong), 422, "invalid_body")
    assert "currency" in told["errors"][0]["message"]
    answer = await api.patch("/stations/CP1", {"settings": {"driver_tariffs": None}})
    assert "driver_tariffs" not in answer.json()["settings"]
