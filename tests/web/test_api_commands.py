"""Commands to stations: every answer and code of the contract, to the letter."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
import trio
import uuid_utils.compat as uuids

from actors.station.face import CommandResult, NeutralCommand, Problem, RawCommand
from protocol.ocpp.version import Version
from storage.errors import CannotConnect
from tests.support.api import NOW, Api, answered, hash_of, problem

pytestmark = pytest.mark.server


async def test_a_stations_answer(api: Api) -> None:
    made = await api.station("CP1")
    result = answered({"status": "Rejected"}, action="Reset", version=Version.V201, duration_ms=41)
    api.stations.results = [result]
    answer = await api.post("/stations/CP1/ocpp/Reset", {"type": "Immediate"})
    assert (answer.status_code, answer.json()) == (200, {
        "status": "answered", "action": "Reset", "version": "2.0.1", "payload": {"status": "Rejected"},
        "duration_ms": 41, "command_id": str(result.id),
    })
    [(station, command, timeout)] = api.stations.sent
    assert (str(station.id), station.tenant_slug) == (made["id"], "default")
    assert command == RawCommand("Reset", {"type": "Immediate"}, True)
    assert timeout == 30.0


_SOME_ID = uuids.uuid7()


@pytest.mark.parametrize(
    ("result", "status", "code", "members"),
    [
        (CommandResult(_SOME_ID, "station_error", action="Reset", error_code="NotSupported",
                       error_description="no", error_details={"a": 1}),
         502, "station_error", {"error_code": "NotSupported", "error_description": "no", "error_details": {"a": 1}}),
        (CommandResult(None, "invalid_payload", problems=[Problem("/type", "is required")]),
         422, "invalid_payload", {"errors": [{"path": "/type", "message": "is required"}]}),
        (CommandResult(None, "unknown_action", nearest=["Reset"]), 422, "unknown_action", {"nearest": ["Reset"]}),
        (CommandResult(None, "station_offline"), 409, "station_offline", {}),
        (CommandResult(None, "version_unknown"), 409, "version_unknown", {}),
        (CommandResult(_SOME_ID, "invalid_answer", raw='[3,"x",{"status":7}]'),
         502, "invalid_answer", {"raw": '[3,"x",{"status":7}]'}),
        (CommandResult(_SOME_ID, "station_silent", delivery="unknown"), 504, "station_silent", {"delivery": "unknown"}),
        (CommandResult(_SOME_ID, "station_silent"), 504, "station_silent", {"command_id": str(_SOME_ID)}),
        (CommandResult(None, "station_busy", retry_after=7), 429, "station_busy", {}),
    ],
)
async def test_every_other_ending_is_a_problem(
    api: Api, result: CommandResult, status: int, code: str, members: dict[str, Any]
) -> None:
    await api.station("CP1")
    api.stations.results = [result]
    for path, body in (("/ocpp/Reset", {}), ("/commands/reset", {"kind": "immediate"})):
        answer = await api.post(f"/stations/CP1{path}", body)
        document = problem(answer, status, code)
        assert document.items() >= members.items()
        assert answer.headers.get("retry-after") == ("7" if code == "station_busy" else None)


async def test_an_unknown_station_and_what_is_not_offered(api: Api) -> None:
    await api.station("CP1")
    problem(await api.post("/stations/CP9/ocpp/Reset", {}), 404, "unknown_station")
    problem(await api.post("/stations/CP1/commands/rotate-password?queue=PT1H", {}), 422, "not_available")
    problem(await api.post("/stations/CP1/commands/fly", {}), 404, "unknown_command")
    assert api.stations.sent == []


@pytest.mark.parametrize(
    ("text", "seconds"), [("5", 5.0), ("2.5", 2.5), ("250ms", 0.25), ("90s", 90.0), ("2m", 120.0), ("PT1M", 60.0)]
)
async def test_timeouts_as_callers_write_them(api: Api, text: str, seconds: float) -> None:
    await api.station("CP1")
    await api.post(f"/stations/CP1/ocpp/Reset?timeout={text}", {})
    assert api.stations.sent[0][2] == seconds


@pytest.mark.parametrize("text", ["0", "-1", "soon", "601", "", "P1Y", "1e9", "nan"])
async def test_a_timeout_that_is_none(api: Api, text: str) -> None:
    await api.station("CP1")
    body = problem(await api.post(f"/stations/CP1/ocpp/Reset?timeout={text}", {}), 400, "invalid_parameter")
    assert body["errors"][0]["path"] == "?timeout"


async def test_sending_without_a_check_is_written_into_the_audit_log(api: Api) -> None:
    made = await api.station("CP1")
    answer = await api.post("/stations/CP1/ocpp/Reset?validate=false", {"wrong": 1}, headers={"X-Request-ID": "r-1"})
    assert answer.status_code == 200
    assert api.stations.sent[0][1] == RawCommand("Reset", {"wrong": 1}, False)
    [row] = await api.node.fetch("select actor, action, subject, detail, request_id from audit_log")
    assert dict(row.items()) == {
        "actor": "admin", "action": "command.unvalidated", "subject": f"stations/{made['id']}",
        "detail": {"action": "Reset"}, "request_id": "r-1",
    }


@pytest.mark.parametrize(
    ("name", "body", "arguments"),
    [
        ("start", {"token": "A", "evse": 1}, {"token": "A", "evse": 1}),
        ("stop", {"transaction_id": "17"}, {"transaction_id": "17"}),
        ("stop", {"session": str(_SOME_ID)}, {"session": _SOME_ID}),
        ("reset", {"kind": "on_idle"}, {"kind": "on_idle"}),
        ("unlock", {"evse": 2, "connector": 1}, {"evse": 2, "connector": 1}),
        ("availability", {"operative": False}, {"operative": False}),
        ("trigger", {"message": "Heartbeat"}, {"message": "Heartbeat"}),
        ("limit", {"power_w": None}, {"power_w": None}),
        ("limit", {"current_a": 16, "evse": 1, "until": "2026-03-01T12:00:00.250999Z"},
         {"current_a": 16.0, "evse": 1, "until": NOW}),
    ],
)
async def test_neutral_commands_reach_the_actor_as_checked_values(
    api: Api, name: str, body: dict[str, Any], arguments: dict[str, Any]
) -> None:
    await api.station("CP1")
    api.stations.results = [answered(outcome="accepted")]
    answer = await api.post(f"/stations/CP1/commands/{name}", body)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "accepted")
    assert api.stations.sent[0][1] == NeutralCommand(name, arguments)


@pytest.mark.parametrize(
    ("name", "body", "paths"),
    [
        ("start", {}, ["/token"]),
        ("start", {"token": "A", "evse": 0}, ["/evse"]),
        ("stop", {}, [""]),
        ("stop", {"session": "x", "transaction_id": "1"}, ["/session"]),
        ("stop", {"session": str(_SOME_ID), "transaction_id": "1"}, [""]),
        ("reset", {"kind": "hard", "now": True}, ["/kind", "/now"]),
        ("limit", {"power_w": 1, "current_a": 2}, [""]),
        ("limit", {"power_w": 1, "until": "2026-03-01T12:00:00"}, ["/until"]),
        ("availability", {"operative": "yes"}, ["/operative"]),
    ],
)
async def test_wrong_arguments_are_named(api: Api, name: str, body: dict[str, Any], paths: list[str]) -> None:
    await api.station("CP1")
    document = problem(await api.post(f"/stations/CP1/commands/{name}", body), 422, "invalid_body")
    assert [each["path"] for each in document["errors"]] == paths
    assert api.stations.sent == []


async def test_what_a_station_has_no_message_for_is_an_outcome(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [CommandResult(None, "unsupported", version=Version.V16, detail="1.6 cannot reset an EVSE")]
    answer = await api.post("/stations/CP1/commands/reset", {"kind": "immediate", "evse": 1})
    assert answer.status_code == 200
    assert answer.json().items() >= {"outcome": "unsupported", "detail": "1.6 cannot reset an EVSE"}.items()


async def test_a_session_of_another_station(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [CommandResult(None, "not_found")]
    problem(await api.post("/stations/CP1/commands/stop", {"session": str(_SOME_ID)}), 404, "unknown_session")


async def test_rotating_shows_a_generated_password_once_and_ends_the_old_one_when_accepted(api: Api) -> None:
    """A01.FR.03; 2.x and 1.6 alike. What takes a restart first leaves both right."""
    made = await api.station("CP1", password="the-first-password")
    api.stations.results = [answered(outcome="accepted")]
    answer = await api.post("/stations/CP1/commands/rotate-password")
    assert answer.json()["password"] == "generated-secret-1"
    assert api.stations.sent[0][1] == NeutralCommand("rotate-password", {"password": "generated-secret-1"})
    assert await _hashes(api) == ("fast:" + hash_of("generated-secret-1"), None)
    assert api.stations.told == [("reconfigured", UUID(made["id"]))]
    api.stations.results = [answered({"status": "RebootRequired"}, outcome="accepted")]
    await api.post("/stations/CP1/commands/rotate-password")
    assert await _hashes(api) == ("fast:" + hash_of("generated-secret-1"), "fast:" + hash_of("generated-secret-2"))


async def test_a_station_without_a_password_gets_one_and_profile_1(api: Api) -> None:
    made = await api.station("CP1")
    assert made["security_profile"] == 0
    api.stations.results = [answered(outcome="accepted")]
    await api.post("/stations/CP1/commands/rotate-password")
    assert (await api.get("/stations/CP1")).json()["security_profile"] == 1
    assert (await api.patch("/stations/CP1", {"name": "n"})).status_code == 200


@pytest.mark.parametrize(("version", "length"), [("1.6", 15), ("1.6", 21), ("1.6", 41), ("2.0.1", 15), ("2.1", 65)])
async def test_a_chosen_password_must_be_one_that_the_version_takes(api: Api, version: str, length: int) -> None:
    """A00.FR.205, A00.FR.304 with their errata; 1.6 AuthorizationKey."""
    await api.station("CP1", ocpp_version=version, password="the-first-password")
    answer = await api.post("/stations/CP1/commands/rotate-password", {"password": "x" * length})
    assert problem(answer, 422, "invalid_body")["errors"][0]["path"] == "/password"
    assert api.stations.sent == []


async def test_rotating_to_a_chosen_password_that_the_station_rejects_changes_nothing(api: Api) -> None:
    """A01.FR.04; A01.FR.05: it is let in with the old one as before."""
    await api.station("CP1", password="the-first-password")
    api.stations.results = [answered({"status": "Rejected"}, outcome="rejected")]
    answer = await api.post("/stations/CP1/commands/rotate-password", {"password": "the-second-password"})
    assert "password" not in answer.json()
    assert await _hashes(api) == ("slow:" + hash_of("the-first-password"), None)


async def test_a_password_that_the_station_may_have_taken_stays_pending(api: Api) -> None:
    await api.station("CP1", password="the-first-password")
    api.stations.results = [CommandResult(_SOME_ID, "station_silent", delivery="unknown")]
    answer = await api.post("/stations/CP1/commands/rotate-password", {"password": "the-second-password"})
    problem(answer, 504, "station_silent")
    assert (await _hashes(api))[1] == "slow:" + hash_of("the-second-password")


async def test_a_second_password_waits_for_the_first(api: Api) -> None:
    await api.station("CP1", password="the-first-password")
    api.stations.gate = trio.Event()
    api.stations.results = [answered(outcome="accepted")]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(api.post, "/stations/CP1/commands/rotate-password")
        await api.stations.asked.wait()
        second = await api.post("/stations/CP1/commands/rotate-password")
        assert int(second.headers["retry-after"]) > 0
        problem(second, 429, "station_busy")
        api.stations.gate.set()


KEY = "0123456789ABCDEF0123456789ABCDEF01234567"
_PASSWORD = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}


def _sets(value: str) -> dict[str, Any]:
    return {"setVariableData": [{**_PASSWORD, "attributeValue": value}]}


async def test_a_password_in_a_message_of_one_s_own_goes_the_same_way(api: Api) -> None:
    """A01.FR.03: it is kept before it is sent, and counts when the station has accepted it."""
    await api.station("CP1", password="the-first-password")
    raw = "/stations/CP1/ocpp/ChangeConfiguration"
    body = {"key": "AuthorizationKey", "value": KEY}
    api.stations.results = [CommandResult(_SOME_ID, "station_silent", delivery="unknown")]
    problem(await api.post(raw, body), 504, "station_silent")
    kept = "slow:" + hash_of(KEY.lower())
    assert await _hashes(api) == ("slow:" + hash_of("the-first-password"), kept)
    assert api.stations.sent[-1][1] == RawCommand("ChangeConfiguration", body, rotates=True)
    api.stations.results = [answered({"status": "Rejected"}, outcome="rejected")]
    assert (await api.post(raw, {**body, "value": KEY[:32]})).status_code == 200
    assert (await _hashes(api))[1] == kept, "nobody knows whether it took that one"
    api.stations.results = [answered({"status": "Accepted"})]
    await api.post(raw, body)
    assert await _hashes(api) == (kept, None)


_SLOT = {"component": {"name": "NetworkConfiguration", "instance": "2"}, "variable": {"name": "BasicAuthPassword"}}


async def test_a_network_slot_gets_no_password_that_would_lock_the_station_out(api: Api) -> None:
    """B09.FR.09, B09.FR.24: it counts once the station uses the slot, so it has to be the one in force."""
    await api.station("CP1", ocpp_version="2.1", password="the-first-password")
    connection = {"ocppCsmsUrl": "wss://a.example", "basicAuthPassword": "another-password-1"}
    profile = {"slot": 2, "url": "wss://a.example", "security_profile": 2}
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("ocpp/SetNetworkProfile", {"configurationSlot": 2, "connectionData": connection},
         "/connectionData/basicAuthPassword"),
        ("ocpp/SetVariables", {"setVariableData": [{**_SLOT, "attributeValue": "another-password-1"}]},
         "/setVariableData/0/attributeValue"),
        ("variables/write", {"items": [{**_SLOT, "attributeValue": "another-password-1"}]}, "/items/0/attributeValue"),
        ("commands/network-profile", {**profile, "password": "another-password-1"}, "/password"),
    ]  # fmt: skip
    for path, body, at in refused:
        [error] = problem(await api.post(f"/stations/CP1/{path}", body), 422, "invalid_body")["errors"]
        assert (error["path"], "rotate-password" in error["message"]) == (at, True)
    assert api.stations.sent == []
    for path, body in (refused[0][:2], ("commands/network-profile", {**profile, "password": "the-first-password"})):
        problem(await api.post(f"/stations/CP1/{path}?queue=PT1H", body), 422, "not_available")
    api.stations.results = [answered({"status": "Accepted"})]
    for path, body, _ in (refused[0], refused[1], refused[3]):
        body = msgspec.json.decode(msgspec.json.encode(body).replace(b"another-password-1", b"the-first-password"))
        assert (await api.post(f"/stations/CP1/{path}", body)).status_code == 200
        assert api.stations.sent[-1][1].vouched
    # For a platform that is another one: as it is.
    assert (await api.post(f"/stations/CP1/{refused[0][0]}?validate=false", refused[0][1])).status_code == 200
    assert api.stations.sent[-1][1] == RawCommand("SetNetworkProfile", refused[0][1], validate=False, vouched=True)
    assert (await api.post("/stations/CP1/commands/network-profile", profile)).status_code == 200
    assert await _hashes(api) == ("slow:" + hash_of("the-first-password"), None)


async def test_so_does_one_that_is_written_as_a_variable(api: Api) -> None:
    await api.station("CP2", ocpp_version="2.0.1")
    api.stations.results = [answered({"setVariableResult": [{**_PASSWORD, "attributeStatus": "Accepted"}]})]
    items = [{**_PASSWORD, "attributeValue": "a-chosen-password"}]
    answer = await api.post("/stations/CP2/variables/write", {"items": items})
    assert [item["status"] for item in answer.json()["items"]] == ["Accepted"]
    assert await _hashes(api) == ("slow:" + hash_of("a-chosen-password"), None)
    assert (await api.get("/stations/CP2")).json()["security_profile"] == 1
    twice = await api.post("/stations/CP2/variables/write", {"items": items * 2})
    assert "once" in problem(twice, 422, "invalid_body")["detail"]
    assert len(api.stations.sent) == 1


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("ocpp/ChangeConfiguration", {"key": "AuthorizationKey", "value": "sixteen-letters!"}, "hexadecimal digits"),
        ("ocpp/ChangeConfiguration", {"key": "AuthorizationKey", "value": "short"}, "16 to 20 bytes"),
        ("variables/write", {"items": [{"key": "AuthorizationKey", "value": "sixteen-letters!"}]}, "rotate-password"),
        ("ocpp/SetVariables", _sets("short"), "16 to 64 characters"),
        ("ocpp/SetVariables", {"setVariableData": _sets("a-chosen-password")["setVariableData"] * 2}, "once"),
        ("ocpp/SetVariables?queue=PT1H", _sets("a-chosen-password"), "queue"),
    ],
)
async def test_what_a_station_could_not_log_in_with_is_not_sent(
    api: Api, path: str, body: Any, told: str
) -> None:
    await api.station("CP1", ocpp_version="1.6")
    answer = await api.post(f"/stations/CP1/{path}", body)
    assert answer.status_code == 422
    assert told in answer.text
    assert (api.stations.sent, await _hashes(api)) == ([], (None, None))


async def test_a_key_is_kept_in_one_writing(api: Api) -> None:
    """So that its bytes, which some stations send, find it (quirk 6)."""
    await api.station("CP1", password=KEY)
    assert (await _hashes(api))[0] == "slow:" + hash_of(KEY.lower())


async def test_a_station_that_takes_plain_text_gets_it(api: Api) -> None:
    """Quirk 6; without checks anything is sent, and kept all the same."""
    await api.station("CP1", ocpp_version="1.6")
    raw, plain = "/stations/CP1/ocpp/ChangeConfiguration", "a password of thirty characters"
    api.stations.results = [answered({"status": "Accepted"})]
    await api.post(f"{raw}?validate=false", {"key": "AuthorizationKey", "value": "short"})
    assert await _hashes(api) == ("slow:" + hash_of("short"), None)
    assert (await api.patch("/stations/CP1", {"settings": {"authorization_key": "text"}})).status_code == 200
    await api.post(raw, {"key": "AuthorizationKey", "value": plain})
    assert await _hashes(api) == ("slow:" + hash_of(plain), None)
    await api.post("/stations/CP1/commands/rotate-password", {"password": plain})
    assert api.stations.sent[-1][1] == NeutralCommand("rotate-password", {"password": plain, "as_text": True})


async def _hashes(api: Api) -> tuple[str | None, str | None]:
    row = await api.node.fetchrow("select password_hash, pending_password_hash from stations")
    assert row is not None
    return row["password_hash"], row["pending_password_hash"]


async def test_a_commands_fate(api: Api) -> None:
    made = await api.station("CP1")
    command_id = uuids.uuid7()
    await api.insert("commands", {
        "id": command_id, "station_id": UUID(made["id"]), "action": "Reset", "command": "reset",
        "status": "late_answered", "version": "1.6", "request": {"type": "Soft"}, "answer": {"status": "Accepted"},
        "outcome": "accepted", "requested_by": "admin", "request_id": "r-1", "created_at": NOW, "sent_at": NOW,
    })
    body = (await api.get(f"/commands/{command_id}")).json()
    assert body == {
        "id": str(command_id), "station": "CP1", "station_id": made["id"], "action": "Reset", "command": "reset",
        "status": "late_answered", "version": "1.6", "request": {"type": "Soft"}, "answer": {"status": "Accepted"},
        "error": None, "outcome": "accepted", "late": True, "requested_by": "admin", "request_id": "r-1",
        "created_at": "2026-03-01T12:00:00.250Z", "sent_at": "2026-03-01T12:00:00.250Z", "finished_at": None,
    }
    assert (await api.get("/stations/CP1/commands?status=late_answered")).json() == {"items": [body], "next": None}
    assert (await api.get("/stations/CP1/commands?status=sent")).json()["items"] == []
    for name in (str(uuids.uuid7()), "17"):
        problem(await api.get(f"/commands/{name}"), 404, "unknown_command")


async def test_a_command_that_comes_twice_with_a_key_is_sent_once(api: Api) -> None:
    await api.station("CP1")
    key = {"Idempotency-Key": "k-1"}
    first = await api.post("/stations/CP1/ocpp/Reset", {"type": "Soft"}, headers=key)
    again = await api.post("/stations/CP1/ocpp/Reset", {"type": "Soft"}, headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(api.stations.sent) == 1
    problem(await api.post("/stations/CP1/ocpp/Reset", {"type": "Hard"}, headers=key), 422, "idempotency_key_reused")


async def test_a_key_is_free_again_when_nothing_was_sent_and_kept_when_something_was(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [CommandResult(None, "station_offline"), CommandResult(_SOME_ID, "station_silent")]
    key = {"Idempotency-Key": "k-1"}
    problem(await api.post("/stations/CP1/ocpp/Reset", {}, headers=key), 409, "station_offline")
    problem(await api.post("/stations/CP1/ocpp/Reset", {}, headers=key), 504, "station_silent")
    assert len(api.stations.sent) == 2
    api.stations.results = [answered()]
    body = problem(await api.post("/stations/CP1/ocpp/Reset", {}, headers=key), 504, "station_silent")
    assert body["command_id"] == str(_SOME_ID)
    assert len(api.stations.sent) == 2


async def test_a_key_under_way(api: Api) -> None:
    await api.station("CP1")
    api.stations.gate = trio.Event()
    key = {"Idempotency-Key": "k-1"}
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: api.post("/stations/CP1/ocpp/Reset", {}, headers=key))
        await api.stations.asked.wait()
        problem(
            await api.post("/stations/CP1/ocpp/Reset", {}, headers=key), 409, "idempotency_in_progress"
        )
        api.stations.gate.set()


async def test_a_store_that_is_away_under_a_command(api: Api) -> None:
    await api.station("CP1")
    api.stations.raises = CannotConnect("nobody there")
    answer = await api.post("/stations/CP1/ocpp/Reset", {})
    problem(answer, 503, "store_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "nobody there" not in answer.text
