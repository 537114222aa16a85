"""A station set up from nothing by a node: pending until its template is applied, its device model read, reports badly
made, values drifting, a network slot; driven by REST against simulated stations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import trio

from protocol.ocpp.version import Version
from simulators.station import conduct
from simulators.station.config import StationConfig
from simulators.station.runner import Runner
from tests.support.node import Node

pytestmark = [pytest.mark.server, pytest.mark.slow]
SAMPLING = {
    "component": {"name": "SampledDataCtrlr"}, "variable": {"name": "TxUpdatedInterval"},
    "key": "MeterValueSampleInterval", "value": "33",
}  # fmt: skip
LOCKED = {
    "component": {"name": "SecurityCtrlr"}, "variable": {"name": "Identity"}, "key": "NumberOfConnectors",
    "value": "9",
}  # fmt: skip


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 40.0) -> Any:
    """What `look` gives, once it gives something."""
    with trio.fail_after(seconds):
        while True:
            if found := await look():
                return found
            await trio.sleep(0.1)


@asynccontextmanager
async def station(node: Node, identity: str, version: Version, **more: Any) -> AsyncIterator[Runner]:
    runner = Runner(StationConfig(identity, version, **more), node.ocpp, speed=30.0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(runner.run)
        yield runner
        nursery.cancel_scope.cancel()


async def good(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json()


async def test_stations_are_provisioned_read_and_kept_in_line(node: Node) -> None:
    async with node.async_api() as api:
        template = {"name": "all", "items": [SAMPLING, LOCKED], "correction": "correct"}
        made = await good(await api.post("/templates", json=template))
        await good(await api.patch(f"/templates/{made['id']}", json={"items": [SAMPLING]}))
        for identity in ("NEW21", "NEW16"):
            settings = {"provisioning": "template", "retry_interval": 600}
            await good(await api.post("/stations", json={"identity": identity, "settings": settings}))
        new = station(node, "NEW21", Version.V21, extra_variables=3000)
        async with new as runner, station(node, "NEW16", Version.V16):
            await _provisioned(api)
            await _read_whole(api, runner)
            await _badly_made(api, runner)
            await _drifting(api, made["id"])
            await _network(api)


async def _provisioned(api: httpx.AsyncClient) -> None:
    """Pending first (B02), then, its values set, accepted at the boot that we ask for."""

    async def accepted() -> bool:
        stations = [(await good(await api.get(f"/stations/{name}"))) for name in ("NEW21", "NEW16")]
        return all((each["boot"] or {}).get("status") == "accepted" for each in stations)

    await until(accepted, 90.0)
    for name in ("NEW21", "NEW16"):
        shown = await good(await api.get(f"/stations/{name}/template"))
        assert [(each["standing"], each["value"]) for each in shown["items"]] == [("ok", "33")]
    booted = await good(await api.get("/events?type=voltyard.station.booted.v1&limit=100"))
    assert "pending" in {each["data"]["admission"] for each in booted["items"]}


async def _report(api: httpx.AsyncClient, kind: str, wanted: tuple[str, ...]) -> dict[str, Any]:
    """Asks for a report and waits for its end (or beginning)."""
    answer = await good(await api.post("/stations/NEW21/commands/base-report", json={"kind": kind}))
    assert answer["outcome"] == "accepted"
    sent = await good(await api.get(f"/commands/{answer['command_id']}"))
    key = str(sent["request"]["requestId"])

    async def ended() -> dict[str, Any] | None:
        found = await good(await api.get("/variable-reports?station=NEW21&limit=100"))
        for each in found["items"]:
            if each["request"] == key and each["status"] in wanted:
                return dict(each)
        return None

    told: dict[str, Any] = await until(ended)
    return told


async def _read_whole(api: httpx.AsyncClient, runner: Runner) -> None:
    told = await _report(api, "full", ("complete",))
    assert (told["kind"], told["missing"]) == ("full", [])
    assert told["variables"] > 3000
    found = await good(await api.get("/stations/NEW21/variables?component=sensor&variable=Reading50&limit=500"))
    assert len(found["items"]) == 60
    assert {each["data_type"] for each in found["items"]} == {"integer"}
    runner.station.config = StationConfig("NEW21", Version.V21, extra_variables=50)
    told = await _report(api, "full", ("complete",))
    found = await good(await api.get("/stations/NEW21/variables?component=sensor&variable=Reading50&limit=500"))
    assert len(found["items"]) == 1
    gone = await good(await api.get("/stations/NEW21/variables?component=sensor&variable=Reading50&removed=true"))
    assert len([each for each in gone["items"] if each["removed_at"] is not None]) > 40
    some = {"components": [{"component": {"name": "TxCtrlr"}}]}
    answer = await api.post("/stations/NEW21/commands/report", json=some)
    assert (await good(answer))["outcome"] == "accepted"
    keys = await good(await api.post("/stations/NEW16/commands/base-report", json={"kind": "full"}))
    assert keys["action"] == "GetConfiguration"
    listed = await good(await api.get("/stations/NEW16/variables?limit=500&mutability=ReadOnly"))
    assert "NumberOfConnectors" in {each["key"] for each in listed["items"]}


async def _badly_made(api: httpx.AsyncClient, runner: Runner) -> None:
    """Parts in any order make a report; one with gaps stays open (ten minutes pass in tests/actors)."""
    runner.link.misbehave(conduct.REPORT_SHUFFLED)
    assert (await _report(api, "full", ("complete",)))["missing"] == []
    runner.link.misbehave(conduct.REPORT_GAPS)

    async def gaps() -> bool:
        told = await _report(api, "full", ("running",))
        return bool(told["missing"])

    assert await until(gaps)
    runner.link.behave()


async def _drifting(api: httpx.AsyncClient, template: str) -> None:
    """What somebody has changed is put right; what cannot be set is told, not tried again and again."""
    item = {"component": SAMPLING["component"], "variable": SAMPLING["variable"], "attributeValue": "7"}
    await good(await api.post("/stations/NEW21/variables/write", json={"items": [item]}))
    assert (await good(await api.get("/stations/NEW21/template")))["drift"] == 1
    await good(await api.patch(f"/templates/{template}", json={"items": [SAMPLING, LOCKED]}))
    begun = await api.post("/stations/NEW21/template/apply", json={"reboot": "never"})
    if begun.status_code == 409:  # the sweep was faster: another word for the same thing
        return
    job = await good(begun)

    async def done() -> dict[str, Any] | None:
        told = await good(await api.get(f"/jobs/{job['id']}"))
        return dict(told) if told["status"] != "waiting" else None

    ended: dict[str, Any] = await until(done)
    assert ended["status"] == "done", ended
    standings = {each["variable"]["name"]: each["standing"] for each in ended["result"]["items"]}
    assert standings["TxUpdatedInterval"] == "ok"
    assert standings["Identity"] in ("refused", "read_only")


async def _network(api: httpx.AsyncClient) -> None:
    slot = {"slot": 2, "url": "wss://csms.example/ocpp", "security_profile": 2}
    assert (await good(await api.post("/stations/NEW21/commands/network-profile", json=slot)))["outcome"] == "accepted"
    [held] = (await good(await api.get("/network-profiles?station=NEW21")))["items"]
    assert (held["slot"], held["connection_data"]["ocppCsmsUrl"]) == (2, "wss://csms.example/ocpp")
    order = await api.post("/stations/NEW21/commands/network-priority", json={"slots": [2, 1]})
    assert (await good(order))["outcome"] == "accepted"
