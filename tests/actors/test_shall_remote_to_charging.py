"""What a CSMS shall do in remote control, tariffs, metering and charging (OCPP 2.x, F to K), in decisions alone."""

from typing import Any

import msgspec
import pytest
import trio
import trio.testing

from actors.charging import rules
from actors.charging.profile import read
from actors.device.ratings import rated
from actors.records import EventRecord, ReadingRecord, StationObjectRecord
from actors.session.model import Flag
from actors.station.face import CommandResult, NeutralCommand
from actors.station.requests import Request, prepare
from actors.tariffs.driver import told
from protocol.ocpp.neutral import VariableSeen
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, STATION, MemoryWorld, at, token
from tests.support.station_rig import rig

V2 = (Version.V201, Version.V21)
TARIFF = {"tariffId": "DAY", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.45}]}}


def event(kind: str, seq: int, **more: Any) -> dict[str, Any]:
    return {
        "eventType": kind, "timestamp": at(seq), "triggerReason": "MeterValuePeriodic", "seqNo": seq,
        "transactionInfo": {"transactionId": "T1"},
    } | more  # fmt: skip


def started(version: Version, **changes: Any) -> MemoryWorld:
    world = MemoryWorld(version, tokens=[token("CAFE")], **changes)
    world.tell("TransactionEvent", event("Started", 0, evse={"id": 1}, idToken={"idToken": "CAFE", "type": "Local"}))
    return world


def sent(version: Version, name: str, world: MemoryWorld | None = None, **arguments: Any) -> Request | CommandResult:
    state = None if world is None else world.state
    return prepare(version, state, NeutralCommand(name, arguments), now=NOON, token_type=None, number=7)


@pytest.mark.parametrize("version", V2)
def test_starts_and_stops_go_out_in_the_words_of_the_version(version: Version) -> None:
    """F03.FR.01, F04.FR.01: a stop names the transaction; F07.FR.01: a start with limits is a start (2.1)."""
    world = started(version)
    stop = sent(version, "stop", world, session=str(world.row().id))
    assert isinstance(stop, Request)
    assert (stop.action, stop.shown) == ("RequestStopTransaction", {"transactionId": "T1"})
    start = sent(version, "start", token="CAFE", evse=1, limits={"max_soc": 80})
    if version is Version.V21:
        assert isinstance(start, Request)
        assert start.action == "RequestStartTransaction"
    else:
        assert isinstance(start, CommandResult)
        assert start.status == "unsupported"


@pytest.mark.parametrize("version", V2)
def test_every_telling_is_answered(version: Version) -> None:
    """J01.FR.18, J02.FR.19, J03: readings with and without a transaction; G05.FR.03: a lock that failed."""
    world = started(version)
    read_at = [{"timestamp": at(1), "sampledValue": [{"value": 7.0}]}]
    assert world.tell("MeterValues", {"evseId": 1, "meterValue": read_at}) == {}
    assert world.tell("TransactionEvent", event("Updated", 2, meterValue=read_at)) == {}
    assert len(list(world.of(ReadingRecord))) >= 2
    failed = {
        "eventId": 1, "timestamp": at(3), "trigger": "Alerting", "actualValue": "true",
        "eventNotificationType": "HardWiredNotification", "component": {"name": "ConnectorPlugRetentionLock"},
        "variable": {"name": "Problem"},
    }  # fmt: skip
    assert world.tell("NotifyEvent", {"generatedAt": at(3), "seqNo": 0, "eventData": [failed]}) == {}
    assert any("ConnectorPlugRetentionLock" in str(record.data) for record in world.of(StationObjectRecord)) or any(
        "ConnectorPlugRetentionLock" in str(record.data) for record in world.of(EventRecord)
    )


def test_what_is_signed_is_kept_to_the_letter() -> None:
    """J02: 2.0.1 allows 2,500 characters; what meters sign is longer, and worth nothing when cut."""
    world = started(Version.V201)
    data = "OCMF|" + "é" * 20_000
    signed = {"signedMeterData": data, "signingMethod": "", "encodingMethod": "OCMF", "publicKey": "k"}
    values = [{"timestamp": at(1), "sampledValue": [{"value": 7.0, "signedMeterValue": signed}]}]
    world.tell("TransactionEvent", event("Updated", 1, meterValue=values))
    assert data in str(list(world.of(ReadingRecord))[-1].sampled)


@pytest.mark.parametrize(("traits", "most"), [
    ({"maxLimit": 22.0, "unit": "kW"}, 22_000), ({"maxLimit": 7400.0}, 7400), ({"maxLimit": 22.0, "unit": "W"}, None),
    ({"maxLimit": 1e12}, None), ({"maxLimit": 5000.0, "unit": "A"}, None), ({}, None),
])  # fmt: skip
def test_what_an_evse_can_deliver_is_read_from_its_device_model(traits: dict[str, Any], most: int | None) -> None:
    """EVSE.Power, maxLimit; what cannot be is left alone."""
    power = VariableSeen('{"evse":{"id":2},"name":"EVSE"}', '{"name":"Power"}', "Actual", "0",
                         {"characteristics": {"dataType": "decimal", "supportsMonitoring": False} | traits})
    assert rated({1: 3700}, [power]) == ({1: 3700} if most is None else {1: 3700, 2: most})


