"""An actor: state that only one task at a time may change, and a mailbox that costs nothing while it is empty.

It has no task of its own. Whoever brings a message that needs its answer now runs `handle` directly (`run`); a message
left in the mailbox (`tell`, `ask`) starts a short task that drains it. Both take turns: one message at a time.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

import trio

from actors.kernel.mailbox import Mailbox
from actors.kernel.supervisor import ActorGone, Supervisor

__all__ = ["Actor", "ActorGone"]

M = TypeVar("M")
_MISSING: Any = object()


class _Ask(Generic[M]):
    """A message with somebody waiting for its result."""

    __slots__ = ("done", "error", "given_up", "message", "result")

    def __init__(self, message: M) -> None:
        self.message = message
        self.done = trio.Event()
        self.result: Any = _MISSING
        self.error: Exception | None = None
        self.given_up = False


class Actor(ABC, Generic[M]):
    """Subclasses write `handle`."""

    __slots__ = ("_busy", "_draining", "_mailbox", "_queue", "_stopped", "_supervisor")

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._mailbox: Mailbox[M | _Ask[M]] | None = None
        self._busy = False
        self._queue: trio.lowlevel.ParkingLot | None = None
        self._draining = False
        self._stopped = False

    mailbox_size = 64

    @abstractmethod
    async def handle(self, message: M) -> Any:
        """One message, none beside it. An exception is a bug: the supervisor hears of it, the message is dropped."""

    @property
    def waiting(self) -> int:
        """How many messages lie in the mailbox."""
        return 0 if self._mailbox is None else len(self._mailbox)

    def tell(self, message: M) -> None:
        """Leaves a message. Raises MailboxFull or ActorGone."""
        self._put(message)

    def tell_newest(self, key: Hashable, message: M) -> None:
        """Leaves a message that replaces an older one of that key. Raises ActorGone."""
        if self._stopped:
            raise ActorGone
        self._box().put_newest(key, message)
        self._wake()

    async def ask(self, message: M, deadline: float) -> Any:
        """Leaves a message and waits for what `handle` returns, until that trio time.

        Raises MailboxFull at once, TooSlowError at the deadline, ActorGone, or what `handle` raised. A message whose
        turn has not come by then is never handled.
        """
        asked = _Ask(message)
        self._put(asked)
        try:
            with trio.fail_at(deadline):
                await asked.done.wait()
        finally:
            asked.given_up = True
        if asked.error is not None:
            raise asked.error
        return asked.result

    async def run(self, message: M) -> Any:
        """Handles a message now, in the caller's task, after what is being handled. Cancellation passes through.

        Never from within `handle` of the same actor: it would wait for itself. A trio.Lock would say so, at 2 µs for
        every message and half a kilobyte for every station.
        """
        if self._busy:
            if self._queue is None:
                self._queue = trio.lowlevel.ParkingLot()
            await self._queue.park()  # whoever is before hands the turn over, so nobody comes between
        self._busy = True
        try:
            return await self.handle(message)
        finally:
            if self._queue:
                self._queue.unpark()
            else:
                self._busy = False

    def stop(self) -> None:
        """Takes no more messages; those who wait are told that it is gone."""
        self._stopped = True
        while self._mailbox is not None and (message := self._mailbox.take()) is not None:
            if isinstance(message, _Ask):
                message.error = ActorGone()
                message.done.set()

    def _box(self) -> Mailbox[M | _Ask[M]]:
        if self._mailbox is None:
            self._mailbox = Mailbox(self.mailbox_size)
        return self._mailbox

    def _put(self, message: M | _Ask[M]) -> None:
        if self._stopped:
            raise ActorGone
        self._box().put(message)
        self._wake()

    def _wake(self) -> None:
        if not self._draining:
            try:
                self._supervisor.start(self._drain)
            except ActorGone:
                self.stop()
                raise
            self._draining = True

    async def _drain(self) -> None:
        # No await lies between finding the mailbox empty and clearing the flag: no wake-up is lost.
        try:
            while self._mailbox is not None and (message := self._mailbox.take()) is not None:
                await self._drain_one(message)
        except trio.Cancelled:
            self.stop()  # the node ends: nobody will drain what is left
            raise
        finally:
            self._draining = False

    async def _drain_one(self, message: M | _Ask[M]) -> None:
        if not isinstance(message, _Ask):
            try:
                await self.run(message)
            except Exception as error:  # noqa: BLE001 - the supervisor is where bugs of actors end
                self._supervisor.bug(self, error, message)
            return
        if message.given_up:
            return
        try:
            message.result = await self.run(message.message)
        except Exception as error:  # noqa: BLE001 - as above; and whoever asked hears of it
            message.error = error
            self._supervisor.bug(self, error, message.message)
        finally:
            if message.result is _MISSING and message.error is None:
                message.error = ActorGone()
            message.done.set()
