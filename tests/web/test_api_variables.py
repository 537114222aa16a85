"""/stations/{station}/variables: as last known, and asked in chunks."""

from typing import Any
from uuid import UUID

import pytest

from actors.device.chunks import answered as laid_beside
from actors.device.chunks import plan, told_limit
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from protocol.ocpp.version import Version
from tests.support.api import NOW, Api, answered, problem


def _item(name: str, **more: Any) -> dict[str, Any]:
    return {"component": {"name": "C"}, "variable": {"name": name}, **more}


def test_messages_hold_what_the_operator_else_the_station_else_the_default_allows() -> None:
    items = [_item(f"V{number}") for number in range(25)]

    def sizes(told: dict[str, int], overrides: dict[str, int]) -> list[int]:
        return [len(message.items) for message in plan(items, "read", Version.V201, told, overrides)]

    assert sizes({}, {}) == [10, 10, 5]
    told = {'{"instance":"GetVariables","name":"ItemsPerMessage"}': 20, "GetConfigurationMaxKeys": 1}
    assert sizes(told, {}) == [20, 5]
    assert sizes(told, {"get_variables": 12}) == [12, 12, 1]
    keys = [{"key": f"K{number}", "value": "1"} for number in range(3)]
    writes = plan(keys, "write", Version.V16, {}, {})
    assert [message.payload for message in writes] == keys
    [reading] = plan([{"key": "A"}, {"key": "B"}], "read", Version.V16, {}, {})
    assert (reading.action, reading.payload) == ("GetConfiguration", {"key": ["A", "B"]})


def test_no_message_has_more_items_or_bytes_than_the_station_takes_nor_a_variable_twice() -> None:
    """B05.FR.11, B05.FR.13, B06.FR.05."""
    long = [_item(f"V{number}", attributeValue="x" * 300) for number in range(5)]
    told = {'{"instance":"SetVariables","name":"BytesPerMessage"}': 1000,
            '{"instance":"SetVariables","name":"ItemsPerMessage"}': 4}
    assert [len(message.items) for message in plan(long, "write", Version.V201, told, {})] == [2, 2, 1]
    short = [_item(f"V{number}", attributeValue="x") for number in range(5)]
    assert [len(message.items) for message in plan(short, "write", Version.V201, told, {})] == [4, 1]
    again = [_item("A", attributeValue="1"), _item("a", attributeValue="2", attributeType="Actual")]
    assert [len(message.items) for message in plan(again, "write", Version.V21, {}, {})] == [1, 1]


def test_limits_are_those_of_the_action() -> None:
    assert told_limit("SetVariables", {'{"name":"ItemsPerMessage","instance":"GetVariables"}': 5}) is None
    assert told_limit("GetConfiguration", {"GetConfigurationMaxKeys": 0}) is None


def test_answers_in_another_order_and_case_find_their_items() -> None:
    [message] = plan([_item("A"), _item("B", attributeType="Target"), _item("D")], "read", Version.V21, {}, {})
    answer = {"getVariableResult": [
        {"component": {"name": "c"}, "variable": {"name": "b"}, "attributeType": "Target",
         "attributeStatus": "UnknownVariable"},
        {"component": {"name": "C"}, "variable": {"name": "a"}, "attributeStatus": "Accepted", "attributeValue": "7"},
    ]}
    assert laid_beside(message, answer) == [
        _item("A", status="Accepted", value="7"),
        _item("B", attributeType="Target", status="UnknownVariable"),
        _item("D", status="NotAnswered"),
    ]


