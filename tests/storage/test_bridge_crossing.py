"""The bridge itself, without a database: results, errors and cancellation cross it, and nothing is left behind."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
import trio

from storage.bridge import open_bridge
from storage.errors import ShuttingDown


async def test_result_and_thread() -> None:
    async def where() -> str:
        await asyncio.sleep(0)
        return threading.current_thread().name

    async with open_bridge() as bridge:
        assert await bridge.run(where) == "voltyard-store"
    assert "voltyard-store" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("kind", [KeyError, ZeroDivisionError, KeyboardInterrupt, SystemExit, StopAsyncIteration])
async def test_exceptions_keep_their_type(kind: type[BaseException]) -> None:
    async def fail() -> None:
        raise kind("over there")

    async with open_bridge() as bridge:
        with pytest.raises(kind, match="over there"):
            await bridge.run(fail)

        async def well() -> int:
            return 7

        assert await bridge.run(well) == 7  # the loop survived


async def test_cancelled_work_has_ended_when_the_caller_goes_on() -> None:
    events: list[str] = []

    async def slow_to_die() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            events.append("ended")

    async with open_bridge() as bridge:
        with trio.move_on_after(0.02) as scope:
            await bridge.run(slow_to_die)
        events.append("went on")
    assert scope.cancelled_caught
    assert events == ["ended", "went on"]


async def test_work_that_finishes_all_the_same_gives_its_result() -> None:
    async def stubborn() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "done"
        return "slept"

    async with open_bridge() as bridge:
        with trio.move_on_after(0.02):
            result = await bridge.run(stubborn)
            assert result == "done"
            await trio.lowlevel.checkpoint()
            pytest.fail("the cancellation was lost")


async def test_already_cancelled_caller_starts_nothing() -> None:
    started = []

    async def work() -> None:
        started.append(1)

    async with open_bridge() as bridge:
        with trio.CancelScope() as scope:
            scope.cancel()
            await bridge.run(work)
        assert scope.cancelled_caught
    assert started == []


async def test_closed_bridge() -> None:
    async def work() -> None:
        pass

    async with open_bridge() as bridge:
        pass
    with pytest.raises(ShuttingDown, match="closed"):
        await bridge.run(work)


async def test_asyncios_cancellation_never_reaches_trio_code() -> None:
    async def cancelled_over_there() -> None:
        raise asyncio.CancelledError

    async with open_bridge() as bridge:
        with pytest.raises(ShuttingDown):
            await bridge.run(cancelled_over_there)


async def test_crossings_run_side_by_side() -> None:
    async def nap() -> None:
        await asyncio.sleep(0.1)

    async with open_bridge() as bridge:
        began = time.monotonic()
        async with trio.open_nursery() as nursery:
            for _ in range(50):
                nursery.start_soon(bridge.run, nap)
    assert time.monotonic() - began < 2.0
