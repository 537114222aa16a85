"""What a forwarded station says is kept for the other backends, with all else that it leads to."""

from typing import Any

import msgspec
import pytest

from actors.forward.messages import CannotTell, NoTransaction, boot, incoming, may, number_of, outgoing
from actors.records import ForwardedRecord
from actors.station import actor, framelog
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from protocol.redact import redact_frame
from tests.support.station_rig import rig

START = {"connectorId": 1, "idTag": "CAFE", "meterStart": 10, "timestamp": "2026-05-04T12:00:00Z"}


async def test_messages_are_kept_in_order_with_the_number_we_gave(autojump_clock: Any) -> None:
    async with rig() as world:
        world.configure(settings={"forwarded": True})
        peer = await world.connect()
        started = await peer.call("StartTransaction", START)
        await peer.call("Heartbeat", {})
        await peer.call("Authorize", {"idTag": "CAFE"})
        kept = world.kept(ForwardedRecord)
        assert [(each.action, each.transaction_id) for each in kept] == [
            ("StartTransaction", started["transactionId"] if started else None), ("Authorize", None),
        ]
        told = msgspec.json.decode(kept[0].payload)
        assert told["idTag"] == "CAFE"
        assert sorted(each.id for each in kept) == [each.id for each in kept]


async def test_others_are_not_kept(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        await peer.call("StartTransaction", START)
        assert world.kept(ForwardedRecord) == []


def test_numbers_go_both_ways() -> None:
    theirs = {7: 100}.get
    assert outgoing(Version.V16, "StopTransaction", '{"transactionId": 7}', theirs) == b'{"transactionId":100}'
    for version, action, same in (
        (Version.V16, "MeterValues", '{ "connectorId": 1 }'), (Version.V16, "StartTransaction", '{ "idTag": "X" }'),
        (Version.V201, "TransactionEvent", '{"transactionId": "7"}'),
    ):
        assert outgoing(version, action, same, theirs) == same.encode()
    for broken in ("[1]", "{", "null"):
        with pytest.raises(CannotTell):
            outgoing(Version.V16, "StopTransaction", broken, theirs)
    assert [number_of({"transactionId": each}) for each in (5, 2**63, "5", None)] == [5, None, None, None]
    profile = {"connectorId": 1, "csChargingProfiles": {"transactionId": 100, "stackLevel": 0}}
    assert incoming(Version.V16, "SetChargingProfile", profile, {100: 7}.get)["csChargingProfiles"] == {
        "transactionId": 7, "stackLevel": 0,
    }
    with pytest.raises(NoTransaction):
        incoming(Version.V16, "RemoteStopTransaction", {"transactionId": 8}, {100: 7}.get)


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("kept", [None, {"vendor": "V", "model": "M", "serial_number": "S", "firmware_version": "1"}])
def test_a_boot_for_a_side_that_has_not_heard_one(version: Version, kept: dict[str, Any] | None) -> None:
    kind = catalogue.actions(version)["BootNotification"]
    assert catalogue.check(kind, boot(version, kept, "CP1-with-a-rather-long-identity")) == []


def test_who_may_command() -> None:
    assert may("commands", frozenset({"Reset"}), "Reset") is None
    assert may("commands", frozenset({"Reset"}), "ClearCache") is not None
    assert may("read_only", frozenset({"Reset"}), "Reset") is not None


async def test_what_needed_no_repair_goes_on_in_the_stations_words_all_else_as_it_was_understood(
    autojump_clock: Any,
) -> None:
    async with rig() as world:
        world.configure(settings={"forwarded": True})
        peer = await world.connect()
        said = '{ "connectorId":1,"errorCode":"NoError","status":"Charging", "timestamp":"2026-05-04T14:00:00+02:00" }'
        await peer.attached.receive(f'[2,"1","StatusNotification",{said}]')
        await peer.attached.receive('[2,"2","StatusNotification",' + said.replace('"NoError"', '"noerror"') + "]")
        first, second = world.kept(ForwardedRecord)
        assert first.payload == said
        assert msgspec.json.decode(second.payload)["timestamp"] == "2026-05-04T12:00:00.000Z"
        assert msgspec.json.decode(second.payload)["errorCode"] == "NoError"


async def test_a_frame_is_redacted_once(autojump_clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def count(text: str, *rest: Any) -> str:
        told.append(text)
        return redact_frame(text, *rest)

    monkeypatch.setattr(framelog, "redact_frame", count)
    monkeypatch.setattr(actor, "redact_frame", count)
    async with rig() as world:
        peer = await world.connect()
        secret = {"vendorId": "x", "data": "password=Zq7-s3cret"}
        await peer.call("DataTransfer", secret)
        assert len([text for text in told if "Zq7-s3cret" in text]) == 1
        assert all("Zq7-s3cret" not in unit.raw for unit in world.store.units)
        assert any("password=***" in unit.raw for unit in world.store.units)