@pytest.mark.server
async def test_reading_in_chunks(api: Api) -> None:
    made = await api.station("CP1", items_per_message={"get_variables": 1})
    await _knows(api, made, "2.0.1")
    api.stations.results = [
        answered({"getVariableResult": [_item(name, attributeStatus="Accepted", attributeValue=name.lower())]})
        for name in ("A", "B")
    ]
    answer = await api.post("/stations/CP1/variables/read", {"items": [_item("A"), _item("B")]})
    assert answer.json() == {
        "version": "2.0.1", "messages": 2,
        "items": [_item("A", status="Accepted", value="a"), _item("B", status="Accepted", value="b")],
    }
    assert [command for _, command, _ in api.stations.sent] == [
        RawCommand("GetVariables", {"getVariableData": [_item(name)]}) for name in ("A", "B")
    ]


@pytest.mark.server
async def test_what_comes_after_a_message_without_answer_is_not_sent(api: Api) -> None:
    await _knows(api, await api.station("CP1"), "1.6")
    api.stations.results = [answered({"status": "Accepted"}), CommandResult(None, "station_silent")]
    items = [{"key": name, "value": "secret-value"} for name in ("A", "B", "C")]
    answer = await api.post("/stations/CP1/variables/write", {"items": items})
    assert answer.status_code == 200
    assert [(item["key"], item["status"]) for item in answer.json()["items"]] == [
        ("A", "Accepted"), ("B", "station_silent"), ("C", "not_sent"),
    ]
    assert "secret-value" not in answer.text
    api.stations.results = [CommandResult(None, "station_offline")]
    problem(await api.post("/stations/CP1/variables/write", {"items": items}), 409, "station_offline")


