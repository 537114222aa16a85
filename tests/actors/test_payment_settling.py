"""Payments that a kiosk or a web page has taken: from the start to the settlement."""

from typing import Any, cast

import msgspec
import pytest

from actors.records import EventRecord
from actors.station.face import NeutralCommand
from protocol.ocpp.events import CallReceived
from protocol.ocpp.version import Version
from tests.actors.test_transaction_details import event, instruct
from tests.support.memory_world import MemoryWorld
from tests.support.station_rig import rig

PAID = {"idToken": "PSP-1", "type": "DirectPayment"}


def due(world: MemoryWorld) -> list[Any]:
    found = [each for each in world.of(EventRecord) if each.type == "voltyard.payment.settlement_due.v1"]
    return [msgspec.json.decode(each.data) for each in found]


def charged(version: Version, by: dict[str, Any], token: dict[str, Any] = PAID, **settings: Any) -> MemoryWorld:
    world = MemoryWorld(version, settings=settings)
    world.tell("TransactionEvent", event("Started", 0, "Authorized", by, evse={"id": 1}, idToken=token))
    assert instruct(world, "cost", {"total_cost": "4.20"})
    end = event("Ended", 1, "StopAuthorized")
    world.tell("TransactionEvent", end)
    world.tell("TransactionEvent", end)
    world.check()
    return world


@pytest.mark.parametrize(("by", "settings"), [({"remoteStartId": 17}, {}), ({}, {"settlement_by_csms": True})])
def test_what_is_ours_to_settle_is_told_once(by: dict[str, Any], settings: dict[str, Any]) -> None:
    """C24.FR.10, C25.FR.40 for a remote start; C21.FR.05 for a terminal that leaves it to us."""
    world = charged(Version.V21, by, **settings)
    [told] = due(world)
    assert (told["psp_ref"], told["total_cost"]) == ("PSP-1", "4.20")
    assert (told["session_id"], told["transaction_id"]) == (str(world.row().id), "T1")
    assert told.get("remote_start_id") == by.get("remoteStartId")


def test_what_the_terminal_settles_or_nobody_paid_for_directly_is_not() -> None:
    assert due(charged(Version.V21, {})) == []
    central = {"idToken": "X", "type": "Central"}
    assert due(charged(Version.V21, {"remoteStartId": 17}, central, settlement_by_csms=True)) == []
    assert due(charged(Version.V201, {"remoteStartId": 17}, central)) == []


async def test_a_payment_elsewhere_starts_a_transaction_with_its_limit(autojump_clock: object) -> None:
    """C24.FR.01, C24.FR.02, C25.FR.23, C25.FR.24: the reference is the token; the limit comes with the begin."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        peer.answers["RequestStartTransaction"] = {"status": "Accepted"}
        start = {"token": "PSP-1", "token_type": "DirectPayment", "evse": 2, "limits": {"max_cost": "25.00"}}
        assert (await world.command(NeutralCommand("start", start))).outcome == "accepted"
        calls = [each for each in peer.heard if isinstance(each, CallReceived)]
        [request] = [cast(Any, call.payload) for call in calls if call.action == "RequestStartTransaction"]
        assert (request.idToken.idToken, request.idToken.type, request.evseId) == ("PSP-1", "DirectPayment", 2)
        by = {"remoteStartId": request.remoteStartId}
        answer = await peer.call(
            "TransactionEvent", event("Started", 0, "RemoteStart", by, evse={"id": 2}, idToken=PAID)
        )
        assert answer is not None
        assert (answer["idTokenInfo"]["status"], answer["transactionLimit"]) == ("Accepted", {"maxCost": 25})
