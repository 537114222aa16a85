"""What a token may be told beyond its uid, and the rules for all others."""

from typing import Any

import pytest

from tests.support.api import Api, problem

pytestmark = pytest.mark.server

WINDOW = {"days": ["mon", "tue"], "from": "08:00", "to": "18:00"}
FULL = {
    "additional": [{"value": "DE8AA1", "type": "emaid"}], "language1": "de", "language2": "en",
    "message": {"format": "UTF8", "content": "Hallo", "language": "de"},
    "more_messages": [{"format": "UTF8", "content": "Hello", "language": "en"}], "priority": -2,
    "places": [{"station": "CP1", "evses": [1]}, {"site": "Depot"}], "connector_types": ["cType2"],
    "windows": [WINDOW], "time_zone": "Europe/Berlin", "concurrent": 1, "cache_seconds": 60, "prepaid": True,
}  # fmt: skip


async def test_a_token_keeps_all_it_was_told_and_old_bodies_still_do(api: Api) -> None:
    plain = await api.post("/tokens", {"uid": "A"})
    assert plain.status_code == 201
    assert (plain.json()["places"], plain.json()["time_zone"], plain.json()["concurrent"]) == ([], "UTC", None)
    made = (await api.post("/tokens", {"uid": "B", **FULL})).json()
    assert {name: made[name] for name in FULL} == FULL
    changed = (await api.patch("/tokens/b", {"windows": [], "message": None, "more_messages": []})).json()
    assert (changed["windows"], changed["message"], changed["places"]) == ([], None, FULL["places"])


@pytest.mark.parametrize(("body", "path"), [
    ({"time_zone": "Mars/North"}, "/time_zone"),
    ({"places": [{"station": "A", "site": "B"}]}, "/places/0"),
    ({"places": [{}]}, "/places/0"),
    ({"windows": [{"days": ["mon"], "from": "25:00", "to": "06:00"}]}, "/windows/0/from"),
    ({"more_messages": [{"content": "x", "language": "de"}]}, "/more_messages"),
    ({"message": {"content": "x"}, "more_messages": [{"content": "y"}]}, "/more_messages/0/language"),
    ({"priority": 10}, "/priority"),
    ({"type": "NoAuthorization"}, "/type"),
    ({"type": "MacAddress"}, "/uid"),
    ({"status": "broke"}, "/status"),
])  # fmt: skip
async def test_what_cannot_be_is_named(api: Api, body: dict[str, Any], path: str) -> None:
    told = problem(await api.post("/tokens", {"uid": "A", **body}), 422, "invalid_body")
    assert path in [error["path"] for error in told["errors"]]


async def test_rules_are_of_the_tenant_a_site_or_a_station_one_each(api: Api) -> None:
    await api.station("CP1")
    tenant = await api.post("/token-rules", {"unknown": "reject"})
    station = await api.post("/token-rules", {"station": "cp1", "unknown": "create", "concurrent": 2})
    assert (tenant.status_code, station.status_code) == (201, 201)
    assert (tenant.json()["station"], station.json()["station"]) == (None, "CP1")
    problem(await api.post("/token-rules", {"station": "CP1"}), 409, "already_exists")
    problem(await api.post("/token-rules", {}), 409, "already_exists")
    told = problem(await api.post("/token-rules", {"station": "CP1", "site": "A"}), 422, "invalid_body")
    assert told["errors"][0]["path"] == "/site"
    problem(await api.post("/token-rules", {"station": "CP9"}), 404, "unknown_station")
    listed = (await api.get("/token-rules?station=CP1")).json()["items"]
    assert [row["id"] for row in listed] == [station.json()["id"]]
    address = f"/token-rules/{tenant.json()['id']}"
    changed = (await api.patch(address, {"unknown": None, "cache_seconds": 0})).json()
    assert (changed["unknown"], changed["cache_seconds"]) == (None, 0)
    assert (await api.delete(address)).status_code == 204
    problem(await api.get(address), 404, "unknown_rule")


async def test_a_rule_for_lists_names_so_many_tokens_and_a_page_shows_the_first(api: Api) -> None:
    names = [f"t{number:05}" for number in range(5_000)]
    path = "/local-list-rules"
    told = problem(await api.post(path, {"rule": "tokens", "tokens": [*names, "one more"]}), 422, "invalid_body")
    assert told["errors"][0]["path"] == "/tokens"
    assert "a rule holds 5000: give those tokens a group" in told["errors"][0]["message"]
    made = (await api.post(path, {"rule": "tokens", "tokens": names})).json()
    assert (made["tokens"], made["token_count"], made["group_count"]) == (names, 5_000, 0)
    (shown,) = (await api.get(path)).json()["items"]
    assert (shown["tokens"], shown["token_count"]) == (names[:100], 5_000)
    problem(await api.patch(f"{path}/{made['id']}", {"tokens": [*names, "one more"]}), 422, "invalid_body")
    assert len((await api.get(f"{path}/{made['id']}")).json()["tokens"]) == 5_000
