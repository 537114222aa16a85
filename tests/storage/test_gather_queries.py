"""One query for many askers, under virtual time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import trio
from trio.testing import MockClock

from actors.ports import StoreUnavailable
from storage.gather import Gather


class Source:
    """Doubles numbers, a second a query."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.fails = False

    async def fetch(self, keys: Sequence[int]) -> list[int]:
        self.asked.append(list(keys))
        await trio.sleep(1)
        if self.fails:
            raise OSError("gone")
        return [2 * key for key in keys]


async def test_those_who_ask_during_a_query_share_the_next(autojump_clock: MockClock) -> None:
    source = Source()
    gather = Gather(source.fetch, most=10, line=100)
    said: dict[int, int] = {}

    async def ask(key: int) -> None:
        said[key] = await gather.ask(key)

    async with trio.open_nursery() as nursery:
        await nursery.start(gather.run)
        async with trio.open_nursery() as askers:
            askers.start_soon(ask, 0)
            await trio.sleep(0.5)
            for key in range(1, 26):
                askers.start_soon(ask, key)
        nursery.cancel_scope.cancel()
    assert said == {key: 2 * key for key in range(26)}
    assert [len(keys) for keys in source.asked] == [1, 10, 10, 5]


async def test_a_failed_query_gives_no_verdict_and_the_next_works(autojump_clock: MockClock) -> None:
    source = Source()
    gather = Gather(source.fetch, most=10, line=100)
    async with trio.open_nursery() as nursery:
        await nursery.start(gather.run)
        source.fails = True
        with pytest.raises(StoreUnavailable):
            await gather.ask(1)
        source.fails = False
        assert await gather.ask(1) == 2
        nursery.cancel_scope.cancel()


async def test_who_leaves_costs_nobody_and_may_ask_again(autojump_clock: MockClock) -> None:
    source = Source()
    gather = Gather(source.fetch, most=10, line=100)
    async with trio.open_nursery() as nursery:
        await nursery.start(gather.run)
        with trio.move_on_after(0.5):
            await gather.ask(1)
        with trio.move_on_after(0.1):  # waits behind the first query and leaves before its own begins
            await gather.ask(2)
        assert await gather.ask(3) == 6
        nursery.cancel_scope.cancel()
    assert source.asked == [[1], [3]]


async def test_a_full_line_and_a_closed_one_refuse_at_once(autojump_clock: MockClock) -> None:
    gather = Gather(Source().fetch, most=1, line=1)
    refused = 0

    async def ask(key: int) -> None:
        nonlocal refused
        try:
            await gather.ask(key)
        except StoreUnavailable:
            refused += 1

    async with trio.open_nursery() as nursery:
        await nursery.start(gather.run)
        async with trio.open_nursery() as askers:
            askers.start_soon(ask, 0)
            await trio.sleep(0.5)
            askers.start_soon(ask, 1)
            await trio.sleep(0.1)
            askers.start_soon(ask, 2)
        nursery.cancel_scope.cancel()
    assert refused == 1
    with pytest.raises(StoreUnavailable):
        await gather.ask(9)
