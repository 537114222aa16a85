"""Answers that come after their time: judged, learned from and told like those in time, and shown as late."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
import trio

from actors.records import CommandRecord, EventRecord, FrameRecord, PasswordAcceptedRecord, StationObjectRecord
from actors.station.face import NeutralCommand, RawCommand
from actors.station.late import LOOKUPS
from protocol.ocpp import events as wire
from protocol.ocpp.version import Version
from tests.support.memory_world import STATION
from tests.support.station_rig import Peer, Rig, rig

CLEAR = RawCommand("ClearCache", {})
RESERVE = {"connectorId": 1, "expiryDate": "2030-01-01T00:00:00Z", "idTag": "CAFE", "reservationId": 7}
SECRET = "0123456789abcdef0123456789abcdef01234567"


async def unanswered(world: Rig, peer: Peer, command: RawCommand | NeutralCommand) -> str:
    """The message id of a command whose time is over."""
    assert (await world.command(command, timeout=5)).status == "station_silent"
    return next(event.message_id for event in reversed(peer.heard) if isinstance(event, wire.CallReceived))


def fate(world: Rig) -> CommandRecord:
    row: CommandRecord = world.kept(CommandRecord)[-1]
    return row


def told(world: Rig) -> dict[str, Any]:
    events = [event for event in world.kept(EventRecord) if event.type == "voltyard.command.answered.v1"]
    data: dict[str, Any] = msgspec.json.decode(events[-1].data)
    return data


async def test_a_late_answer_has_an_outcome_and_teaches_what_it_would_have_taught(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        profile = {
            "chargingProfileId": 5, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 7400}],
            },
        }  # fmt: skip
        command = RawCommand("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile})
        number = await unanswered(world, peer, command)
        kinds = {each.kind for each in world.kept(StationObjectRecord) if not each.removed}
        await peer.attached.receive(f'[3,"{number}",{{"status":"accepted"}}]')
        row = fate(world)
        assert (row.status, row.outcome, row.answer) == ("late_answered", "accepted", {"status": "Accepted"})
        assert told(world)["status"] == "late_answered"
        assert told(world)["outcome"] == "accepted"
        assert told(world)["duration_ms"] == 5000
        assert {each.kind for each in world.kept(StationObjectRecord)} - kinds == {"charging_profile"}
        assert world.service._actors[STATION].state.known.watched, "its limit is watched like any other"
        assert [f.outcome for f in world.kept(FrameRecord)][-1] == "late"


async def test_a_late_error_is_an_error(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        number = await unanswered(world, peer, CLEAR)
        await peer.attached.receive(f'[4,"{number}","NotImplemented","no such thing",{{}}]')
        row = fate(world)
        assert (row.status, row.outcome, row.answer) == ("late_error", None, None)
        assert row.error == {"error_code": "NotImplemented", "error_description": "no such thing"}
        assert (told(world)["status"], told(world)["error_code"]) == ("late_error", "NotImplemented")
        known = world.service._actors[STATION].state.known
        assert known.capabilities["ClearCache"] == "unsupported", "remembered as from an error in time"


@pytest.mark.parametrize("version", [Version.V16, Version.V21])
async def test_a_late_answer_of_the_wrong_type_is_kept_as_such(version: Version, autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(version)
        number = await unanswered(world, peer, CLEAR)
        before = len(peer.texts)
        await peer.attached.receive(f'[3,"{number}",{{"status":["what"]}}]')
        row = fate(world)
        assert (row.status, row.answer) == ("late_invalid_answer", None)
        assert "what" in row.error["raw"]
        answers = peer.texts[before:]
        assert [text[:2] for text in answers] == (["[5"] if version is Version.V21 else [])


async def test_the_next_connection_may_bring_it_and_so_may_one_after_a_restart(autojump_clock: Any) -> None:
    """By memory, and by the stored row when another process had sent it."""
    async with rig() as world:
        peer = await world.connect()
        number = await unanswered(world, peer, CLEAR)
        await peer.hang_up()
        peer = await world.connect()
        await peer.attached.receive(f'[3,"{number}",{{"status":"Rejected"}}]')
        assert (fate(world).status, fate(world).outcome) == ("late_answered", "rejected")

        number = await unanswered(world, peer, CLEAR)
        await world.service.removed(STATION)  # nothing is in memory any more
        peer = await world.connect()
        await peer.attached.receive(f'[3,"{number}",{{"status":"Accepted"}}]')
        assert (fate(world).status, fate(world).outcome) == ("late_answered", "accepted")
        before = len(world.kept(CommandRecord))
        await peer.attached.receive(f'[3,"{number}",{{"status":"Rejected"}}]')
        assert len(world.kept(CommandRecord)) == before, "answered once"


@pytest.mark.parametrize(("frame", "status"), [
    ('[3,"{}",{{"status":"Accepted"}}]', "answered"), ('[4,"{}","InternalError","",{{}}]', "error"),
])  # fmt: skip
async def test_an_answer_to_its_first_sending_ends_a_command_that_is_sent_again(
    frame: str, status: str, autojump_clock: Any
) -> None:
    async with rig() as world:
        peer = await world.connect()
        command_id, ends = UUID(int=77), []
        assert (await world.command(CLEAR, 5, command_id)).status == "station_silent"
        number = next(event.message_id for event in reversed(peer.heard) if isinstance(event, wire.CallReceived))

        async def again() -> None:
            ends.append(await world.command(CLEAR, 5, command_id))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(again)
            await trio.sleep(1)
            await peer.attached.receive(frame.format(number))
        assert [end.status for end in ends] == ["answered" if status == "answered" else "station_error"]
        await trio.sleep(10)
        assert (fate(world).status, told(world)["status"]) == (f"late_{status}", f"late_{status}")
        assert (await world.command(RawCommand("GetLocalListVersion", {}), 5)).status == "station_silent", "goes out"


async def test_the_store_is_not_asked_for_ever(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        number = await unanswered(world, peer, CLEAR)
        await world.service.removed(STATION)
        peer = await world.connect()
        for strange in ("never asked", *(str(UUID(int=2**100 + n)) for n in range(LOOKUPS)), number):
            await peer.attached.receive(f'[3,"{strange}",{{"status":"Accepted"}}]')
        assert fate(world).status == "timeout"
        assert [f.outcome for f in world.kept(FrameRecord)].count("unknown") == LOOKUPS + 2
        assert peer.closed is None


@pytest.mark.parametrize("newer", [False, True])
async def test_a_password_that_is_accepted_late_counts_unless_a_newer_one_is_on_its_way(
    newer: bool, autojump_clock: Any
) -> None:
    """A01.FR.03."""
    async with rig() as world:
        world.configure(pending_password_hash="first")
        peer = await world.connect()
        number = await unanswered(world, peer, NeutralCommand("rotate-password", {"password": SECRET}))
        if newer:
            world.configure(pending_password_hash="second")
        await peer.attached.receive(f'[3,"{number}",{{"status":"Accepted"}}]')
        assert world.kept(PasswordAcceptedRecord)[-1].hashed == "first"
        config = await world.store.reload_config(STATION)
        assert config is not None
        assert (config.password_hash, config.pending_password_hash) == ((None, "second") if newer else ("first", None))
        assert SECRET not in repr(world.store.units)
