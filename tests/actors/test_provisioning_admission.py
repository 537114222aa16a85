"""Stations that are not accepted: how a boot is answered, and what may be said until it is, in both directions."""

from typing import Any

import attrs
import pytest
from msgspec.structs import replace

from actors.provisioning.admission import CALM, EARLY, why_not_send
from actors.records import EventRecord, JobRecord, SessionRecord, StationStateRecord
from actors.station.face import NeutralCommand, RawCommand
from actors.station.state import configured
from protocol.events.types import StationBooted
from protocol.ocpp import neutral
from protocol.ocpp.version import Version
from tests.actors.test_decide_messages import BOOT2, BOOT16
from tests.support.memory_world import MemoryWorld, at
from tests.support.station_rig import rig

TWO = [Version.V201, Version.V21]
STATUS2 = {"evseId": 1, "connectorId": 1, "connectorStatus": "Available", "timestamp": at(0)}
STATUS16 = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
EVENT = {
    "eventType": "Started", "timestamp": at(0), "triggerReason": "Authorized", "seqNo": 0,
    "transactionInfo": {"transactionId": "T1"}, "evse": {"id": 1, "connectorId": 1},
}  # fmt: skip


def world(version: Version, admission: str, **settings: Any) -> MemoryWorld:
    strict = bool(settings.pop("strict", False))
    made = MemoryWorld(version, admission=admission, settings=settings, strict=strict)
    made.tell("BootNotification", BOOT16 if version is Version.V16 else BOOT2)
    return made


def refused(reply: Any) -> bool:
    return isinstance(reply, neutral.RefusedReply) and reply.code == "SecurityError"


@pytest.mark.parametrize("version", list(Version))
def test_intervals_are_those_of_the_policy(version: Version) -> None:
    """B01.FR.02: heartbeats for an accepted station, the wait until it may ask again for others."""
    boot = BOOT16 if version is Version.V16 else BOOT2
    settings = {"heartbeat_interval": 60, "retry_interval": 900}
    for admission, interval in (("accepted", 60), ("pending", 900), ("rejected", 900)):
        reply = MemoryWorld(version, admission=admission, settings=settings).tell("BootNotification", boot)
        assert isinstance(reply, dict)
        assert (reply["status"], reply["interval"]) == (admission.capitalize(), interval)


@pytest.mark.parametrize("version", TWO)
def test_a_pending_station_may_say_only_what_it_was_asked_for(version: Version) -> None:
    """B01.FR.10, B02.FR.09."""
    pending = world(version, "pending")
    assert refused(pending.tell("StatusNotification", STATUS2))
    assert refused(pending.tell("Heartbeat", {}))
    assert pending.last == []
    pending.prompts.note("TriggerMessage", {"requestedMessage": "StatusNotification"}, pending.now)
    assert pending.tell("StatusNotification", STATUS2) == {}
    part = {"requestId": 3, "generatedAt": at(0), "seqNo": 0, "tbc": True}
    assert refused(pending.tell("NotifyReport", part))
    pending.prompts.note("GetBaseReport", {"requestId": 3, "reportBase": "FullInventory"}, pending.now)
    assert pending.tell("NotifyReport", part) == {}
    pending.restart()
    assert refused(pending.tell("Heartbeat", {})), "over a reconnect without a boot, too"
    assert isinstance(pending.tell("BootNotification", BOOT2), dict)


@pytest.mark.parametrize("version", TWO)
def test_what_was_charged_is_taken_from_a_pending_station_unless_it_is_strict(version: Version) -> None:
    pending = world(version, "pending")
    assert isinstance(pending.tell("TransactionEvent", EVENT), dict)
    assert len(list(pending.of(SessionRecord))) == 1
    assert pending.state.quirks[EARLY][0] == 1
    assert refused(world(version, "pending", strict=True).tell("TransactionEvent", EVENT))