@pytest.mark.parametrize("version", V2)
def test_readings_are_held_against_the_rating_that_was_told(version: Version) -> None:
    """Quirk 25: also after a restart; what the operator has set counts first."""
    for settings, flagged in (({}, True), ({"rating_w": 50_000}, False)):
        world = MemoryWorld(version, tokens=[token("CAFE")], settings=settings)
        datum = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Power"},
                 "variableAttribute": [{"value": "0"}],
                 "variableCharacteristics": {"dataType": "decimal", "supportsMonitoring": False, "unit": "kW",
                                             "maxLimit": 11.0}}
        world.tell("NotifyReport", {"requestId": 1, "generatedAt": at(0), "seqNo": 0, "reportData": [datum]})
        world.restart()
        world.tell("TransactionEvent", event("Started", 0, evse={"id": 1}))
        power = {"value": 40_000.0, "measurand": "Power.Active.Import"}
        values = [{"timestamp": at(60), "sampledValue": [power]}]
        world.tell("TransactionEvent", event("Updated", 1, meterValue=values))
        assert (Flag.POWER_IMPLAUSIBLE in world.row().flags) is flagged
        world.check()


def test_a_drivers_own_tariff_comes_with_the_authorization() -> None:
    """I08.FR.01, I08.FR.09; I01.FR.02: nobody but stations that it was set for is told; I08.FR.08: the id marks it."""
    tariffs = {"cafe": TARIFF | {"validFrom": at(0)}, "FLEET": TARIFF | {"tariffId": "F" * 60}}
    fleet = token("BEEF", group_uid="FLEET")
    known = [token("CAFE"), fleet, token("DEAD"), token("B10C", status="blocked")]

    def asked(version: Version, uid: str, **changes: Any) -> Any:
        world = MemoryWorld(version, tokens=known, **changes)
        answer = world.tell("Authorize", {"idToken": {"idToken": uid, "type": "ISO14443"}})
        assert isinstance(answer, dict)
        return answer.get("tariff")

    own = asked(Version.V21, "CAFE", settings={"driver_tariffs": tariffs})
    assert own["tariffId"].startswith("DAY-")
    assert own["energy"] == {"prices": [{"priceKwh": 0.45}]}
    assert "validFrom" not in own
    assert len(asked(Version.V21, "BEEF", settings={"driver_tariffs": tariffs})["tariffId"]) == 60
    for uid in ("DEAD", "B10C"):
        assert asked(Version.V21, uid, settings={"driver_tariffs": tariffs | {"B10C": TARIFF}}) is None
    assert asked(Version.V21, "CAFE") is None
    assert asked(Version.V201, "CAFE", settings={"driver_tariffs": tariffs}) is None
    dearer = TARIFF | {"energy": {"prices": [{"priceKwh": 0.60}]}}
    assert told(TARIFF)["tariffId"] == told(TARIFF)["tariffId"] != told(dearer)["tariffId"]


def test_profiles_for_transactions_and_those_that_are_never_ours() -> None:
    """K01.FR.02, K02.FR.03: a limit schedule for one transaction is a TxProfile; K02.FR.07: never external ones."""
    periods = [{"start_s": 0, "limit": 10}]
    schedule = {"unit": "A", "periods": periods}
    own = read({"purpose": "TxProfile", "kind": "Relative", "schedules": [schedule]})
    assert rules.wrong(Version.V21, 1, own, "T1") == []
    default = read({"purpose": "TxDefaultProfile", "kind": "Relative", "schedules": [schedule]})
    assert [at for at, _ in rules.wrong(Version.V21, 1, default, "T1")] == ["/profile/purpose"]
    others = read({"purpose": "ChargingStationExternalConstraints", "kind": "Relative", "schedules": [schedule]})
    assert "K01.FR.22" in rules.wrong(Version.V21, 1, others, None)[0][1]


@pytest.mark.parametrize("version", V2)
def test_a_list_that_came_is_one_event(version: Version) -> None:
    """K09: what is not in it is gone; who listens learns of it without an event for each."""
    world = MemoryWorld(version)
    world.outside["charging_report"] = {
        "criteria": {"chargingProfile": {"chargingLimitSource": ["CSO", "EMS", "SO", "Other"]}}, "set_by": {},
    }  # fmt: skip
    profile = {
        "id": 7, "stackLevel": 1, "chargingProfilePurpose": "TxDefaultProfile", "chargingProfileKind": "Relative",
        "chargingSchedule": [
            {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 1.0}]}],
    }  # fmt: skip
    world.tell("ReportChargingProfiles", {
        "requestId": 5, "chargingLimitSource": "CSO", "evseId": 1, "chargingProfile": [profile]})
    [summary] = [each for each in world.of(EventRecord) if each.type.endswith("station.objects_changed.v1")]
    data = msgspec.json.decode(summary.data)
    assert (data["kind"], data["kept"], data["removed"], data["fields"]) == ("charging_profile", 1, True, [])


async def test_whatever_a_station_says_it_is_there(autojump_clock: Any) -> None:
    """G02.FR.04: any message counts, what cannot be understood too; not heartbeats alone."""
    async with rig() as world:
        peer = await world.connect(Version.V201)
        seen = []
        for text in ('[2,"a","Heartbeat",{}]', '[2,"b","OpenDoors",{}]', "rubbish"):
            await trio.sleep(60)
            peer.say(text)
            await trio.testing.wait_all_tasks_blocked()
            live = world.service.live(STATION)
            assert live is not None
            assert live.online
            assert live.last_seen_at is not None
            seen.append(live.last_seen_at)
        assert seen == sorted(set(seen))
