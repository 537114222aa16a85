"""What stations tell of firmware, logs, monitors, customers and streams, and what our requests leave behind."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from actors.records import (
    CustomerReportRecord,
    EventRecord,
    FrameRecord,
    JobRecord,
    MonitorEventRecord,
    ObjectsSweptRecord,
    ReportRecord,
    StationObjectRecord,
    StationStepRecord,
    StreamValueRecord,
)
from actors.station.decide import decide
from actors.station.face import NeutralCommand, RawCommand
from actors.station.questions import NOTHING
from actors.streams.objects import wider
from protocol.ocpp import neutral
from protocol.ocpp.catalogue import actions
from protocol.ocpp.translate import translator
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld, at
from tests.support.station_rig import Rig, rig

FILE = "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11"
SECRET = "key-abcdefghijklmnopqrstuvwxyz012345"
HERE = f"http://csms.test/files/{FILE}/{SECRET}/"
TEMPERATURE = {"component": {"name": "Connector", "evse": {"id": 1}}, "variable": {"name": "Temperature"}}


def steps(world: Rig) -> list[tuple[str, str | None, str]]:
    return [(each.kind, each.key, each.status) for each in world.kept(StationStepRecord)]


# Firmware


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
async def test_an_update_is_one_thing_from_request_to_reboot(version: Version, autojump_clock: Any) -> None:
    """L01.FR.01, L01.FR.10: all statuses of one update carry its request id."""
    async with rig() as world:
        peer = await world.connect(version)
        peer.answers["UpdateFirmware"] = {"status": "Accepted"}
        result = await world.command(NeutralCommand("update-firmware", {
            "location": HERE + "t.bin", "signature": "c2ln", "signing_certificate": "PEM", "retries": 2,
        }))  # fmt: skip
        assert result.outcome == "accepted"
        begun = next(iter(world.kept(StationStepRecord)))
        number = int(begun.key)
        assert begun.data["address"] == FILE
        assert begun.data["signed"] is True
        for status in ("Downloading", "Downloaded", "SignatureVerified", "InstallRebooting", "Installed"):
            assert await peer.call("FirmwareStatusNotification", {"status": status, "requestId": number}) == {}
        assert steps(world) == [("firmware_update", str(number), status) for status in (
            "Requested", "Accepted", "Downloading", "Downloaded", "SignatureVerified", "InstallRebooting", "Installed",
        )]  # fmt: skip


async def test_the_secret_of_an_address_is_nowhere(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V201)
        peer.answers["GetLog"] = {"status": "Accepted", "filename": "a.log"}
        await world.command(NeutralCommand("get-log", {"type": "security", "location": HERE}))
        assert SECRET in "".join(peer.texts)
        assert SECRET not in repr(list(world.store.records()))
        assert f"/files/{FILE}/key-***/" in repr(world.kept(FrameRecord))
        ftp = f"ftp://{FILE}:{SECRET}@host/files/{FILE}/"
        await world.command(NeutralCommand("get-log", {"type": "security", "location": ftp}))
        assert SECRET not in repr(list(world.store.records()))
        begun = [step for step in world.kept(StationStepRecord) if step.status == "Requested"]
        assert [step.data["address"] for step in begun] == [FILE] * 2


async def test_without_a_request_id_the_address_is_the_key_and_statuses_go_to_the_newest(autojump_clock: Any) -> None:
    """1.6: neither UpdateFirmware nor GetDiagnostics has a request id; L01.FR.20 for the signed form."""
    async with rig() as world:
        peer = await world.connect(Version.V16)
        peer.answers |= {"UpdateFirmware": {}, "GetDiagnostics": {"fileName": "own.zip"}}
        await world.command(NeutralCommand("update-firmware", {"location": HERE + "t.bin"}))
        await peer.call("FirmwareStatusNotification", {"status": "Downloading"})
        await world.command(NeutralCommand("get-log", {"type": "diagnostics", "plain": True, "location": HERE}))
        await peer.call("DiagnosticsStatusNotification", {"status": "Uploading"})
        assert steps(world) == [
            ("firmware_update", FILE, "Requested"), ("firmware_update", FILE, "Accepted"),
            ("firmware_update", None, "Downloading"), ("log_upload", FILE, "Requested"),
            ("log_upload", FILE, "Accepted"), ("log_upload", None, "Uploading"),
        ]  # fmt: skip
        peer.answers["GetDiagnostics"] = {}
        await world.command(NeutralCommand("get-log", {"type": "diagnostics", "plain": True, "location": HERE}))
        assert steps(world)[-1] == ("log_upload", FILE, "Rejected")
        signed = {"location": HERE, "signature": "c2ln", "signing_certificate": "PEM"}
        peer.answers["SignedUpdateFirmware"] = {"status": "InvalidCertificate"}
        assert (await world.command(NeutralCommand("update-firmware", signed))).action == "SignedUpdateFirmware"
        assert steps(world)[-1][2] == "InvalidCertificate"


async def test_one_that_takes_the_place_of_another_ends_it_and_errors_end_at_once(autojump_clock: Any) -> None:
    """L01.FR.24, N01.FR.12: AcceptedCanceled. A CALLERROR: never taken. Silence: perhaps taken."""
    async with rig() as world:
        peer = await world.connect(Version.V201)
        peer.answers |= {"UpdateFirmware": {"status": "AcceptedCanceled"}, "GetLog": {"status": "AcceptedCanceled"}}
        await world.command(NeutralCommand("update-firmware", {"location": HERE}))
        last, canceled = world.kept(StationStepRecord)[-2:]
        assert (last.status, canceled.status, canceled.key, canceled.but) == (
            "AcceptedCanceled", "Canceled", None, last.key
        )  # fmt: skip
        await world.command(NeutralCommand("get-log", {"type": "security", "location": HERE}))
        assert steps(world)[-1] == ("log_upload", None, "Canceled")
        peer.answers["UpdateFirmware"] = lambda call: f'[4,"{call.message_id}","NotSupported","",{{}}]'
        await world.command(NeutralCommand("update-firmware", {"location": HERE}))
        assert (world.kept(StationStepRecord)[-1].status, world.kept(StationStepRecord)[-1].rank) == ("error", 95)
        peer.answers["UpdateFirmware"] = None
        await world.command(NeutralCommand("update-firmware", {"location": HERE}), timeout=1.0)
        assert (world.kept(StationStepRecord)[-1].status, world.kept(StationStepRecord)[-1].rank) == ("timeout", 1)


async def test_a_second_answer_to_one_firmware_request_changes_nothing(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V201)
        peer.answers["UpdateFirmware"] = lambda call: [
            f'[3,"{call.message_id}",{{"status":"Accepted"}}]', f'[3,"{call.message_id}",{{"status":"Rejected"}}]'
        ]  # fmt: skip
        result = await world.command(NeutralCommand("update-firmware", {"location": HERE}))
        await world.settle()
        assert result.outcome == "accepted"
        assert [status for _, _, status in steps(world)] == ["Requested", "Accepted"]
        assert any(frame.outcome in ("duplicate", "unknown") for frame in world.kept(FrameRecord))


def test_floods_are_written_once_a_minute_and_idle_is_no_status() -> None:
    """Quirk 33. L01.FR.25: Idle says that nothing goes on."""
    world = MemoryWorld(Version.V16)
    for _ in range(50):
        world.tell("DiagnosticsStatusNotification", {"status": "Uploading"}, after=0.1)
    assert len(list(world.of(StationStepRecord))) == 1
    assert len(list(world.of(ReportRecord))) == 1
    world.tell("DiagnosticsStatusNotification", {"status": "Uploading"}, after=61)
    world.tell("DiagnosticsStatusNotification", {"status": "Uploaded"})
    world.tell("DiagnosticsStatusNotification", {"status": "Idle"})
    world.tell("FirmwareStatusNotification", {"status": "Idle"})
    assert [each.status for each in world.of(StationStepRecord)] == ["Uploading", "Uploading", "Uploaded"]
    assert world.events().count("log_status.v1") == 3


async def test_a_local_controller_publishes_and_unpublishes(autojump_clock: Any) -> None:
    """L03.FR.01, L03.FR.04; L04."""
    async with rig() as world:
        peer = await world.connect(Version.V201)
        md5 = "d41d8cd98f00b204e9800998ecf8427e"
        peer.answers |= {"PublishFirmware": {"status": "Accepted"}, "UnpublishFirmware": {"status": "Unpublished"}}
        await world.command(NeutralCommand("publish-firmware", {"location": HERE, "checksum": md5}))
        number = int(world.kept(StationStepRecord)[0].key)
        places = ["http://lc.test/fw.bin"]
        await peer.call(
            "PublishFirmwareStatusNotification", {"status": "Published", "location": places, "requestId": number}
        )
        assert world.kept(StationStepRecord)[-1].data == {"locations": places}
        await world.command(NeutralCommand("unpublish-firmware", {"checksum": md5}))
        last = world.kept(StationStepRecord)[-1]
        assert (last.key, last.match, last.status) == (None, {"checksum": md5}, "Unpublished")


# Monitors


def event(number: int, **more: Any) -> dict[str, Any]:
    return {
        "eventId": number, "timestamp": at(0), "trigger": "Alerting", "actualValue": "83.5",
        "eventNotificationType": "CustomMonitor", **TEMPERATURE, **more,
    }  # fmt: skip


def test_all_that_monitors_tell_is_kept_and_all_but_readings_are_alerts() -> None:
    """N07.FR.03, N08.FR.02: the answer is empty."""
    world = MemoryWorld(Version.V21)
    told = [
        event(1, variableMonitoringId=7, severity=2, techInfo="hot"), event(2, cleared=True, cause=1),
        event(3, trigger="Periodic"),
    ]  # fmt: skip
    assert world.tell("NotifyEvent", {"generatedAt": at(0), "seqNo": 0, "eventData": told}) == {}
    kept = list(world.of(MonitorEventRecord))
    assert [(each.event_id, each.cleared, each.severity, each.cause) for each in kept] == [
        (1, False, 2, None), (2, True, None, 1), (3, False, None, None)
    ]  # fmt: skip
    alerts = [each for each in world.of(EventRecord) if each.type.endswith("monitor_alert.v1")]
    assert len(alerts) == 2
    assert b'"level":"system_failure"' in alerts[0].data


def test_a_whole_monitoring_report_in_any_order_sweeps_a_filtered_one_does_not() -> None:
    """N02: parts in any order; those not in a whole report are gone."""
    world = MemoryWorld(Version.V201)
    monitor = {"transaction": False, "value": 80, "type": "UpperThreshold", "severity": 4}

    def part(request: int, seq_no: int, number: int, *, more: bool) -> None:
        world.tell("NotifyMonitoringReport", {
            "requestId": request, "seqNo": seq_no, "tbc": more, "generatedAt": at(0),
            "monitor": [{**TEMPERATURE, "variableMonitoring": [{"id": number, **monitor}]}],
        })  # fmt: skip

    whole, filtered, unknown = 1, 2, 3
    part(unknown, 0, 9, more=False)  # asked for before a restart of ours: nobody knows what for
    world.prompts.note("GetMonitoringReport", {"requestId": whole}, world.now)
    world.prompts.note(
        "GetMonitoringReport", {"requestId": filtered, "monitoringCriteria": ["DeltaMonitoring"]}, world.now
    )
    part(whole, 1, 8, more=False)
    assert not list(world.of(ObjectsSweptRecord))
    part(whole, 0, 7, more=True)
    assert [each.keep for each in world.of(ObjectsSweptRecord)] == [["7", "8"]]
    part(filtered, 0, 9, more=False)
    assert len(list(world.of(ObjectsSweptRecord))) == 1
    assert [each.key for each in world.of(StationObjectRecord) if each.kind == "monitor"] == ["9", "8", "7", "9"]


async def test_monitors_set_and_cleared_are_known_and_a_new_base_asks_for_the_list(autojump_clock: Any) -> None:
    """N03, N04, N05, N06."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        got = {**TEMPERATURE, "type": "UpperThreshold", "severity": 4}
        peer.answers |= {
            "SetVariableMonitoring": {"setMonitoringResult": [{**got, "status": "Accepted", "id": 7}]},
            "ClearVariableMonitoring": {"clearMonitoringResult": [
                {"id": 7, "status": "Accepted"}, {"id": 8, "status": "NotFound"}, {"id": 9, "status": "Rejected"},
            ]},
            "SetMonitoringBase": {"status": "Accepted"}, "SetMonitoringLevel": {"status": "Accepted"},
        }  # fmt: skip
        stream = {"interval": 5, "values": 10}
        result = await world.command(NeutralCommand("set-monitor", {
            **TEMPERATURE, "type": "upper_threshold", "value": 80.5, "severity": 4, "stream": stream,
        }))  # fmt: skip
        assert result.status == "answered"
        [monitor] = world.kept(StationObjectRecord)
        assert (monitor.key, monitor.data["value"], monitor.data["stream"]) == ("7", 80.5, stream)
        await world.command(NeutralCommand("clear-monitors", {"monitors": [7, 8, 9]}))
        assert [(each.key, each.removed) for each in world.kept(StationObjectRecord)[1:]] == [("7", True), ("8", True)]
        await world.command(NeutralCommand("monitoring-base", {"base": "factory_default"}))
        await world.command(NeutralCommand("monitoring-level", {"severity": 5}))
        assert [job.kind for job in world.kept(JobRecord)] == ["monitoring-report"]
        assert [(each.key, each.data["value"]) for each in world.kept(StationObjectRecord)[3:]] == [
            ("base", "FactoryDefault"), ("level", 5)
        ]  # fmt: skip


