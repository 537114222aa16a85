"""What each message of a station leads to: its reply (always valid for the version), rows, events, or nothing."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from actors.records import (
    ConnectorRecord,
    EventRecord,
    JobRecord,
    MonitorEventRecord,
    ReadingRecord,
    ReportRecord,
    SessionFactRecord,
    StationStateRecord,
    VariableRecord,
)
from protocol.ocpp import catalogue, neutral
from protocol.ocpp.generating.reading import schemas
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, STATION, MemoryWorld, at, token
from tests.support.payloads import Payloads

V2 = [Version.V201, Version.V21]
BOOT16 = {"chargePointVendor": "V", "chargePointModel": "M", "iccid": "89", "firmwareVersion": "1.0"}
BOOT2 = {"reason": "PowerUp", "chargingStation": {"vendorName": "V", "model": "M", "modem": {"iccid": "89"}}}


def kinds(world: MemoryWorld) -> list[str]:
    """The kinds of records of the last message."""
    return [type(record).__name__ for record in world.last]


def told(world: MemoryWorld) -> list[str]:
    """The events of the last message."""
    return [".".join(r.type.split(".")[-3:-1]) for r in world.last if isinstance(r, EventRecord)]


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("admission", ["accepted", "pending", "rejected"])
def test_a_boot_is_answered_with_the_admission(version: Version, admission: str) -> None:
    world = MemoryWorld(version, admission=admission)
    reply = world.tell("BootNotification", BOOT16 if version is Version.V16 else BOOT2)
    assert reply == {"status": admission.capitalize(), "currentTime": at(1), "interval": 300}
    assert told(world) == ["station.booted"]
    (row,) = world.of(StationStateRecord)
    assert row.boot is not None
    assert (row.boot["vendor"], row.boot["model"], row.boot["iccid"]) == ("V", "M", "89")


@pytest.mark.parametrize("version", list(Version))
def test_a_heartbeat_writes_nothing(version: Version) -> None:
    world = MemoryWorld(version)
    assert world.tell("Heartbeat", {}) == {"currentTime": at(1)}
    assert world.last == []


def status(version: Version, word: str, **more: Any) -> dict[str, Any]:
    if version is Version.V16:
        return {"connectorId": 1, "errorCode": "NoError", "status": word} | more
    return {"evseId": 1, "connectorId": 1, "connectorStatus": word, "timestamp": at(0)} | more


def test_a_conflict_of_the_local_list_has_it_put_right_once_until_it_is_over() -> None:
    """1.6, 3.5.3: with connector 0 and errorCode LocalListConflict."""
    world = MemoryWorld(Version.V16)
    conflict = status(Version.V16, "Available", connectorId=0, errorCode="LocalListConflict")
    world.tell("StatusNotification", conflict)
    world.tell("StatusNotification", conflict)
    world.tell("StatusNotification", conflict | {"info": "again"})
    (job,) = world.of(JobRecord)
    assert (job.kind, job.key, job.state) == ("sync-local-list", str(STATION), {"check": True, "conflict": True})
    world.tell("StatusNotification", status(Version.V16, "Available", connectorId=0))
    world.tell("StatusNotification", conflict)
    assert len(list(world.of(JobRecord))) == 2


@pytest.mark.parametrize("version", list(Version))
def test_a_status_is_kept_when_it_is_new_and_a_flood_of_it_writes_nothing(version: Version) -> None:
    world = MemoryWorld(version)
    assert world.tell("StatusNotification", status(version, "Available")) == {}
    assert (kinds(world), told(world)) == (["ConnectorRecord", "EventRecord"], ["station.status_changed"])
    for _ in range(3):
        assert world.tell("StatusNotification", status(version, "Available")) == {}
        assert world.last == []
    world.tell("StatusNotification", status(version, "Faulted"))
    assert [row.status for row in world.of(ConnectorRecord)] == ["Available", "Faulted"]


def test_connector_0_of_1_6_is_the_station_and_not_its_first_connector() -> None:
    world = MemoryWorld()
    world.tell("StatusNotification", status(Version.V16, "Available", connectorId=0))
    world.tell("StatusNotification", status(Version.V16, "Faulted", errorCode="GroundFailure", vendorErrorCode="E1"))
    assert [(r.evse, r.connector, r.status, r.error, r.vendor_error) for r in world.of(ConnectorRecord)] == [
        (0, 0, "Available", None, None), (1, 1, "Faulted", "GroundFailure", "E1"),
    ]  # fmt: skip


def test_a_station_that_counts_connectors_for_ever_fills_nothing() -> None:
    world = MemoryWorld()
    for number in range(1, 700):
        assert world.tell("StatusNotification", status(Version.V16, "Available", connectorId=number)) == {}
    assert len(world.state.connectors) == len(list(world.of(ConnectorRecord))) == 500


@pytest.mark.parametrize("version", V2)
def test_availability_comes_by_notify_event_too_and_the_rest_is_kept(version: Version) -> None:
    def event(number: int, component: str, variable: str, value: str) -> dict[str, Any]:
        return {
            "eventId": number, "timestamp": at(0), "trigger": "Delta", "actualValue": value,
            "eventNotificationType": "HardWiredNotification", "variable": {"name": variable},
            "component": {"name": component, "evse": {"id": 1, "connectorId": 1}},
        }  # fmt: skip

    world = MemoryWorld(version)
    head = {"generatedAt": at(0), "seqNo": 0}
    only = head | {"eventData": [event(1, "Connector", "AvailabilityState", "Occupied")]}
    assert world.tell("NotifyEvent", only) == {}
    assert [row.status for row in world.of(ConnectorRecord)] == ["Occupied"]
    assert not list(world.of(ReportRecord))
    more = [event(2, "Connector", "AvailabilityState", "Available"), event(3, "Fan", "Problem", "true")]
    assert world.tell("NotifyEvent", head | {"eventData": more}) == {}
    assert [row.status for row in world.of(ConnectorRecord)] == ["Occupied", "Available"]
    assert [row.event_id for row in world.of(MonitorEventRecord)] == [2, 3]


TOKENS = [
    token("CAFE"),
    token("BLOCK", status="blocked"),
    token("OLD", expires_at=NOON - timedelta(days=1)),
    token("GONE", status="invalid"),
    token("FAMILY", group_uid="GROUP"),
    token("0123456789ABCDEFGHIJ-original"),
    token("TYPED", type="eMAID"),
]


@pytest.mark.parametrize(
    ("uid", "in_16", "in_2"),
    [
        ("CAFE", "Accepted", "Accepted"),
        ("cafe", "Accepted", "Accepted"),
        (" CAFE ", "Accepted", "Accepted"),
        ("BLOCK", "Blocked", "Blocked"),
        ("OLD", "Expired", "Expired"),
        ("GONE", "Invalid", "Invalid"),
        ("NOBODY", "Invalid", "Unknown"),
        ("FAMILY", "Accepted", "Accepted"),
        ("TYPED", "Accepted", "Accepted"),
    ],
)
def test_what_is_said_of_a_token(uid: str, in_16: str, in_2: str) -> None:
    world = MemoryWorld(tokens=TOKENS)
    reply: Any = world.tell("Authorize", {"idTag": uid})
    assert reply["idTagInfo"]["status"] == in_16
    if uid == "FAMILY":
        assert reply["idTagInfo"]["parentIdTag"] == "GROUP"
    assert told(world) == ([] if in_16 == "Accepted" else ["token.refused"])
    for version in V2:
        world = MemoryWorld(version, tokens=TOKENS)
        reply = world.tell("Authorize", {"idToken": {"idToken": uid, "type": "ISO14443"}})
        assert reply["idTokenInfo"]["status"] == in_2
        if uid == "FAMILY":
            assert reply["idTokenInfo"]["groupIdToken"]["idToken"] == "GROUP"


def test_a_token_with_garbage_after_twenty_characters_is_known() -> None:
    world = MemoryWorld(Version.V201, tokens=TOKENS)
    reply: Any = world.tell("Authorize", {"idToken": {"idToken": "0123456789abcdefghij\x07??", "type": "ISO14443"}})
    assert reply["idTokenInfo"]["status"] == "Accepted"


def test_a_strict_station_needs_the_right_type_and_unasked_types_are_vouched_for() -> None:
    for strict, wanted in ((False, "Accepted"), (True, "Unknown")):
        world = MemoryWorld(Version.V201, tokens=TOKENS, strict=strict)
        world.tell("BootNotification", BOOT2)
        reply: Any = world.tell("Authorize", {"idToken": {"idToken": "TYPED", "type": "ISO14443"}})
        assert reply["idTokenInfo"]["status"] == wanted
    reply = world.tell("Authorize", {"idToken": {"idToken": "", "type": "NoAuthorization"}})
    assert reply["idTokenInfo"]["status"] == "Accepted"


def test_a_start_with_a_refused_token_is_a_session_all_the_same() -> None:
    world = MemoryWorld(tokens=TOKENS)
    start = {"connectorId": 1, "idTag": "BLOCK", "meterStart": 5, "timestamp": at(0)}
    reply: Any = world.tell("StartTransaction", start)
    assert (reply["idTagInfo"]["status"], reply["transactionId"]) == ("Blocked", 1)
    assert world.row().flags == ["token_refused"]


@pytest.mark.parametrize("connector", [0, 1])
def test_meter_values_without_a_transaction_go_to_what_is_open_at_their_connector(connector: int) -> None:
    world = MemoryWorld(tokens=TOKENS)
    meter = {"connectorId": connector, "meterValue": [{"timestamp": at(1), "sampledValue": [{"value": "1500"}]}]}
    world.tell("MeterValues", meter)
    assert [reading.session_id for reading in world.of(ReadingRecord)] == [None]
    world.tell("StartTransaction", {"connectorId": 1, "idTag": "CAFE", "meterStart": 1000, "timestamp": at(0)})
    world.tell("MeterValues", meter)
    assert (list(world.of(ReadingRecord))[-1].session_id is None) == (connector == 0)


def test_a_reading_is_written_once_and_the_row_at_most_every_half_minute() -> None:
    world = MemoryWorld(tokens=TOKENS)
    world.tell("StartTransaction", {"connectorId": 1, "idTag": "CAFE", "meterStart": 1000, "timestamp": at(0)})
    rows = []
    for n in range(9):
        sampled = [{"value": str(2000 + n)}]
        meter = [{"timestamp": at(10 * n), "sampledValue": sampled}]
        world.tell("MeterValues", {"connectorId": 1, "transactionId": 1, "meterValue": meter}, after=10)
        rows.append(kinds(world))
    assert [len(row) for row in rows].count(1) == 6
    assert [row for row in rows if len(row) > 1] == [["ReadingRecord", "EventRecord", "SessionRecord"]] * 3


def test_unmatched_messages_are_told_once_however_often_they_come() -> None:
    world = MemoryWorld(tokens=TOKENS)
    meter = {"connectorId": 1, "transactionId": 77, "meterValue": [{"timestamp": at(1), "sampledValue": []}]}
    meter["meterValue"][0]["sampledValue"] = [{"value": "1500"}]  # type: ignore[index]
    stop = {"transactionId": 77, "meterStop": 9000, "timestamp": at(10)}
    for _ in range(4):
        world.tell("MeterValues", meter)
        assert world.tell("StopTransaction", stop) == {}
    assert sorted(row.kind for row in world.ledger().values()) == ["meter", "stop"]
    assert len([e for e in world.of(EventRecord) if "unmatched" in e.type]) == 2


def test_a_stop_for_a_foreign_number_ends_nobody_elses_session() -> None:
    world = MemoryWorld(tokens=TOKENS)
    world.tell("StartTransaction", {"connectorId": 2, "idTag": "CAFE", "meterStart": 1000, "timestamp": at(0)})
    assert world.tell("StopTransaction", {"transactionId": 77, "meterStop": 9000, "timestamp": at(10)}) == {}
    assert world.row().status == "active"
    assert len(world.ledger()) == 1


def test_a_stop_with_an_impossible_number_ends_what_it_must_mean() -> None:
    world = MemoryWorld(tokens=TOKENS)
    world.tell("StartTransaction", {"connectorId": 2, "idTag": "CAFE", "meterStart": 1000, "timestamp": at(0)})
    world.tell("StopTransaction", {"transactionId": -1, "meterStop": 9000, "timestamp": at(1)})
    row = world.row()
    assert (row.status, row.import_milli_wh, row.flags) == ("ended", 8_000_000, ["matched_by_content"])


def test_stops_that_came_first_are_given_to_their_own_starts() -> None:
    world = MemoryWorld(tokens=TOKENS)
    world.now += timedelta(hours=1)
    for number, meter, when in ((-1, 2000, 100), (0, 3000, 300)):
        stop = {"transactionId": number, "idTag": "CAFE", "meterStop": meter, "timestamp": at(when)}
        assert world.tell("StopTransaction", stop) == {"idTagInfo": {"status": "Accepted"}}
    for meter, when in ((1000, 0), (2000, 200)):
        start = {"connectorId": 1, "idTag": "CAFE", "meterStart": meter, "timestamp": at(when)}
        world.tell("StartTransaction", start)
    rows = sorted(world.rows().values(), key=lambda row: row.started_at)
    assert [(row.status, row.import_milli_wh) for row in rows] == [("ended", 1_000_000), ("ended", 1_000_000)]
    assert all(row.session_id is not None for row in world.ledger().values())


def test_a_clock_set_back_makes_no_negative_duration() -> None:
    world = MemoryWorld(tokens=TOKENS)
    world.tell("StartTransaction", {"connectorId": 1, "idTag": "CAFE", "meterStart": 0, "timestamp": at(0)})
    world.tell("StopTransaction", {"transactionId": 1, "meterStop": 10, "timestamp": "2015-01-01T00:00:00Z"})
    row = world.row()
    assert row.ended_at == row.started_at
    world.check()


@pytest.mark.parametrize(
    "claimed",
    ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", "2027-01-01T00:00:00Z"],
)
def test_an_impossible_time_is_put_right_and_flagged(claimed: str) -> None:
    world = MemoryWorld(tokens=TOKENS)
    start = {"connectorId": 1, "idTag": "CAFE", "meterStart": 0, "timestamp": claimed}
    first: Any = world.tell("StartTransaction", start)
    assert world.row().started_at == world.now
    assert world.row().flags == ["clock_corrected"]
    assert world.tell("StartTransaction", start, after=60) == first
    assert len(world.rows()) == 1


def started(number: str, when: float, **more: Any) -> dict[str, Any]:
    return {
        "eventType": "Started", "timestamp": at(when), "triggerReason": "Authorized", "seqNo": 0,
        "transactionInfo": {"transactionId": number}, "evse": {"id": 1, "connectorId": 1},
    } | more  # fmt: skip


@pytest.mark.parametrize("number", ["0", "-1", ""])
def test_ids_that_never_change_are_one_session_a_charge(number: str) -> None:
    world = MemoryWorld(Version.V201, tokens=TOKENS)
    world.now += timedelta(hours=3)
    for hour in range(3):
        begun = started(number, hour * 3600)
        meter = [{"timestamp": at(hour * 3600 + 60), "sampledValue": [{"value": 1000.0 + hour}]}]
        update = begun | {"eventType": "Updated", "timestamp": at(hour * 3600 + 60), "meterValue": meter}
        for payload in (begun, begun, update, update):
            world.tell("TransactionEvent", payload)
        if hour != 1:  # the second one's end is lost
            world.tell("TransactionEvent", begun | {"eventType": "Ended", "timestamp": at(hour * 3600 + 120)})
        world.check()
    rows = sorted(world.rows().values(), key=lambda row: row.started_at)
    assert [row.status for row in rows] == ["ended", "orphaned", "ended"]


@pytest.mark.parametrize("version", V2)
def test_a_report_becomes_variables(version: Version) -> None:
    world = MemoryWorld(version)
    report = {
        "requestId": 1, "generatedAt": at(0), "seqNo": 0,
        "reportData": [
            {
                "component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"},
                "variableAttribute": [{"value": "300", "mutability": "ReadWrite"}, {"type": "MaxSet", "value": "9"}],
                "variableCharacteristics": {"dataType": "integer", "supportsMonitoring": False},
            }
        ],
    }  # fmt: skip
    assert world.tell("NotifyReport", report) == {}
    rows = list(world.of(VariableRecord))
    assert [(row.attribute_type, row.value) for row in rows] == [("Actual", "300"), ("MaxSet", "9")]
    assert rows[0].detail["mutability"] == "ReadWrite"
    assert rows[0].detail["characteristics"]["dataType"] == "integer"


@pytest.mark.parametrize("version", list(Version))
def test_a_data_transfer_is_kept_and_its_vendor_is_unknown(version: Version) -> None:
    world = MemoryWorld(version)
    assert world.tell("DataTransfer", {"vendorId": "acme", "data": "x"}) == {"status": "UnknownVendorId"}
    assert [report.payload for report in world.of(ReportRecord)] == [
        {
            "direction": "in", "vendorId": "acme", "messageId": None, "data": "x", "status": "UnknownVendorId",
            "answer": None,
        }
    ]  # fmt: skip


HANDLED = {
    "BootNotification", "Heartbeat", "StatusNotification", "Authorize", "StartTransaction", "StopTransaction",
    "MeterValues", "DataTransfer", "TransactionEvent", "NotifyEvent", "NotifyReport",
    "Get15118EVCertificate", "GetCertificateStatus", "GetCertificateChainStatus",
}  # fmt: skip
"""What has a test of its own."""


# What has a table of its own instead of a line in station_reports.
KEPT_ELSEWHERE = {
    "ClosePeriodicEventStream", "NotifyCustomerInformation", "NotifyEvent", "NotifyMonitoringReport",
    "OpenPeriodicEventStream",
}  # fmt: skip


@pytest.mark.parametrize("version", list(Version))
def test_every_other_request_is_kept_and_acknowledged_or_not_supported(version: Version) -> None:
    known = schemas(version)
    outcomes: dict[str, set[str]] = {"kept": set(), "refused": set()}
    for name, action in catalogue.actions(version).items():
        if name in HANDLED or action.response is None:
            continue
        world = MemoryWorld(version)
        payload = Payloads(known[f"{name}Request"], Random(name), 0.4).valid()
        reply = world.tell(name, payload)
        if isinstance(reply, neutral.RefusedReply):
            assert world.last == []
            outcomes["refused"].add(name)
        else:
            reported = [report.action for report in world.of(ReportRecord)]
            assert reported == ([] if name in KEPT_ELSEWHERE else [name]), name
            outcomes["kept"].add(name)
    assert {"SecurityEventNotification", "FirmwareStatusNotification", "LogStatusNotification"} <= outcomes["kept"]
    assert "Reset" in outcomes["refused"]
    if version is not Version.V16:
        assert {"NotifyMonitoringReport", "NotifyEVChargingNeeds", "ReportChargingProfiles"} <= outcomes["kept"]
        assert {"CertificateSigned", "GetVariables", "InstallCertificate"} <= outcomes["refused"]


def test_facts_carry_their_order_and_the_station_s_claim() -> None:
    world = MemoryWorld(tokens=TOKENS)
    start = {"connectorId": 1, "idTag": "CAFE", "meterStart": 0, "timestamp": "1970-01-01T00:00:00Z"}
    world.tell("StartTransaction", start)
    (fact,) = world.of(SessionFactRecord)
    assert fact.data["claimed_at"] == "1970-01-01T00:00:00+00:00"
