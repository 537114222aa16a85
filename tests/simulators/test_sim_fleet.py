"""The load engine against a small platform on loopback, and its parts alone."""

import json
from pathlib import Path
from typing import Any

import pytest
import trio
from click.testing import CliRunner

from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from simulators.cli import simulate
from simulators.fleet import frames, payloads
from simulators.fleet.engine import Engine
from simulators.fleet.figures import RoundTrips
from simulators.fleet.member import FleetStation, make_fleet, read_target
from tests.support.tiny_csms import TinyCsms, open_csms, usual_answers

STAMP = b"2026-03-01T12:00:00.000Z"


@pytest.mark.parametrize("length", [0, 125, 126, 65535, 65536])
def test_a_client_header_carries_length_and_a_zero_mask(length: int) -> None:
    header = frames.header(length)
    assert header[0] == 0x81
    assert header[1] & 0x80
    assert header[-4:] == bytes(4)
    wide = {126: 2, 127: 8}.get(header[1] & 0x7F, 0)
    told = int.from_bytes(header[2:2 + wide], "big") if wide else header[1] & 0x7F
    assert told == length


def test_server_frames_are_split_across_any_reads() -> None:
    stream = b"\x81\x05hello" + b"\x81\x7e\x01\x00" + b"x" * 256 + b"\x89\x00"
    for cut in range(len(stream)):
        buffer = bytearray(stream[:cut])
        found = frames.split(buffer)
        buffer += stream[cut:]
        found += frames.split(buffer)
        assert found == [(1, True, b"hello"), (1, True, b"x" * 256), (9, True, b"")]


def test_a_masked_server_frame_is_refused() -> None:
    with pytest.raises(frames.BrokenFrameError):
        frames.split(bytearray(b"\x81\x85abcdhello"))


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("transaction", [None, 7])
def test_filled_meter_frames_are_valid_messages_with_three_values(version: Version, transaction: int | None) -> None:
    template = payloads.meter_template(version, transaction)
    data = template.fill(b"000000ff", STAMP, payloads.FIRST_REGISTER + 5)
    [(opcode, final, text)] = frames.split(bytearray(_unmasked(data)))
    assert (opcode, final) == (frames.TEXT, True)
    kind, message_id, action, payload = json.loads(text)
    assert (kind, message_id, action) == (2, "000000ff", "MeterValues")
    typed = catalogue.actions(version)["MeterValues"].decode_request(json.dumps(payload).encode())
    assert typed is not None
    values = payload["meterValue"][0]["sampledValue"]
    assert len(values) == 3
    assert float(values[0]["value"]) == payloads.FIRST_REGISTER + 5


@pytest.mark.parametrize("version", list(Version))
def test_other_messages_of_load_stations_are_valid(version: Version) -> None:
    actions = catalogue.actions(version)
    stamp = STAMP.decode()
    action, start = payloads.start_message(version, "T1", stamp, "tx-1")
    for name, payload in (("BootNotification", payloads.boot_payload(version)), (action, start)):
        actions[name].decode_request(json.dumps(payload).encode())


def test_percentiles_are_within_a_percent() -> None:
    times = RoundTrips()
    for milli in range(1, 1001):
        times.add(milli / 1000)
    assert times.percentile(0.5) == pytest.approx(0.5, rel=0.02)
    assert times.percentile(0.99) == pytest.approx(0.99, rel=0.02)
    assert times.percentile(1.0) == pytest.approx(1.0, rel=0.02)


def test_a_fleet_dials_ws_and_wss_and_nothing_else() -> None:
    assert read_target("wss://127.0.0.1:9443/ocpp", insecure=True).tls is not None
    for url in ("http://127.0.0.1:9000/ocpp", "127.0.0.1:9000"):
        with pytest.raises(ValueError, match="ws://"):
            read_target(url)
    with pytest.raises(ValueError, match="wss://"):
        read_target("ws://127.0.0.1:9000/ocpp", insecure=True)


async def _engine_run(csms: TinyCsms, stations: list[FleetStation], work: Any, **options: Any) -> Any:
    def run() -> Any:
        engine = Engine(read_target(csms.url), stations, **options)
        try:
            return work(engine)
        finally:
            engine.close()
    return await trio.to_thread.run_sync(run)


async def test_a_storm_a_closed_loop_and_a_paced_load() -> None:
    async with open_csms() as csms:
        def work(engine: Engine) -> Any:
            storm = engine.connect_storm(10)
            return storm, engine.closed_loop(0.3, stations=3), engine.paced(50, 0.4)

        storm, loop, paced = await _engine_run(csms, make_fleet(6), work)
        assert storm.complete
        assert storm.booted == storm.stations == 6
        assert {who for who, action, _ in csms.calls if action == "BootNotification"} == {
            f"SIM-{number:05d}" for number in range(1, 7)}
        assert loop.answered == loop.sent == loop.round_trips.count > 6
        assert {who for who, action, _ in csms.calls[6:6 + loop.sent]} == {"SIM-00001", "SIM-00002", "SIM-00003"}
        assert 15 <= paced.sent <= 20
        assert paced.answered == paced.sent
        assert (loop.errors, loop.lost, paced.errors, paced.lost) == (0, 0, 0, 0)


