"""Bad input through a whole node: it is answered, kept or sent away, and the neighbours notice nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trio

from tests.support.node import Node
from tests.support.outsiders import HandStation, Lost, Payload, TurnedAway, hand_station, moment

pytestmark = [pytest.mark.server, pytest.mark.slow]

# As they stand in the JSON text: escapes that decode to what PostgreSQL cannot hold.
_NUL, _HALF = "\\u0000", "\\ud83d"

_MESSAGES: dict[str, list[tuple[str, Payload]]] = {
    "1.6": [
        ("BootNotification", {
            "chargePointVendor": "V", "chargePointModel": "M", "chargePointSerialNumber": "S",
            "chargeBoxSerialNumber": "B", "firmwareVersion": "F", "iccid": "1", "imsi": "2", "meterType": "T",
            "meterSerialNumber": "N"}),
        ("StatusNotification", {
            "connectorId": 1, "errorCode": "NoError", "status": "Available", "info": "I", "vendorId": "V",
            "vendorErrorCode": "E", "timestamp": "2026-01-01T00:00:00Z"}),
        ("StartTransaction", {
            "connectorId": 1, "idTag": "TAG", "meterStart": 10, "timestamp": "2026-01-01T00:00:00Z"}),
        ("DataTransfer", {"vendorId": "V", "messageId": "M", "data": "D"}),
        ("Authorize", {"idTag": "TAG"}),
    ],
    "2.0.1": [
        ("BootNotification", {"reason": "PowerUp", "chargingStation": {
            "model": "M", "vendorName": "V", "serialNumber": "S", "firmwareVersion": "F",
            "modem": {"iccid": "1", "imsi": "2"}}}),
        ("StatusNotification", {
            "timestamp": "2026-01-01T00:00:00Z", "connectorStatus": "Available", "evseId": 1, "connectorId": 1}),
        ("TransactionEvent", {
            "eventType": "Started", "timestamp": "2026-01-01T00:00:00Z", "triggerReason": "Authorized", "seqNo": 0,
            "transactionInfo": {"transactionId": "T"}, "idToken": {"idToken": "TAG", "type": "ISO14443",
            "additionalInfo": [{"additionalIdToken": "A", "type": "B"}]}}),
        ("DataTransfer", {"vendorId": "V", "messageId": "M", "data": "D"}),
        ("NotifyEvent", {"generatedAt": "2026-01-01T00:00:00Z", "seqNo": 0, "eventData": [{
            "eventId": 1, "timestamp": "2026-01-01T00:00:00Z", "trigger": "Alerting", "actualValue": "A",
            "techCode": "T", "techInfo": "I", "eventNotificationType": "HardWiredNotification",
            "component": {"name": "C", "instance": "I"}, "variable": {"name": "V", "instance": "I"}}]}),
        ("SecurityEventNotification", {"type": "T", "timestamp": "2026-01-01T00:00:00Z", "techInfo": "I"}),
    ],
}  # fmt: skip
_PROMISED = {"StartTransaction", "TransactionEvent"}  # never a CALLERROR: stations drop billing data after one


def with_each_text(payload: Any, rough: str) -> list[Any]:
    """The payload once for each of its texts, with `rough` behind that text."""
    if isinstance(payload, str):
        return [payload + rough]
    if isinstance(payload, dict):
        return [{**payload, key: part} for key, old in payload.items() for part in with_each_text(old, rough)]
    if isinstance(payload, list):
        return [
            [*payload[:at], part, *payload[at + 1 :]]
            for at, old in enumerate(payload)
            for part in with_each_text(old, rough)
        ]
    return []


@asynccontextmanager
async def unaffected(node: Node, identity: str) -> AsyncIterator[HandStation]:
    """A neighbour that works while the block runs, and afterwards, on one and the same connection."""
    async with hand_station(node, identity) as neighbour:
        await neighbour.boot("1.6")
        enough = trio.Event()

        async def work() -> None:
            while not enough.is_set():
                with trio.fail_after(10):  # nobody keeps it from being served
                    await charge(neighbour)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(work)
            yield neighbour
            enough.set()
        await charge(neighbour)


async def charge(station: HandStation) -> None:
    """A short transaction."""
    begun = {"connectorId": 1, "idTag": "ROUGH", "meterStart": 0, "timestamp": moment()}
    number = (await station.call("StartTransaction", begun))["transactionId"]
    stop = {"transactionId": number, "meterStop": 5, "timestamp": moment()}
    await station.call("StopTransaction", stop)


@pytest.mark.parametrize("rough", [_NUL, _HALF], ids=["nul", "lone-surrogate"])
@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_texts_that_no_database_holds_are_answered_field_by_field(node: Node, version: str, rough: str) -> None:
    kind = "nul" if rough == _NUL else "half"
    identity, near = f"rough-{version}-{kind}", f"near-{version}-{kind}"
    node.add_stations(identity, near)
    answers: Counter[str] = Counter()
    wrong: list[str] = []
    sent = 0
    async with unaffected(node, near), hand_station(node, identity, version) as station:
        for action, payload in _MESSAGES[version]:
            for number, variant in enumerate(with_each_text(payload, "ROUGH-HERE")):
                key = f"{action}-{number}"
                text = json.dumps([2, key, action, variant]).replace("ROUGH-HERE", rough)
                answer = await station.exchange(text, key)
                answers[f"{action} {answer[0]}"] += 1
                sent += 1
                if answer[0] != 3 and action in _PROMISED and "eventType" not in str(answer):
                    wrong.append(f"{text}: {answer}")
                assert "Internal" not in str(answer[2]), (text, answer)
        assert sent == sum(answers.values()) > 15
        await station.boot(version)
    assert not wrong, "\n".join(wrong)
    assert "fault of ours" not in node.logs()
    begun = node.value(
        "select count(*) from sessions s join stations i on i.id = s.station_id where i.identity = %s", identity
    )
    kept = node.value(
        "select count(*) from quarantine q join stations i on i.id = q.station_id where i.identity = %s", identity
    )
    assert begun + kept > 0


async def test_a_flood_of_one_station_leaves_the_others_their_service(node: Node) -> None:
    node.add_stations("flood", "flood-near")
    answered = 0
    async with unaffected(node, "flood-near"), hand_station(node, "flood") as station:
        await station.boot("1.6")
        frames = [json.dumps([2, f"f{n}", "Heartbeat", {}]) for n in range(10_000)]
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_send_all, station, frames)
            answer = await station.exchange(json.dumps([2, "last", "Heartbeat", {}]), "last", within=60)
            answered += answer[0] == 3
        answer = await station.exchange(json.dumps([2, "after", "Heartbeat", {}]), "after", within=60)
        answered += answer[0] == 3
    assert answered == 2


async def _send_all(station: HandStation, frames: list[str]) -> None:
    for frame in frames:
        await station.send(frame)


async def test_a_station_that_connects_twice_keeps_its_newest_connection(node: Node) -> None:
    node.add_stations("twice", "twice-near")
    async with unaffected(node, "twice-near"), hand_station(node, "twice") as first:
        await first.boot("1.6")
        async with hand_station(node, "twice") as second:
            assert (await first.ended()).code == 1008
            assert (await second.boot("1.6"))["status"] == "Accepted"
            async with node.async_api() as api:
                assert (await api.get("/stations/twice")).json()["online"] is True
            await charge(second)


async def test_a_station_that_redials_all_the_time_is_slowed_down_alone(node: Node) -> None:
    node.add_stations("restless", "restless-near")
    endings: Counter[int] = Counter()
    waits: list[int] = []
    async with unaffected(node, "restless-near"):
        for _ in range(100):
            try:
                async with hand_station(node, "restless"):
                    endings[101] += 1
            except TurnedAway as turned_away:
                endings[turned_away.status] += 1
                waits.append(int(turned_away.headers["retry-after"]))
    assert min(waits) >= 1
    assert endings[101] >= 10
    assert endings[429] >= 50
    assert endings[101] + endings[429] == 100


async def test_broken_frames_end_no_other_connection(node: Node) -> None:
    node.add_stations("broken", "broken-near")
    frames: list[str | bytes] = [
        "", "x", "{}", "[]", "[2]", '[2,"a"]', '[9,"a","Heartbeat",{}]', '[2,"u","NoSuchAction",{}]', b"\x00\xff",
        '[3,"never-asked",{}]', '[4,"never-asked","InternalError","",{}]', '[2,"d","Heartbeat"]', "[" * 5000,
        '[2,"x","StatusNotification",{"connectorId":"one"}]', '[2,7,"Heartbeat",{}]', '\ufeff[2,"b","Heartbeat",{}]',
    ]  # fmt: skip
    codes: set[int] = set()
    async with unaffected(node, "broken-near"):
        for frame in frames:
            async with hand_station(node, "broken") as station:
                try:
                    await station.send(frame)
                    await station.boot("1.6")
                except Lost as lost:
                    codes.add(lost.code)
        assert codes <= {1002, 1003, 1007}
        with pytest.raises(Lost) as lost_by_size:
            async with hand_station(node, "broken") as station:
                await station.exchange(f'[2,"big","DataTransfer",{{"vendorId":"{"x" * 2_000_000}"}}]', "big")
        assert lost_by_size.value.code == 1009
    assert "fault of ours" not in node.logs()
