"""Smart charging asked of a station: which message each version gets, and what its answer teaches us."""

from typing import Any

import msgspec
import pytest

from actors.charging import objects
from actors.records import ObjectsMatchedRecord, StationObjectRecord
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from protocol.ocpp import events as wire
from protocol.ocpp.version import Version
from tests.support.station_rig import Peer, Rig, rig

ACCEPTED = {"status": "Accepted"}
START = "2026-01-01T00:00:00Z"
DEFAULT = {
    "purpose": "TxDefaultProfile", "kind": "Absolute", "id": 7,
    "schedules": [{"unit": "A", "start": START, "periods": [{"start_s": 0, "limit": 16}]}],
}  # fmt: skip


async def ask(rigged: Rig, name: str, **arguments: Any) -> CommandResult:
    return await rigged.command(NeutralCommand(name, arguments))


def heard(peer: Peer) -> list[tuple[str, Any]]:
    """(action, payload) of what the station was asked."""
    calls = [event for event in peer.heard if isinstance(event, wire.CallReceived)]
    return [(call.action, msgspec.to_builtins(call.payload)) for call in calls]


def held(rigged: Rig, kind: str) -> list[StationObjectRecord]:
    return [record for record in rigged.kept(StationObjectRecord) if record.kind == kind]


def swept(rigged: Rig) -> list[dict[str, Any]]:
    return [record.match for record in rigged.kept(ObjectsMatchedRecord)]


@pytest.mark.parametrize("version", list(Version), ids=str)
async def test_one_neutral_profile_in_every_version(version: Version, autojump_clock: object) -> None:
    """K01.FR.08, K04, K10; OCPP 1.6, 5.5, 5.16."""
    async with rig() as rigged:
        peer = await rigged.connect(version)
        peer.answers |= dict.fromkeys(("SetChargingProfile", "ClearChargingProfile"), ACCEPTED)
        result = await ask(rigged, "charging-profile", evse=1, profile=DEFAULT)
        assert (result.status, result.outcome) == ("answered", "accepted")
        [profile] = held(rigged, objects.PROFILE)
        assert (profile.key, profile.status, profile.data["set_by"]) == ("7", "installed", "operator")
        assert profile.data["purpose"] == "TxDefaultProfile"
        assert (await ask(rigged, "clear-charging-profile", id=7)).outcome == "accepted"
        assert (await ask(rigged, "clear-charging-profile", evse=1, purpose="TxDefaultProfile")).outcome == "accepted"
        own = {"clearable": True}
        assert swept(rigged)[-2:] == [own, own | {"evse": 1, "purpose": "TxDefaultProfile"}]
        said = [payload for _, payload in heard(peer)]
        if version is Version.V16:
            assert said[0]["csChargingProfiles"]["chargingProfileId"] == 7
            assert said[1:] == [{"id": 7}, {"connectorId": 1, "chargingProfilePurpose": "TxDefaultProfile"}]
            assert swept(rigged)[0] == {"evse": 1, "purpose": "TxDefaultProfile", "stack_level": 0}  # 5.16.2
        else:
            assert said[0]["chargingProfile"]["chargingSchedule"][0]["id"] == 7
            assert said[1]["chargingProfileId"] == 7
            assert said[2]["chargingProfileCriteria"] == {"evseId": 1, "chargingProfilePurpose": "TxDefaultProfile"}


async def test_what_must_not_be_sent_is_not_sent(autojump_clock: object) -> None:
    """K01.FR.22, K02.FR.07, K01.FR.03; an operator who sends it raw has it sent."""
    async with rig() as rigged:
        peer = await rigged.connect(Version.V201)
        peer.answers["SetChargingProfile"] = {"status": "Rejected"}
        external = DEFAULT | {"purpose": "ChargingStationExternalConstraints"}
        result = await ask(rigged, "charging-profile", profile=external)
        assert result.status == "invalid_payload"
        assert "K01.FR.22" in result.problems[0].message
        result = await ask(rigged, "charging-profile", evse=1, profile=DEFAULT | {"purpose": "TxProfile"})
        assert "K01.FR.03" in result.problems[0].message
        assert heard(peer) == []
        profile = {
            "id": 1, "stackLevel": 0, "chargingProfilePurpose": "ChargingStationExternalConstraints",
            "chargingProfileKind": "Absolute", "chargingSchedule": [
                {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6}]}],
        }  # fmt: skip
        raw = RawCommand("SetChargingProfile", {"evseId": 0, "chargingProfile": profile})
        assert (await rigged.command(raw)).status == "answered"
        assert held(rigged, objects.PROFILE) == [], "rejected: the station holds nothing new"


