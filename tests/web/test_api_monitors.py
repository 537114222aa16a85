"""Commands about monitors and customers, and the values of streams, by REST."""

from __future__ import annotations

from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from actors.station.face import NeutralCommand
from tests.support.api import NOW, Api, problem
from tests.web.test_api_charging import hold

pytestmark = pytest.mark.server
WATCHED = {"component": {"name": "Connector"}, "variable": {"name": "Temperature"}}


async def test_what_a_station_cannot_take_is_said_before_anything_is_sent(api: Api) -> None:
    """N06.FR.04, N11.FR.09, N09.FR.04, N10.FR.08, N09.FR.08, N10.FR.09."""
    station = (await api.station(ocpp_version="2.1"))["id"]
    await api.insert("variables", {
        "station_id": UUID(station), "component": '{"name":"MonitoringCtrlr"}', "attribute_type": "Actual",
        "variable": '{"instance":"ClearVariableMonitoring","name":"ItemsPerMessage"}', "value": "2", "detail": {},
        "received_at": NOW,
    })  # fmt: skip
    commands = "/stations/CP1/commands"
    stream = {**WATCHED, "type": "periodic", "value": 5, "severity": 4, "stream": {}}
    told = problem(await api.post(f"{commands}/set-monitor", stream), 422, "invalid_body")
    assert told["errors"][0]["path"] == "/stream"
    for about in ({}, {"token": "A", "customer": "B"}):
        problem(await api.post(f"{commands}/customer-information", about), 422, "invalid_body")
    unhashed = {"certificate": {"issuerNameHash": "a", "issuerKeyHash": "b", "serialNumber": "1"}}
    told = problem(await api.post(f"{commands}/customer-information", unhashed), 422, "invalid_body")
    assert "hashAlgorithm" in str(told["errors"])
    assert not api.stations.sent
    assert (await api.post(f"{commands}/clear-monitors", {"monitors": [1, 2, 3, 4, 5]})).status_code == 200
    [(_, sent, _)] = api.stations.sent
    assert sent == NeutralCommand("clear-monitors", {"monitors": [1, 2]})  # as many as it takes; the rest follows
    state = await api.node.fetchval("select state from jobs")
    assert state == {"rest": [
        {"command": "clear-monitors", "monitors": [3, 4]}, {"command": "clear-monitors", "monitors": [5]},
    ]}  # fmt: skip


async def test_values_of_a_stream_come_with_what_they_are_of(api: Api) -> None:
    """N11.FR.08, N15.FR.03: component, variable, severity and notification are the monitor's."""
    station = (await api.station(ocpp_version="2.1"))["id"]
    await hold(api, station, "monitor", "7", {
        **WATCHED, "type": "Periodic", "value": 5, "severity": 8, "transaction": False, "notification": "CustomMonitor",
    })  # fmt: skip
    await hold(api, station, "event_stream", "3", {"monitor": 7, "interval": 5, "values": 2}, status="open")
    batch = uuids.uuid7()
    for n in range(2):
        await api.insert("stream_values", {
            "id": batch, "n": n, "station_id": UUID(station), "stream_id": 3, "at": NOW, "value": str(n),
            "received_at": NOW,
        })  # fmt: skip
    found = (await api.get("/stations/CP1/streams/3/values?order=oldest")).json()
    assert [each["value"] for each in found["items"]] == ["0", "1"]
    monitor = found["monitor"]
    assert (monitor["id"], monitor["severity"], monitor["notification"]) == (7, 8, "CustomMonitor")
    assert (monitor["component"], monitor["variable"]) == (WATCHED["component"], WATCHED["variable"])
