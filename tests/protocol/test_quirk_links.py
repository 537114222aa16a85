"""The corpus, kinds `link` (bytes and silence on a connection) and `admission` (many who come at once)."""

import random
from typing import Any

import pytest
import trio

from gateway.admission import Admission, TooBusy
from gateway.link import LinkRules, StationLink
from gateway.sweeper import Sweeper
from gateway.websocket import Codec
from tests.support.corpus import cases
from tests.support.fake_stations import FakeAttachment
from tests.support.wire import frame, text


class MemoryWire:
    """The gateway's side of a connection, in memory."""

    backlog = 0

    def __init__(self) -> None:
        self.to_us, self._in = trio.open_memory_channel[bytes](100)
        self.written: list[bytes] = []
        self.aborted = False

    async def receive(self, most: int) -> bytes:
        try:
            return await self._in.receive()
        except trio.EndOfChannel:
            return b""

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def push(self) -> None: ...

    async def drain(self) -> None: ...

    def finish(self) -> None:
        self.to_us.close()

    def abort(self) -> None:
        self.aborted = True
        self._in.close()


def sent(step: dict[str, Any]) -> bytes:
    """`hex`: bytes as they are; `text`, `pong`, `ping`, `binary` (hex): one masked frame."""
    if "hex" in step:
        return bytes.fromhex(step["hex"])
    if "text" in step:
        return text(step["text"])
    if "text_hex" in step:
        return text(bytes.fromhex(step["text_hex"]))
    if "text_of" in step:
        return text("x" * step["text_of"])
    return frame({"pong": 10, "ping": 9, "binary": 2}[step["frame"]], bytes.fromhex(step.get("payload", "")))


@pytest.mark.parametrize("case", cases("link"))
async def test_a_connection_lives_and_ends_as_it_should(case: dict[str, Any], autojump_clock: Any) -> None:
    rules = LinkRules(case.get("ping_every", 30.0), 10.0, 5.0, 20.0)
    wire, sweeper, want = MemoryWire(), Sweeper(), case["want"]
    link = StationLink(wire, Codec(65_536), "192.0.2.1", rules, sweeper)
    attachment = FakeAttachment(link, case.get("idle_window", 900.0), lambda _: None)
    began, ended_after = trio.current_time(), 0.0

    async def run() -> None:
        nonlocal ended_after
        await link.run(attachment, b"", lambda _link, _ending: None)
        ended_after = trio.current_time() - began
        nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(sweeper.run)
        nursery.start_soon(run)
        for step in case["send"]:
            await trio.sleep(step.get("after", 0))
            for _ in range(step.get("times", 1)):
                await wire.to_us.send(sent(step))
                await trio.sleep(step.get("every", 0))
        await trio.sleep(want.get("alive_for", 0))
        if "alive_for" in want:
            assert link.ending is None
            nursery.cancel_scope.cancel()
    if "ended_by" in want:
        assert want["ended_by"][0] <= ended_after <= want["ended_by"][1]
    if "closed" in want:
        assert [int.from_bytes(each[2:4]) for each in wire.written if each[0] == 0x88] == [want["closed"]]
    if "violation" in want:
        [(code, reason, raw)] = attachment.violations
        assert code == want["violation"]
        assert reason
        assert raw.startswith(bytes.fromhex(want.get("raw", "")))
        assert len(raw) <= 2048
    assert len(attachment.received) == want.get("messages", len(attachment.received))


@pytest.mark.parametrize("case", cases("admission"))
async def test_who_comes_too_fast_is_told_when_to_come_back(case: dict[str, Any], autojump_clock: Any) -> None:
    chance = random.Random(7)
    line = Admission(case["at_once"], case["patience"], chance.uniform)
    served, retries, waited = 0, [], []

    async def station() -> None:
        nonlocal served
        while True:
            began = trio.current_time()
            try:
                async with line.place():
                    await trio.sleep(case["each_s"])
            except TooBusy as busy:
                retries.append(busy.retry_after)
                await trio.sleep(busy.retry_after)
                continue
            waited.append(trio.current_time() - began)
            served += 1
            return

    async with trio.open_nursery() as nursery:
        for _ in range(case["stations"]):
            nursery.start_soon(station)
    want = case["want"]
    assert served == case["stations"], "everybody gets in"
    assert len(retries) >= want["sent_away"]
    assert len(set(retries)) >= want["spread"]
    assert max(waited) <= want["longest_wait"]
