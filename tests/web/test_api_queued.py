"""`?queue=`: a command for a station that is away or not accepted is taken, and can be cancelled while it waits."""

from base64 import b64decode
from typing import Any
from uuid import UUID

import msgspec
import pytest

from actors.station.face import CommandResult
from protocol.ocpp.version import Version
from storage.jobs import SEALED
from tests.support.api import SEAL, Api, problem

pytestmark = pytest.mark.server

AWAY = CommandResult(None, "station_offline", "ChangeConfiguration", Version.V16)


async def job_of(api: Api, command_id: str) -> dict[str, Any]:
    row = await api.node.fetchrow("select * from jobs where id = $1", UUID(command_id))
    assert row is not None
    return dict(row.items())


def unsealed(job: dict[str, Any]) -> Any:
    """What a job's command will send."""
    return msgspec.json.decode(SEAL.read(b64decode(job["state"][SEALED]), job["id"]))


async def test_a_raw_command_waits_under_its_id(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [AWAY]
    body = {"key": "WifiPassword", "value": "secret-of-the-station"}
    answer = await api.post("/stations/CP1/ocpp/ChangeConfiguration?queue=PT1H", body)
    assert answer.status_code == 202
    told = answer.json()
    assert (told["status"], told["waits_for"], told["version"]) == ("queued", "online", "1.6")
    assert answer.headers["location"] == f"/api/v1/commands/{told['command_id']}"
    shown = (await api.get(f"/commands/{told['command_id']}")).json()
    assert (shown["status"], shown["action"], shown["sent_at"]) == ("queued", "ChangeConfiguration", None)
    assert shown["request"] == {"key": "WifiPassword", "value": "***"}
    kept = await job_of(api, told["command_id"])
    assert kept["state"].keys() == {"action", "validate", SEALED}
    assert unsealed(kept) == body
    listed = (await api.get(f"/jobs/{told['command_id']}")).text
    assert "secret-of-the-station" not in listed
    assert [each["id"] for each in (await api.get("/stations/CP1/commands?status=queued")).json()["items"]] == [
        told["command_id"]
    ]


async def test_a_neutral_command_waits_as_it_was_given(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [CommandResult(None, "station_offline", "RequestStopTransaction", Version.V201)]
    answer = await api.post("/stations/CP1/commands/stop?queue=30m", {"transaction_id": "17"})
    kept = await job_of(api, answer.json()["command_id"])
    assert kept["state"] == {"action": "RequestStopTransaction", "command": "stop", SEALED: kept["state"][SEALED]}
    assert unsealed(kept) == {"transaction_id": "17"}
    assert kept["priority"] == 1  # it overtakes what waits
    assert (kept["expires_at"] - kept["created_at"]).total_seconds() == 1800


@pytest.mark.parametrize("path", ["ocpp/RemoteStartTransaction", "commands/start"])
async def test_a_station_that_is_there_and_not_accepted_gets_it_later(api: Api, path: str) -> None:
    await api.station("CP1")
    told = "the station is pending"
    api.stations.results = [CommandResult(None, "not_accepted", "RemoteStartTransaction", Version.V16, detail=told)]
    body = {"idTag": "T1"} if path.startswith("ocpp") else {"token": "T1"}
    problem(await api.post(f"/stations/CP1/{path}", body), 409, "station_not_accepted")
    assert (await api.get("/jobs")).json()["items"] == []
    answer = await api.post(f"/stations/CP1/{path}?queue=PT1H", body)
    assert (answer.status_code, answer.json()["waits_for"]) == (202, "accepted")
    assert (await api.get(f"/commands/{answer.json()['command_id']}")).json()["status"] == "queued"
    # Its job asks once more at once: a boot may have been accepted meanwhile, and nobody else would wake it.
    assert (await job_of(api, answer.json()["command_id"]))["waits_for"] is None


async def test_without_queue_and_with_a_station_that_is_there_nothing_waits(api: Api) -> None:
    await api.station("CP1")
    assert (await api.post("/stations/CP1/ocpp/Reset?queue=PT1H", {})).status_code == 200
    api.stations.results = [AWAY]
    problem(await api.post("/stations/CP1/ocpp/Reset", {}), 409, "station_offline")
    assert (await api.get("/jobs")).json()["items"] == []


@pytest.mark.parametrize("queue", ["soon", "PT0S", "-PT1H", "P60D", "0", ""])
async def test_a_wait_that_is_none(api: Api, queue: str) -> None:
    await api.station("CP1")
    problem(await api.post(f"/stations/CP1/ocpp/Reset?queue={queue}", {}), 400, "invalid_parameter")
    assert api.stations.sent == []


async def test_it_is_cancelled_once(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [AWAY]
    command = (await api.post("/stations/CP1/ocpp/Reset?queue=PT1H", {})).json()["command_id"]
    assert (await api.call("DELETE", f"/commands/{command}")).status_code == 204
    assert (await api.get(f"/commands/{command}")).json()["status"] == "cancelled"
    assert (await api.get(f"/jobs/{command}")).json()["status"] == "cancelled"
    problem(await api.call("DELETE", f"/commands/{command}"), 409, "not_waiting")


async def test_cancelling_its_job_cancels_the_command(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [AWAY]
    command = (await api.post("/stations/CP1/ocpp/Reset?queue=PT1H", {})).json()["command_id"]
    assert (await api.call("DELETE", f"/jobs/{command}")).status_code == 204
    assert (await api.get(f"/commands/{command}")).json()["status"] == "cancelled"


async def test_the_same_key_waits_once(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [AWAY]
    key = {"Idempotency-Key": "k1"}
    first = await api.post("/stations/CP1/ocpp/Reset?queue=PT1H", {"type": "Soft"}, headers=key)
    again = await api.post("/stations/CP1/ocpp/Reset?queue=PT1H", {"type": "Soft"}, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert len((await api.get("/jobs")).json()["items"]) == 1


async def test_as_many_as_may_wait(api: Api) -> None:
    await api.station("CP1")
    api.stations.results = [AWAY]
    codes = [(await api.post("/stations/CP1/ocpp/ClearCache?queue=1h", {})).status_code for _ in range(101)]
    assert codes == [202] * 100 + [429]
