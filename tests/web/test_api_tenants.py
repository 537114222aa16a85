"""Two tenants, every route: what belongs to one is not there for the other."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from tests.support.api import NOW, Api, answered, problem
from tests.support.belongings import bodies, fill_all, plain
from web.api.permissions import PERMISSIONS
from web.api.route import Route
from web.api.routes import LIVE, ROUTES
from web.problems import CODES

pytestmark = pytest.mark.server

OTHER = {"Voltyard-Tenant": "other"}
MARK = "belongs-to-default"
KNOWN_ALIKE = {code for code in CODES if code.startswith("unknown_")} | {"not_found"}


async def _fill(api: Api) -> dict[str, str]:
    """One of everything for the default tenant, each with the mark; ids by the parameter of the path."""
    station_id = (await api.station(MARK, name=MARK))["id"]
    station = UUID(station_id)
    await api.post("/tokens", {"uid": MARK, "holder": MARK})
    session = await api.session(station_id, token=MARK)
    command, refusal = uuids.uuid7(), uuids.uuid7()
    await api.insert("station_states", {"station_id": station, "online": True, "version": "1.6"})
    await api.insert("connectors", {
        "station_id": station, "evse": 1, "connector": 1, "status": MARK, "since": NOW, "received_at": NOW,
    })
    await api.insert("commands", {
        "id": command, "station_id": station, "action": MARK, "status": "queued", "created_at": NOW,
    })
    await api.insert("jobs", {
        "id": command, "kind": "queued-command", "station_id": station, "run_at": NOW, "created_at": NOW,
        "updated_at": NOW,
    })
    await api.insert("refusals", {
        "id": refusal, "path": MARK, "identity": MARK, "address_prefix": "192.0.2.0/24", "reason": "unknown_identity",
        "count": 1, "first_at": NOW, "last_at": NOW,
    })
    await api.insert("variables", {"station_id": station, "component": "", "variable": MARK, "received_at": NOW})
    await api.insert("frames", {
        "station_id": station, "received_at": NOW, "id": uuids.uuid7(), "direction": "in", "outcome": "accepted",
        "text": MARK,
    })
    await api.insert("meter_values", {
        "station_id": station, "session_id": session, "received_at": NOW + timedelta(seconds=1), "at": NOW,
        "context": MARK, "sampled": "[]",
    })
    await api.insert("session_facts", {
        "id": uuids.uuid7(), "session_id": session, "kind": "began", "at": NOW, "received_at": NOW, "data": {"m": MARK},
    })
    await api.insert("events", {
        "id": uuids.uuid7(), "received_at": NOW, "type": "voltyard.station.online.v1", "subject": f"stations/{MARK}",
        "data": {"station": MARK},
    })
    known = {"station": MARK, "uid": MARK, "sessions": str(session), "commands": str(command), "refusals": str(refusal)}
    return known | await fill_all(api, station, MARK)


def _address(route: Route, ids: dict[str, str]) -> str:
    if route.path in ids:
        return ids[route.path]

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return ids[route.tag] if name == "id" else {"action": "Reset", "command": "limit"}.get(name) or ids[name]

    return re.sub(r"\{(\w+)\}", value, route.path)


def _body(route: Route) -> dict[str, Any]:
    given = bodies().get((route.method, route.path))
    if given is not None:
        return {"json": given}
    if route.path.endswith(("/read", "/write")):
        return {"json": {"items": [{"key": "A", "value": "1"} if "write" in route.path else {"key": "A"}]}}
    return {"json": route.example} if route.example is not None else {}


async def test_nothing_of_one_tenant_is_there_for_the_other_on_any_route(api: Api) -> None:
    ids = await _fill(api)
    for route in sorted(ROUTES, key=lambda route: route.method != "GET"):  # before it makes things of its own
        answer = await api.call(route.method, _address(route, ids), headers=OTHER, **_body(route))
        if route.parameters:
            assert problem(answer, 404, answer.json()["code"])["code"] in KNOWN_ALIKE, route
        else:
            if answer.status_code == 404:  # its body names something of the other's: as unknown as anything
                assert answer.json()["code"] in KNOWN_ALIKE, route
                continue
            assert answer.status_code == (201 if route.creates else 200), (route, answer.text)
            assert MARK not in answer.text
            if not route.creates:
                assert answer.json().get("items", []) == [], route
    assert api.stations.sent == []
    assert api.stations.told == []


async def test_all_of_it_is_there_for_its_own_tenant_on_the_same_routes(api: Api) -> None:
    """Else the test above would pass on routes that find nothing at all."""
    ids = await _fill(api)
    api.stations.results = [answered({"configurationKey": []})]
    last = [route for route in ROUTES if route.method == "DELETE" or route.path.endswith("/admit")]
    await api.node.execute("update refusals set identity = 'Another'")
    last.sort(key=lambda route: route.path == "/stations/{station}")  # what lies below it goes before it
    for route in [each for each in ROUTES if each not in last] + last:
        answer = await api.call(route.method, _address(route, ids), **_body(route))
        assert answer.status_code in route.answers, (route, answer.text)
        if route.method == "GET" and route.tag != "refusals" and (route.method, route.path) not in plain():
            assert MARK in answer.text, route


async def test_both_may_use_the_same_names_and_keys(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    first = await api.post("/stations", {"identity": "CP1"}, headers=key)
    second = await api.post("/stations", {"identity": "CP1"}, headers=key | OTHER)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]
    problem(await api.get(f"/stations/{first.json()['id']}", headers=OTHER), 404, "unknown_station")


async def test_a_refusal_that_belongs_to_nobody_is_the_platforms(api: Api) -> None:
    await api.insert("refusals", {
        "tenant_id": None, "id": uuids.uuid7(), "path": "/", "address_prefix": "192.0.2.0/24", "reason": "no_identity",
        "count": 1, "first_at": NOW, "last_at": NOW,
    })
    assert len((await api.get("/refusals")).json()["items"]) == 1
    assert (await api.get("/refusals", headers=OTHER)).json()["items"] == []


def test_every_route_of_the_table_is_walked_above() -> None:
    assert {(route.method, route.path) for route in ROUTES} | {LIVE} == set(PERMISSIONS)
