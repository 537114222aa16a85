"""What runs beside the stations may have bugs; the node goes on."""

from typing import Any

import trio

from gateway.background import in_background


async def test_a_bug_is_survived_and_the_work_begun_again(autojump_clock: Any) -> None:
    runs: list[float] = []

    async def work() -> None:
        runs.append(trio.current_time())
        if len(runs) < 4:
            raise ValueError("a bug")
        await trio.sleep_forever()

    begin = trio.current_time()
    async with in_background(work):
        await trio.sleep(100)
    assert [at - begin for at in runs] == [0, 5, 15, 35]


async def test_work_that_ends_is_not_begun_again(autojump_clock: Any) -> None:
    runs: list[int] = []

    async def work() -> None:
        runs.append(1)

    async with in_background(work):
        await trio.sleep(100)
    assert runs == [1]