async def test_reports_composite_schedules_and_their_answers(autojump_clock: object) -> None:
    """K08.FR.01, K09.FR.03, K01.FR.29 (an error is told as one)."""
    async with rig() as rigged:
        peer = await rigged.connect(Version.V201)
        peer.answers["GetChargingProfiles"] = {"status": "NoProfiles"}
        period = {"startPeriod": 0, "limit": 16.0}
        schedule = {
            "evseId": 1, "duration": 60, "scheduleStart": START, "chargingRateUnit": "A",
            "chargingSchedulePeriod": [period],
        }  # fmt: skip
        peer.answers["GetCompositeSchedule"] = ACCEPTED | {"schedule": schedule}
        await ask(rigged, "charging-profiles")
        await ask(rigged, "charging-profiles", evse=1, stack_level=2)
        assert swept(rigged) == [{}, {"evse": 1, "stack_level": 2}]
        await ask(rigged, "composite-schedule", evse=1, duration_s=60)
        [composite] = held(rigged, objects.COMPOSITE)
        assert composite.data["periods"] == [{"start_s": 0, "limit": 16.0}]
        criteria = [payload["chargingProfile"] for action, payload in heard(peer) if action == "GetChargingProfiles"]
        assert criteria == [{"chargingLimitSource": ["CSO", "EMS", "SO", "Other"]}, {"stackLevel": 2}]
        for name, arguments in (
            ("dynamic-limit", {"profile": 7, "limit": 5}),
            ("priority-charging", {"transaction_id": "T1", "activate": True}),
            ("der-controls", {}),
            ("battery-swap", {"token": "CAFE"}),
        ):
            assert (await ask(rigged, name, **arguments)).outcome == "unsupported"


async def test_1_6_has_no_report_of_profiles(autojump_clock: object) -> None:
    async with rig() as rigged:
        await rigged.connect(Version.V16)
        result = await ask(rigged, "charging-profiles")
        assert result.outcome == "unsupported"
        assert "composite schedule" in (result.detail or "")


async def test_dynamic_values_and_priority(autojump_clock: object) -> None:
    """K28.FR.06, K21; Q03: CentralSetpoint, and its setpoints by UpdateDynamicSchedule."""
    async with rig() as rigged:
        peer = await rigged.connect(Version.V21)
        peer.answers |= dict.fromkeys(("SetChargingProfile", "UpdateDynamicSchedule", "UsePriorityCharging"), ACCEPTED)
        schedule = {
            "unit": "W", "duration_s": 60, "periods": [{"start_s": 0, "mode": "CentralSetpoint", "setpoint": 1000}],
        }  # fmt: skip
        profile = {"purpose": "TxProfile", "kind": "Dynamic", "id": 9, "schedules": [schedule]}
        result = await ask(rigged, "charging-profile", evse=1, transaction_id="T1", profile=profile)
        assert result.outcome == "accepted"
        assert held(rigged, objects.PROFILE)[0].data["transaction_id"] == "T1"
        await ask(rigged, "dynamic-limit", profile=9, setpoint=-5000.0)
        [values] = held(rigged, objects.DYNAMIC)
        assert (values.data["values"], values.data["source"]) == ({"setpoint": -5000.0}, "push")
        await ask(rigged, "priority-charging", transaction_id="T1", activate=True)
        assert heard(peer)[1:] == [
            ("UpdateDynamicSchedule", {"chargingProfileId": 9, "scheduleUpdate": {"setpoint": -5000.0}}),
            ("UsePriorityCharging", {"transactionId": "T1", "activate": True}),
        ]


async def test_a_remote_start_with_a_profile_leaves_one(autojump_clock: object) -> None:
    """K05.FR.01, K05.FR.02."""
    async with rig() as rigged:
        peer = await rigged.connect(Version.V201)
        peer.answers["RequestStartTransaction"] = ACCEPTED | {"transactionId": "T9"}
        schedule = {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6}]}
        profile = {
            "id": 3, "stackLevel": 0, "chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Relative",
            "chargingSchedule": [schedule],
        }  # fmt: skip
        token = {"idToken": "CAFE", "type": "ISO14443"}
        payload = {"idToken": token, "remoteStartId": 1, "evseId": 1, "chargingProfile": profile}
        await rigged.command(RawCommand("RequestStartTransaction", payload))
        [kept] = held(rigged, objects.PROFILE)
        assert (kept.data["purpose"], kept.data["transaction_id"]) == ("TxProfile", "T9")


@pytest.mark.parametrize(
    ("action", "payload", "answer"),
    [
        ("GetChargingProfiles", {"requestId": 1, "chargingProfile": "all"}, {"status": "NoProfiles"}),
        ("GetChargingProfiles", {"requestId": 1, "chargingProfile": {"chargingProfileId": 7}},
         {"status": "NoProfiles"}),
        ("ClearChargingProfile", {"chargingProfileCriteria": [1]}, ACCEPTED),
        ("SetChargingProfile", {"evseId": 1, "chargingProfile": {"id": "x"}}, ACCEPTED),
        ("SetChargingProfile", [], ACCEPTED),
        ("GetCompositeSchedule", "now", ACCEPTED),
    ],
)
async def test_what_was_sent_unchecked_teaches_nothing(
    action: str, payload: Any, answer: dict[str, Any], autojump_clock: object
) -> None:
    """A station that takes anything and answers well: nothing is learnt from a request that cannot be read."""
    async with rig() as rigged:
        peer = await rigged.connect(Version.V201)
        peer.answers[action] = answer
        result = await rigged.command(RawCommand(action, payload, validate=False))
        assert result.status == "answered"
        assert swept(rigged) == []
        assert rigged.kept(StationObjectRecord) == []
