"""Readings in base units, signed values to the letter, displays, tariffs and what a session's station is told next."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from actors.session.instructions import Instruction
from actors.station.face import CommandResult, LiveStation, NeutralCommand
from protocol.ocpp.version import Version
from tests.support.api import NOW, Api, answered, problem

pytestmark = pytest.mark.server

OCMF = 'OCMF|{"FV":"1.0","RD":[{"RV":1.5,"RU":"kWh"}]}|{"SD":"3045"}'
KEY = base64.b64encode(b"oca:base16:asn1:3059").decode()


async def reading(api: Api, station: str, session: UUID | None, second: int, sampled: list[dict[str, Any]]) -> None:
    await api.insert("meter_values", {
        "station_id": UUID(station), "session_id": session, "received_at": NOW + timedelta(seconds=second), "at": NOW,
        "evse": 1, "context": "Sample.Periodic", "sampled": orjson.dumps(sampled).decode(),
    })  # fmt: skip


async def variable(api: Api, station: str, component: Any, name: Any, value: str, **detail: Any) -> None:
    await api.insert("variables", {
        "station_id": UUID(station), "component": component if isinstance(component, str) else _json(component),
        "variable": name if isinstance(name, str) else _json(name), "attribute_type": "Actual", "value": value,
        "detail": detail, "received_at": NOW,
    })  # fmt: skip


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def live(api: Api, station: str, version: Version) -> None:
    api.stations.stations[UUID(station)] = LiveStation(
        UUID(station), True, version, NOW, NOW, "192.0.2.1", None, [], [], [], 0, None
    )


async def test_readings_by_measurand_and_phase_beside_what_the_station_sent(api: Api) -> None:
    """Quirk 25, J01, J02: every value in base units, sums of phases where the station gives none."""
    station = (await api.station())["id"]
    session = await api.session(station)
    sampled: list[dict[str, Any]] = [
        {"value": "1.5", "unit": "kWh", "phase": "L1", "measurand": "Energy.Active.Import.Register"},
        {"value": "0.5", "unit": "kWh", "phase": "L2", "measurand": "Energy.Active.Import.Register"},
        {"value": 2300, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "W", "multiplier": -1}},
        {"value": "68", "unit": "Fahrenheit", "measurand": "Temperature", "location": "Body"},
        {"value": "nonsense", "measurand": "Voltage", "phase": "L1-N"},
    ]
    await reading(api, station, session, 1, sampled)
    await reading(api, station, None, 2, [{"value": "7"}])
    (shown,) = (await api.get(f"/sessions/{session}/meter-values")).json()["items"]
    assert shown["sampled"] == sampled
    told = [(v["measurand"], v["phase"], v["value"], v["unit"], v["derived"]) for v in shown["values"]]
    assert told == [
        ("Energy.Active.Import.Register", "L1", 1500.0, "Wh", False),
        ("Energy.Active.Import.Register", "L2", 500.0, "Wh", False),
        ("Power.Active.Import", None, 230.0, "W", False),
        ("Temperature", None, 20.0, "Celsius", False),
        ("Voltage", "L1-N", None, "V", False),
        ("Energy.Active.Import.Register", None, 2000.0, "Wh", True),
    ]
    narrowed = await api.get(
        f"/sessions/{session}/meter-values?measurand=Energy.Active.Import.Register&phase=total"
    )
    assert [v["value"] for v in narrowed.json()["items"][0]["values"]] == [2000.0]
    both = (await api.get("/stations/CP1/meter-values?from=2026-03-01T00:00:00Z&order=asc")).json()["items"]
    assert [len(item["values"]) for item in both] == [6, 1]
    loose = (await api.get("/stations/CP1/meter-values?loose=true&limit=1")).json()
    assert [item["sampled"] for item in loose["items"]] == [[{"value": "7"}]]
    assert (await api.get("/stations/CP1/meter-values?evse=2")).json()["items"] == []


async def test_signed_values_are_given_out_to_the_letter_with_the_keys_they_are_checked_with(api: Api) -> None:
    """OCA application note 3.1.4, 3.2, 4.1.2: 1.6 plain and wrapped, 2.x; a key once a transaction counts for all."""
    station = (await api.station())["id"]
    session = await api.session(station)
    wrapped = '{ "signedMeterData":"MTIz",  "signingMethod":"","encodingMethod":"EDL","publicKey":"" }'
    inner = {"signedMeterData": base64.b64encode(OCMF.encode()).decode(), "signingMethod": "ECDSA-secp256r1-SHA256",
             "encodingMethod": "", "publicKey": KEY}  # fmt: skip
    await reading(api, station, session, 1, [{"value": "5"}])
    await reading(api, station, session, 2, [
        {"value": OCMF, "format": "SignedData", "context": "Transaction.Begin"}, {"value": "6"},
        {"value": wrapped, "format": "SignedData", "context": "Transaction.End"}])
    await reading(api, station, session, 3, [{"value": 7.0, "signedMeterValue": inner}])
    body = (await api.get(f"/sessions/{session}/signed-values")).json()
    assert not body["truncated"]
    told = [(item["number"], item["format"], item["signing_method"], item["context"]) for item in body["items"]]
    assert told == [
        (1, "OCMF", None, "Transaction.Begin"), (2, "EDL", None, "Transaction.End"),
        (3, "OCMF", "ECDSA-secp256r1-SHA256", "Sample.Periodic"),
    ]  # fmt: skip
    assert [item["data"] for item in body["items"]] == [OCMF, "MTIz", inner["signedMeterData"]]
    keys = [item["public_key"] for item in body["items"]]
    assert [key["source"] for key in keys] == ["session", "session", "value"]
    assert keys[0] | {"source": ""} == {
        "source": "", "received": KEY, "encoding": "base16", "content_type": "asn1", "key": "3059",
    }  # fmt: skip
    raw = await api.get(f"/sessions/{session}/signed-values/2")
    assert raw.content == wrapped.encode()
    assert raw.headers["content-disposition"] == f'attachment; filename="{session}-2.txt"'
    for number in ("0", "4", "x", "99999999999"):
        problem(await api.get(f"/sessions/{session}/signed-values/{number}"), 404, "unknown_object")


async def test_a_key_that_was_never_sent_comes_from_the_stations_variables(api: Api) -> None:
    station = (await api.station())["id"]
    session = await api.session(station)
    await reading(api, station, session, 1, [{"value": OCMF, "format": "SignedData"}])
    path = f"/sessions/{session}/signed-values"
    assert (await api.get(path)).json()["items"][0]["public_key"] is None
    await variable(api, station, {"name": "FiscalMetering", "evse": {"id": 2}}, {"name": "PublicKey"}, "other")
    await variable(api, station, "", "MeterPublicKey1", "mine")
    key = (await api.get(path)).json()["items"][0]["public_key"]
    assert (key["source"], key["received"], key["key"]) == ("station", "mine", None)


async def test_what_a_session_knows_of_itself_is_shown(api: Api) -> None:
    station = (await api.station())["id"]
    cost = {"totalCost": {"currency": "EUR", "typeOfCost": "NormalCost", "total": {"inclTax": 4.2}},
            "totalUsage": {"energy": 9300, "chargingTime": 1800, "idleTime": 0}}
    session = await api.session(station, details={
        "trigger": "RunningCost", "tariff_id": "DAY-1", "total_cost": "4.2", "cost_details": cost, "offline": True,
        "limit": {"max_energy_wh": 20000.0}, "resumed": 1, "of_a_later_version": 1})
    details = (await api.get(f"/sessions/{session}")).json()["details"]
    assert details["total_cost"] == {"amount": "4.2", "currency": "EUR"}
    assert details["limit"] == {"max_cost": None, "max_energy_wh": 20000.0, "max_time_s": None, "max_soc": None}
    assert (details["tariff_id"], details["offline"], details["resumed"]) == ("DAY-1", True, 1)
    assert details["cost_details"] == cost


async def test_what_the_next_answer_says_is_handed_to_the_actor(api: Api) -> None:
    station = (await api.station())["id"]
    session = await api.session(station)
    live(api, station, Version.V21)
    path = f"/sessions/{session}"
    body: dict[str, Any] = {"limit": {"max_energy_wh": 20000}}
    unread = problem(await api.patch(path, body), 422, "not_supported")
    assert "SupportedLimits" in unread["detail"]
    await variable(api, station, {"name": "TxCtrlr"}, {"name": "SupportedLimits"}, "MaxEnergy, MaxTime")
    assert (await api.patch(path, body | {"charging_priority": 2, "total_cost": "4.20"})).status_code == 200
    expected = {"limit": {"max_energy_wh": 20000.0}, "priority": 2, "total_cost": "4.20"}
    assert api.stations.instructions == [Instruction(session, "wish", expected)]
    wrong = problem(await api.patch(path, {"limit": {"max_soc": 80}}), 422, "not_supported")
    assert [each["path"] for each in wrong["errors"]] == ["/limit/max_soc"]  # E16.FR.12
    live(api, station, Version.V201)
    problem(await api.patch(path, body), 422, "not_supported")
    live(api, station, Version.V16)
    problem(await api.patch(path, {"total_cost": "1"}), 422, "not_supported")
    live(api, station, Version.V21)
    api.stations.takes_instructions = False
    problem(await api.patch(path, {"total_cost": "1"}), 409, "session_over")
    problem(await api.patch(path, {"total_cost": "1,5"}), 422, "invalid_body")
    ended = await api.session(station, status="ended", ended_at=NOW)
    problem(await api.patch(f"/sessions/{ended}", {"total_cost": "1"}), 409, "session_over")


MESSAGE = {"id": 7, "priority": "NormalCycle", "state": "Idle", "texts": [{"language": "en", "content": "Hello"}]}


async def test_a_message_for_a_site_goes_to_all_its_stations_each_with_its_fate(api: Api) -> None:
    for name in ("A", "B"):
        await api.station(name, site="north")
    await api.station("C", site="south")
    api.stations.results = [
        answered(outcome="accepted"), CommandResult(None, "station_offline", "SetDisplayMessage", Version.V201),
    ]  # fmt: skip
    answer = await api.post("/display-messages", {"site": "north"} | MESSAGE)
    assert answer.status_code == 201
    told = {item["station"]: item["status"] for item in answer.json()["items"]}
    assert set(told) == {"A", "B"}
    assert sorted(told.values()) == ["answered", "station_offline"]
    command = api.stations.sent[0][1]
    assert isinstance(command, NeutralCommand)
    assert command.name == "display-message"
    assert command.arguments["texts"] == [{"content": "Hello", "format": "UTF8", "language": "en"}]
    queued = await api.post("/display-messages?queue=PT1H", {"stations": ["B"]} | MESSAGE)
    assert [item["status"] for item in queued.json()["items"]] == ["queued"]
    problem(await api.post("/display-messages", {"stations": ["B", "nobody"]} | MESSAGE), 404, "unknown_station")
    problem(await api.post("/display-messages", MESSAGE), 422, "invalid_body")


async def test_what_a_display_cannot_show_is_said_before_anything_is_sent(api: Api) -> None:
    """DisplayMessageCtrlr: SupportedFormats, SupportedPriorities, SupportedStates, DisplayMessages (maxLimit)."""
    station = (await api.station("A"))["id"]
    controller = {"name": "DisplayMessageCtrlr"}
    await variable(api, station, controller, {"name": "SupportedFormats"}, "ASCII,UTF8")
    await variable(api, station, controller, {"name": "SupportedPriorities"}, "AlwaysFront")
    await variable(api, station, controller, {"name": "SupportedStates"}, "Charging")
    await variable(api, station, controller, {"name": "DisplayMessages"}, "1", characteristics={"maxLimit": 1})
    await api.insert("station_objects", {
        "station_id": UUID(station), "kind": "display_message", "key": "1", "since": NOW, "received_at": NOW,
        "data": {"id": 1, "priority": "InFront", "texts": [{"format": "UTF8", "content": "x"}]}})
    text = {"format": "QRCODE", "content": "https://pay.example"}
    answer = await api.post("/display-messages", {"stations": ["A"]} | MESSAGE | {"texts": [text]})
    wrong = problem(answer, 422, "not_supported")
    assert [each["path"] for each in wrong["errors"]] == ["/texts/0/format", "/priority", "/state", ""]
    assert "ASCII,UTF8" in wrong["errors"][0]["message"]
    assert api.stations.sent == []
    same = {"id": 1, "priority": "AlwaysFront", "texts": [{"content": "y"}], "stations": ["A"]}
    assert (await api.post("/display-messages", same)).status_code == 201
    listed = (await api.get("/display-messages?station=A")).json()["items"]
    assert [(item["id"], item["station"], item["texts"][0]["content"]) for item in listed] == [(1, "A", "x")]
    cleared = await api.delete("/display-messages/1")
    assert [item["station"] for item in cleared.json()["items"]] == ["A"]
    assert api.stations.sent[-1][1] == NeutralCommand("clear-display-message", {"id": 1})
    problem(await api.delete("/display-messages/2"), 404, "unknown_object")
    problem(await api.delete("/display-messages/x"), 404, "unknown_object")


async def test_a_tariffs_id_never_changes_its_content(api: Api) -> None:
    """I08.FR.08."""
    station = (await api.station("A"))["id"]
    tariff = {"tariffId": "DAY-1", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.45}]}}
    await api.insert("station_objects", {
        "station_id": UUID(station), "kind": "tariff_content", "key": "DAY-1", "data": tariff, "since": NOW,
        "received_at": NOW})
    body = {"stations": ["A"], "evse": 1, "tariff": tariff | {"validFrom": "2026-04-01T00:00:00Z"}}
    assert (await api.post("/station-tariffs", body)).status_code == 201
    assert api.stations.sent[0][1] == NeutralCommand("default-tariff", {"tariff": body["tariff"], "evse": 1})
    other = body | {"tariff": tariff | {"energy": {"prices": [{"priceKwh": 0.55}]}}}
    problem(await api.post("/station-tariffs", other), 409, "already_exists")
    problem(await api.post("/station-tariffs", body | {"tariff": {"currency": "EUR"}}), 422, "invalid_body")
    assert len(api.stations.sent) == 1
