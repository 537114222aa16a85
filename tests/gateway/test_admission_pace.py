"""Admission and limits: who waits, who is sent away, and whom it costs nothing."""

import pytest
import trio
import trio.testing
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission import Admission, Pace, TooBusy
from gateway.limits import Buckets, HandshakeLimits, Rate


async def test_ten_thousand_at_once_are_served_in_their_order(autojump_clock: trio.testing.MockClock) -> None:
    admission = Admission(64, patience=12.0)
    served: list[int] = []

    async def station(number: int) -> None:
        async with admission.place():
            await trio.sleep(0.064)  # 1,000 a second
            served.append(number)

    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        for number in range(7000):
            nursery.start_soon(station, number)
            if number % 10 == 0:
                await trio.sleep(0.001)
    assert len(served) == 7000
    assert trio.current_time() - began < 8
    # trio starts tasks of one moment in any order; beyond that nobody is overtaken
    assert all(abs(at - number) < 200 for at, number in enumerate(served))


async def test_who_would_wait_too_long_is_sent_away_and_who_waits_is_not(
    autojump_clock: trio.testing.MockClock,
) -> None:
    admission = Admission(10, patience=5.0)
    served, sent_away = 0, list[int]()

    async def station() -> None:
        nonlocal served
        try:
            async with admission.place():
                await trio.sleep(0.1)  # 100 a second
                served += 1
        except TooBusy as busy:
            sent_away.append(busy.retry_after)

    async with trio.open_nursery() as nursery:
        for _ in range(100):
            for _ in range(20):
                nursery.start_soon(station)
            await trio.sleep(0.1)
    assert served + len(sent_away) == 2000
    assert 1000 < served < 1900
    assert len(set(sent_away)) > 3
    assert all(1 <= seconds <= 30 for seconds in sent_away)


def test_a_stall_is_noticed_while_it_lasts() -> None:
    pace, now = Pace(), 0.0
    for _ in range(3000):
        now += 0.001
        pace.finished(now, waiting=500)
    assert 0.4 < pace.wait(now, 500) < 0.6
    assert pace.wait(now + 20, 500) > 3
    for _ in range(3000):
        now += 0.001
        pace.finished(now, waiting=500)
    assert pace.wait(now, 500) < 0.6


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 100)), max_size=60))
def test_the_pace_is_always_a_time(steps: list[tuple[float, int]]) -> None:
    pace, now = Pace(), 0.0
    for passed, waiting in steps:
        now += passed
        pace.finished(now, waiting)
        assert 0 <= pace.wait(now, waiting) < 1e9


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = Buckets(Rate(3, 10.0))
    for _ in range(3):
        assert bucket.wait("x", 100.0) == 0
        bucket.count("x", 100.0)
    assert bucket.wait("x", 100.0) == pytest.approx(10)
    for _ in range(50):
        bucket.count("x", 100.0)  # trying on does not make it longer
    assert bucket.wait("x", 100.0) == pytest.approx(10)
    assert bucket.wait("x", 110.0) == 0
    assert bucket.wait("y", 100.0) == 0


def test_memory_is_bounded() -> None:
    bucket = Buckets(Rate(3, 10.0), kept=100)
    for number in range(1000):
        bucket.count(number, 0.0)
    assert len(bucket) == 100


def test_one_bad_station_costs_its_neighbours_nothing() -> None:
    limits = HandshakeLimits()
    for _ in range(500):
        limits.failed("10.0.0.1", "BAD", 0.0)
    assert limits.wait("10.0.0.1", "bad", 0.0) > 0
    assert limits.wait("10.0.0.1", "GOOD", 0.0) == 0
    assert limits.wait("10.0.0.2", "BAD", 0.0) == 0


def test_guessing_through_identities_ends_but_not_for_who_was_let_in() -> None:
    limits = HandshakeLimits()
    limits.let_in("10.0.0.1", "GOOD", 0.0)
    for number in range(3000):
        limits.failed("10.0.0.1", f"guess {number}", 0.0)
    assert limits.wait("10.0.0.1", "another guess", 0.0) > 0
    assert limits.wait("10.0.0.1", "good", 0.0) == 0


def test_reconnecting_fifty_times_a_second_is_tamed() -> None:
    limits = HandshakeLimits()
    let_in = 0
    for step in range(50 * 60):
        now = step / 50
        if limits.wait("10.0.0.1", "CP1", now) == 0:
            limits.let_in("10.0.0.1", "CP1", now)
            let_in += 1
    assert 40 <= let_in <= 55
    assert limits.wait("10.0.0.1", "CP1", 120.0) == 0
