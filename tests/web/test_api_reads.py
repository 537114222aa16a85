"""Frames, refusals, tokens, sessions and events over a real database."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from actors.station.face import LiveSession
from tests.support.api import NOW, Api, problem

pytestmark = pytest.mark.server


async def _all(api: Api, path: str, **query: str) -> list[dict[str, Any]]:
    """Every item of a list, read by pages of two."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.get(path, params={"limit": "2", **query, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next"] is None:
            return items
        assert len(page["items"]) == 2
        cursor = {"cursor": page["next"]}


async def test_frames(api: Api) -> None:
    station_id = UUID((await api.station("CP1"))["id"])
    other_id = UUID((await api.station("CP2"))["id"])
    for number in range(5):
        await api.insert("frames", {
            "station_id": station_id, "received_at": NOW + timedelta(seconds=number // 2), "id": uuids.uuid7(),
            "direction": "in" if number % 2 else "out", "action": "Heartbeat" if number else "Reset",
            "message_id": str(number), "outcome": "repaired" if number == 3 else "accepted",
            "text": f'[2,"{number}","Übung",{{}}]', "repairs": [{"code": "13"}] if number == 3 else None,
        })
    await api.insert("frames", {
        "station_id": other_id, "received_at": NOW, "id": uuids.uuid7(), "direction": "in", "outcome": "accepted",
        "text": "[]",
    })
    for order, wanted in (("newest", ["4", "3", "2", "1", "0"]), ("oldest", ["0", "1", "2", "3", "4"])):
        assert [frame["message_id"] for frame in await _all(api, "/stations/CP1/frames", order=order)] == wanted
    for query, wanted in (
        ({"direction": "in"}, ["3", "1"]), ({"outcome": "repaired"}, ["3"]), ({"action": "Reset"}, ["0"]),
        ({"q": "übung"}, ["4", "3", "2", "1", "0"]), ({"q": '"1"', "direction": "in"}, ["1"]),
        ({"q": "übung", "order": "oldest", "direction": "out"}, ["0", "2", "4"]),
        ({"from": "2026-03-01T12:00:01Z", "to": "2026-03-01T12:00:02Z"}, ["3", "2"]),
    ):
        assert [frame["message_id"] for frame in await _all(api, "/stations/CP1/frames", **query)] == wanted, query
    [repaired] = await _all(api, "/stations/CP1/frames", outcome="repaired")
    assert (repaired["repairs"], repaired["text"]) == ([{"code": "13"}], '[2,"3","Übung",{}]')


async def _refusal(api: Api, **columns: Any) -> UUID:
    refusal_id = uuids.uuid7()
    await api.insert("refusals", {
        "id": refusal_id, "path": f"/ocpp/CP7{refusal_id}", "identity": "CP7", "address_prefix": "192.0.2.0/24",
        "reason": "unknown_identity", "headers": {"sec-websocket-protocol": "ocpp1.6"}, "count": 3, "first_at": NOW,
        "last_at": NOW, **columns,
    })
    return refusal_id


async def test_a_refusal_becomes_a_station(api: Api) -> None:
    refusal_id = await _refusal(api)
    [shown] = await _all(api, "/refusals", identity="cp7")
    assert (shown["identity"], shown["count"], shown["admitted_as"]) == ("CP7", 3, None)
    answer = await api.post(f"/refusals/{refusal_id}/admit", {"name": "Bay 7", "password": "generate"})
    assert answer.status_code == 201
    station = answer.json()
    assert answer.headers["location"] == f"/api/v1/stations/{station['id']}"
    assert (station["identity"], station["name"], station["security_profile"]) == ("CP7", "Bay 7", 1)
    assert station["password"] == "generated-secret-1"
    assert (await _all(api, "/refusals"))[0]["admitted_as"] == station["id"]
    problem(await api.post(f"/refusals/{refusal_id}/admit"), 409, "already_exists")


async def test_admitting_without_a_body_and_what_cannot_be_admitted(api: Api) -> None:
    first = await _refusal(api)
    assert (await api.post(f"/refusals/{first}/admit")).json()["identity"] == "CP7"
    nameless = await _refusal(api, identity=None, tenant_id=None)
    body = problem(await api.post(f"/refusals/{nameless}/admit"), 422, "invalid_body")
    assert body["errors"][0]["path"] == "/identity"
    assert (await api.post(f"/refusals/{nameless}/admit", {"identity": "CP8"})).status_code == 201
    for name in (str(uuids.uuid7()), "x"):
        problem(await api.post(f"/refusals/{name}/admit"), 404, "unknown_refusal")


async def test_refusals_by_time_and_reason(api: Api) -> None:
    for number in range(5):
        await _refusal(
            api, last_at=NOW + timedelta(minutes=number // 2), reason="password" if number == 2 else "unknown_identity"
        )
    assert len(await _all(api, "/refusals")) == 5
    assert len(await _all(api, "/refusals", reason="password")) == 1
    assert len(await _all(api, "/refusals", **{"from": "2026-03-01T12:01:00Z"})) == 3


async def test_tokens(api: Api) -> None:
    answer = await api.post("/tokens", {
        "uid": "04a2/B3", "holder": "Van 7", "group": "vans", "expires_at": "2027-01-01T00:00:00+01:00",
    })
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/tokens/04a2%2FB3"
    token = answer.json()
    assert token.items() >= {
        "uid": "04a2/B3", "type": "ISO14443", "status": "accepted", "master": False,
        "expires_at": "2026-12-31T23:00:00.000Z", "group": "vans",
    }.items()
    problem(await api.post("/tokens", {"uid": "04A2/b3"}), 409, "already_exists")
    assert (await api.get("/tokens/04A2%2FB3")).json() == token
    tag = {"If-Match": '"1"'}
    changed = await api.patch("/tokens/04A2%2FB3", {"status": "blocked", "expires_at": None}, headers=tag)
    wanted = {"status": "blocked", "expires_at": None, "holder": "Van 7", "revision": 2}
    assert changed.json().items() >= wanted.items()
    problem(await api.patch("/tokens/04A2%2FB3", {"status": "new"}), 422, "invalid_body")
    problem(await api.patch("/tokens/04A2%2FB3", {}, headers=tag), 412, "precondition_failed")
    await api.post("/tokens", {"uid": "B"})
    await api.post("/tokens", {"uid": "C", "type": "eMAID"})
    assert [each["uid"] for each in await _all(api, "/tokens")] == ["C", "B", "04a2/B3"]
    first = "04a2/B3"
    for query, uid in (("status=blocked", first), ("type=eMAID", "C"), ("q=van", first), ("group=vans", first),
                       ("uid=04A2%2Fb3", first), ("holder=Van%207", first)):
        assert [each["uid"] for each in (await api.get(f"/tokens?{query}")).json()["items"]] == [uid]
    assert (await api.delete("/tokens/04A2%2FB3")).status_code == 204
    problem(await api.get("/tokens/04A2%2FB3"), 404, "unknown_token")
    problem(await api.delete("/tokens/%00"), 404, "unknown_token")


@pytest.mark.parametrize(
    "body",
    [{"uid": ""}, {"uid": "a\nb"}, {"uid": "a\n"}, {"uid": "A", "expires_at": "2027-01-01T00:00:00"},
     {"uid": "A", "type": "ISO14442"},
     {"uid": "A", "x": 1}],
)
async def test_tokens_that_cannot_be(api: Api, body: dict[str, Any]) -> None:
    problem(await api.post("/tokens", body), 422, "invalid_body")


async def test_a_token_that_is_made_twice_with_a_key_is_made_once(api: Api) -> None:
    key = {"Idempotency-Key": "abc"}
    first = await api.post("/tokens", {"uid": "A"}, headers=key)
    again = await api.post("/tokens", {"uid": "A"}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    problem(await api.post("/tokens", {"uid": "B"}, headers=key), 422, "idempotency_key_reused")
    # A request that failed leaves its key free.
    other = {"Idempotency-Key": "def"}
    problem(await api.post("/tokens", {"uid": "A"}, headers=other), 409, "already_exists")
    assert (await api.post("/tokens", {"uid": "B"}, headers=other)).status_code == 201


async def test_a_session_is_its_row_and_what_its_actor_knows_beyond(api: Api) -> None:
    station = await api.station("CP1")
    session_id = await api.session(station["id"], import_milli_wh=2_500, export_milli_wh=3_500)
    row = (await api.get(f"/sessions/{session_id}")).json()
    assert row.items() >= {
        "id": str(session_id), "station": "CP1", "station_id": station["id"], "status": "active", "energy_wh": 2,
        "export_wh": 4, "power_w": 7400.0, "started_at": "2026-03-01T12:00:00.250Z", "ended_at": None, "flags": [],
    }.items()
    live = LiveSession(session_id, UUID(station["id"]), 99, 0, 11_000.0, 55.5, NOW + timedelta(seconds=5))
    api.stations.sessions[session_id] = live
    newer = (await api.get("/sessions?status=active")).json()["items"][0]
    assert newer == row | {
        "energy_wh": 99, "export_wh": 0, "power_w": 11_000.0, "soc": 55.5,
        "last_reading_at": "2026-03-01T12:00:05.250Z",
    }
    older = LiveSession(session_id, UUID(station["id"]), 1, 0, 0.0, None, NOW - timedelta(1))
    api.stations.sessions[session_id] = older
    assert (await api.get(f"/sessions/{session_id}")).json() == row


async def test_sessions_by_filters_and_pages(api: Api) -> None:
    first, second = await api.station("CP1", site="north"), await api.station("CP2")
    ids = [
        await api.session(
            (first if number < 3 else second)["id"], started_at=NOW + timedelta(hours=number // 2),
            transaction_id=str(number), status="ended" if number == 1 else "active",
            flags=["clock"] if number == 4 else [],
        )
        for number in range(5)
    ]
    newest = [str(each) for each in reversed(ids)]
    assert [each["id"] for each in await _all(api, "/sessions")] == newest
    assert [each["id"] for each in await _all(api, "/sessions", order="oldest")] == newest[::-1]
    for query, wanted in (
        ({"station": "cp2"}, newest[:2]), ({"station": second["id"]}, newest[:2]), ({"site": "north"}, newest[2:]),
        ({"status": "ended"}, [newest[3]]), ({"transaction_id": "3"}, [newest[1]]), ({"flag": "clock"}, [newest[0]]),
        ({"token": "04a2b3c4"}, newest), ({"from": "2026-03-01T13:00:00Z"}, newest[:3]), ({"station": "CP9"}, []),
        ({"to": "2026-03-01T13:00:00Z"}, newest[3:]), ({"evse": "2"}, []),
    ):
        assert [each["id"] for each in await _all(api, "/sessions", **query)] == wanted, query
    await api.delete("/stations/CP2")
    assert [each["id"] for each in await _all(api, "/sessions", station=second["id"])] == newest[:2]
    for name in (str(uuids.uuid7()), "x"):
        problem(await api.get(f"/sessions/{name}"), 404, "unknown_session")


async def test_readings_and_facts_of_a_session(api: Api) -> None:
    station_id = (await api.station("CP1"))["id"]
    session_id = await api.session(station_id)
    for number in range(7):  # the first five in one message
        at = NOW + timedelta(seconds=number)
        await api.insert("meter_values", {
            "station_id": UUID(station_id), "session_id": session_id, "evse": 1, "connector": 1, "at": at,
            "received_at": NOW + timedelta(seconds=10 + max(0, number - 4)), "context": "Sample.Periodic",
            "import_milli_wh": number * 1000, "power_w": -5.0,
            "sampled": orjson.dumps([{"value": str(number)}]).decode(),
        })
    for number, kind in enumerate(("began", "suspended", "ended")):
        await api.insert("session_facts", {
            "id": uuids.uuid7(), "session_id": session_id, "kind": kind, "at": NOW, "data": {"n": number},
            "received_at": NOW + timedelta(seconds=number),
        })
    readings = await _all(api, f"/sessions/{session_id}/meter-values")
    assert [each["energy_wh"] for each in readings] == [6, 5, 4, 3, 2, 1, 0]
    assert readings[0].items() >= {
        "at": "2026-03-01T12:00:06.250Z", "received_at": "2026-03-01T12:00:12.250Z", "claimed_at": None,
        "power_w": -5.0, "sampled": [{"value": "6"}],
    }.items()
    oldest = await _all(api, f"/sessions/{session_id}/meter-values", order="oldest")
    assert [each["energy_wh"] for each in oldest] == [0, 1, 2, 3, 4, 5, 6]
    late = await _all(api, f"/sessions/{session_id}/meter-values", **{"from": "2026-03-01T12:00:11Z"})
    assert [each["energy_wh"] for each in late] == [6, 5]
    facts = await _all(api, f"/sessions/{session_id}/facts")
    assert [(each["kind"], each["data"]) for each in facts] == [
        ("ended", {"n": 2}), ("suspended", {"n": 1}), ("began", {"n": 0}),
    ]
    for name in ("meter-values", "facts"):
        problem(await api.get(f"/sessions/{uuids.uuid7()}/{name}"), 404, "unknown_session")


async def test_events_are_cloudevents(api: Api) -> None:
    subject = f"stations/{uuids.uuid7()}"
    ids = [uuids.uuid7() for _ in range(5)]
    for number, event_id in enumerate(ids):
        await api.insert("events", {
            "id": event_id, "received_at": NOW + timedelta(seconds=number // 2),
            "subject": subject if number else "x/1",
            "type": "voltyard.station.online.v1" if number < 3 else "voltyard.station.offline.v1",
            "data": {"station": "CP1", "n": number}, "request_id": "r-1" if number == 1 else None,
        })
    shown = await _all(api, "/events")
    assert [each["id"] for each in shown] == [str(each) for each in reversed(ids)]
    assert shown[3] == {
        "specversion": "1.0", "id": str(ids[1]), "source": f"/tenants/{DEFAULT_TENANT}",
        "type": "voltyard.station.online.v1", "subject": subject, "time": "2026-03-01T12:00:00.250Z",
        "datacontenttype": "application/json", "dataschema": "urn:voltyard:events:voltyard.station.online.v1",
        "tenant": str(DEFAULT_TENANT), "requestid": "r-1", "data": {"station": "CP1", "n": 1},
    }
    assert len(await _all(api, "/events", subject=subject)) == 4
    assert len(await _all(api, "/events", type="voltyard.station.offline.v1,x")) == 2
    assert len(await _all(api, "/events", **{"from": "2026-03-01T12:00:01Z", "to": "2026-03-01T12:00:02Z"})) == 2
