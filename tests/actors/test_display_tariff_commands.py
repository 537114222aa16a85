"""Neutral commands about displays, tariffs, costs and transactions, and what their answers mean."""

from decimal import Decimal
from typing import Any

import pytest

from actors.display.objects import asks_for_all
from actors.records import (
    EventRecord,
    JobRecord,
    ObjectsSweptRecord,
    Record,
    SessionFactRecord,
    SessionRecord,
    StationObjectRecord,
)
from actors.session.instructions import COST, Instruction
from actors.station.face import NeutralCommand
from protocol.ocpp.events import CallReceived
from protocol.ocpp.version import Version
from tests.support.memory_world import config
from tests.support.station_rig import Peer, Rig, rig

TARIFF = {"tariffId": "DAY-1", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.45}]}}
STARTED = {
    "eventType": "Started", "timestamp": "2026-05-04T12:00:00Z", "triggerReason": "Authorized", "seqNo": 0,
    "transactionInfo": {"transactionId": "T1"}, "evse": {"id": 1},
}  # fmt: skip
HELLO = {"priority": "InFront", "texts": [{"format": "UTF8", "content": "Hello", "language": "en"}]}


def held(world: Rig, kind: str) -> dict[str, StationObjectRecord]:
    """The last word on each object of a kind."""
    return {each.key: each for each in world.kept(StationObjectRecord) if each.kind == kind}


def heard(peer: Peer, action: str) -> list[Any]:
    """The payloads of our calls of that action."""
    calls = [event for event in peer.heard if isinstance(event, CallReceived)]
    return [call.payload for call in calls if call.action == action]


async def told(world: Rig, name: str, arguments: dict[str, Any]) -> Any:
    result = await world.command(NeutralCommand(name, arguments))
    await world.settle()
    return result


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
async def test_a_message_is_shown_listed_and_taken_off(version: Version, autojump_clock: Any) -> None:
    """O01.FR.01, O03, O05, O06: objects follow the station's word."""
    async with rig() as world:
        peer = await world.connect(version)
        peer.answers |= {"SetDisplayMessage": {"status": "Accepted"}, "ClearDisplayMessage": {"status": "Unknown"},
                         "GetDisplayMessages": {"status": "Unknown"}}
        await told(world, "display-message", {"id": 7, **HELLO})
        assert held(world, "display_message")["7"].data["texts"] == HELLO["texts"]
        cleared = await told(world, "clear-display-message", {"id": 7})
        assert cleared.outcome == "accepted"
        assert held(world, "display_message")["7"].removed
        peer.answers["SetDisplayMessage"] = {"status": "NotSupportedPriority"}
        refused = await told(world, "display-message", {"id": 8, **HELLO})
        assert refused.outcome == "rejected"
        assert "8" not in held(world, "display_message")
        listed = await told(world, "display-messages", {})
        assert listed.outcome == "accepted"
        assert [swept.keep for swept in world.kept(ObjectsSweptRecord)] == [[]]
        await told(world, "display-messages", {"state": "Idle"})
        assert len(world.kept(ObjectsSweptRecord)) == 1, "a filtered question says nothing of the rest"
        assert [asks_for_all(asked.requestId) for asked in heard(peer, "GetDisplayMessages")] == [True, False]


async def test_several_languages_need_21(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V201)
        both = {"priority": "InFront", "texts": [*HELLO["texts"], {"format": "UTF8", "content": "Hallo"}]}
        assert (await told(world, "display-message", both)).status == "unsupported"
        await peer.hang_up()
        peer = await world.connect(Version.V21)
        peer.answers["SetDisplayMessage"] = {"status": "LanguageNotSupported"}
        assert (await told(world, "display-message", both)).outcome == "rejected"