@pytest.mark.parametrize("version", TWO)
def test_a_rejected_station_may_say_nothing_but_boot(version: Version) -> None:
    """B03.FR.07."""
    rejected = world(version, "rejected")
    rejected.prompts.note("TriggerMessage", {"requestedMessage": "Heartbeat"}, rejected.now)
    for action, payload in (("Heartbeat", {}), ("TransactionEvent", EVENT), ("StatusNotification", STATUS2)):
        assert refused(rejected.tell(action, payload))
    assert isinstance(rejected.tell("BootNotification", BOOT2), dict)


def test_what_may_be_sent_to_a_pending_1_6_station() -> None:
    """1.6, 4.2: what asks and what configures, and no remote start or stop; to the letter nothing else."""
    asks = ("GetConfiguration", "ChangeConfiguration", "TriggerMessage", "GetDiagnostics", "SendLocalList", "Reset")
    for strict in (False, True):
        pending = world(Version.V16, "pending", strict=strict).state
        assert [why_not_send(Version.V16, pending, action) for action in asks] == [None] * len(asks)
        assert why_not_send(Version.V16, pending, "RemoteStopTransaction") is not None
        for action in ("ReserveNow", "SetChargingProfile", "UnlockConnector"):
            assert (why_not_send(Version.V16, pending, action) is not None) == strict
        rejected = world(Version.V16, "rejected", strict=strict).state
        assert why_not_send(Version.V16, rejected, "GetConfiguration") is not None


@pytest.mark.parametrize("admission", ["pending", "rejected"])
def test_1_6_is_listened_to_and_the_operator_told_unless_it_is_strict(admission: str) -> None:
    lenient = world(Version.V16, admission)
    assert lenient.tell("StatusNotification", STATUS16) == {}
    assert lenient.state.quirks[EARLY][0] == 1
    assert refused(world(Version.V16, admission, strict=True).tell("StatusNotification", STATUS16))


def test_before_its_first_boot_the_operator_s_word_counts_and_later_the_last_answer() -> None:
    assert refused(MemoryWorld(Version.V201, admission="pending").tell("Heartbeat", {}))
    assert isinstance(MemoryWorld(Version.V201).tell("Heartbeat", {}), dict)
    known = world(Version.V201, "accepted")
    known.state = replace(known.state, admission="rejected")
    assert isinstance(known.tell("Heartbeat", {}), dict), "a change counts from the next boot on"
    reply = known.tell("BootNotification", BOOT2)
    assert isinstance(reply, dict)
    assert reply["status"] == "Rejected"
    row = list(known.of(StationStateRecord))[-1]
    assert row.boot is not None
    assert row.boot["status"] == "rejected"
    assert refused(known.tell("Heartbeat", {}))


@pytest.mark.parametrize("version", list(Version))
def test_a_strict_station_is_accepted_by_a_boot_alone(version: Version) -> None:
    """B01.FR.02, B01.FR.08, B01.FR.10: until then nothing is heard of it, and nothing is sent that has to wait."""
    new = MemoryWorld(version, strict=True)
    reply = new.tell("Heartbeat", {})
    assert refused(reply)
    assert "BootNotification" in str(reply)
    start = "RemoteStartTransaction" if version is Version.V16 else "RequestStartTransaction"
    assert why_not_send(version, new.state, start) is not None
    assert why_not_send(version, new.state, "TriggerMessage") is None
    new.tell("BootNotification", BOOT16 if version is Version.V16 else BOOT2)
    assert isinstance(new.tell("Heartbeat", {}), dict)
    lenient = MemoryWorld(version)
    assert configured(lenient.state, attrs.evolve(lenient.config, strict=True)).registration == "pending"
    assert configured(new.state, attrs.evolve(new.config, strict=True)).registration == "accepted"


