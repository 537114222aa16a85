"""Why a station does not connect: its diagnosis, the words of refusals and refused frames, the doctor."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
import uuid_utils.compat as uuids
from click.testing import CliRunner

from gateway import cli
from gateway.doctor_station import CannotExamine, examine, shown, wrong
from gateway.settings_load import load
from tests.support.api import NOW, TOKEN, Api, problem
from tests.support.postgres import Database

pytestmark = pytest.mark.server


async def refusal(api: Api, reason: str, **columns: Any) -> str:
    number = uuids.uuid7()
    await api.insert("refusals", {
        "id": number, "path": "/ocpp/CP1", "identity": "CP1", "address_prefix": "192.0.2.0/24", "reason": reason,
        "detail": None, "count": 7, "first_at": NOW - timedelta(hours=2), "last_at": NOW - timedelta(minutes=1),
        "request": "GET /ocpp/CP1 HTTP/1.1\nHost: x", **columns,
    })  # fmt: skip
    return str(number)


async def findings(api: Api, station: str = "CP1") -> dict[str, dict[str, Any]]:
    answer = await api.get(f"/stations/{station}/diagnosis")
    assert answer.status_code == 200, answer.text
    return {each["code"]: each for each in answer.json()["findings"]}


async def frame(api: Api, station: UUID, outcome: str, reply: str | None, **columns: Any) -> None:
    common = {"station_id": station, "received_at": NOW - timedelta(minutes=5), "message_id": "m1", "action": "X"}
    text = '[2,"m1","X",{"idTag":5}]'
    one = common | {"id": uuids.uuid7(), "direction": "in", "outcome": outcome, "text": text} | columns
    await api.insert("frames", one)
    if reply is not None:
        answer = {"id": uuids.uuid7(), "direction": "out", "outcome": "sent", "text": reply}
        await api.insert("frames", common | columns | answer)


async def test_a_refusal_says_why_what_came_and_what_to_do(api: Api) -> None:
    await refusal(api, "password_wrong")
    await refusal(api, "of_a_newer_version", path="/2")
    items = {each["reason"]: each for each in (await api.get("/refusals")).json()["items"]}
    wrong_one = items["password_wrong"]
    assert "password" in wrong_one["why"]
    assert "set a new password" in wrong_one["advice"]
    assert wrong_one["request"].startswith("GET /ocpp/CP1")
    assert items["of_a_newer_version"]["advice"]


async def test_a_refused_frame_says_why_and_what_to_do(api: Api) -> None:
    station = UUID((await api.station("CP1"))["id"])
    await frame(api, station, "refused", '[4,"m1","TypeConstraintViolation","/idTag: is no text",{}]')
    await frame(api, station, "refused", None, message_id="m2")
    await frame(api, station, "accepted", '[3,"m3",{}]', message_id="m3")
    for address in ("/stations/CP1/frames", "/frames"):
        items = {each["message_id"]: each for each in (await api.get(f"{address}?direction=in")).json()["items"]}
        assert items["m1"]["why"] == {
            "text": "a value is of the wrong type, a text for a number for instance", "path": "/idTag",
            "code": "TypeConstraintViolation", "message": "/idTag: is no text",
        }
        assert "maker" in items["m1"]["advice"]
        assert items["m2"]["why"]["code"] is None
        assert (items["m3"]["why"], items["m3"]["advice"]) == (None, None)
        assert items["m1"]["station"] == "CP1"
    assert len((await api.get("/frames?station=CP1&message_id=m1")).json()["items"]) == 2
    problem(await api.get("/frames?station=CP9"), 404, "unknown_station")


async def test_nothing_known_is_an_unknown_station(api: Api) -> None:
    problem(await api.get("/stations/CP1/diagnosis"), 404, "unknown_station")


async def test_what_is_not_configured_is_named_with_its_refusals(api: Api) -> None:
    number = await refusal(api, "unknown_station")
    found = await findings(api, "cp1")
    assert f"/refusals/{number}/admit" in found["not_configured"]["advice"]
    assert (found["unknown_station"]["severity"], found["unknown_station"]["count"]) == ("wrong", 7)
    assert found["unknown_station"]["request"].startswith("GET ")


async def test_near_misses_are_shown_as_such(api: Api) -> None:
    station = UUID((await api.station("CP-1"))["id"])
    await api.insert("station_states", {"station_id": station, "online": False, "remote_address": "198.51.100.7"})
    await refusal(api, "unknown_station", identity="cp_1", path="/ocpp/cp_1")
    await refusal(api, "not_tls", identity=None, path="", address_prefix="198.51.100.0/24")
    await refusal(api, "password_wrong", identity="CP2", path="/ocpp/CP2")
    found = await findings(api, "CP-1")
    assert "'CP-1'" in found["near_unknown_station"]["advice"]
    assert "wss://" in found["near_not_tls"]["advice"]
    assert {each["severity"] for code, each in found.items() if code.startswith("near_")} == {"note"}
    assert not any("password" in code for code in found)


async def test_what_was_refused_as_unknown_though_it_is_here_came_for_another_tenant(api: Api) -> None:
    await api.station("CP1")
    await refusal(api, "unknown_station", path="/ocpp/others/CP1", last_at=NOW + timedelta(hours=1))
    found = await findings(api)
    assert "another tenant" in found["unknown_station"]["text"]


async def test_all_that_keeps_a_station_from_working(api: Api) -> None:
    station = UUID((await api.station("CP1", security_profile=1, password="generate"))["id"])
    before = NOW - timedelta(days=1)
    await api.insert("station_states", {
        "station_id": station, "online": False, "connected_at": before, "last_seen_at": before, "version": "1.6",
        "boot": {"vendor": "V", "model": "M", "status": "pending"}, "clock_offset_ms": -3_600_000,
        "quirks": [{"code": "13", "count": 4, "last_at": "2026-03-01T00:00:00Z"}],
    })  # fmt: skip
    await api.insert("events", {
        "id": uuids.uuid7(), "received_at": before, "type": "voltyard.station.offline.v1",
        "subject": f"stations/{station}", "data": {"ending": "peer_silent"},
    })  # fmt: skip
    await api.node.execute(
        "update stations set held_off = $1, highest_profile = 2, pending_password_hash = 'x' where id = $2",
        {"until": "2026-03-01T13:00:00Z", "crashes": 3}, station)  # fmt: skip
    await refusal(api, "profile_too_low")
    await refusal(api, "password_wrong", last_at=before - timedelta(days=1), path="/ocpp/cp1")
    await frame(api, station, "refused", '[4,"m1","NotImplemented","unknown action",{}]', action="Foo")
    await frame(api, station, "violated", None, received_at=NOW - timedelta(hours=3), message_id="old")
    found = await findings(api)
    severities = {code: each["severity"] for code, each in found.items()}
    assert severities == {
        "profile_too_low": "wrong", "offline": "wrong", "held_off": "wrong", "boot_pending": "wrong",
        "frames_refused": "wrong", "password_wrong": "note", "profile_raised": "note", "password_pending": "note",
        "quirk": "note", "clock": "note",
    }  # fmt: skip
    assert "nothing was heard" in found["offline"]["text"]
    assert "behind" in found["clock"]["text"]
    assert "unknown action" in found["frames_refused"]["text"]
    assert all(each["advice"] for each in found.values())


async def test_one_that_has_never_come_is_told_its_address(api: Api) -> None:
    await api.station("CP 1")
    found = await findings(api, "CP%201")
    assert "/ocpp/CP%201" in found["never_connected"]["advice"]


async def test_the_doctor_asks_the_node_or_looks_into_the_database(
    served_api: Api, database: Database
) -> None:
    await served_api.station("CP1", security_profile=1, password="generate")
    # The doctor looks by the real clock, the served API by that of the tests: one refusal within the month of both.
    await refusal(served_api, "password_missing", last_at=datetime.now(UTC))
    url = str(served_api.client.base_url).rstrip("/").removesuffix("/api/v1")
    settings = load({"VOLTYARD_ADMIN_TOKEN": TOKEN, "VOLTYARD_DATABASE_URL": database.url("admin"),
                     "VOLTYARD_HTTP_LISTEN": "http://127.0.0.1:1"}).settings  # fmt: skip
    asked = await examine(settings, "CP1", "default", url)
    looked = await examine(settings, "CP1", "default", None)
    for found in (asked, looked):
        assert wrong(found)
        text = shown(found, as_json=False, colours=False)
        assert "FAIL  password_missing: refused from 192.0.2.0/24" in text
        assert "→ set it in the station" in text
        assert "| GET /ocpp/CP1 HTTP/1.1" in text
    with pytest.raises(CannotExamine, match="nothing of this name"):
        await examine(settings, "CP9", "default", url)
    with pytest.raises(CannotExamine, match="token"):
        await examine(attrs.evolve(settings, admin_token="another-token-that-is-long"), "CP1", "default", url)
    with pytest.raises(CannotExamine, match="no node answers at"):
        await examine(settings, "CP1", "default", "http://127.0.0.1:1")


def test_the_doctor_says_plainly_that_there_is_nothing_to_ask(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("VOLTYARD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VOLTYARD_HTTP_LISTEN", "http://127.0.0.1:1")
    done = CliRunner().invoke(cli.main, ["doctor", "station", "CP1"])
    assert done.exit_code == 1
    assert "there is no database in" in done.output
