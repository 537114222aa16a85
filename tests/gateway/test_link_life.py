"""Links under virtual time: silence, pings, deadlines, floods, and what a bad frame ends with."""

import contextlib
import struct

import pytest
import trio
import trio.testing

from actors.station.face import Ending, LinkClosed
from tests.gateway.conftest import Open, Site
from tests.support.fake_stations import FakeAttachment, station_config
from tests.support.wire import RawStation, frame, text


async def ended(site: Site, at: int = 0) -> Ending | None:
    attachment: FakeAttachment = site.stations.attachments[at]
    with trio.fail_after(3600):
        await attachment.detached.wait()
    return attachment.ending


async def answer_pings(station: RawStation, count: int) -> None:
    """Answers that many pings, then no more."""
    while count:
        first, payload = await station.frame()
        if first == 0x89:
            await station.send(frame(10, payload))
            count -= 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(2, b"\x00\x01"), 1003),
        (text(b"\xff"), 1007),
        (text("x" * 2_000_000), 1009),
        (text("unmasked", masked=False), 1002),
    ],
)
async def test_a_bad_frame_ends_with_its_code(listening: Open, data: bytes, code: int) -> None:
    async with listening() as site:
        station = await site.connected()
        async with trio.open_nursery() as nursery:

            async def send() -> None:
                with contextlib.suppress(trio.BrokenResourceError):  # cut while sending: what a limit is for
                    await station.send(data + text("never read"))

            nursery.start_soon(send)
            assert (await station.closed(answered=False))[0] == code
            nursery.cancel_scope.cancel()
        await station.stream.aclose()
        assert await ended(site) is Ending.VIOLATED
        assert site.stations.attachments[0].received == []


async def test_empty_and_senseless_texts_are_handed_on(listening: Open) -> None:
    async with listening(reply=lambda message: "got it") as site:
        station = await site.connected()
        for message in ("", "not json", "{}", "[1]", '"\\ud800"'):
            await station.send(text(message))
            assert await station.message() == "got it"
        assert site.stations.attachments[0].received == ["", "not json", "{}", "[1]", '"\\ud800"']


async def test_invalid_utf8_is_handed_on_for_a_station_that_is_marked(listening: Open) -> None:
    async with listening(station_config(settings={"tolerate_invalid_utf8": True}), reply=lambda _: "ok") as site:
        station = await site.connected()
        await station.send(text(b"\xff"))
        assert await station.message() == "ok"
        assert site.stations.attachments[0].received == [b"\xff"]


