"""Mailboxes and actors: bounds, newest values, asks with a deadline, no lost wake-up, cancellation anywhere."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.kernel.actor import Actor, ActorGone
from actors.kernel.mailbox import Mailbox, MailboxFull
from actors.kernel.supervisor import Supervisor


class Recorder(Actor[Any]):
    """Remembers what it handled; "boom" is a bug of its own, a float is a time it needs."""

    mailbox_size = 4

    def __init__(self, supervisor: Supervisor) -> None:
        super().__init__(supervisor)
        self.handled: list[Any] = []
        self.inside = 0

    async def handle(self, message: Any) -> Any:
        assert self.inside == 0, "one message at a time"
        self.inside += 1
        try:
            await trio.lowlevel.checkpoint()
            if message == "boom":
                raise ValueError("boom")
            if isinstance(message, float):
                await trio.sleep(message)
            self.handled.append(message)
            return ("done", message)
        finally:
            self.inside -= 1


class Watched:
    """A supervisor in a nursery of its own, and what it was told of."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self.told: list[tuple[object, str, object]] = []
        self.nursery = nursery
        self.supervisor = Supervisor(nursery, self.report)

    def report(self, actor: object, error: Exception, message: object) -> bool:
        self.told.append((actor, repr(error), message))
        return True


def test_a_full_queue_says_so_and_slots_keep_the_newest_of_a_key() -> None:
    box: Mailbox[str] = Mailbox(2)
    box.put("a")
    box.put("b")
    with pytest.raises(MailboxFull):
        box.put("c")
    for key, value in (("x", "x1"), ("y", "y1"), ("x", "x2")):
        box.put_newest(key, value)
    assert len(box) == 4
    assert [box.take() for _ in range(5)] == ["y1", "x2", "a", "b", None]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers())))
def test_slots_are_bounded_too_and_the_newest_keys_stay(told: list[tuple[int, int]]) -> None:
    box: Mailbox[tuple[int, int]] = Mailbox(3)
    for key, value in told:
        box.put_newest(key, (key, value))
    kept = []
    while (message := box.take()) is not None:
        kept.append(message)
    newest = dict(told)
    assert len(kept) == min(3, len(newest))
    assert all(newest[key] == value for key, value in kept)


async def test_what_is_told_is_handled_in_order_and_an_idle_actor_has_no_task(autojump_clock: Any) -> None:
    async with trio.open_nursery() as nursery:
        watched = Watched(nursery)
        actor = Recorder(watched.supervisor)
        assert not nursery.child_tasks
        for message in "abcd":
            actor.tell(message)
        assert len(nursery.child_tasks) == 1
        with pytest.raises(MailboxFull):
            actor.tell("e")
        await watched.supervisor.idle()
        await trio.testing.wait_all_tasks_blocked()
        assert actor.handled == list("abcd")
        assert not nursery.child_tasks
        assert actor.waiting == 0


async def test_an_ask_is_answered_or_busy_or_too_slow_or_gone(autojump_clock: Any) -> None:
    async with trio.open_nursery() as nursery:
        watched = Watched(nursery)
        actor = Recorder(watched.supervisor)
        assert await actor.ask("a", trio.current_time() + 1) == ("done", "a")
        actor.tell(10.0)
        with pytest.raises(trio.TooSlowError):
            await actor.ask("too slow", trio.current_time() + 5)
        for message in (0.1, 0.2, 0.3):
            actor.tell(message)
        with pytest.raises(MailboxFull):
            await actor.ask("busy", trio.current_time() + 5)
        await watched.supervisor.idle()
        assert actor.handled == ["a", 10.0, 0.1, 0.2, 0.3], "whose asker has gone is not handled any more"
        actor.tell(1.0)
        outcomes: list[str] = []

        async def ask() -> None:
            try:
                await actor.ask("never", trio.current_time() + 5)
            except ActorGone:
                outcomes.append("gone")

        async with trio.open_nursery() as asking:
            asking.start_soon(ask)
            await trio.sleep(0.5)
            actor.stop()
        assert outcomes == ["gone"]
        with pytest.raises(ActorGone):
            actor.tell("x")
        with pytest.raises(ActorGone):
            actor.tell_newest("key", "x")


