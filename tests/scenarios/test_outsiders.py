"""Whole sessions by stations that are not ours, looked at through the API as an operator would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import websockets

from tests.support.node import ADMIN, Node
from tests.support.outsiders import Payload, hand_station, moment
from tests.support.packaged import Station16, Station201, call16, call201, packaged_station

pytestmark = [pytest.mark.server, pytest.mark.slow]


class Live:
    """What `/live` has said, kept until a test asks for it."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket

    async def until(self, type_: str) -> dict[str, Any]:
        """The next event of that type; those before it are passed over."""
        async with asyncio.timeout(20):
            while True:
                message = json.loads(await self._socket.recv())
                event: dict[str, Any] = message.get("event", {})
                if event.get("type") == type_:
                    return event


@asynccontextmanager
async def live(node: Node, *topics: str) -> AsyncIterator[Live]:
    address = f"{node.http.replace('http', 'ws')}/api/v1/live"
    async with websockets.connect(address, additional_headers={"Authorization": f"Bearer {ADMIN}"}) as socket:
        await socket.send(json.dumps({"subscribe": list(topics)}))
        answer = json.loads(await socket.recv())
        assert answer["subscribed"] == list(topics), answer
        yield Live(socket)


async def answered(api: httpx.AsyncClient, path: str, body: Payload) -> Payload:
    answer = await api.post(path, json=body)
    assert answer.status_code == 200, answer.text
    result: Payload = answer.json()
    return result


async def the_session(api: httpx.AsyncClient, identity: str) -> Payload:
    """The one session of a station."""
    listed = (await api.get("/sessions", params={"station": identity})).json()
    assert len(listed["items"]) == 1, listed
    found: Payload = (await api.get(f"/sessions/{listed['items'][0]['id']}")).json()
    return found


async def event_types(api: httpx.AsyncClient, subject: str) -> list[str]:
    """The types of all events about a subject, oldest first, once the outbox has told them."""
    listed = (await api.get("/events", params={"subject": subject, "limit": 500})).json()
    return [event["type"].split(".", 1)[1] for event in reversed(listed["items"])]


async def frame_actions(api: httpx.AsyncClient, identity: str) -> list[tuple[str, str]]:
    listed = (await api.get(f"/stations/{identity}/frames", params={"limit": 500})).json()
    return [(frame["direction"], frame["action"]) for frame in listed["items"]]


def test_a_1_6_station_of_the_ocpp_package_charges(node: Node) -> None:
    node.add_stations("pkg16")
    node.add_token("04A1B2C3", holder="Ada")
    asyncio.run(_session_1_6(node))


