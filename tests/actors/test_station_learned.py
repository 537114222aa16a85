"""What reading and writing variables leaves behind: the last known value, never a secret."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from actors.records import CommandRecord, JobRecord, VariableRecord
from actors.station.face import RawCommand
from actors.station.learned import learned
from actors.station.who import Station
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON
from tests.support.station_rig import Rig, rig

STATION = Station(UUID(int=7), UUID(int=8), "CP1", Version.V201)
INTERVAL = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
NAME = ('{"name":"OCPPCommCtrlr"}', '{"name":"HeartbeatInterval"}', "Actual")


def known(world: Rig) -> list[tuple[Any, ...]]:
    return [
        (row.component, row.variable, row.attribute_type, row.value, row.detail) for row in world.kept(VariableRecord)
    ]


async def test_configuration_keys_that_were_read(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["GetConfiguration"] = {
            "configurationKey": [
                {"key": "GetConfigurationMaxKeys", "readonly": True, "value": "7"},
                {"key": "AuthorizationKey", "readonly": False, "value": "not for anybody"},
                {"key": "Empty", "readonly": False},
            ],
            "unknownKey": ["Nope"],
        }
        await world.command(RawCommand("GetConfiguration", {}))
        assert known(world) == [
            ("", "GetConfigurationMaxKeys", "Actual", "7", {"readonly": True}),
            ("", "AuthorizationKey", "Actual", "***", {"readonly": False}),
            ("", "Empty", "Actual", None, {"readonly": False}),
        ]


@pytest.mark.parametrize(("status", "learnt"), [("Accepted", True), ("RebootRequired", False), ("Rejected", False)])
async def test_a_key_counts_as_written_when_it_took_effect(status: str, learnt: bool, autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["ChangeConfiguration"] = {"status": status}
        await world.command(RawCommand("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"}))
        assert known(world) == ([("", "HeartbeatInterval", "Actual", "60", {})] if learnt else [])


async def test_variables_that_were_read_are_named_as_a_report_names_them(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V201)
        evse = {"component": {"evse": {"id": 1}, "name": "EVSE"}, "variable": {"name": "Power"}}
        peer.answers["GetVariables"] = {
            "getVariableResult": [
                INTERVAL | {"attributeStatus": "Accepted", "attributeValue": "300"},
                evse | {"attributeStatus": "Accepted", "attributeValue": "11000", "attributeType": "MaxSet"},
                INTERVAL | {"attributeStatus": "UnknownVariable"},
            ]
        }
        await world.command(RawCommand("GetVariables", {"getVariableData": [INTERVAL, evse]}))
        assert known(world) == [
            (*NAME, "300", {}),
            ('{"evse":{"id":1},"name":"EVSE"}', '{"name":"Power"}', "MaxSet", "11000", {}),
        ]


async def test_variables_that_were_written_and_accepted(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V21)
        secret = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
        peer.answers["SetVariables"] = {
            "setVariableResult": [
                secret | {"attributeStatus": "Accepted"},
                {"component": {"name": "ocppcommctrlr"}, "variable": {"name": "HeartbeatInterval"},
                 "attributeStatus": "Accepted"},
                INTERVAL | {"attributeStatus": "Rejected", "attributeType": "Target"},
            ]
        }  # fmt: skip
        asked = [
            INTERVAL | {"attributeValue": "60"},
            INTERVAL | {"attributeValue": "61", "attributeType": "Target"},
            secret | {"attributeValue": "not for anybody at all"},
        ]
        await world.command(RawCommand("SetVariables", {"setVariableData": asked}, rotates=True))
        assert [row[1:4] for row in known(world)] == [
            ('{"name":"BasicAuthPassword"}', "Actual", "***"),
            ('{"name":"HeartbeatInterval"}', "Actual", "60"),
        ]


@pytest.mark.parametrize("asked", [[], {"setVariableData": [1]}, {"setVariableData": [{"attributeValue": "1"}]}, {}])
def test_what_was_sent_unchecked_teaches_nothing(asked: Any) -> None:
    answer = {"setVariableResult": [INTERVAL | {"attributeStatus": "Accepted"}]}
    assert learned(STATION, _row("SetVariables", asked, answer), NOON, uuid4) == []
    assert learned(STATION, _row("ChangeConfiguration", asked, {"status": "Accepted"}), NOON, uuid4) == []


def _row(action: str, request: Any, answer: Any) -> CommandRecord:
    return CommandRecord(
        UUID(int=1), action, None, "answered", "1", "2.0.1", request, answer, None, None, None, None, NOON, NOON, NOON
    )


@pytest.mark.parametrize("status", ["Accepted", "Failed", "VersionMismatch"])
async def test_a_list_sent_past_the_rules_is_looked_at(status: str, autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["SendLocalList"] = {"status": status}
        await world.command(RawCommand("SendLocalList", {"listVersion": 9, "updateType": "Full"}))
        [job] = [job for job in world.kept(JobRecord) if job.kind == "sync-local-list"]
        assert job.state == {"check": True}
