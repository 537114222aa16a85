"""A campaign over simulated stations of all three versions, by REST, through a kill -9; then their logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trio

from protocol.ocpp.version import Version
from simulators.station.config import StationConfig
from simulators.station.runner import Runner
from tests.support.node import running_node

pytestmark = [pytest.mark.server, pytest.mark.slow]
IMAGE = b"firmware 2.0.0\n" + bytes(700_000)
STATIONS = {"S16": Version.V16, "S201": Version.V201, "S21": Version.V21}


async def until(get: Callable[[], Any], good: Callable[[Any], bool], seconds: float) -> Any:
    """Asks until the answer is good; the last one when time is over."""
    found = None
    with trio.move_on_after(seconds):
        while True:
            try:
                found = await get()
                if good(found):
                    return found
            except httpx.TransportError:
                pass  # the node is just starting again
            await trio.sleep(0.2)
    pytest.fail(f"still not: {found}")


def fetched(member: dict[str, Any]) -> bool:
    return member["stage"] not in (None, "Requested", "Accepted", "Downloading")


async def test_a_campaign_survives_the_node_and_logs_come_from_every_version() -> None:
    with running_node(campaign_look="1s", station_calm="1s") as node:
        node.add_stations(*STATIONS)
        runners = [Runner(StationConfig(name, v), f"{node.ocpp}/ocpp", speed=6) for name, v in STATIONS.items()]
        async with node.async_api() as api, trio.open_nursery() as nursery:
            for runner in runners:
                nursery.start_soon(runner.run)
            for runner in runners:
                assert await runner.first_accepted(20)

            async def read(path: str) -> Any:
                return (await api.get(path)).json()

            brought = await api.post(
                "/firmware?version=2.0.0", content=IMAGE, headers={"Content-Type": "application/octet-stream"}
            )
            assert brought.status_code == 201, brought.text
            runners[2].station.maintenance.fail = "InstallationFailed"
            wanted = {"name": "All", "firmware": brought.json()["id"], "select": {"stations": list(STATIONS)},
                      "rules": {"waves": [{"size": 2}]}}  # fmt: skip
            made = await api.post("/campaigns", json=wanted)
            assert made.status_code == 201, made.text
            path = f"/campaigns/{made.json()['id']}"
            # Both have their image and are at work with it: their jobs rest, so no lease outlives the node.
            members = f"{path}/stations?status=updating"
            await until(lambda: read(members), lambda m: sum(fetched(x) for x in m["items"]) == 2, 40)
            node.kill9()
            await trio.to_thread.run_sync(node.restart)
            for runner in runners:
                runner.speed = 30.0
            ended = await until(lambda: read(path), lambda c: c["status"] == "ended", 110)
            assert (ended["counts"]["succeeded"], ended["counts"]["failed"]) == (2, 1)
            failed = (await read(f"{path}/stations?status=failed"))["items"]
            assert [(each["station"], each["error"]) for each in failed] == [
                ("S21", "the station said InstallationFailed")
            ]
            assert [runner.station.firmware for runner in runners] == ["2.0.0", "2.0.0", "1.0.0"]
            for runner in runners:
                assert await runner.first_accepted(30)
            for name in STATIONS:
                answer = await api.post(f"/stations/{name}/commands/get-log", json={"type": "diagnostics"})
                assert answer.status_code == 200, answer.text
            logs = await until(
                lambda: read("/logs"),
                lambda found: all(x["received"] and x["status"] == "Uploaded" for x in found["items"]), 30,
            )  # fmt: skip
            assert {log["station"] for log in logs["items"]} == set(STATIONS)
            file = await api.get(f"/logs/{logs['items'][0]['id']}/file")
            assert b"log" in file.content
            nursery.cancel_scope.cancel()
        with node.api() as api_:
            assert "key-" not in api_.get("/stations/S201/frames").text.replace("key-***", "")
