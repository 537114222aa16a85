"""One consumer: read, hand on, remember the place. A handler that fails holds up nobody but itself."""

import math
from collections.abc import Sequence

import asyncpg
import structlog
import trio

from actors.ports import StoreUnavailable as NoVerdict
from protocol.events.envelope import Event
from protocol.redact import redact_text
from storage.errors import StoreUnavailable
from storage.outbox.bus import Subscription, TryLater
from storage.outbox.pace import ConsumerState, Pace
from storage.outbox.positions import find_position, move_position, reset_position
from storage.outbox.reader import Position, Read, read
from storage.pool import Pool

_STORE_FAULTS = (StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError)
log = structlog.get_logger(__name__)


class Consumer:
    """Runs one subscription until it is cancelled, or until it has caught up once `finish` was called."""

    def __init__(self, subscription: Subscription, pool: Pool, pace: Pace) -> None:
        self.name = subscription.name
        self._subscription = subscription
        self._pool = pool
        self._pace = pace
        self.ready = trio.Event()
        self._woken = trio.Event()
        self._looks = 0
        self._finishing = False
        self._position: Position | None = None
        self._saved: Position | None = None
        self._swept = -math.inf
        self._handled = self._failures = self._parked = self._pending = 0
        self._last_error: str | None = None

    def wake(self) -> None:
        """Something was committed. Cheap, never waits."""
        self._looks = self._pace.looks
        self._woken.set()

    def finish(self) -> None:
        """Take what there is, then end."""
        self._finishing = True
        self.wake()

    def state(self) -> ConsumerState:
        waiting = self._last_error is not None
        return ConsumerState(
            self.name, self._subscription.durable, self._handled, self._failures, self._parked, waiting,
            self._pending, self._last_error,
        )  # fmt: skip

    async def run(self) -> None:
        """Sets `ready` as soon as it knows where it stands, or the store has failed to say so."""
        failed = 0
        try:
            while True:
                last = self._finishing  # before the reading: what was committed until now must be in it
                try:
                    if self._position is None:
                        self._position = self._saved = await find_position(self._pool, self._subscription)
                        self.ready.set()
                    more = await self._round()
                    self._last_error, failed = None, 0
                except _STORE_FAULTS as error:
                    # The store's trouble passes or is mended; whatever it is, this consumer must still be there then.
                    failed += 1
                    self.ready.set()
                    await self._pause_after(error, failed)
                    continue
                if not more:
                    if last:
                        return
                    await self._sleep()
        finally:
            with trio.CancelScope(shield=True), trio.move_on_after(2):
                await self._save_at_end()

    async def _round(self) -> bool:
        """One batch. False when there was nothing more to read."""
        assert self._position is not None
        self._looks -= 1
        now = trio.current_time()
        sweep = now - self._swept >= self._pace.sweep
        found = await read(self._pool, self._position, limit=self._pace.batch, sweep=sweep)
        if sweep and len(found) < self._pace.batch:
            self._swept = now
        await self._hand_on(found)
        await self._save()
        if not found and self._position.restored:
            await self._leave_old_server()
            return True
        return len(found) == self._pace.batch

    async def _hand_on(self, found: Sequence[Read]) -> None:
        types = self._subscription.types
        self._pending = len(found)
        try:
            for each in found:
                if types is None or each.event.type in types:
                    await self._deliver(each.event)
                self._position = each.position
                self._pending -= 1
        finally:
            self._pending = 0

    async def _deliver(self, event: Event) -> None:
        """Until the handler has taken it, or it is parked."""
        tries = failed = 0
        while True:
            try:
                with trio.fail_after(self._pace.handler_deadline):
                    await self._subscription.handler(event)
            except (TryLater, NoVerdict, StoreUnavailable) as error:
                fault: Exception = error
            except Exception as error:  # noqa: BLE001 - a bug in one handler must stop neither it nor the others
                fault = error
                tries += 1
                if tries >= self._pace.tries:
                    self._park(event, error, tries)
                    return
            else:
                self._handled += 1
                self._last_error = None
                return
            failed += 1
            await self._pause_after(fault, failed, event=event)

    def _park(self, event: Event, error: Exception, tries: int) -> None:
        self._parked += 1
        self._failures += 1
        self._last_error = None
        log.error(
            "event_parked", consumer=self.name, event_id=str(event.id), type=event.type, subject=event.subject,
            tenant=str(event.tenant_id), tries=tries, error=_told(error), exc_info=error,
        )  # fmt: skip

    async def _pause_after(self, error: Exception, failed: int, event: Event | None = None) -> None:
        """Waits, longer each time. What was taken so far is saved first: the wait may outlive us."""
        self._failures += 1
        self._last_error = _told(error)
        wait = min(self._pace.first_wait * 2 ** min(failed - 1, 30), self._pace.longest_wait)
        if failed == 1 or wait == self._pace.longest_wait:
            log.warning(
                "consumer_waits", consumer=self.name, event_id=str(event.id) if event else None,
                type=event.type if event else None, failures=failed, seconds=wait, error=self._last_error,
            )  # fmt: skip
        if event is not None:
            await self._save_if_possible()
        await trio.sleep(wait)

    async def _save(self) -> None:
        position = self._position
        if position is None or position == self._saved:
            return
        if self._subscription.durable:
            await move_position(self._pool, self.name, position)
        self._saved = position

    async def _save_if_possible(self) -> None:
        try:
            await self._save()
        except _STORE_FAULTS:
            self._failures += 1  # the next round saves it

    async def _save_at_end(self) -> None:
        try:
            await self._save()
        except _STORE_FAULTS as error:
            log.warning("consumer_position_not_saved", consumer=self.name, error=_told(error))

    async def _leave_old_server(self) -> None:
        """A dump from another server was restored here, and its events are taken: this server counts anew."""
        assert self._position is not None
        log.warning("consumer_restored", consumer=self.name, xid=self._position.xid)
        await reset_position(self._pool, self.name, self._position)
        self._position = self._saved = await find_position(self._pool, self._subscription)

    async def _sleep(self) -> None:
        """Until something was committed, or for a while; a few short times after a wake-up."""
        looked = self._pace.looks - self._looks
        timeout = self._pace.spacing * 2 ** max(looked, 0) if self._looks > 0 else self._pace.poll
        with trio.move_on_after(timeout):
            await self._woken.wait()
        if self._woken.is_set():
            self._woken = trio.Event()
            if not self._finishing:
                await trio.sleep(self._pace.spacing)


def _told(error: Exception) -> str:
    return redact_text(f"{type(error).__name__}: {error}")[:500]
