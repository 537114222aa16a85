"""Remote control: what is sent in each version, what answers mean in words, limits of a start, and availability."""

from typing import Any
from uuid import UUID

import pytest

from actors.control.learned import LEARN
from actors.control.objects import Availability, holds, read
from actors.control.words import in_words
from actors.ports import TokenFact
from actors.records import JobRecord, StationObjectRecord, StationStateRecord
from actors.station.exchange import Exchange
from actors.station.face import CommandResult, NeutralCommand
from actors.station.requests import Request, prepare
from actors.verify.known import read as read_known
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld, at, token
from tests.support.station_rig import rig

ALL = list(Version)
PROFILE16 = {
    "chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Relative",
    "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6}]},
}  # fmt: skip
PROFILE2 = {
    "id": 1, "stackLevel": 0, "chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Relative",
    "chargingSchedule": [
        {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6}]}],
}  # fmt: skip


def made(version: Version, name: str, fact: TokenFact | None = None, **arguments: Any) -> Request | CommandResult:
    command = NeutralCommand(name, arguments)
    return prepare(version, None, command, now=NOON, token_type=None, number=7, token=fact)


def sent(version: Version, name: str, fact: TokenFact | None = None, **arguments: Any) -> tuple[str, Any]:
    request = made(version, name, fact, **arguments)
    assert isinstance(request, Request), request
    action = catalogue.find(version, request.action)
    assert action is not None
    assert catalogue.check(action, request.shown) == []
    return request.action, request.shown


@pytest.mark.parametrize("version", ALL)
def test_a_start_brings_profile_group_and_what_else_is_known_of_the_token(version: Version) -> None:
    """F01.FR.04, F01.FR.08, F02.FR.12, F02.FR.16; a TxProfile without a transaction alone."""
    profile = PROFILE16 if version is Version.V16 else PROFILE2
    fact = token("CAFE", type="eMAID", group_uid="G", additional=[{"value": "X", "type": "y"}])
    _, payload = sent(version, "start", fact, token="CAFE", evse=1, profile=profile)
    assert payload["chargingProfile"] == profile
    if version is not Version.V16:
        assert payload["groupIdToken"] == {"idToken": "G", "type": "Central"}
        more = [{"additionalIdToken": "X", "type": "y"}]
        assert payload["idToken"] == {"idToken": "CAFE", "type": "eMAID", "additionalInfo": more}
    for wrong in (profile | {"chargingProfilePurpose": "TxDefaultProfile"}, profile | {"transactionId": "1"}):
        refused = made(version, "start", fact, token="CAFE", profile=wrong)
        assert isinstance(refused, CommandResult)
        assert refused.status == "invalid_payload"


@pytest.mark.parametrize("version", ALL)
def test_every_message_of_a_version_can_be_triggered_and_no_other(version: Version) -> None:
    """F06.FR.01, F06.FR.02; F06.FR.13: a status by connector; 1.6 uses the extension for what it alone has."""
    names = {
        Version.V16: ["BootNotification", "DiagnosticsStatusNotification", "LogStatusNotification", "MeterValues",
                      "SignChargePointCertificate", "SignChargingStationCertificate", "StatusNotification"],
        Version.V201: ["SignV2GCertificate", "TransactionEvent", "PublishFirmwareStatusNotification"],
        Version.V21: ["SignV2G20Certificate", "StatusNotification", "Heartbeat"],
    }[version]  # fmt: skip
    for name in names:
        action, payload = sent(version, "trigger", message=name, evse=1)
        extended = name.startswith(("Log", "Sign")) and version is Version.V16
        assert action == ("ExtendedTriggerMessage" if extended else "TriggerMessage")
        if version is not Version.V16 and name == "StatusNotification":
            assert payload["evse"] == {"id": 1, "connectorId": 1}
            bare = made(version, "trigger", message=name)
            assert isinstance(bare, CommandResult)
            assert (bare.status, [each.path for each in bare.problems]) == ("invalid_payload", ["/evse"])
    unknown = made(version, "trigger", message="OpenDoors")
    assert isinstance(unknown, CommandResult)
    assert unknown.status == "unsupported"
    assert "it has" in (unknown.detail or "")
    if version is Version.V21:
        assert sent(version, "trigger", message="CustomTrigger", custom="Lamp")[1]["customTrigger"] == "Lamp"
        half = made(version, "trigger", message="CustomTrigger")
        assert isinstance(half, CommandResult)
        assert half.status == "invalid_payload"
    if version is Version.V16:
        assert sent(version, "trigger", message="Heartbeat", extended=True)[0] == "ExtendedTriggerMessage"


