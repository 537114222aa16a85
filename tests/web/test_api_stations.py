"""/stations over a real database."""

from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from actors.station.face import LiveConnector, LiveStation
from protocol.ocpp.version import Version
from tests.support.api import NOW, Api, problem

pytestmark = pytest.mark.server


async def test_created_read_listed_and_found_by_identity_in_any_case_or_id(api: Api) -> None:
    made = await api.post("/stations", {"identity": "Bay/3 ü", "name": "Bay 3"})
    assert made.status_code == 201
    body = made.json()
    assert made.headers["location"] == f"/api/v1/stations/{body['id']}"
    assert made.headers["etag"] == '"1"'
    assert (body["security_profile"], body["has_password"], body["online"]) == (0, False, False)
    assert "password" not in body
    assert body["created_at"] == "2026-03-01T12:00:00.251Z"
    for name in ("Bay%2F3%20%C3%BC", "bay%2f3%20%c3%9c", body["id"]):
        found = await api.get(f"/stations/{name}")
        assert found.status_code == 200, name
        assert found.json() == body
    assert (await api.get("/stations")).json() == {"items": [body], "next": None}


async def test_a_second_station_of_the_same_name_is_refused_whatever_its_case(api: Api) -> None:
    await api.station("CP1")
    problem(await api.post("/stations", {"identity": "cp1"}), 409, "already_exists")


@pytest.mark.parametrize(
    ("members", "profile", "shown"),
    [
        ({}, 0, None),
        ({"password": "chosen-by-hand-1"}, 1, None),
        ({"password": "generate"}, 1, "generated-secret-1"),
        ({"password": "generate", "security_profile": 2}, 2, "generated-secret-1"),
        ({"security_profile": 3}, 3, None),
    ],
)
async def test_profile_and_password_at_creation(
    api: Api, members: dict[str, Any], profile: int, shown: str | None
) -> None:
    body = await api.station("CP1", **members)
    assert body["security_profile"] == profile
    assert body.get("password") == shown
    again = (await api.get("/stations/CP1")).json()
    assert "password" not in again
    assert again["has_password"] is ("password" in members)


@pytest.mark.parametrize(
    ("members", "path"),
    [({"security_profile": 1}, "/password"), ({"security_profile": 0, "password": "x"}, "/security_profile")],
)
async def test_profile_and_password_must_fit(api: Api, members: dict[str, Any], path: str) -> None:
    body = problem(await api.post("/stations", {"identity": "CP1"} | members), 422, "invalid_body")
    assert [each["path"] for each in body["errors"]] == [path]


async def test_patch_changes_what_is_named_and_nothing_else(api: Api) -> None:
    await api.station("CP1", name="Old", site="north", items_per_message={"get_variables": 4})
    answer = await api.patch(
        "/stations/CP1", {"name": None, "admission": "pending", "items_per_message": {"set_variables": 2}}
    )
    assert answer.status_code == 200
    body = answer.json()
    assert (body["name"], body["site"], body["admission"]) == (None, "north", "pending")
    assert body["items_per_message"] == {"get_variables": 4, "set_variables": 2}
    assert answer.headers["etag"] == '"2"'
    assert api.stations.told == [("reconfigured", UUID(body["id"]))]
    less = await api.patch("/stations/CP1", {"items_per_message": {"get_variables": None}})
    assert less.json()["items_per_message"] == {"set_variables": 2}


async def test_patch_of_password_and_profile(api: Api) -> None:
    await api.station("CP1")
    with_password = (await api.patch("/stations/CP1", {"password": "generate"})).json()
    assert (with_password["security_profile"], with_password["password"]) == (1, "generated-secret-1")
    problem(await api.patch("/stations/CP1", {"password": None}), 422, "invalid_body")
    await api.node.execute("update stations set highest_profile = 2")
    lowered = (await api.patch("/stations/CP1", {"security_profile": 0})).json()
    assert (lowered["security_profile"], lowered["highest_profile"], lowered["has_password"]) == (0, 0, False)


async def test_a_change_of_what_somebody_else_changed_is_refused(api: Api) -> None:
    await api.station("CP1")
    tag = {"If-Match": '"1"'}
    assert (await api.patch("/stations/CP1", {"name": "A"}, headers=tag)).status_code == 200
    late = await api.patch("/stations/CP1", {"name": "B"}, headers=tag)
    problem(late, 412, "precondition_failed")
    assert late.headers["etag"] == '"2"'
    assert (await api.get("/stations/CP1")).json()["name"] == "A"
    problem(await api.delete("/stations/CP1", headers=tag), 412, "precondition_failed")
    assert (await api.delete("/stations/CP1", headers={"If-Match": "*"})).status_code == 204


