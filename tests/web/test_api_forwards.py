"""/forwards: what an operator sets, what is refused, and that no password comes back."""

from uuid import UUID

import pytest

from tests.support.api import NOW, Api, problem

pytestmark = pytest.mark.server

WANTED = {"station": "CP1", "url": "wss://csms.example/ocpp/", "password": "their-secret", "identity": "EMP-1"}


async def test_a_forward_from_making_to_deleting(api: Api) -> None:
    station = await api.station("CP1")
    answer = await api.post("/forwards", WANTED)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["station"], made["url"], made["mode"], made["has_password"]) == (
        "CP1", "wss://csms.example/ocpp", "read_only", True,
    )  # fmt: skip
    assert "their-secret" not in answer.text
    assert api.stations.told == [("reconfigured", UUID(station["id"]))]
    marked = "select settings->'forwarded' from stations where identity = 'CP1'"
    assert await api.node.fetchval(marked) is True
    await api.node.execute(
        "insert into forward_messages (tenant_id, id, station_id, received_at, version, action, payload)"
        " select tenant_id, gen_random_uuid(), id, $1, '1.6', 'X', '{}' from stations where identity = 'CP1'", NOW,
    )  # fmt: skip
    shown = (await api.get("/forwards?station=CP1")).json()["items"]
    assert [(each["id"], each["waiting"]) for each in shown] == [(made["id"], 1)]
    changed = await api.call("PATCH", f"/forwards/{made['id']}", json={"mode": "commands", "allowed": ["Reset"]})
    assert (changed.json()["allowed"], changed.json()["has_password"]) == (["Reset"], True)
    assert (await api.call("PATCH", f"/forwards/{made['id']}", json={"password": None})).json()["has_password"] is False
    assert (await api.call("DELETE", f"/forwards/{made['id']}")).status_code == 204
    assert await api.node.fetchval(marked) is None
    problem(await api.get(f"/forwards/{made['id']}"), 404, "unknown_forward")


async def test_a_password_is_kept_sealed(api: Api) -> None:
    await api.station("CP1")
    await api.post("/forwards", WANTED)
    kept = await api.node.fetchval("select password_sealed from forwards")
    assert kept is not None
    assert b"their-secret" not in kept


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"url": "http://csms.example"}, "/url"),
        ({"url": "wss://user:pass@csms.example"}, "/url"),
        ({"url": "wss://csms.example:99999"}, "/url"),
        ({"mode": "commands", "allowed": ["Heartbeat"]}, "/allowed/0"),
        ({"mode": "commands", "allowed": ["Reset", "Fly"]}, "/allowed/1"),
        ({"allowed": ["Reset"]}, "/allowed"),
        ({"username": "a:b"}, "/username"),
        ({"mode": "sometimes"}, "/mode"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_place(api: Api, change: dict[str, object], path: str) -> None:
    await api.station("CP1")
    document = problem(await api.post("/forwards", WANTED | change), 422, "invalid_body")
    assert [each["path"] for each in document["errors"]] == [path]


async def test_the_same_place_twice_and_an_unknown_station(api: Api) -> None:
    await api.station("CP1")
    assert (await api.post("/forwards", WANTED)).status_code == 201
    problem(await api.post("/forwards", WANTED), 409, "already_exists")
    problem(await api.post("/forwards", WANTED | {"station": "CP9"}), 404, "unknown_station")