async def test_a_bug_reaches_the_asker_and_the_supervisor_and_the_next_message_is_handled(autojump_clock: Any) -> None:
    async with trio.open_nursery() as nursery:
        watched = Watched(nursery)
        actor, other = Recorder(watched.supervisor), Recorder(watched.supervisor)
        actor.tell("boom")
        actor.tell("a")
        other.tell("b")
        with pytest.raises(ValueError, match="boom"):
            await actor.ask("boom", trio.current_time() + 1)
        await watched.supervisor.idle()
        assert (actor.handled, other.handled) == (["a"], ["b"])
        assert watched.told == [(actor, "ValueError('boom')", "boom")] * 2
        assert watched.supervisor.bugs == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(("tell", "ask", "run", "newest"))), max_size=30))
def test_no_wake_up_is_lost_whatever_the_schedule(steps: list[tuple[int, str]]) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            watched = Watched(nursery)
            actor = Recorder(watched.supervisor)
            actor.mailbox_size = 100
            sent: list[int] = []
            async with trio.open_nursery() as senders:
                for number, (pauses, way) in enumerate(steps):
                    for _ in range(pauses):
                        await trio.lowlevel.checkpoint()
                    sent.append(number)
                    if way == "tell":
                        actor.tell(number)
                    elif way == "newest":
                        actor.tell_newest(number, number)
                    elif way == "ask":
                        senders.start_soon(actor.ask, number, trio.current_time() + 60)
                    else:
                        senders.start_soon(actor.run, number)
            await watched.supervisor.idle()
            assert sorted(actor.handled) == sent
            assert actor.waiting == 0
            assert watched.told == []

    trio.run(main)


class CancelsAt(trio.abc.Instrument):
    """Cancels a scope just before its task is scheduled for the n-th time."""

    def __init__(self, scope: trio.CancelScope, number: int) -> None:
        self.scope, self.left = scope, number
        self.task: trio.lowlevel.Task | None = None

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        if task is self.task:
            self.left -= 1
            if self.left == 0:
                self.scope.cancel()


async def cancelled_at(number: int, work: Callable[[], Awaitable[Any]]) -> bool:
    """Runs `work` in a task that is cancelled at its n-th step; True when it got that far."""
    with trio.CancelScope() as scope:
        instrument = CancelsAt(scope, number)

        async def run() -> None:
            instrument.task = trio.lowlevel.current_task()
            with scope:
                await work()

        scope = instrument.scope = trio.CancelScope()
        trio.lowlevel.add_instrument(instrument)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(run)
        finally:
            trio.lowlevel.remove_instrument(instrument)
    return instrument.left <= 0


@pytest.mark.parametrize("way", ["run", "ask"])
async def test_a_caller_cancelled_at_any_step_harms_nobody(way: str, autojump_clock: Any) -> None:
    number, far = 1, True
    while far:
        async with trio.open_nursery() as nursery:
            watched = Watched(nursery)
            actor = Recorder(watched.supervisor)
            actor.tell(0.5)

            async def call(actor: Recorder = actor) -> None:
                if way == "run":
                    await actor.run(0.25)
                else:
                    await actor.ask(0.25, trio.current_time() + 5)

            far = await cancelled_at(number, call)
            assert await actor.ask("after", trio.current_time() + 5) == ("done", "after")
            await watched.supervisor.idle()
            assert actor.handled.count("after") == 1
            assert actor.handled.count(0.25) <= 1
            assert not watched.told
            await trio.testing.wait_all_tasks_blocked()
            assert not nursery.child_tasks
        number += 1
    assert number > 2


async def test_who_asks_is_told_when_the_node_ends_at_any_step(autojump_clock: Any) -> None:
    for steps in range(12):
        outcome: list[object] = []
        async with trio.open_nursery() as askers:
            async with trio.open_nursery() as nursery:
                actor = Recorder(Watched(nursery).supervisor)

                async def ask(actor: Recorder = actor, outcome: list[object] = outcome) -> None:
                    try:
                        outcome.append(await actor.ask(1.0, trio.current_time() + 100))
                    except ActorGone:
                        outcome.append("gone")

                for _ in range(3):
                    askers.start_soon(ask)
                for _ in range(steps):
                    await trio.lowlevel.checkpoint()
                nursery.cancel_scope.cancel()
            before = trio.current_time()
            await trio.testing.wait_all_tasks_blocked()
            actor.stop()
        assert len(outcome) == 3
        assert trio.current_time() - before < 1