async def test_fragments_may_come_slowly_but_not_for_ever(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening(reply=lambda message: str(message), message_deadline=60.0) as site:
        station = await site.connected()
        await station.send(text("a", fin=False))
        for _ in range(4):
            await trio.sleep(10)
            await station.send(frame(0, b"b", fin=False))
        await station.send(frame(0, b"c"))
        assert await station.message() == "abbbbc"
        began = trio.current_time()
        await station.send(text("a", fin=False))

        async def drip() -> None:
            while True:
                await trio.sleep(1)
                await station.send(frame(0, b"b", fin=False))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(drip)
            code, reason = await station.closed()
            nursery.cancel_scope.cancel()
        assert (code, reason) == (1008, "a message took too long")
        assert 60 <= trio.current_time() - began <= 63
        assert await ended(site) is Ending.VIOLATED


async def test_a_frame_that_is_never_finished_is_not_waited_for(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening() as site:
        station = await site.connected()
        await station.send(text("the beginning of something")[:12])
        assert (await station.closed())[0] == 1008


async def test_half_open_and_never_pinging_ends_after_the_idle_window(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening() as site:
        site.stations.idle_window = 900
        await site.connected()
        began = trio.current_time()
        assert await ended(site) is Ending.PEER_SILENT
        assert 900 <= trio.current_time() - began <= 932


async def test_any_frame_counts_as_life(listening: Open, virtual_time: trio.testing.MockClock) -> None:
    async with listening(message_deadline=1000.0) as site:
        site.stations.idle_window = 100  # and a message may take longer than the pause
        station = await site.connected()
        for data in (text("x"), frame(9), text("y", fin=False), frame(0)):
            await trio.sleep(90)
            await station.send(data)
        assert not site.stations.attachments[0].detached.is_set()
        assert await ended(site) is Ending.PEER_SILENT


async def test_who_answered_pings_and_misses_two_is_offline(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening() as site:
        station = await site.connected()
        await answer_pings(station, 3)
        began = trio.current_time()
        assert await ended(site) is Ending.PEER_SILENT
        assert 60 <= trio.current_time() - began <= 95


async def test_who_never_answers_pings_stays_for_its_idle_window(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening() as site:
        await site.connected()
        await trio.sleep(600)
        assert not site.stations.attachments[0].detached.is_set()


async def test_a_station_that_waits_for_our_store_is_not_silent(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening(reply=lambda message: "at last") as site:
        site.stations.idle_window = 60
        station = await site.connected()
        attachment = site.stations.attachments[0]
        attachment.gate = trio.Event()
        await station.send(text("x") + frame(1, b"half", fin=False))
        await trio.sleep(1000)
        assert attachment.ending is None
        attachment.gate.set()
        assert await station.message() == "at last"


async def test_pings_are_answered(listening: Open) -> None:
    async with listening() as site:
        station = await site.connected()
        await station.send(frame(9, b"are you there"))
        assert await station.frame() == (0x8A, b"are you there")


async def test_a_station_that_takes_nothing_is_given_up(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening(send_deadline=20.0) as site:
        await site.connected()
        link = site.stations.attachments[0].link
        began = trio.current_time()
        with pytest.raises(LinkClosed):
            await link.send("x" * 100_000_000)
        assert 20 <= trio.current_time() - began <= 21
        with pytest.raises(LinkClosed):
            await link.send("more")
        assert await ended(site) is Ending.PEER_SILENT


async def test_many_senders_do_not_mix_their_frames(listening: Open) -> None:
    async with listening() as site:
        station = await site.connected()
        link = site.stations.attachments[0].link
        messages = [str(number) * 50_000 for number in range(10)]
        async with trio.open_nursery() as nursery:
            for message in messages:
                nursery.start_soon(link.send, message)
            await trio.testing.wait_all_tasks_blocked()
            assert sorted([await station.message() for _ in messages]) == sorted(messages)


async def test_a_cancelled_sender_leaves_whole_frames(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening() as site:
        station = await site.connected()
        link = site.stations.attachments[0].link
        with trio.move_on_after(1):
            await link.send("x" * 10_000_000)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(link.send, "after")
            assert len(await station.message()) == 10_000_000
            assert await station.message() == "after"


async def test_the_first_ending_wins(listening: Open) -> None:
    async with listening() as site:
        station = await site.connected()
        link = site.stations.attachments[0].link
        link.close(1013, "store", Ending.STORE_SILENT)
        link.close(1012, "stopping", Ending.STOPPING)
        assert await station.closed() == (1013, "store")
        assert await station.ended()
        assert await ended(site) is Ending.STORE_SILENT


async def test_a_station_says_goodbye(listening: Open) -> None:
    async with listening() as site:
        station = await site.connected()
        await station.send(frame(8, struct.pack("!H", 1001) + b"off"))
        assert await station.frame() == (0x88, struct.pack("!H", 1001))
        assert await station.ended()
        assert await ended(site) is Ending.PEER_CLOSED


async def test_a_fault_in_an_actor_ends_that_link_alone(listening: Open) -> None:
    def reply(message: str | bytes) -> str | None:
        if message == "crash":
            raise OSError("a fault that looks like the network's")
        return "fine"

    async with listening(station_config(), station_config("CP2"), reply=reply) as site:
        bad, good = await site.connected(), await site.connected("/ocpp/CP2")
        await bad.send(text("crash"))
        assert (await bad.closed())[0] == 1011
        assert await ended(site) is Ending.BUG
        await good.send(text("x"))
        assert await good.message() == "fine"


async def test_a_flood_does_not_starve_the_others(listening: Open) -> None:
    async with listening(station_config(), station_config("CP2"), reply=lambda message: "answer") as site:
        flooding, calm = await site.connected(), await site.connected("/ocpp/CP2")
        async with trio.open_nursery() as nursery:

            async def flood() -> None:
                burst = text("x") * 1000
                while True:
                    await flooding.send(burst)

            async def swallow() -> None:
                while await flooding.more():
                    flooding.buffer = b""

            nursery.start_soon(flood)
            nursery.start_soon(swallow)
            waits = []
            for _ in range(20):
                began = trio.current_time()
                await calm.send(text("hello"))
                assert await calm.message() == "answer"
                waits.append(trio.current_time() - began)
            nursery.cancel_scope.cancel()
        assert sorted(waits)[10] < 0.5
