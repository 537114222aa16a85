"""The kernel's small parts: who holds an identity, who must stay away, where bugs end, what wakes in time."""

from typing import Any

import trio
import trio.lowlevel
import trio.testing
from hypothesis import given
from hypothesis import strategies as st

from actors.kernel.holdoff import HoldOff, crashed
from actors.kernel.registry import Claim, Registry
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 30))))
def test_a_leaver_removes_only_itself_and_fences_only_rise(steps: list[tuple[bool, int, int]]) -> None:
    registry: Registry[int, str] = Registry()
    made: list[Claim[int, str]] = []
    current: dict[int, Claim[int, str]] = {}
    for claims, key, which in steps:
        if claims or not made:
            claim, older = registry.claim(key, f"holder {len(made)}")
            assert older is current.get(key)
            assert all(claim.fence > before.fence for before in made)
            made.append(claim)
            current[key] = claim
        else:
            leaver = made[which % len(made)]
            was = current.get(leaver.key) is leaver
            assert leaver.current is was
            assert leaver.release() is was
            if was:
                del current[leaver.key]
        assert {claim.key: claim for claim in registry} == current
        assert len(registry) == len(current)
        assert all(claim.current is (current.get(claim.key) is claim) for claim in made)


def test_a_station_that_crashes_us_stays_away_longer_each_time_up_to_an_hour() -> None:
    held, now, waits = None, 1000.0, []
    for _ in range(12):
        held = crashed(held, now)
        waits.append(held.waiting(now))
        now += (waits[-1] or 0) + 1
    assert waits == [None, None, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_crashes_long_ago_are_forgotten() -> None:
    held = crashed(crashed(None, 0.0), 10.0)
    assert crashed(held, 700.0) == HoldOff(1, 700.0, 0.0)
    held = crashed(held, 20.0)
    assert (held.waiting(20.0), held.waiting(50.0)) == (30.0, None)


async def test_a_short_tasks_bug_is_counted_and_its_neighbours_go_on(autojump_clock: Any) -> None:
    told: list[str] = []
    done: list[str] = []

    def report(actor: object, error: Exception, message: object) -> bool:
        told.append(repr(error))
        return isinstance(error, ValueError)

    async def fails(error: Exception) -> None:
        await trio.sleep(1)
        raise error

    async def works() -> None:
        await trio.sleep(2)
        done.append("neighbour")

    async with trio.open_nursery() as nursery:
        supervisor = Supervisor(nursery, report)
        supervisor.start(lambda: fails(ValueError("ours")))
        supervisor.start(lambda: fails(OSError("the world's")))
        supervisor.start(works)
        await supervisor.idle()
        assert (len(told), supervisor.bugs, done) == (2, 1, ["neighbour"])
        await supervisor.idle()


async def test_timers_call_once_in_order_and_an_earlier_one_is_not_missed(autojump_clock: Any) -> None:
    called: list[tuple[str, float]] = []
    timers, start = Timers(), trio.current_time()

    def note(name: str) -> None:
        called.append((name, trio.current_time() - start))
        if name == "first":
            timers.at(start + 3, lambda: note("from within"))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(timers.run)
        await trio.lowlevel.checkpoint()
        timers.at(start + 5, lambda: note("late"))
        await trio.sleep(1)
        timers.at(start + 2, lambda: note("first"))
        timers.at(start - 9, lambda: note("past"))
        await trio.sleep(10)
        assert [(name, round(when)) for name, when in called] == [
            ("past", 1), ("first", 2), ("from within", 3), ("late", 5),
        ]  # fmt: skip
        assert len(timers) == 0
        nursery.cancel_scope.cancel()