async def test_tariffs_follow_the_stations_word(autojump_clock: Any) -> None:
    """I07, I09.FR.01, I10.FR.01: set, then read back; listed whole; cleared."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        peer.answers |= {
            "SetDefaultTariff": {"status": "Accepted"},
            "GetTariffs": {"status": "Accepted", "tariffAssignments": [
                {"tariffId": "DAY-1", "tariffKind": "DefaultTariff", "evseIds": [1, 2]},
                {"tariffId": "FLEET", "tariffKind": "DriverTariff", "evseIds": [1], "idTokens": ["CAFE"]}]},
            "ClearTariffs": {"clearTariffsResult": [{"tariffId": "DAY-1", "status": "Accepted"}]},
            "ChangeTransactionTariff": {"status": "TxNotFound"},
        }  # fmt: skip
        await told(world, "default-tariff", {"tariff": TARIFF})
        assert set(held(world, "tariff")) == {"DAY-1@0"}
        assert held(world, "tariff_content")["DAY-1"].data == TARIFF
        assert [job.kind for job in world.kept(JobRecord)] == ["read_tariffs"]
        await told(world, "tariffs", {})
        assert set(held(world, "tariff")) == {"DAY-1@0", "DAY-1@1", "DAY-1@2", "FLEET@1"}
        assert held(world, "tariff")["FLEET@1"].data["tokens"] == ["CAFE"]
        assert world.kept(ObjectsSweptRecord)[-1].keep == ["DAY-1@1", "DAY-1@2", "FLEET@1"]
        cleared = await told(world, "clear-tariffs", {"tariffs": ["DAY-1"], "evse": 1})
        assert cleared.outcome == "accepted"
        assert held(world, "tariff")["DAY-1@1"].removed
        changed = await told(world, "change-tariff", {"transaction_id": "T1", "tariff": TARIFF})
        assert changed.outcome == "rejected"
        peer.answers["GetTariffs"] = {"status": "NoTariff"}
        assert (await told(world, "tariffs", {})).outcome == "accepted"
        assert world.kept(ObjectsSweptRecord)[-1].keep == []


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
async def test_a_cost_is_told_and_a_transaction_asked_about(version: Version, autojump_clock: Any) -> None:
    """I02.FR.01; E14: with an id and without."""
    async with rig() as world:
        peer = await world.connect(version)
        peer.answers |= {"CostUpdated": {}, "GetTransactionStatus": {"messagesInQueue": False}}
        await peer.call("TransactionEvent", STARTED)
        session = world.kept(SessionRecord)[-1].id
        cost = await told(world, "cost-update", {"session": session, "total_cost": "4.20"})
        assert cost.outcome == "accepted"
        assert any(event.type.endswith("cost_told.v1") for event in world.kept(EventRecord))
        [job] = [each for each in world.kept(JobRecord) if each.kind == COST]  # E16.FR.11: the session's, too
        assert job.state["total_cost"] == str(Decimal(job.state["total_cost"]))
        await told(world, "transaction-status", {"session": session})
        await told(world, "transaction-status", {})
        asked = heard(peer, "GetTransactionStatus")
        assert [isinstance(each.transactionId, str) for each in asked] == [True, False]


async def test_16_has_none_of_it(autojump_clock: Any) -> None:
    async with rig() as world:
        await world.connect(Version.V16)
        commands: dict[str, dict[str, Any]] = {
            "display-message": HELLO, "display-messages": {}, "clear-display-message": {"id": 1},
            "default-tariff": {"tariff": TARIFF}, "tariffs": {}, "clear-tariffs": {}, "transaction-status": {},
            "change-tariff": {"transaction_id": "1", "tariff": TARIFF}, "web-payment": {"evse": 1, "timeout_s": 9},
            "cost-update": {"transaction_id": "1", "total_cost": "1"},
        }  # fmt: skip
        for name, arguments in commands.items():
            result = await told(world, name, arguments)
            assert (result.status, result.outcome) == ("unsupported", "unsupported"), name
            assert "OCPP" in (result.detail or "")


async def test_the_actor_takes_instructions_also_of_a_station_that_never_came_back(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V21)
        await peer.call("TransactionEvent", STARTED)
        session = world.kept(SessionRecord)[-1].id
        wish = Instruction(session, "wish", {"priority": 2})
        assert await world.service.instruct(config(), wish)
        answer = await peer.call("TransactionEvent", STARTED | {"eventType": "Updated", "seqNo": 1})
        assert answer == {"chargingPriority": 2}
        await peer.hang_up()
        await world.settle()
        closing = Instruction(session, "close", {"reason": "station_stayed_away"})
        assert await world.service.instruct(config(), closing)
        assert world.kept(SessionRecord)[-1].stop_reason == "station_stayed_away"
        assert not await world.service.instruct(config(), closing)


async def test_what_lies_in_quarantine_is_not_in_memory(autojump_clock: Any) -> None:
    """The start is refused by the database: later messages find no session that the database does not know."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        await world.settle()
        record = world.store.record

        async def refuse(unit: Any) -> bool:
            await record(type(unit)(unit.tenant_id, unit.station_id, unit.raw, list[Record]()))
            return False

        world.store.record = refuse  # type: ignore[method-assign]
        assert await peer.call("TransactionEvent", STARTED) is not None
        world.store.record = record  # type: ignore[method-assign]
        await peer.call("TransactionEvent", STARTED | {"eventType": "Updated", "seqNo": 1})
        facts = world.kept(SessionFactRecord)
        assert facts[0].kind == "began"
        assert facts[0].data["assumed"], "the session begins with what has been stored of it"