async def test_what_a_version_does_not_have_is_said(autojump_clock: Any) -> None:
    async with rig() as world:
        await world.connect(Version.V201)
        for command, arguments in (
            ("list-streams", {}), ("get-log", {"type": "data_collector", "location": HERE}),
            ("set-monitor", {**TEMPERATURE, "type": "target_delta", "value": 1, "severity": 1}),
        ):  # fmt: skip
            assert (await world.command(NeutralCommand(command, arguments))).status == "unsupported", command


# Customers


async def test_what_is_held_of_a_customer_is_kept_apart_and_in_no_frame(autojump_clock: Any) -> None:
    """N09.FR.01, N09.FR.04, N09.FR.05: parts in any order; the text stands nowhere else."""
    async with rig() as world:
        peer = await world.connect(Version.V201)
        peer.answers["CustomerInformation"] = {"status": "Accepted"}
        await world.command(NeutralCommand("customer-information", {"token": "CAFE", "report": True, "clear": False}))
        for seq_no, more in ((1, False), (0, True)):
            await peer.call("NotifyCustomerInformation", {
                "data": "Erika Mustermann", "seqNo": seq_no, "tbc": more, "generatedAt": at(0), "requestId": 5,
            })  # fmt: skip
        assert [(each.seq_no, each.text) for each in world.kept(CustomerReportRecord)] == [
            (1, "Erika Mustermann"), (0, "Erika Mustermann")
        ]  # fmt: skip
        others = [each for each in world.store.records() if not isinstance(each, CustomerReportRecord)]
        assert "Erika" not in repr(others)
        told = [each for each in world.kept(StationObjectRecord) if each.kind == "customer_information"]
        assert [(each.status, each.data.get("complete")) for each in told] == [
            ("Accepted", None), ("Reporting", False), ("Reported", True)
        ]  # fmt: skip
        assert [job.kind for job in world.kept(JobRecord)] == ["customer-information-forget"]
        await world.command(RawCommand("CustomerInformation", {
            "requestId": 6, "report": False, "clear": True, "customerIdentifier": "4711"
        }))  # fmt: skip
        assert world.kept(StationObjectRecord)[-1].status == "Cleared"


