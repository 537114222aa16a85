"""A secret that goes in is found in no answer, no log line and no row afterwards."""

from typing import Any

import pytest

from actors.station.face import CommandResult
from protocol.ocpp.version import Version
from tests.support.api import TOKEN, Api, answered
from web.api.routes import ROUTES

pytestmark = pytest.mark.server

SECRET = "k3ep-this-to-y0urself"


async def _tables(api: Api) -> str:
    names = await api.node.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') "
        "and not relispartition and has_table_privilege(oid, 'select')"
    )
    rows = [await api.node.fetch(f'select t::text from "{row["relname"]}" t') for row in names]
    return "\n".join(str(row[0]) for each in rows for row in each)


async def test_passwords_and_tokens(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [
        await api.post("/stations", {"identity": "CP1", "password": SECRET}, headers={"Idempotency-Key": "1"}),
        await api.post("/stations", {"identity": "CP1", "password": SECRET}, headers={"Idempotency-Key": "1"}),
        await api.post("/stations", {"identity": "CP1", "password": SECRET, "site": 7}),
        await api.post("/stations", {"identity": "CP1", "password": [SECRET]}),
        await api.call("POST", "/stations", content=f'{{"password": "{SECRET}", '.encode()),
        await api.patch("/stations/CP1", {"password": SECRET}),
    ]
    api.stations.results = [answered(outcome="accepted")]
    answers.append(await api.post(
        "/stations/CP1/commands/rotate-password", {"password": SECRET}, headers={"Idempotency-Key": "2"}
    ))
    answers += [await api.get(each.path) for each in ROUTES if each.method == "GET" and not each.parameters]
    answers += [await api.get("/stations/CP1"), await api.get("/stations/CP1/frames")]
    shown = "".join(answer.text + str(answer.headers) for answer in answers)
    logged = "".join(capsys.readouterr())
    kept = await _tables(api)
    assert "CP1" in kept
    for text in (shown, logged, kept):
        assert SECRET not in text
        assert TOKEN not in text


async def test_a_generated_password_is_kept_nowhere_and_not_shown_again(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {"Idempotency-Key": "1"}
    first = await api.post("/stations", {"identity": "CP1", "password": "generate"}, headers=key)
    password = first.json()["password"]
    again = await api.post("/stations", {"identity": "CP1", "password": "generate"}, headers=key)
    assert again.status_code == 201
    assert "password" not in again.json()
    api.stations.results = [answered(outcome="accepted")]
    rotated = await api.post("/stations/CP1/commands/rotate-password", headers={"Idempotency-Key": "2"})
    kept, logged = await _tables(api), "".join(capsys.readouterr())
    for secret in (password, rotated.json()["password"]):
        assert secret not in kept
        assert secret not in logged


@pytest.mark.parametrize(
    "result",
    [
        answered({"configurationKey": [{"key": "AuthorizationKey", "readonly": False, "value": SECRET}]},
                 action="GetConfiguration"),
        answered({"getVariableResult": [{
            "component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"},
            "attributeStatus": "Accepted", "attributeValue": SECRET}]}, action="GetVariables", version=Version.V201),
        CommandResult(None, "station_error", action="SetVariables", error_code="FormatViolation",
                      error_description="", error_details={"BasicAuthPassword": SECRET}),
        CommandResult(None, "invalid_answer", action="GetConfiguration",
                      raw=f'[3,"1",{{"configurationKey":[{{"key":"AuthorizationKey","value":"{SECRET}"}}],"x":1}}]'),
    ],
)
async def test_what_stations_tell_of_secrets_is_not_passed_on(api: Api, result: Any) -> None:
    await api.station("CP1")
    api.stations.results = [result]
    answer = await api.post("/stations/CP1/ocpp/X", {}, headers={"Idempotency-Key": "1"})
    assert answer.status_code in (200, 502)
    assert SECRET not in answer.text
    assert SECRET not in await _tables(api)
