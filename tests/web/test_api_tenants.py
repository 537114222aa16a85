"""Two tenants, every route: what belongs to one is not there for the other."""

import pytest
import uuid_utils.compat as uuids

from tests.support.api import NOW, Api, answered, problem
from tests.support.belongings import plain
from tests.support.every_route import MARK, OTHER, address, body, fill
from web.api.permissions import PERMISSIONS
from web.api.routes import LIVE, ROUTES
from web.problems import CODES

pytestmark = pytest.mark.server

KNOWN_ALIKE = {code for code in CODES if code.startswith("unknown_")} | {"not_found"}


async def test_nothing_of_one_tenant_is_there_for_the_other_on_any_route(api: Api) -> None:
    ids = await fill(api)
    for route in sorted(ROUTES, key=lambda route: route.method != "GET"):  # before it makes things of its own
        answer = await api.call(route.method, address(route, ids), headers=OTHER, **body(route))
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
    ids = await fill(api)
    api.stations.results = [answered({"configurationKey": []})]
    last = [route for route in ROUTES if route.method == "DELETE" or route.path.endswith("/admit")]
    await api.node.execute("update refusals set identity = 'Another'")
    last.sort(key=lambda route: route.path == "/stations/{station}")  # what lies below it goes before it
    for route in [each for each in ROUTES if each not in last] + last:
        answer = await api.call(route.method, address(route, ids), **body(route))
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
