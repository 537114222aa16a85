"""One forward: connects while its station is there or something waits, tells what waits in order, lets commands in.

Its pace is its own. Nothing here is waited for by the station's actor: messages come out of the database, and commands
go in as an operator's do.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
import structlog
import trio
from trio_websocket import HandshakeError

from actors.forward.messages import KEPT, CannotTell, NoTransaction, boot, incoming, may, number_of, outgoing
from actors.ports import Store, StoreUnavailable
from actors.station.face import CommandResult, RawCommand, Stations
from gateway.forwarding.wire import Answered, CannotSay, LookUp, Lost, Refused, Silent, Wire, open_wire
from gateway.tally import Tally
from protocol.ocpp.errors import ErrorCode, recognise
from protocol.ocpp.version import Version
from protocol.redact import redact_text
from storage.forwards import Forward, Forwards, Waiting

log = structlog.get_logger("forwarding")
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
_POLL: Final = 1.0
_BATCH: Final = 50
_TRIES: Final = 3
_SAVE_EVERY: Final = 5.0
_COMMAND: Final = 25.0
_TOLD_EVERY: Final = 60.0
_LASTED: Final = 60.0  # seconds of a connection that was no failure
_SEND_ONLY: Final = frozenset(("NotifyPeriodicEventStream",))
Credentials = tuple[str, str] | None
Told = Callable[[Forward, str, str, int, str], None]
"""(forward, kind, detail or action, how often, why)."""
T = TypeVar("T")


class Forwarder:
    """`told` is called for what an operator should hear of: connected, lost, refused, skipped."""

    def __init__(
        self, forward: Forward, credentials: Credentials, *, forwards: Forwards, store: Store, stations: Stations,
        now: Callable[[], datetime], look_up: LookUp, told: Told,
    ) -> None:  # fmt: skip
        self.forward = forward
        self._credentials = credentials
        self._forwards = forwards
        self._store = store
        self._stations = stations
        self._now = now
        self._look_up = look_up
        self._told = told
        self._position = forward.position
        self._version = Version.V16
        self._accepted = forward.accepted
        self._theirs: dict[int, int] = {}
        self._ours: dict[int, int] = {}
        self._tries = 0
        self._saved_at = 0.0
        self._dirty = False
        self._said = trio.current_time()
        self._tally: Tally[tuple[str, str]] = Tally(_TOLD_EVERY)
        self._reasons: dict[tuple[str, str], str] = {}  # the last one
        self.state: dict[str, Any] = {
            "sent": 0, "skipped": 0, "commands": 0, "refused_commands": 0, "last_error": None,
        } | forward.state | {"connected": False}  # fmt: skip
        self._leaving = False

    def takes(self, changed: Forward) -> bool:
        """True for a change that needs no other connection: of what that side may command."""
        if (changed.username, changed.password_sealed) != (self.forward.username, self.forward.password_sealed):
            return False
        self.forward = changed
        return True

    def leave(self) -> None:
        """Ends after the message that is being told."""
        self._leaving = True

    async def run(self) -> None:
        """Until cancelled, or told to leave."""
        for ours, theirs in reversed(await self._patiently(lambda: self._forwards.numbers(self.forward))):
            self._number(ours, theirs)
        pause = _FIRST_PAUSE
        while not self._leaving:
            self._version = await self._something_to_do()
            try:
                if await self._connected(self._version):
                    pause = _FIRST_PAUSE
                    continue
            except StoreUnavailable as error:
                self._failed(error)
            await trio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await ask()
            except StoreUnavailable:
                await trio.sleep(_LONGEST_PAUSE / 10)

    async def _something_to_do(self) -> Version:
        """Returns when something waits or the station is there: the version to speak."""
        while True:
            found = await self._patiently(lambda: self._forwards.waiting(self.forward, self._position, 1))
            if found:
                return Version(found[0].version)
            live = self._stations.live(self.forward.station_id)
            if live is not None and live.online and live.version is not None:
                return live.version
            await self._pause()

    async def _pause(self) -> None:
        for (kind, action), count in self._tally.due(trio.current_time()):
            self._told(self.forward, kind, action, count, self._reasons[kind, action])
        await trio.sleep(_POLL)

    def _online(self) -> bool:
        live = self._stations.live(self.forward.station_id)
        return live is not None and live.online

    # One connection

    async def _connected(self, version: Version) -> bool:
        """True when it was of use: that side accepted the station."""
        useful, began, position, why = False, trio.current_time(), self._position, "stopped here"
        try:
            async with open_wire(
                self.forward.url, self.forward.identity, self._credentials, version, self._command,
                self._look_up,
            ) as wire:  # fmt: skip
                self.state["connected"] = True
                self._told(self.forward, "connected", version.value, 1, "")
                useful = await self._talk(wire)
            why = "switched off or changed here" if self._leaving else "nothing left to tell"
        except* (OSError, HandshakeError, Silent, trio.TooSlowError) as group:
            first: BaseException = group
            while isinstance(first, BaseExceptionGroup):
                first = first.exceptions[0]
            why = self._failed(first)
            # A side that takes connections and drops them is asked less and less often, as one that is away.
            lasted = self._position != position or trio.current_time() - began >= _LASTED
            useful = self._accepted and self.state["connected"] and lasted
        finally:
            was, self.state["connected"] = self.state["connected"], False
            with trio.CancelScope(shield=True), trio.move_on_after(2):
                await self._save()
            if was:
                self._told(self.forward, "lost", why, 1, "")
        return useful

    async def _talk(self, wire: Wire) -> bool:
        interval = 300.0
        if not self._accepted:
            interval = await self._introduce(wire)
        while True:
            batch = await self._forwards.waiting(self.forward, self._position, _BATCH)
            for each in batch:
                if self._leaving:
                    return True
                if each.version != wire.version.value:
                    return True  # the station has changed its version: so does the other connection
                await self._tell(wire, each)
            if batch:
                continue
            if self._leaving or not self._online():
                return True
            if trio.current_time() - self._said >= interval:
                await self._attempt(wire, "Heartbeat", b"{}")
            if self._dirty and trio.current_time() - self._saved_at >= _SAVE_EVERY:
                await self._save()
            await self._pause()

    async def _introduce(self, wire: Wire) -> float:
        """Boots until that side accepts. Gives the interval it wants heartbeats in."""
        while True:
            told = boot(wire.version, await self._forwards.boot(self.forward), self.forward.identity)
            try:
                answer = await wire.call("BootNotification", msgspec.json.encode(told))
            except Refused as error:
                answer = {"status": redact_text(str(error)), "interval": _LONGEST_PAUSE}
            self._said = trio.current_time()
            interval = max(float(answer.get("interval") or 0), 10.0)
            if answer.get("status") == "Accepted":
                await self._forwards.accepted(self.forward, self._now())
                self._accepted = True
                return interval
            self.state["last_error"] = f"that side has not accepted the station: {answer.get('status')}"
            await self._save()
            await trio.sleep(min(interval, _LONGEST_PAUSE))

    async def _tell(self, wire: Wire, each: Waiting) -> None:
        try:
            payload = outgoing(wire.version, each.action, each.payload, self._theirs.get)
            if each.action in _SEND_ONLY:
                await wire.send(each.action, payload, str(each.id))
                answer = None
            else:
                answer = await self._attempt(wire, each.action, payload, each)
        except (CannotTell, CannotSay) as error:
            self._skip(each, str(error))
            return
        except (Silent, StoreUnavailable, OSError, trio.TooSlowError):
            raise
        except Exception as error:
            # A bug over one message must not hold back all that come after it.
            log.error("forward_message_failed", forward=str(self.forward.id), action=each.action, exc_info=error)
            self._skip(each, f"{each.action} cannot be told: {type(error).__name__}")
            return
        number = None if answer is None or each.transaction_id is None else number_of(answer)
        if each.transaction_id is not None and number is not None:
            await self._forwards.number(self.forward, each.transaction_id, number, self._now())
            self._number(each.transaction_id, number)
        self.state["sent"] += 1
        await self._move(each)

    async def _attempt(self, wire: Wire, action: str, payload: bytes, each: Waiting | None = None) -> Any:
        """The answer; None for an error of that side, which has heard it then. After silence it is tried again.

        Its message id is that of its row: a side that is told again, after silence or the end of a node, can know it.
        """
        try:
            answer = await wire.call(action, payload, None if each is None else str(each.id))
        except Refused as error:
            self.state["last_error"] = redact_text(str(error))
            answer = None
        except Lost:
            raise  # no word on what was being told: it is not passed over for that
        except Silent:
            self._tries += 1
            if each is not None and self._tries >= (_TRIES if each.action in KEPT else 1):
                self._skip(each, f"no answer to {each.action} after {self._tries} tries")
                self._tries = 0
            raise
        self._tries = 0
        self._said = trio.current_time()
        return answer

    def _skip(self, each: Waiting, why: str) -> None:
        self._position, self._dirty = each.id, True
        self.state["skipped"] += 1
        self.state["last_error"] = why
        self._happened("skipped", each.action, why)

    async def _move(self, each: Waiting) -> None:
        self._position, self._dirty = each.id, True
        if each.action in KEPT or trio.current_time() - self._saved_at >= _SAVE_EVERY:
            await self._save()

    async def _save(self) -> None:
        self.state["at"] = self._now().isoformat()
        await self._forwards.moved(self.forward, self._position, self.state)
        self._saved_at, self._dirty = trio.current_time(), False

    def _failed(self, error: BaseException) -> str:
        self.state["last_error"] = why = redact_text(f"{type(error).__name__}: {error}")[:300]
        return why

    def _number(self, ours: int, theirs: int) -> None:
        self._theirs[ours] = theirs
        self._ours[theirs] = ours
        if len(self._theirs) > 2000:
            oldest = next(iter(self._theirs))
            self._ours.pop(self._theirs.pop(oldest), None)

    # What that side wants

    async def _command(self, action: str, payload: Any) -> Answered:
        why = may(self.forward.mode, self.forward.allowed, action)
        if why is not None:
            self.state["refused_commands"] += 1
            self._happened("refused", action, why)
            return Answered(code=ErrorCode.SECURITY_ERROR, description=why)
        try:
            wanted = incoming(self._version, action, payload, self._ours.get)
            station = await self._store.reload_config(self.forward.station_id)
        except NoTransaction as error:
            return Answered(code=ErrorCode.PROPERTY_CONSTRAINT_VIOLATION, description=str(error))
        except StoreUnavailable:
            return Answered(code=ErrorCode.INTERNAL_ERROR, description="cannot be stored now")
        if station is None:
            return Answered(code=ErrorCode.GENERIC_ERROR, description="the station is gone")
        self.state["commands"] += 1
        try:
            result = await self._stations.command(
                station, RawCommand(action, wanted), timeout=_COMMAND, requested_by=f"forward:{self.forward.id}",
                request_id=None,
            )  # fmt: skip
        except StoreUnavailable:
            return Answered(code=ErrorCode.INTERNAL_ERROR, description="cannot be stored now")
        return _answer(result)

    # What an operator hears of

    def _happened(self, kind: str, action: str, why: str) -> None:
        """One event for the first, then one a minute for those since, with their number."""
        count = self._tally.add((kind, action), trio.current_time())
        self._reasons[kind, action] = why
        if count:
            self._told(self.forward, kind, action, count, why)


def _answer(result: CommandResult) -> Answered:
    if result.status == "answered":
        return Answered(result.payload)
    if result.status == "station_error":
        known = recognise(result.error_code or "") or ErrorCode.GENERIC_ERROR
        return Answered(code=known, description=result.error_description or "")
    return Answered(code=ErrorCode.GENERIC_ERROR, description=f"{result.status}: {result.detail or ''}"[:255])
