"""Requests that somebody outside is asked about: nothing else of the station waits meanwhile."""

import json
from typing import Any
from uuid import UUID

import pytest
import trio
from structlog.testing import capture_logs

from actors.ports import Consultation
from actors.station import consulting, incoming
from actors.station.face import RawCommand
from actors.station.heard import Heard
from actors.station.work import Work
from gateway.services.outside import OutsideServices
from protocol.ocpp import neutral
from protocol.ocpp.version import Version
from tests.support.station_rig import rig

STATUS = {"status": "Failed", "ocspResult": "x"}
ASKED = {"ocspRequestData": {
    "hashAlgorithm": "SHA256", "issuerNameHash": "a", "issuerKeyHash": "b", "serialNumber": "1",
    "responderURL": "http://192.0.2.1",
}}  # fmt: skip


@pytest.fixture
def consulted(monkeypatch: pytest.MonkeyPatch) -> None:
    """GetCertificateStatus is put to a service named `test`, whose answer is what the station gets."""

    def decide(work: Work, heard: Heard) -> neutral.Reply:
        outside = heard.answers.outside
        return neutral.GivenReply({"status": "Failed"} if outside is None else {"status": "Accepted", **outside})

    monkeypatch.setitem(consulting._ASK, "GetCertificateStatus", lambda *_: Consultation("test", "about"))
    monkeypatch.setitem(incoming.INCOMING, "GetCertificateStatus", decide)


async def test_the_answer_is_decided_with_what_the_service_gave(autojump_clock: Any, consulted: None) -> None:
    async with rig() as world:
        world.services.answers["test"] = {"ocspResult": "DER"}
        peer = await world.connect(Version.V201)
        await peer.call("GetCertificateStatus", ASKED)
        assert '{"status":"Accepted","ocspResult":"DER"}' in peer.texts[-1]
        assert [each.about for each in world.services.asked] == ["about"]


async def test_heartbeats_and_answers_to_our_calls_do_not_wait(autojump_clock: Any, consulted: None) -> None:
    async with rig() as world:
        world.services.seconds = 20.0
        peer = await world.connect(Version.V201)
        peer.answers["ClearCache"] = {"status": "Accepted"}
        await peer.attached.receive('[2,"1","GetCertificateStatus",' + _json(ASKED) + "]")
        before = trio.current_time()
        result = await world.command(RawCommand("ClearCache", {}))
        await peer.attached.receive('[2,"2","Heartbeat",{}]')
        assert result.status == "answered"
        assert trio.current_time() - before < 1
        assert '"2"' in peer.texts[-1]
        await world.settle()
        assert peer.texts[-1].startswith('[3,"1"')


async def test_a_service_that_is_silent_does_not_keep_the_station_waiting(
    autojump_clock: Any, consulted: None
) -> None:
    async with rig() as world:
        world.services.seconds = 3600.0
        peer = await world.connect(Version.V201)
        before = trio.current_time()
        await peer.attached.receive('[2,"1","GetCertificateStatus",' + _json(ASKED) + "]")
        await world.settle()
        assert trio.current_time() - before == pytest.approx(consulting.SECONDS)
        assert '{"status":"Failed"}' in peer.texts[-1]


async def test_an_answer_for_a_connection_that_is_gone_goes_nowhere(autojump_clock: Any, consulted: None) -> None:
    async with rig() as world:
        world.services.seconds = 5.0
        old = await world.connect(Version.V201)
        await old.attached.receive('[2,"1","GetCertificateStatus",' + _json(ASKED) + "]")
        new = await world.connect(Version.V201)
        await world.settle()
        assert not any('"1"' in text for text in [*old.texts, *new.texts])


async def test_a_station_with_too_many_under_way_is_decided_for_and_counted(
    autojump_clock: Any, consulted: None
) -> None:
    async with rig() as world:
        world.services.seconds = 20.0
        peer = await world.connect(Version.V201)
        for number in range(consulting.AT_ONCE + 2):
            await peer.attached.receive(f'[2,"{number}","GetCertificateStatus",{_json(ASKED)}]')
        answered = [text[:6] for text in peer.texts if '{"status":"Failed"}' in text]
        assert answered == ['[3,"4"', '[3,"5"']
        assert [each.kind for each in world.services.passed] == ["test"] * 2
        await world.settle()
        assert len(world.services.asked) == consulting.AT_ONCE


async def test_what_was_not_asked_is_counted_by_kind_and_logged_once_a_minute(autojump_clock: Any) -> None:
    services, station = OutsideServices({}), UUID(int=5)
    with capture_logs() as lines:
        for _ in range(3):
            services.passed_over(UUID(int=1), station, Consultation("contract", None))
        await trio.sleep(61)
        services.passed_over(UUID(int=1), station, Consultation("contract", None))
    assert services.passed == {"contract": 4}
    assert [(line["service"], line["count"]) for line in lines] == [("contract", 1), ("contract", 3)]


def _json(value: Any) -> str:
    return json.dumps(value)