async def test_the_whole_fleet_redials() -> None:
    async with open_csms() as csms:
        def work(engine: Engine) -> Any:
            engine.connect_storm(10)
            engine.drop_all()
            dropped = engine.booted
            return dropped, engine.connect_storm(10), engine.counts.reconnects

        dropped, second, reconnects = await _engine_run(csms, make_fleet(5), work)
        assert dropped == 0
        assert second.complete
        assert reconnects == 5
        assert csms.actions().count("BootNotification") == 10


@pytest.mark.slow
async def test_refusals_honour_retry_after_and_give_up_where_it_is_hopeless() -> None:
    async with open_csms() as csms:
        csms.refuse = [(503, [(b"Retry-After", b"1")]), (404, [])]
        storm = await _engine_run(csms, make_fleet(3), lambda engine: engine.connect_storm(10))
        assert storm.refusals == {503: 1, 404: 1}
        assert storm.refused_for_good == 1
        assert storm.booted == 2
        assert not storm.complete
        assert storm.seconds >= 1.0


@pytest.mark.slow
async def test_a_pending_boot_is_asked_again() -> None:
    words = iter(["Pending", "Rejected", "Accepted"])
    answers = usual_answers()
    answers["BootNotification"] = lambda p: {"currentTime": STAMP.decode(), "interval": 1, "status": next(words)}
    async with open_csms(answers) as csms:
        storm = await _engine_run(csms, make_fleet(1), lambda engine: engine.connect_storm(10), heartbeats=False)
        assert storm.complete
        assert csms.actions() == ["BootNotification"] * 3


async def test_calls_of_the_platform_are_answered_under_load() -> None:
    async with open_csms() as csms:
        answered: list[Any] = []

        async def ask() -> None:
            await csms.until(lambda: "SIM-00001" in csms.sockets and "MeterValues" in csms.actions())
            answered.append(await csms.ask("SIM-00001", "TriggerMessage", {"requestedMessage": "Heartbeat"}))
            answered.append(await csms.ask("SIM-00001", "GetVariables", {"getVariableData": [
                {"component": {"name": "C"}, "variable": {"name": "V"}}]}))
            answered.append(await csms.ask("SIM-00001", "CostUpdated", {}))

        def work(engine: Engine) -> Any:
            engine.connect_storm(10)
            return engine.closed_loop(0.5), engine.counts.calls_answered

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            loop, calls = await _engine_run(csms, make_fleet(2, "2.0.1"), work)
        assert answered[0][2] == {"status": "Accepted"}
        assert answered[1][2]["getVariableResult"][0]["attributeStatus"] == "Accepted"
        assert answered[2][0] == 4
        assert answered[2][2] == "NotImplemented"
        assert calls == 3
        assert loop.lost == 0


async def test_transactions_of_16_mark_the_meter_values() -> None:
    async with open_csms() as csms:
        def work(engine: Engine) -> int:
            engine.connect_storm(10)
            begun = engine.begin_transactions("T1", 5)
            engine.closed_loop(0.1)
            return begun

        assert await _engine_run(csms, make_fleet(2, "1.6"), work) == 2
        ids = {p["transactionId"] for _, action, p in csms.calls if action == "MeterValues"}
        assert ids == {1, 2}


async def test_passwords_travel_as_basic_credentials() -> None:
    async with open_csms() as csms:
        fleet = make_fleet(1, password=lambda identity: f"secret-{identity}")
        await _engine_run(csms, fleet, lambda engine: engine.connect_storm(10))
        assert csms.headers[0][b"authorization"] == b"Basic U0lNLTAwMDAxOnNlY3JldC1TSU0tMDAwMDE="


async def test_the_command_prints_and_stores_a_summary(tmp_path: Path) -> None:
    file = tmp_path / "summary.json"
    async with open_csms() as csms:
        arguments = ["fleet", "--url", csms.url, "--stations", "3", "--duration", "0.2", "--json", str(file)]
        result = await trio.to_thread.run_sync(CliRunner().invoke, simulate, arguments)
    assert result.exit_code == 0, result.output
    summary = json.loads(file.read_text())
    assert summary["storm"]["booted"] == 3
    assert summary["load"]["answered"] == summary["load"]["sent"] > 0
    assert "MeterValues answered" in result.output


def _unmasked(data: bytes) -> bytes:
    """The same frame as a server would send it: no mask bit, no key."""
    wide = {126: 4, 127: 10}.get(data[1] & 0x7F, 2)
    return bytes([data[0], data[1] & 0x7F]) + data[2:wide] + data[wide + 4:]