async def _session_1_6(node: Node) -> None:
    async with (
        node.async_api() as api,
        live(node, "stations/pkg16", "sessions") as feed,
        packaged_station(node, "pkg16", Station16) as station,
    ):
        booted = await station.call(
            call16.BootNotification(charge_point_model="One", charge_point_vendor="Stranger", firmware_version="7.1")
        )
        assert booted.status == "Accepted"
        assert booted.interval == 300
        assert abs(datetime.fromisoformat(booted.current_time) - datetime.now(UTC)).total_seconds() < 30
        await feed.until("voltyard.station.booted.v1")
        for status in ("Available", "Preparing"):
            await station.call(
                call16.StatusNotification(connector_id=1, error_code="NoError", status=status, timestamp=moment())
            )
        assert (await station.call(call16.Heartbeat())).current_time
        assert (await station.call(call16.Authorize(id_tag="04A1B2C3"))).id_tag_info["status"] == "Accepted"
        assert (await station.call(call16.Authorize(id_tag="FFFFFFFF"))).id_tag_info["status"] == "Invalid"

        asked = await answered(api, "/stations/pkg16/commands/start", {"token": "04A1B2C3", "evse": 1})
        assert (asked["status"], asked["outcome"]) == ("answered", "accepted")
        assert station.asked["RemoteStartTransaction"] == {"id_tag": "04A1B2C3", "connector_id": 1}

        began = await station.call(
            call16.StartTransaction(connector_id=1, id_tag="04A1B2C3", meter_start=1000, timestamp=moment(-60))
        )
        assert began.id_tag_info["status"] == "Accepted"
        number = began.transaction_id
        assert 1 <= number < 2**31
        await feed.until("voltyard.session.began.v1")
        for seconds, register in ((-40, 3000), (-20, 5500)):
            await station.call(call16.MeterValues(
                connector_id=1, transaction_id=number, meter_value=[{"timestamp": moment(seconds), "sampledValue": [
                    {"value": str(register), "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
                    {"value": "7.4", "measurand": "Power.Active.Import", "unit": "kW"},
                    {"value": "48", "measurand": "SoC", "unit": "Percent"}]}]))  # fmt: skip
        running = await the_session(api, "pkg16")
        assert (running["status"], running["energy_wh"], running["power_w"], running["soc"]) == (
            "active", 4500, 7400, 48)  # fmt: skip

        asked = await answered(api, "/stations/pkg16/commands/stop", {"session": running["id"]})
        assert asked["outcome"] == "accepted"
        assert station.asked["RemoteStopTransaction"] == {"transaction_id": number}
        stop = call16.StopTransaction(6200, moment(), number, reason="Remote", id_tag="04A1B2C3")
        ended = await station.call(stop)
        assert ended.id_tag_info["status"] == "Accepted"
        await feed.until("voltyard.session.ended.v1")

        asked = await answered(api, "/stations/pkg16/commands/reset", {"kind": "immediate"})
        assert asked["outcome"] == "rejected"
        assert station.asked["Reset"] == {"type": "Hard"}
        change = {"key": "HeartbeatInterval", "value": "120"}
        asked = await answered(api, "/stations/pkg16/ocpp/ChangeConfiguration", change)
        assert asked["payload"] == {"status": "RebootRequired"}

        done = await the_session(api, "pkg16")
        wanted = {
            "station": "pkg16", "evse": 1, "connector": 1, "transaction_id": str(number), "token": "04A1B2C3",
            "status": "ended", "energy_wh": 5200, "stop_reason": "Remote", "flags": [],
        }  # fmt: skip
        assert {name: done[name] for name in wanted} == wanted
        readings = (await api.get(f"/sessions/{done['id']}/meter-values")).json()["items"]
        assert sorted(reading["energy_wh"] for reading in readings) == [3000, 5500]
        facts = (await api.get(f"/sessions/{done['id']}/facts")).json()["items"]
        assert {fact["kind"] for fact in facts} == {"began", "ended"}
        shown = (await api.get("/stations/pkg16")).json()
        assert (shown["online"], shown["version"]) == (True, "1.6")
        assert shown["boot"]["vendor"] == "Stranger"
        assert [(c["connector"], c["status"]) for c in shown["connectors"]] == [(1, "Preparing")]
        await _sees(api, f"sessions/{done['id']}", {"session.began.v1", "session.ended.v1"})
        frames = await frame_actions(api, "pkg16")
        for seen in (("in", "StartTransaction"), ("out", "StartTransaction"), ("out", "Reset"), ("in", "Reset")):
            assert seen in frames
        assert ("in", "Heartbeat") not in frames
    async with node.async_api() as api:
        await _goes_offline(api, "pkg16")


async def _sees(api: httpx.AsyncClient, subject: str, types: set[str]) -> None:
    found = set(await event_types(api, subject))
    assert types <= found, found


async def _goes_offline(api: httpx.AsyncClient, identity: str) -> None:
    async with asyncio.timeout(20):
        while (await api.get(f"/stations/{identity}")).json()["online"]:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


def test_a_2_0_1_station_of_the_ocpp_package_charges(node: Node) -> None:
    node.add_stations("pkg201")
    node.add_token("DEADBEEF")
    asyncio.run(_session_2_0_1(node))


async def _session_2_0_1(node: Node) -> None:
    async with (
        node.async_api() as api,
        live(node, "sessions", "stations") as feed,
        packaged_station(node, "pkg201", Station201) as station,
    ):
        booted = await station.call(call201.BootNotification(
            charging_station={"model": "Two", "vendor_name": "Stranger", "serial_number": "S-9"}, reason="PowerUp"
        ))  # fmt: skip
        assert booted.status == "Accepted"
        await station.call(call201.StatusNotification(
            timestamp=moment(), connector_status="Available", evse_id=1, connector_id=1))  # fmt: skip
        token = {"id_token": "DEADBEEF", "type": "ISO14443"}
        assert (await station.call(call201.Authorize(id_token=token))).id_token_info["status"] == "Accepted"
        stranger = {"id_token": "CAFE0001", "type": "ISO14443"}
        assert (await station.call(call201.Authorize(id_token=stranger))).id_token_info["status"] == "Unknown"

        asked = await answered(api, "/stations/pkg201/commands/start", {"token": "DEADBEEF", "evse": 1})
        assert asked["outcome"] == "accepted"
        wanted = station.asked["RequestStartTransaction"]
        assert wanted["id_token"] == {"id_token": "DEADBEEF", "type": "ISO14443"}

        info: Payload = {"transaction_id": "tx-201", "remote_start_id": wanted["remote_start_id"]}
        began = await station.call(call201.TransactionEvent(
            event_type="Started", timestamp=moment(-60), trigger_reason="RemoteStart", seq_no=0,
            transaction_info={**info, "charging_state": "Charging"}, evse={"id": 1, "connector_id": 1}, id_token=token,
            meter_value=_registers(-60, 20_000)))  # fmt: skip
        assert began.id_token_info["status"] == "Accepted"
        await feed.until("voltyard.session.began.v1")
        for number, seconds, register in ((1, -40, 21_000), (2, -20, 22_500)):
            await station.call(call201.TransactionEvent(
                event_type="Updated", timestamp=moment(seconds), trigger_reason="MeterValuePeriodic", seq_no=number,
                transaction_info={"transaction_id": "tx-201"}, meter_value=_registers(seconds, register)))  # fmt: skip
        running = await the_session(api, "pkg201")
        assert (running["status"], running["energy_wh"]) == ("active", 2500)

        asked = await answered(api, "/stations/pkg201/commands/stop", {"session": running["id"]})
        assert station.asked["RequestStopTransaction"] == {"transaction_id": "tx-201"}
        await station.call(call201.TransactionEvent(
            event_type="Ended", timestamp=moment(), trigger_reason="RemoteStop", seq_no=3,
            transaction_info={"transaction_id": "tx-201", "stopped_reason": "Remote"},
            meter_value=_registers(0, 23_750)))  # fmt: skip
        await feed.until("voltyard.session.ended.v1")

        asked = await answered(api, "/stations/pkg201/commands/reset", {"kind": "on_idle"})
        assert asked["outcome"] == "scheduled"
        assert station.asked["Reset"] == {"type": "OnIdle"}
        item = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
        write = {"items": [{**item, "attributeValue": "90"}]}
        written = (await answered(api, "/stations/pkg201/variables/write", write))["items"]
        assert [each["status"].lower() for each in written] == ["accepted"]

        done = await the_session(api, "pkg201")
        assert (done["status"], done["energy_wh"], done["stop_reason"], done["flags"]) == ("ended", 3750, "Remote", [])
        assert (done["transaction_id"], done["token"]) == ("tx-201", "DEADBEEF")
        await _sees(api, f"sessions/{done['id']}", {"session.began.v1", "session.ended.v1"})
        frames = await frame_actions(api, "pkg201")
        assert ("in", "TransactionEvent") in frames
        assert ("out", "RequestStartTransaction") in frames


def _registers(seconds: float, register: int) -> list[Payload]:
    sampled = {"value": float(register), "measurand": "Energy.Active.Import.Register", "context": "Sample.Periodic"}
    return [{"timestamp": moment(seconds), "sampled_value": [sampled]}]


async def test_a_2_1_station_written_by_hand_charges(node: Node) -> None:
    node.add_stations("hand21")
    node.add_token("0011223344")
    token = {"idToken": "0011223344", "type": "ISO14443"}
    async with node.async_api() as api, hand_station(node, "hand21", "2.1") as station:
        station.answers = {
            "RequestStartTransaction": lambda payload: {"status": "Accepted", "transactionId": "tx-21"},
            "RequestStopTransaction": lambda payload: {"status": "Accepted"},
            "Reset": lambda payload: {"status": "Accepted"},
        }
        assert (await station.boot("2.1"))["status"] == "Accepted"
        await station.call("StatusNotification", {
            "timestamp": moment(), "connectorStatus": "Occupied", "evseId": 1, "connectorId": 1})  # fmt: skip
        assert (await station.call("Authorize", {"idToken": token}))["idTokenInfo"]["status"] == "Accepted"
        asked = await answered(api, "/stations/hand21/commands/start", {"token": "0011223344", "evse": 1})
        assert asked["outcome"] == "accepted"
        assert asked["version"] == "2.1"

        began = await station.call("TransactionEvent", {
            "eventType": "Started", "timestamp": moment(-60), "triggerReason": "RemoteStart", "seqNo": 0,
            "transactionInfo": {"transactionId": "tx-21", "chargingState": "Charging", "operationMode": "ChargingOnly"},
            "evse": {"id": 1, "connectorId": 1}, "idToken": token, "meterValue": _values(-60, 500.0)})  # fmt: skip
        assert began["idTokenInfo"]["status"] == "Accepted"
        await station.call("TransactionEvent", {
            "eventType": "Updated", "timestamp": moment(-30), "triggerReason": "MeterValuePeriodic", "seqNo": 1,
            "transactionInfo": {"transactionId": "tx-21"}, "meterValue": _values(-30, 1500.0)})  # fmt: skip
        running = await the_session(api, "hand21")
        asked = await answered(api, "/stations/hand21/commands/stop", {"session": running["id"]})
        assert asked["outcome"] == "accepted"
        await station.call("TransactionEvent", {
            "eventType": "Ended", "timestamp": moment(), "triggerReason": "RemoteStop", "seqNo": 2,
            "transactionInfo": {"transactionId": "tx-21", "stoppedReason": "Remote"},
            "meterValue": _values(0, 2250.0)})  # fmt: skip
        asked = await answered(api, "/stations/hand21/commands/reset", {"kind": "immediate"})
        assert asked["outcome"] == "accepted"

        done = await the_session(api, "hand21")
        assert (done["status"], done["energy_wh"], done["flags"]) == ("ended", 1750, [])
        assert [action for action, _ in station.asked] == [
            "RequestStartTransaction", "RequestStopTransaction", "Reset"]  # fmt: skip
        shown = (await api.get("/stations/hand21")).json()
        assert (shown["version"], shown["connectors"][0]["status"]) == ("2.1", "Occupied")


def _values(seconds: float, register: float) -> list[Payload]:
    sampled = {"value": register, "measurand": "Energy.Active.Import.Register", "unitOfMeasure": {"unit": "Wh"}}
    return [{"timestamp": moment(seconds), "sampledValue": [sampled]}]
