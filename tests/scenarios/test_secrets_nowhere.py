"""A known secret goes every way that secrets go, and is then looked for everywhere: database, logs, events, answers."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import attrs
import httpx
import pytest
import trio
import trio_websocket
from psycopg import sql

from tests.support.node import ADMIN, Node
from tests.support.outsiders import HandStation, Payload, Refused, TurnedAway, hand_station, moment

pytestmark = [pytest.mark.server, pytest.mark.slow]


@attrs.define
class Secrets:
    """Makes secrets, each unlike the others, and remembers which way each goes."""

    made: dict[str, str] = attrs.Factory(dict)

    def new(self, way: str) -> str:
        secret = f"Zq{uuid.uuid4().hex}Xw"[:20]
        self.made[secret] = way
        return secret

    def found_in(self, text: str) -> list[str]:
        """The ways whose secret stands in the text, plain, percent-encoded, hexadecimal or in base64."""
        low = text.casefold()
        return [way for secret, way in self.made.items() if any(form in low for form in _forms(secret))]


def _forms(secret: str) -> list[str]:
    """Every alignment of base64 has a run of its own; the ends depend on what stands beside."""
    runs = [base64.b64encode(b"x" * shift + secret.encode())[4:24].decode() for shift in range(3)]
    return [form.casefold() for form in (secret, secret.encode().hex(), quote(secret), *runs)]


@attrs.define
class Answers:
    """Every answer of the API, kept to be searched. Where an answer is meant to show a secret, it is not kept."""

    api: httpx.AsyncClient
    texts: list[str] = attrs.Factory(list)

    async def send(self, method: str, path: str, body: object = None, **options: Any) -> httpx.Response:
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **options.pop("headers", {})}
        answer = await self.api.request(method, path, content=content, headers=headers, **options)
        self.texts.append(f"{answer.headers}\n{answer.text}")
        return answer

    async def post(self, path: str, body: object) -> httpx.Response:
        return await self.send("POST", path, body)


def basic(identity: str, password: str) -> list[tuple[bytes, bytes]]:
    token = base64.b64encode(f"{identity}:{password}".encode())
    return [(b"Authorization", b"Basic " + token)]


def everything_in(node: Node) -> Iterator[tuple[str, str]]:
    """(where, text) of every row of every table in the database, bytes in their own letters too."""
    with node.database() as connection:
        tables = connection.execute(
            "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where c.relkind in ('r', 'p', 'm') and not c.relispartition "
            "and n.nspname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(tables) > 15
        for schema, table in tables:
            query = sql.SQL("select row_to_json(t)::text from {} t").format(sql.Identifier(schema, table))
            for (row,) in connection.execute(query):
                yield table, row
        for (raw,) in connection.execute("select raw from quarantine"):
            yield "quarantine", bytes(raw).decode("utf-8", "replace")


async def listen(node: Node, said: list[str], *, task_status: trio.TaskStatus[None]) -> None:
    """Everything that the live feed says."""
    address = f"{node.http.replace('http', 'ws')}/api/v1/live"
    headers = [(b"Authorization", f"Bearer {ADMIN}".encode())]
    async with trio_websocket.open_websocket_url(address, extra_headers=headers) as socket:
        await socket.send_message(json.dumps({"subscribe": ["events", "stations", "commands", "refusals"]}))
        task_status.started()
        while True:
            said.append(str(await socket.get_message()))


async def test_secrets_are_found_nowhere(node: Node) -> None:
    secrets, said = Secrets(), list[str]()
    async with trio.open_nursery() as nursery, node.async_api() as api:
        await nursery.start(listen, node, said)
        answers = Answers(api)
        await passwords(node, answers, secrets)
        await handshakes(node, answers, secrets)
        await commands_1_6(node, answers, secrets)
        await commands_2_0_1(node, answers, secrets)
        await bad_bodies(answers, secrets)
        await everything_read(answers, "sec-16", "sec-201", "sec-pass")
        await _until(lambda: any("sec-201" in text for text in said))
        nursery.cancel_scope.cancel()
    assert len(secrets.made) > 20
    await trio.to_thread.run_sync(node.stop)  # what waits to be written is written
    node.restart()
    places = {
        "the node's log": node.logs(),
        "the database's log": node.database_logs(),
        "the live feed": "\n".join(said),
        "an answer": "\n".join(answers.texts),
    }
    found = [(where, way) for where, text in places.items() for way in secrets.found_in(text)]
    found += [(table, way) for table, row in everything_in(node) for way in secrets.found_in(row)]
    assert not found, sorted(set(found))


async def _until(so: Callable[[], bool]) -> None:
    with trio.fail_after(20):
        while not so():  # noqa: ASYNC110 - another process tells
            await trio.sleep(0.01)


async def passwords(node: Node, answers: Answers, secrets: Secrets) -> None:
    """Creating, changing, rotating; and what is too short, too long or of the wrong type."""
    first, second = secrets.new("password at creation"), secrets.new("password by PATCH")
    created = await answers.post("/stations", {"identity": "sec-pass", "password": first})
    assert created.status_code == 201
    async with hand_station(node, "sec-pass", headers=basic("sec-pass", first)) as station:
        await station.boot("1.6")
        changed = await answers.send("PATCH", "/stations/sec-pass", {"password": second})
        assert changed.status_code == 200
    rotated = secrets.new("rotate-password")
    async with hand_station(node, "sec-pass", headers=basic("sec-pass", second)) as station:
        station.answers["ChangeConfiguration"] = lambda payload: {"status": "Accepted"}
        await station.boot("1.6")
        answer = await answers.post("/stations/sec-pass/commands/rotate-password", {"password": rotated})
        assert answer.status_code == 200, answer.text
        assert station.asked[-1][0] == "ChangeConfiguration"
    async with hand_station(node, "sec-pass", headers=basic("sec-pass", rotated)) as station:
        station.answers["ChangeConfiguration"] = lambda payload: {"status": "Rejected"}
        await station.boot("1.6")
        refused = {"password": secrets.new("rotate-password that is rejected")}
        await answers.post("/stations/sec-pass/commands/rotate-password", refused)
    for wrong in (secrets.new("password too long") * 50, [secrets.new("password in a list")]):
        refusal = await answers.post("/stations", {"identity": "sec-wrong", "password": wrong})
        assert refusal.status_code == 422, refusal.text
        refusal = await answers.send("PATCH", "/stations/sec-pass", {"password": wrong})
        assert refusal.status_code == 422, refusal.text
    generated = await answers.api.post("/stations", json={"identity": "sec-made", "password": "generate"})
    secrets.made[generated.json()["password"]] = "generated password"
    async with hand_station(node, "sec-made", headers=basic("sec-made", generated.json()["password"])) as station:
        await station.boot("1.6")


async def handshakes(node: Node, answers: Answers, secrets: Secrets) -> None:
    """Wrong passwords and credentials in odd places, for known and unknown stations."""
    for identity in ("sec-pass", "sec-unknown"):
        odd: list[tuple[list[tuple[bytes, bytes]], str | None]] = [
            (basic(identity, secrets.new(f"wrong password of {identity}")), None),
            ([(b"Authorization", f"Bearer {secrets.new(f'bearer of {identity}')}".encode())], None),
            ([(b"Authorization", f"Basic {secrets.new(f'malformed basic of {identity}')}".encode())], None),
            ([(b"Cookie", f"session={secrets.new(f'cookie of {identity}')}".encode())], None),
            ([(b"X-Api-Key", secrets.new(f"api key of {identity}").encode())], None),
            ([], f"/ocpp/{identity}?password={secrets.new(f'query of {identity}')}"),
            ([], f"/ocpp/{identity}?token={secrets.new(f'token in query of {identity}')}"),
        ]
        for headers, path in odd:
            with pytest.raises(TurnedAway):
                async with hand_station(node, identity, headers=headers, path=path):
                    pass
    with trio.fail_after(20):
        while not (await answers.send("GET", "/refusals")).json()["items"]:  # noqa: ASYNC110 - another process
            await trio.sleep(0.05)


async def commands_1_6(node: Node, answers: Answers, secrets: Secrets) -> None:
    node.add_stations("sec-16", frame_log="all")
    await answers.send("PATCH", "/stations/sec-16", {"settings": {"authorization_key": "text"}})
    path = "/stations/sec-16/ocpp"
    async with hand_station(node, "sec-16") as station:
        read = {"key": "AuthorizationKey", "readonly": False, "value": secrets.new("GetConfiguration answer")}
        station.answers = {
            "ChangeConfiguration": lambda payload: {"status": "Accepted"},
            "GetConfiguration": lambda payload: {"configurationKey": [read]},
            "GetDiagnostics": lambda payload: {"fileName": "log.txt"},
            "UpdateFirmware": lambda payload: {},
            "DataTransfer": lambda payload: {"status": "Accepted", "data": _password_in_data(secrets, "answer")},
        }
        await station.boot("1.6")
        key = {"key": "AuthorizationKey", "value": secrets.new("AuthorizationKey")}
        await _answered(answers, f"{path}/ChangeConfiguration", key)
        await _answered(answers, f"{path}/GetConfiguration", {})
        await _answered(answers, "/stations/sec-16/variables/read", {"items": [{"key": "AuthorizationKey"}]})
        write = {"items": [{"key": "AuthorizationKey", "value": secrets.new("variables/write 1.6")}]}
        await _answered(answers, "/stations/sec-16/variables/write", write)
        await _answered(answers, f"{path}/GetDiagnostics", {"location": _address(secrets, "GetDiagnostics")})
        where = {"location": _address(secrets, "UpdateFirmware"), "retrieveDate": moment()}
        await _answered(answers, f"{path}/UpdateFirmware", where)
        data = {"vendorId": "v", "messageId": "password", "data": _password_in_data(secrets, "to the station")}
        await _answered(answers, f"{path}/DataTransfer", data)
        await station.call("DataTransfer", {**data, "data": _password_in_data(secrets, "from the station")})
        wrong = {"key": "AuthorizationKey", "value": secrets.new("ChangeConfiguration too long") * 40}
        refused = await answers.post(f"{path}/ChangeConfiguration", wrong)
        assert refused.status_code == 422
        station.answers["ChangeConfiguration"] = _failing
        wrong = {"key": "AuthorizationKey", "value": secrets.new("AuthorizationKey refused")}
        await answers.post(f"{path}/ChangeConfiguration", wrong)
        read["value"] = secrets.new("GetConfiguration answer with a fault")
        read["readonly"] = "perhaps"
        faulty = await answers.post(f"{path}/GetConfiguration", {})
        assert faulty.status_code == 502, faulty.text
        read["value"] = f"{secrets.new('GetConfiguration answer with a nul')}\0"
        read["readonly"] = False
        await answers.post(f"{path}/GetConfiguration", {})


def _failing(payload: Payload) -> Payload:
    return {"status": "NoSuchStatus", "echo": payload}


async def commands_2_0_1(node: Node, answers: Answers, secrets: Secrets) -> None:
    node.add_stations("sec-201", frame_log="all")
    path = "/stations/sec-201/ocpp"
    variable = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}

    def got(payload: Payload) -> Payload:
        value = secrets.new("GetVariables answer")
        return {"getVariableResult": [{**variable, "attributeStatus": "Accepted", "attributeValue": value}]}

    async with hand_station(node, "sec-201", "2.0.1") as station:
        station.answers = {
            "SetVariables": lambda payload: {"setVariableResult": [{**variable, "attributeStatus": "Accepted"}]},
            "GetVariables": got,
            "GetLog": lambda payload: {"status": "Accepted", "filename": "log.txt"},
            "UpdateFirmware": lambda payload: {"status": "Accepted"},
        }
        await station.boot("2.0.1")
        item = {**variable, "attributeValue": secrets.new("SetVariables")}
        await _answered(answers, f"{path}/SetVariables", {"setVariableData": [item]})
        item = {**variable, "attributeValue": secrets.new("variables/write 2.0.1")}
        await _answered(answers, "/stations/sec-201/variables/write", {"items": [item]})
        await _answered(answers, f"{path}/GetVariables", {"getVariableData": [variable]})
        log = {"remoteLocation": _address(secrets, "GetLog")}
        await _answered(answers, f"{path}/GetLog", {"logType": "SecurityLog", "requestId": 1, "log": log})
        firmware = {"location": _address(secrets, "UpdateFirmware 2.0.1"), "retrieveDateTime": moment()}
        await _answered(answers, f"{path}/UpdateFirmware", {"requestId": 2, "firmware": firmware})
        await _reports(station, secrets, variable)
        answer = await answers.api.post("/stations/sec-201/commands/rotate-password", json={})  # shown there, once
        assert answer.status_code == 200, answer.text
        sent = next(payload for action, payload in reversed(station.asked) if action == "SetVariables")
        secrets.made[sent["setVariableData"][0]["attributeValue"]] = "rotate-password, generated"


async def _reports(station: HandStation, secrets: Secrets, variable: Payload) -> None:
    def report(value: str) -> Payload:
        data = {**variable, "variableAttribute": [{"type": "Actual", "value": value}]}
        return {"requestId": 3, "generatedAt": moment(), "seqNo": 0, "reportData": [data]}

    await station.call("NotifyReport", report(secrets.new("NotifyReport")))
    with pytest.raises(Refused):  # and the refusal must not repeat it
        await station.call("NotifyReport", report(secrets.new("wrong NotifyReport")) | {"seqNo": "x"})
    broken = json.dumps([2, "broken", "NotifyReport", report(secrets.new("NotifyReport cut off"))])
    await station.send(broken[:-3])
    await station.call("NotifyReport", report(f"{secrets.new('NotifyReport with a nul')}\0"))
    address = {**variable, "variable": {"name": "LogAddress"}}
    value = {"type": "Actual", "value": f"ftp://u:{secrets.new('address in NotifyReport')}@127.0.0.1"}
    told = report("") | {"reportData": [{**address, "variableAttribute": [value]}]}
    await station.call("NotifyReport", told)
    await station.call("Heartbeat", {})


async def bad_bodies(answers: Answers, secrets: Secrets) -> None:
    """What is no JSON, has fields that do not exist, or comes with a wrong token."""
    rotate, change = "/stations/sec-pass/commands/rotate-password", "/stations/sec-16/ocpp/ChangeConfiguration"
    for path in ("/stations", rotate, change):
        await answers.post(path, f'{{"password": "{secrets.new(f"no JSON to {path}")}"'.encode())
        await answers.post(path, {"identity": "sec-x", "password": secrets.new(f"a field too many to {path}"), "no": 1})
        await answers.post(path, [{"password": secrets.new(f"a list to {path}")}])
    wrong = {"Authorization": f"Bearer {secrets.new('wrong bearer token')}"}
    assert (await answers.send("GET", "/stations", headers=wrong)).status_code == 401


async def everything_read(answers: Answers, *stations: str) -> None:
    """Every list of the API, so that what they show is searched too."""
    for path in ("/stations", "/refusals", "/events?limit=500", "/sessions"):
        assert (await answers.send("GET", path)).status_code == 200
    for station in stations:
        for part in ("", "/frames?limit=500", "/variables?limit=500"):
            assert (await answers.send("GET", f"/stations/{station}{part}")).status_code == 200


async def _answered(answers: Answers, path: str, body: Payload) -> None:
    answer = await answers.post(path, body)
    assert answer.status_code == 200, f"{path}: {answer.text}"


def _address(secrets: Secrets, way: str) -> str:
    return f"ftp://user:{secrets.new(f'{way} address')}@127.0.0.1/put?token={secrets.new(f'{way} address query')}"


def _password_in_data(secrets: Secrets, way: str) -> str:
    return json.dumps({"user": "u", "password": secrets.new(f"DataTransfer {way}")})