@pytest.mark.parametrize(("action", "status", "says"), [
    ("UnlockConnector", "UnlockFailed", "did not open"), ("UnlockConnector", "NotSupported", "no lock"),
    ("UnlockConnector", "OngoingAuthorizedTransaction", "stop it first"),
    ("UnlockConnector", "UnknownConnector", "no such connector"), ("UnlockConnector", "Unlocked", "released"),
    ("ChangeAvailability", "Scheduled", "session ends"), ("TriggerMessage", "NotImplemented", "does not know"),
])  # fmt: skip
def test_results_in_words(action: str, status: str, says: str) -> None:
    assert says in (in_words(action, {"status": status}) or "")
    info = {"reasonCode": "Stuck", "additionalInfo": "pin 3"}
    assert (in_words(action, {"status": status, "statusInfo": info}) or "").endswith("(Stuck: pin 3)")
    assert in_words(action, {}) is None


async def test_limits_of_a_start_are_told_with_the_answer_to_its_begin(autojump_clock: Any) -> None:
    """2.1, F07.FR.01 and F07.FR.02; older versions say that they cannot."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        peer.answers["RequestStartTransaction"] = {"status": "Accepted"}
        limits = {"max_energy_wh": 5000.0, "max_soc": 80}
        result = await world.command(NeutralCommand("start", {"token": "CAFE", "limits": limits}))
        assert result.outcome == "accepted"
        [request] = [e for e in peer.heard if getattr(e, "action", "") == "RequestStartTransaction"]
        number = request.payload.remoteStartId  # type: ignore[union-attr]
        begun = await peer.call("TransactionEvent", {
            "eventType": "Started", "timestamp": at(1), "triggerReason": "RemoteStart", "seqNo": 0,
            "transactionInfo": {"transactionId": "t1", "remoteStartId": number}, "evse": {"id": 1},
            "idToken": {"idToken": "CAFE", "type": "ISO14443"},
        })  # fmt: skip
        assert begun is not None
        assert begun["transactionLimit"] == {"maxEnergy": 5000, "maxSoC": 80}
        kept = world.kept(StationStateRecord)[-1].local
        assert kept["known"]["starts"] == {str(number): {"limit": limits}}, "they outlive the process"
        assert read_known(kept).starts == {str(number): {"limit": limits}}
    for version in (Version.V16, Version.V201):
        refused = made(version, "start", token="CAFE", limits={"max_soc": 80})
        assert isinstance(refused, CommandResult)
        assert refused.status == "unsupported"


def learn(version: Version, request: Any, status: str) -> list[Any]:
    station = MemoryWorld(version).station
    exchange = Exchange(station, "ChangeAvailability", None, request, {"status": status}, NOON, lambda: UUID(int=1))
    return [r for r in LEARN["ChangeAvailability"](exchange) if isinstance(r, StationObjectRecord | JobRecord)]


def test_what_is_wanted_of_a_place_is_kept_and_followed() -> None:
    """G03, G04: and quirk 31, `Scheduled` for what worked at once."""
    row, job = learn(Version.V16, {"connectorId": 0, "type": "Inoperative"}, "Accepted")
    assert (row.key, row.status, row.data["operative"]) == ("station", "wanted", False)
    assert job.kind == "follow-availability"
    row, _ = learn(Version.V201, {"operationalStatus": "Operative", "evse": {"id": 1, "connectorId": 2}}, "Scheduled")
    assert (row.key, row.status, read(row.data).operative) == ("1/2", "scheduled", True)
    (row,) = learn(Version.V201, {"operationalStatus": "Inoperative"}, "Rejected")
    assert row.status == "refused"
    assert learn(Version.V16, "sent unchecked", "Accepted") == []


@pytest.mark.parametrize(("wanted", "connectors", "so"), [
    (Availability(0, None, False), [(0, 0, "Available"), (1, 1, "Unavailable"), (2, 1, "Unavailable")], False),
    (Availability(0, None, False), [(0, 0, "Unavailable"), (1, 1, "Unavailable"), (2, 1, "Faulted")], True),
    (Availability(1, None, False), [(1, 1, "Unavailable"), (2, 1, "Available")], True),
    (Availability(1, 2, True), [(1, 1, "Unavailable"), (1, 2, "Occupied")], True),
    (Availability(1, None, True), [(1, 1, "Unavailable")], False),
    (Availability(3, None, True), [(1, 1, "Unavailable")], None),
])  # fmt: skip
def test_whether_it_is_so_is_told_by_the_connectors(wanted: Any, connectors: Any, so: bool | None) -> None:
    assert holds(wanted, connectors) is so
