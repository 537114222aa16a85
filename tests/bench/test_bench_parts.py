"""The floor, the compressed stations and the children, each by itself; and a whole run as small as it gets."""

import json
import os
import zlib
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Request, TextMessage

from simulators.bench import deflate, floor
from simulators.bench.__main__ import bench
from simulators.bench.child import BenchError, Child


def test_the_floor_answers_a_call_with_nothing_and_a_boot_with_accepted() -> None:
    server, client = WSConnection(ConnectionType.SERVER), WSConnection(ConnectionType.CLIENT)
    server.receive_data(client.send(Request(host="h", target="/ocpp/A", subprotocols=["ocpp1.6"])))
    client.receive_data(b"".join(floor._answers(server)))
    assert [event.subprotocol for event in client.events() if isinstance(event, AcceptConnection)] == ["ocpp1.6"]
    answers = {}
    for action in ("MeterValues", "BootNotification"):
        server.receive_data(client.send(TextMessage(data=orjson.dumps([2, action, action, {}]).decode())))
        client.receive_data(b"".join(floor._answers(server)))
        answers[action] = [orjson.loads(event.data) for event in client.events() if isinstance(event, TextMessage)]
    assert answers["MeterValues"] == [[3, "MeterValues", {}]]
    assert answers["BootNotification"][0][2]["status"] == "Accepted"


def test_packed_text_unpacks_as_rfc_7692_says() -> None:
    text = b'[2,"1","Heartbeat",{}]' * 20
    packed = deflate._pack(text)
    assert len(packed) < len(text)
    assert zlib.decompressobj(wbits=-15).decompress(packed + b"\x00\x00\xff\xff") == text


def test_a_child_runs_where_it_is_told_and_is_gone_afterwards(tmp_path: Path) -> None:
    core = max(os.sched_getaffinity(0))
    with Child("the floor", "simulators.bench.floor", [], {core}, tmp_path / "log") as child:
        assert child.receive(30)["port"] > 0
        assert os.sched_getaffinity(child.pid) == {core}
        with pytest.raises(BenchError, match="said nothing"):
            child.receive(0.01)
    assert child.process.poll() is not None


def test_a_child_that_ends_says_why(tmp_path: Path) -> None:
    with (Child("nobody", "simulators.bench.no_such_module", [], os.sched_getaffinity(0), tmp_path / "log") as child,
          pytest.raises(BenchError, match="no_such_module")):
        child.receive(30)


@pytest.mark.slow
@pytest.mark.server
def test_a_small_run_finds_a_row_for_every_acknowledged_message(tmp_path: Path) -> None:
    result = CliRunner().invoke(bench, [
        "meter-values", "--quick", "--duration", "0.5", "--loop-stations", "5", "--dir", str(tmp_path / "bench"),
        "--json", str(tmp_path / "result.json")])
    assert result.exit_code == 0, result.output
    kept = json.loads((tmp_path / "result.json").read_text())
    durable = [one for one in kept["measured"]["meter_values"]["single"] if one["subject"] != "floor"]
    assert len(durable) == 5
    assert all(one["rows"] == one["messages"] > 0 for one in durable)
    assert {one["key"] for one in kept["figures"]} == {"share_of_floor", "cpu_us", "times_less_than_yardstick"}
    assert not list((tmp_path / "bench").iterdir())
