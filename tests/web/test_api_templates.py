"""/templates, /boot-policies, /model-profiles, and what a station shows of them."""

from typing import Any
from uuid import UUID

import pytest

from actors.station.face import CommandResult
from storage.shapes import config_of
from storage.sql import sql
from tests.support.api import NOW, Api, problem

pytestmark = pytest.mark.server
ITEM = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}, "value": "300"}


async def _known(api: Api, station: dict[str, Any], version: str = "2.0.1") -> UUID:
    station_id = UUID(station["id"])
    await api.insert("station_states", {
        "station_id": station_id, "online": True, "version": version,
        "boot": {"vendor": "ABB", "model": "TAC-W11", "firmware_version": "1.8"},
    })
    return station_id


async def test_a_template_from_its_making_to_its_application(api: Api) -> None:
    station_id = await _known(api, await api.station("CP1", site="north"))
    answer = await api.post("/templates", {"name": "north", "site": "nor*", "items": [ITEM], "correction": "correct"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    problem(await api.post("/templates", {"name": "north"}), 409, "already_exists")
    shown = (await api.get("/stations/CP1/template")).json()
    assert (shown["templates"], shown["correction"], shown["drift"]) == (["north"], "correct", 0)
    assert [(each["standing"], each["wanted"], each["value"]) for each in shown["items"]] == [("unknown", "300", None)]
    await api.insert("variables", {
        "station_id": station_id, "component": '{"name":"OCPPCommCtrlr"}', "variable": '{"name":"HeartbeatInterval"}',
        "value": "60", "detail": {"mutability": "ReadWrite"}, "received_at": NOW,
    })
    shown = (await api.get("/stations/CP1/template")).json()
    assert (shown["drift"], shown["items"][0]["standing"], shown["items"][0]["value"]) == (1, "differs", "60")
    begun = await api.post("/stations/CP1/template/apply", {"dry_run": True, "reboot": "on_idle", "retry": True})
    assert (begun.status_code, begun.json()["kind"]) == (202, "apply-template")
    assert begun.json()["state"] == {"dry_run": True, "reboot": "on_idle"}
    assert begun.headers["location"] == f"/api/v1/jobs/{begun.json()['id']}"
    problem(await api.post("/stations/CP1/template/apply"), 409, "already_exists")
    patched = await api.patch(f"/templates/{made['id']}", {"site": "south", "items": []}, headers={"If-Match": '"1"'})
    assert (patched.json()["site"], patched.json()["items"], patched.json()["revision"]) == ("south", [], 2)
    assert (await api.get("/stations/CP1/template")).json()["templates"] == []
    jobs = (await api.get("/jobs?kind=templates")).json()["items"]
    assert len(jobs) == 1, "one sweep a tenant"
    assert (await api.delete(f"/templates/{made['id']}")).status_code == 204
    problem(await api.get(f"/templates/{made['id']}"), 404, "unknown_template")


async def test_wrong_items_are_named_one_by_one(api: Api) -> None:
    password = {"key": "AuthorizationKey", "value": "x"}
    items = [{"value": "1"}, ITEM, {"component": {"name": "A"}, "value": "1"}, password]
    body = problem(await api.post("/templates", {"name": "t", "items": items}), 422, "invalid_body")
    assert [each["path"] for each in body["errors"]] == ["/items/0", "/items/2", "/items/3"]
    assert "rotate-password" in body["errors"][2]["message"]


async def test_what_counts_for_a_station_is_policy_model_and_its_own_settings(api: Api) -> None:
    made = await api.station("CP1", site="north", settings={"calm_seconds": 3})
    await _known(api, made)
    for policy in ({"settings": {"heartbeat_interval": 60, "retry_interval": 5}},
                   {"site": "north", "admission": "pending", "settings": {"heartbeat_interval": 30}}):
        assert (await api.post("/boot-policies", policy)).status_code == 201
    problem(await api.post("/boot-policies", {"site": "north"}), 409, "already_exists")
    profile = {"name": "Terra", "vendor": "abb", "model": "TAC*", "settings": {"unit": "A", "calm_seconds": 9}}
    answer = await api.post("/model-profiles", profile)
    assert answer.status_code == 201
    problem(await api.post("/model-profiles", {"name": "none"}), 422, "invalid_body")
    wrong = {"name": "x", "vendor": "a", "settings": {"unit": "V"}}
    problem(await api.post("/model-profiles", wrong), 422, "invalid_body")
    query = "select state ->> 'site' as site from jobs where kind = 'take-up-settings' order by id"
    begun = await api.node.fetch(query)
    assert [each["site"] for each in begun] == [None, "north", None]  # none for what was refused
    assert api.stations.told == []  # not within the request
    shown = (await api.get("/stations/CP1")).json()
    assert shown["settings"] == {"calm_seconds": 3}
    assert shown["model_profile"] == {"stack_level_zero_only": True, "unit": "A", "calm_seconds": 9}
    assert shown["effective_settings"] == {
        "heartbeat_interval": 30, "retry_interval": 5, "stack_level_zero_only": True, "unit": "A", "calm_seconds": 3,
    }
    patched = await api.patch("/stations/CP1", {"settings": {"calm_seconds": None, "heartbeat_interval": 10}})
    assert patched.json()["settings"] == {"heartbeat_interval": 10}
    assert patched.json()["effective_settings"]["heartbeat_interval"] == 10
    assert (await api.patch("/stations/CP1", {"settings": None})).json()["settings"] == {}
    assert (await api.station("CP2", site="north"))["admission"] == "pending"
    assert (await api.station("CP3", site="north", admission="accepted"))["admission"] == "accepted"
    assert (await api.station("CP4"))["admission"] == "accepted"
    path = f"/model-profiles/{answer.json()['id']}"
    changed = await api.patch(path, {"model": None, "settings": {"unit": None}})
    assert (changed.json()["model"], changed.json()["settings"]) == (None, {"calm_seconds": 9})
    problem(await api.patch(path, {"vendor": None}), 422, "invalid_body")
    assert (await api.delete(path)).status_code == 204


async def test_what_the_database_says_counts_for_the_actor_too(api: Api) -> None:
    """The same layers as the actor loads them: storage/sql/station_load.sql."""
    made = await api.station("CP1")
    await _known(api, made)
    await api.post("/boot-policies", {"settings": {"retry_interval": 5}})
    await api.post("/model-profiles", {"name": "a_b%", "vendor": "A_B%"})
    await api.post("/model-profiles", {"name": "all abb", "vendor": "*bb", "settings": {"never_zero_limit": True}})
    row = await api.node.fetchrow(sql("station_load_config"), UUID(made["id"]))
    assert row is not None
    assert config_of(row).settings == {
        "retry_interval": 5, "stack_level_zero_only": True, "never_zero_limit": True,
    }


async def test_a_station_that_may_not_be_sent_this_now_is_a_conflict(api: Api) -> None:
    await _known(api, await api.station("CP1"))
    told = "the station is pending: ClearCache has to wait"
    api.stations.results = [CommandResult(None, "not_accepted", "ClearCache", detail=told)]
    body = problem(await api.post("/stations/CP1/ocpp/ClearCache", {}), 409, "station_not_accepted")
    assert body["detail"] == told


async def test_admitting_a_station_asks_it_to_boot_again(api: Api) -> None:
    made = await api.station("CP1", admission="pending")
    assert (await api.get("/jobs?kind=ask-boot")).json()["items"] == []
    await api.patch("/stations/CP1", {"admission": "accepted"})
    [job] = (await api.get("/jobs?kind=ask-boot")).json()["items"]
    assert job["station_id"] == made["id"]


async def test_reports_and_network_slots_are_listed(api: Api) -> None:
    station_id = UUID((await api.station("CP1"))["id"])
    common = {"station_id": station_id, "since": NOW, "received_at": NOW}
    await api.insert("station_objects", common | {
        "kind": "report", "key": "7", "status": "incomplete",
        "data": {"kind": "full", "parts": 3, "variables": 9, "missing": [1], "reason": "silent"},
    })
    await api.insert("station_objects", common | {
        "kind": "network_profile", "key": "2", "data": {"ocppCsmsUrl": "wss://a"},
    })
    [report] = (await api.get("/variable-reports?station=CP1")).json()["items"]
    assert (report["request"], report["status"], report["missing"]) == ("7", "incomplete", [1])
    [slot] = (await api.get("/network-profiles")).json()["items"]
    assert (slot["slot"], slot["connection_data"]) == (2, {"ocppCsmsUrl": "wss://a"})