async def test_a_token_whose_data_is_cleared_is_taken_off_the_local_list_too(autojump_clock: Any) -> None:
    """N10.FR.02: only when the station has accepted, and only for what names a token. N10.FR.08, N09.FR.08, N10.FR.09:
    who is meant goes out as it was given, a certificate with its hash algorithm."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        peer.answers["CustomerInformation"] = {"status": "Rejected"}
        clear = {"report": False, "clear": True}
        await world.command(NeutralCommand("customer-information", {"token": "CaFe", **clear}))
        assert not world.kept(JobRecord)
        peer.answers["CustomerInformation"] = {"status": "Accepted"}
        certificate = {
            "hashAlgorithm": "SHA384", "issuerNameHash": "aa", "issuerKeyHash": "bb", "serialNumber": "1f"
        }  # fmt: skip
        for about in ({"token": "CaFe"}, {"certificate": certificate}, {"customer": "4711"}):
            await world.command(NeutralCommand("customer-information", {**about, **clear}))
        assert [job.kind for job in world.kept(JobRecord)] == [
            "customer-information-forget", "sync-local-list", *["customer-information-forget"] * 2
        ]  # fmt: skip
        assert [each.key for each in world.kept(StationObjectRecord) if each.kind == "forgotten_token"] == ["cafe"]
        said = [msgspec.json.decode(text)[3] for text in peer.texts if '"CustomerInformation"' in text]
        assert [each.keys() & {"idToken", "customerCertificate", "customerIdentifier"} for each in said[1:]] == [
            {"idToken"}, {"customerCertificate"}, {"customerIdentifier"}
        ]  # fmt: skip
        assert said[2]["customerCertificate"] == certificate


# Streams


def test_streams_open_fill_and_close() -> None:
    """N11.FR.04 to 06, N13.FR.02; N15.FR.03: each value with its own time."""
    world = MemoryWorld(Version.V21)

    def opened(number: int) -> Any:
        data = {"id": number, "variableMonitoringId": 7, "params": {"interval": 5, "values": 10}}
        return world.tell("OpenPeriodicEventStream", {"constantStreamData": data})

    assert opened(3) == {"status": "Accepted"}
    [stream] = world.of(StationObjectRecord)
    assert (stream.key, stream.data, stream.status) == ("3", {"monitor": 7, "interval": 5, "values": 10}, "open")
    assert world.tell("ClosePeriodicEventStream", {"id": 3}) == {}
    assert list(world.of(StationObjectRecord))[-1].removed
    for number in range(100):
        opened(number)
    assert opened(100)["status"] == "Rejected"  # N11.FR.05


def test_a_stream_that_falls_further_and_further_behind_is_made_wider() -> None:
    """N15.FR.05."""
    world = MemoryWorld(Version.V21)

    def tells(*pending: int) -> int:
        for held_back in pending:
            values = {"basetime": at(0), "data": [{"t": 0, "v": "1"}]}
            told = {"id": 3, "pending": held_back} | values
            message = translator(Version.V21).understand(
                "NotifyPeriodicEventStream",
                actions(Version.V21)["NotifyPeriodicEventStream"].decode_request(msgspec.json.encode(told)),
            )
            made = decide(world.station, world.state, message, NOTHING, world.now, world.new_id)
            world.records += made.records
            world.state = made.state
        return len([job for job in world.of(JobRecord) if job.kind == "widen-stream"])

    assert tells(0, 5, 4, 9, 12, 12) == 0
    assert tells(13, 14, 15) == 1
    assert tells(16, 17) == 1
    assert wider({"monitor": 7, "interval": 5, "values": 10}) == {"interval": 2, "values": 20}
    assert wider({"monitor": 7, "interval": 1, "values": 10}) == {"interval": 1, "values": 20}
    assert wider({"monitor": 7, "interval": 1}) is None


async def test_values_of_a_stream_come_by_send_and_are_never_answered(autojump_clock: Any) -> None:
    """N15.FR.01, N15.FR.02."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        before = len(peer.texts)
        base = at(0)
        await peer.attached.receive(
            f'[6,"1","NotifyPeriodicEventStream",{{"id":3,"pending":0,"basetime":"{base}",'
            '"data":[{"t":0,"v":"1.5"},{"t":2.5,"v":"1.75"}]}]'
        )
        await world.settle()
        values = world.kept(StreamValueRecord)
        assert [(each.stream_id, each.n, each.value, each.at - NOON) for each in values] == [
            (3, 0, "1.5", timedelta()), (3, 1, "1.75", timedelta(seconds=2.5))
        ]  # fmt: skip
        assert len(peer.texts) == before


async def test_a_list_of_streams_replaces_what_is_known_and_a_change_asks_for_it(autojump_clock: Any) -> None:
    """N12, N14.FR.01."""
    async with rig() as world:
        peer = await world.connect(Version.V21)
        data = {"id": 3, "variableMonitoringId": 7, "params": {"interval": 5}}
        peer.answers |= {
            "GetPeriodicEventStream": {"constantStreamData": [data]},
            "AdjustPeriodicEventStream": {"status": "Accepted"},
        }
        await world.command(NeutralCommand("list-streams", {}))
        assert [each.keep for each in world.kept(ObjectsSweptRecord)] == [["3"]]
        await world.command(NeutralCommand("adjust-stream", {"stream": 3, "interval": 30}))
        assert [job.kind for job in world.kept(JobRecord)] == ["event-streams"]


def test_ours_to_send_is_refused() -> None:
    assert isinstance(MemoryWorld(Version.V21).tell("GetPeriodicEventStream", {}), neutral.RefusedReply)
