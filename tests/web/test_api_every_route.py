"""Every route of the table: what all of them refuse alike, what all lists share, and what a change is made to."""

from typing import Any

import pytest

from tests.support.api import Api, problem
from tests.support.every_route import OTHER, address, body, fill
from web.api.route import Route
from web.api.routes import ROUTES
from web.paging import Page

pytestmark = [pytest.mark.server, pytest.mark.slow]

LISTS = [route for route in ROUTES if route.method == "GET" and "ListOf" in str(route.answers.get(200))]
PAGED = [route for route in LISTS if "cursor" in route.query.__struct_fields__]
# Few by nature, and never more than one page.
SHORT = {"/certificates/authority", "/client-authorities", "/stations/{station}/web-payments"}
# Not a change to what somebody has read: what a station is told or asked next, as a whole.
TOLD = {"/sessions/{id}", "/stations/{station}/dynamic-limits/{profile}", "/stations/{station}/web-payments"}


def test_lists_are_paged_but_the_short_ones() -> None:
    assert len(LISTS) > 40
    assert {route.path for route in LISTS} - {route.path for route in PAGED} == SHORT
    unlike = [r.path for r in PAGED if not issubclass(r.query, Page) and r.path != "/stations/{station}/variables"]
    assert unlike == []  # variables have no time to be ordered by


def test_whatever_is_changed_can_be_held_against_what_was_read() -> None:
    free = {route.path for route in ROUTES if route.method in ("PATCH", "PUT") and not route.conditional}
    assert free == TOLD
    held = [route for route in ROUTES if route.conditional]
    assert [route.path for route in held if "precondition_failed" not in route.problems] == []


async def test_every_route_refuses_what_it_does_not_know(api: Api) -> None:
    """And does nothing: each is asked with a body that is right."""
    ids = await fill(api)
    for route in ROUTES:
        if route.answers == {200: None}:
            continue  # a file: its bytes go past the framework
        answer = await api.call(route.method, address(route, ids), params={"colour": "red"}, **body(route))
        told = problem(answer, 400, "invalid_parameter")
        assert [each["path"] for each in told["errors"]] == ["?colour"], route
    assert api.stations.sent == []


async def test_every_list_has_the_same_bounds_and_shape(api: Api) -> None:
    ids = await fill(api)
    others = (await api.get("/stations", params={"limit": 1})).json()["next"] or await _cursor(api)
    for route in PAGED:
        path = address(route, ids)
        for limit in ("0", "501", "x", "1.5", ""):
            told = problem(await api.get(path, params={"limit": limit}), 400, "invalid_parameter")
            assert told["errors"][0]["path"] == "?limit", route
        for cursor in ("x", "\u00e9", others if route.path != "/stations" else "W10", "W10"):
            problem(await api.get(path, params={"cursor": cursor}), 400, "invalid_cursor")
        whole = (await api.get(path, params={"limit": 500})).json()
        assert (set(whole), whole["next"]) == ({"items", "next"}, None), route
        assert len((await api.get(path, params={"limit": 1})).json()["items"]) == min(1, len(whole["items"])), route
    for route in LISTS:
        if not route.parameters:
            assert (await api.get(route.path, headers=OTHER)).json() == {"items": [], "next": None}, route


async def _cursor(api: Api) -> str:
    """Of the list of stations."""
    await api.station("another")
    cursor: str = (await api.get("/stations", params={"limit": 1})).json()["next"]
    return cursor


async def test_a_change_is_made_to_what_its_author_has_seen(api: Api) -> None:
    ids = await fill(api)
    held = [route for route in ROUTES if route.conditional]
    for route in sorted(held, key=lambda route: (route.method == "DELETE", route.path == "/stations/{station}")):
        path, sent = address(route, ids), body(route)
        stale = await api.call(route.method, path, headers={"If-Match": '"999"'}, **sent)
        problem(stale, 412, "precondition_failed")
        seen = await api.get(path)
        assert seen.headers["ETag"] == stale.headers["ETag"], route
        tag = {"If-Match": seen.headers["ETag"]}
        made = await api.call(route.method, path, headers=tag, **sent)
        assert made.status_code in (200, 204), (route, made.text)
        if route.method != "DELETE":
            await _twice(api, route, path, made.headers["ETag"], tag, sent)


async def _twice(api: Api, route: Route, path: str, after: str, tag: dict[str, str], sent: dict[str, Any]) -> None:
    """Somebody else who read before that change is told."""
    assert (await api.get(path)).headers["ETag"] == after != tag["If-Match"], route
    problem(await api.call(route.method, path, headers=tag, **sent), 412, "precondition_failed")