async def test_a_deleted_station_is_gone_and_its_name_free(api: Api) -> None:
    body = await api.station("CP1")
    answer = await api.delete("/stations/CP1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.stations.told == [("removed", UUID(body["id"]))]
    for name in ("CP1", body["id"]):
        problem(await api.get(f"/stations/{name}"), 404, "unknown_station")
    assert (await api.get("/stations")).json()["items"] == []
    assert (await api.station("CP1"))["id"] != body["id"]


async def test_rows_are_shown_when_no_actor_lives_and_the_actor_wins_when_it_does(api: Api) -> None:
    station_id = UUID((await api.station("CP1"))["id"])
    await api.insert("station_states", {
        "station_id": station_id, "online": False, "version": "1.6", "last_seen_at": NOW,
        "boot": {"vendor": "Example", "model": "Twin"}, "quirks": [{"code": "13", "count": 2}],
    })
    session_id = await api.session(str(station_id))
    await api.insert("connectors", {
        "station_id": station_id, "evse": 1, "connector": 1, "status": "Charging", "since": NOW, "received_at": NOW,
    })
    row = (await api.get("/stations/CP1")).json()
    assert (row["online"], row["version"], row["last_seen_at"]) == (False, "1.6", "2026-03-01T12:00:00.250Z")
    assert row["boot"] == {"vendor": "Example", "model": "Twin"}
    assert row["quirks"] == [{"code": "13", "count": 2}]
    assert row["connectors"] == [{
        "evse": 1, "connector": 1, "status": "Charging", "error": None, "since": "2026-03-01T12:00:00.250Z",
        "session": str(session_id),
    }]
    api.stations.stations[station_id] = LiveStation(
        station_id, True, Version.V21, NOW, NOW, "192.0.2.7", {"vendor": "New"}, [],
        [LiveConnector(2, 1, "Faulted", "GroundFailure", NOW, None)], [], 3, None,
    )
    live = (await api.get("/stations")).json()["items"][0]
    assert (live["online"], live["version"], live["waiting_commands"]) == (True, "2.1", 3)
    assert (live["boot"], live["quirks"]) == ({"vendor": "New"}, [])
    assert [(each["evse"], each["status"], each["error"]) for each in live["connectors"]] == [
        (2, "Faulted", "GroundFailure")
    ]


async def test_pages_hold_every_station_once_in_both_orders(api: Api) -> None:
    names = [f"CP{number}" for number in range(7)]
    for name in names:
        await api.station(name)
    for order, wanted in (("newest", names[::-1]), ("oldest", names), ("desc", names[::-1]), ("asc", names)):
        seen, cursor = [], None
        while True:
            query = {"limit": "3", "order": order} | ({"cursor": cursor} if cursor else {})
            page = (await api.get("/stations", params=query)).json()
            seen += [item["identity"] for item in page["items"]]
            assert len(page["items"]) <= 3
            cursor = page["next"]
            if cursor is None:
                break
        assert seen == wanted


async def test_filters(api: Api) -> None:
    first = await api.station("North-1", site="north", name="Gate")
    await api.station("South-1", site="south", admission="pending")
    await api.insert("station_states", {"station_id": UUID(first["id"]), "online": True, "version": "2.0.1"})
    await api.insert("connectors", {
        "station_id": UUID(first["id"]), "evse": 1, "connector": 1, "status": "Charging", "since": NOW,
        "received_at": NOW,
    })
    for query in ("site=north", "online=true", "version=2.0.1", "admission=accepted", "q=gate", "q=NORTH",
                  "identity=north-1", "name=Gate", "status=charging"):
        items = (await api.get(f"/stations?{query}")).json()["items"]
        assert [item["identity"] for item in items] == ["North-1"], query


async def test_a_station_of_another_name_or_id_is_unknown(api: Api) -> None:
    await api.station("CP1")
    for name in ("CP2", str(uuids.uuid7()), "%00", "%FF", "x" * 300, "a%2Fb"):
        body = problem(await api.get(f"/stations/{name}"), 404, "unknown_station")
        assert body["instance"] == f"/api/v1/stations/{name}"


async def test_every_wrong_field_is_named(api: Api) -> None:
    body = problem(
        await api.post("/stations", {
            "name": 3, "admission": "maybe", "colour": "red", "items_per_message": {"get_variables": 0, "x": 1},
        }),
        422, "invalid_body",
    )
    assert {each["path"] for each in body["errors"]} == {
        "/name", "/admission", "/colour", "/items_per_message/get_variables", "/items_per_message/x", "/identity",
    }
    [admission] = [each["message"] for each in body["errors"] if each["path"] == "/admission"]
    assert admission == "Invalid enum value 'maybe'; allowed are accepted, pending, rejected"


@pytest.mark.parametrize("identity", ["", " CP", "CP\n", "a\u0000b", "x" * 256, 7, None])
async def test_an_identity_that_no_station_can_have_is_refused(api: Api, identity: Any) -> None:
    body = problem(await api.post("/stations", {"identity": identity}), 422, "invalid_body")
    assert [each["path"] for each in body["errors"]] == ["/identity"]