def test_a_station_to_be_provisioned_is_pending_until_that_is_done() -> None:
    first = world(Version.V21, "accepted", provisioning="template", retry_interval=30)
    assert first.state.registration == "pending"
    [job] = first.of(JobRecord)
    assert (job.kind, job.run_at - job.created_at) == ("provision", CALM)
    done = world(Version.V21, "accepted", provisioning="template", provisioned="2026-05-04T12:00:00.000Z")
    assert done.state.registration == "accepted"
    assert list(done.of(JobRecord)) == []
    assert list(world(Version.V21, "rejected", provisioning="template").of(JobRecord)) == []


def test_the_device_model_is_read_anew_when_the_station_may_be_another() -> None:
    """B07.FR.14."""
    made = world(Version.V201, "accepted", inventory="on_change")
    assert [job.kind for job in made.of(JobRecord)] == ["inventory"]
    made.tell("BootNotification", BOOT2)
    assert len(list(made.of(JobRecord))) == 1
    plate: Any = BOOT2["chargingStation"]
    newer = {**BOOT2, "chargingStation": {**plate, "firmwareVersion": "99"}}
    made.tell("BootNotification", newer)
    assert len(list(made.of(JobRecord))) == 2
    assert list(world(Version.V201, "accepted").of(JobRecord)) == []


ALLOWED: list[tuple[Version, str, str, dict[str, Any]]] = [
    (Version.V201, "GetBaseReport", "answered", {"requestId": 1, "reportBase": "FullInventory"}),
    (Version.V201, "RequestStopTransaction", "not_accepted", {"transactionId": "T1"}),
    (Version.V21, "ClearCache", "answered", {}),
    (Version.V16, "GetConfiguration", "answered", {}),
    (Version.V16, "RemoteStopTransaction", "not_accepted", {"transactionId": 1}),
]


@pytest.mark.usefixtures("autojump_clock")
@pytest.mark.parametrize(("version", "action", "status", "payload"), ALLOWED)
async def test_what_we_send_to_a_pending_station(
    version: Version, action: str, status: str, payload: dict[str, Any]
) -> None:
    """B02.FR.01, B02.FR.05; 1.6, 4.2. A rejected station is sent nothing at all (B03.FR.03)."""
    async with rig() as made:
        made.configure(admission="pending")
        peer = await made.connect(version)
        peer.answers |= {"GetBaseReport": {"status": "Accepted"}, "GetConfiguration": {}, "ClearCache": {
            "status": "Accepted"}}  # fmt: skip
        await peer.call("BootNotification", BOOT16 if version is Version.V16 else BOOT2)
        assert (await made.command(RawCommand(action, payload))).status == status
        made.configure(admission="rejected")
        await made.service.reconfigured(made.configure(admission="rejected").id)
        await made.settle()
        await peer.call("BootNotification", BOOT16 if version is Version.V16 else BOOT2)
        for command in (RawCommand(action, payload), NeutralCommand("reset", {"kind": "immediate"})):
            result = await made.command(command)
            assert result.status == "not_accepted"
            assert "rejected" in (result.detail or "")


@pytest.mark.usefixtures("autojump_clock")
async def test_what_is_triggered_while_pending_is_taken_from_the_wire() -> None:
    """B02.FR.02: the message may come before the answer to the trigger is stored."""
    async with rig() as made:
        made.configure(admission="pending")
        peer = await made.connect(Version.V201)
        await peer.call("BootNotification", BOOT2)
        assert await peer.call("StatusNotification", STATUS2) is None
        peer.answers["TriggerMessage"] = {"status": "Accepted"}
        asked = RawCommand("TriggerMessage", {"requestedMessage": "StatusNotification"})
        assert (await made.command(asked)).status == "answered"
        assert await peer.call("StatusNotification", STATUS2) == {}


def test_the_event_tells_the_answer() -> None:
    made = world(Version.V201, "accepted", provisioning="template")
    [booted] = [event for event in made.of(EventRecord) if event.type == StationBooted.type]
    assert b'"admission":"pending"' in booted.data