@pytest.mark.server
async def test_all_keys_of_a_1_6_station_without_its_secrets(api: Api) -> None:
    await _knows(api, await api.station("CP1"), "1.6")
    api.stations.results = [answered({"configurationKey": [
        {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
        {"key": "AuthorizationKey", "readonly": False, "value": "do-not-show-this-one"},
    ]}, action="GetConfiguration")]
    answer = await api.post("/stations/CP1/variables/read", {"items": []})
    assert answer.json()["items"][0] == {
        "key": "HeartbeatInterval", "status": "Accepted", "value": "300", "readonly": False,
    }
    assert "do-not-show-this-one" not in answer.text


@pytest.mark.server
async def test_items_must_be_those_of_the_version(api: Api) -> None:
    made = await api.station("CP1")
    problem(await api.post("/stations/CP1/variables/read", {"items": [_item("A")]}), 409, "version_unknown")
    await _knows(api, made, "2.1")
    wrong = {"items": [_item("A"), {"key": "B"}, _item("C", attributeType="Wrong")]}
    body = problem(await api.post("/stations/CP1/variables/read", wrong), 422, "invalid_body")
    assert [each["path"] for each in body["errors"]] == [
        "/items/1/key", "/items/1/component", "/items/1/variable", "/items/2/attributeType",
    ]
    problem(await api.post("/stations/CP1/variables/read", {"items": []}), 422, "invalid_body")
    assert api.stations.sent == []


@pytest.mark.server
async def test_variables_as_last_known_in_one_shape_for_both(api: Api) -> None:
    station_id = UUID((await api.station("CP1"))["id"])
    row = {"station_id": station_id, "value": "300", "received_at": NOW, "detail": {"mutability": "ReadWrite"}}
    await api.insert("variables", row | {"component": "", "variable": "HeartbeatInterval"})
    await api.insert("variables", row | {"component": '{"name":"Ctrlr"}', "variable": '{"name":"Interval"}'})
    first = (await api.get("/stations/CP1/variables?limit=1")).json()
    assert first["items"] == [{
        "component": None, "variable": {"name": "HeartbeatInterval"}, "key": "HeartbeatInterval",
        "attribute_type": "Actual", "value": "300", "mutability": "ReadWrite", "data_type": None, "unit": None,
        "characteristics": {}, "detail": {"mutability": "ReadWrite"}, "received_at": "2026-03-01T12:00:00.250Z",
        "removed_at": None,
    }]
    second = (await api.get("/stations/CP1/variables", params={"limit": "1", "cursor": first["next"]})).json()
    assert second["next"] is None
    assert (second["items"][0]["component"], second["items"][0]["key"]) == ({"name": "Ctrlr"}, None)
    filtered = (await api.get("/stations/CP1/variables?variable=heart")).json()
    assert [item["key"] for item in filtered["items"]] == ["HeartbeatInterval"]
    await api.insert("variables", row | {
        "component": '{"evse":{"connectorId":1,"id":2},"name":"Connector"}', "variable": '{"name":"Available"}',
        "detail": {"mutability": "ReadOnly", "characteristics": {"dataType": "boolean", "unit": "x"}},
    })
    await api.insert("variables", row | {
        "component": "", "variable": "Old", "detail": {"readonly": True}, "removed_at": NOW,
    })
    [of_evse] = (await api.get("/stations/CP1/variables?evse=2&mutability=ReadOnly")).json()["items"]
    assert (of_evse["component"]["evse"], of_evse["data_type"], of_evse["unit"]) == (
        {"connectorId": 1, "id": 2}, "boolean", "x",
    )
    gone = (await api.get("/stations/CP1/variables?removed=true&mutability=ReadOnly&variable=old")).json()["items"]
    assert [(item["key"], item["removed_at"]) for item in gone] == [("Old", "2026-03-01T12:00:00.250Z")]
    assert (await api.get("/stations/CP1/variables?variable=old")).json()["items"] == []
    assert (await api.get("/stations/CP1/variables?attribute_type=MaxSet")).json()["items"] == []


@pytest.mark.server
async def test_a_network_slot_in_use_is_not_written_to(api: Api) -> None:
    """OCPP 2.1 Part 2, B09.FR.10."""
    made = await api.station("CP1")
    await _knows(api, made, "2.1")
    await api.insert("variables", {
        "station_id": UUID(made["id"]), "component": '{"name":"OCPPCommCtrlr"}', "value": "1, 2", "received_at": NOW,
        "variable": '{"name":"NetworkConfigurationPriority"}',
    })
    slot = {"component": {"name": "NetworkConfiguration", "instance": "2"}, "variable": {"name": "OcppCsmsUrl"}}
    wrong = {"items": [slot | {"attributeValue": "wss://other.example"}]}
    body = problem(await api.post("/stations/CP1/variables/write", wrong), 422, "invalid_body")
    assert [each["path"] for each in body["errors"]] == ["/items/0/component/instance"]
    assert "NetworkConfigurationPriority" in body["errors"][0]["message"]
    assert api.stations.sent == []


async def _knows(api: Api, station: dict[str, Any], version: str) -> None:
    await api.insert("station_states", {"station_id": UUID(station["id"]), "online": True, "version": version})


@pytest.mark.server
async def test_a_report_of_much_is_asked_for_in_parts(api: Api) -> None:
    """B08.FR.06: the first message at once, the others by a job, none with more than the station takes."""
    station = await api.station("CP1", items_per_message={"get_report": 2})
    wanted = [_item(f"V{number}") for number in range(5)]
    api.stations.results = [answered({"status": "Accepted"})]
    body = {"components": wanted, "criteria": ["Active"]}
    told = await api.post("/stations/CP1/commands/report", body)
    assert told.status_code == 200, told.text
    [(_, command, _)] = api.stations.sent
    assert isinstance(command, NeutralCommand)
    assert command.arguments == body | {"components": wanted[:2]}
    [job] = (await api.get("/jobs", params={"kind": "report-rest"})).json()["items"]
    assert job["station_id"] == station["id"]
    await api.post("/stations/CP1/commands/report", body | {"components": wanted[:2]})
    assert len((await api.get("/jobs", params={"kind": "report-rest"})).json()["items"]) == 1
    api.stations.results = [CommandResult(None, "station_offline")]
    await api.post("/stations/CP1/commands/report", body)
    assert len((await api.get("/jobs", params={"kind": "report-rest"})).json()["items"]) == 1, "nothing was asked"
