"""One station's connection: reads it, writes it, knows how it ends.

One task a connection, which waits for bytes and for nothing else; the sweeper brings pings and deadlines.
Ends exactly once, with the first `Ending` that somebody named.
"""

import math
from collections.abc import Callable

import attrs
import structlog
import trio

from actors.station.face import Attachment, Ending, LinkClosed
from gateway import websocket
from gateway.sweeper import Sweeper
from gateway.websocket import Codec, PeerClosed, Pinged, Ponged, Violated
from gateway.wire import Wire

_CHUNK = 16384  # bytes at a time: what one flooding station may cost the others in one go
_LOOK = 30.0  # seconds; the idle window may become shorter meanwhile
_TICK = 0.25  # seconds; a check is not repeated faster
_DETACH = 30.0  # seconds for an actor to record that its link is gone
_PING = websocket.ping(b"")

log = structlog.get_logger(__name__)


@attrs.frozen
class LinkRules:
    """Deadlines of a connection, in seconds."""

    ping_interval: float
    send_deadline: float
    closing_deadline: float
    message_deadline: float


class StationLink:
    """Implements `actors.station.face.Link`. Methods other than `run` may be called from any task of this loop."""

    __slots__ = (
        "_answers_pings", "_attachment", "_busy", "_codec", "_draining", "_due", "_give_up_at", "_heard_at",
        "_pinged_at", "_rules", "_sweeper", "_unanswered", "_unfinished_since", "_wire", "ending", "remote_address",
    )  # fmt: skip

    def __init__(self, wire: Wire, codec: Codec, remote_address: str, rules: LinkRules, sweeper: Sweeper) -> None:
        now = trio.current_time()
        self.remote_address = remote_address
        self.ending: Ending | None = None
        self._wire: Wire | None = wire
        self._codec = codec
        self._rules = rules
        self._sweeper = sweeper
        self._attachment: Attachment | None = None
        self._draining: trio.Lock | None = None
        self._busy = False
        self._answers_pings = False
        self._unanswered = 0
        self._heard_at = self._pinged_at = now
        self._unfinished_since: float | None = None
        self._give_up_at = 0.0
        self._due = math.inf

    # What the actor calls

    async def send(self, text: str | bytes) -> None:
        """One text message. Returns without waiting when the socket takes it, as it nearly always does."""
        if self.ending is not None or self._wire is None:
            raise LinkClosed
        try:
            self._wire.write(self._codec.text(text))
            if self._wire.backlog:
                await self._drain(self._wire)
        except (OSError, trio.ClosedResourceError):
            self._gone(Ending.PEER_CLOSED)
            raise LinkClosed from None

    async def _drain(self, wire: Wire) -> None:
        """Waits until the station has taken what was written; the frames are in order already."""
        if self._draining is None:
            self._draining = trio.Lock()
        with trio.move_on_after(self._rules.send_deadline) as scope:
            try:
                async with self._draining:
                    await wire.drain()
            finally:
                if wire.backlog:  # given up half-way: the sweeper sends the rest
                    self._look_at(trio.current_time())
        if scope.cancelled_caught:
            self._gone(Ending.PEER_SILENT)
            raise LinkClosed

    def close(self, code: int, reason: str, ending: Ending) -> None:
        """Says goodbye and waits for the station's own, as long as the closing deadline allows."""
        if self.ending is not None or self._wire is None:
            return
        self.ending = ending
        self._give_up_at = trio.current_time() + self._rules.closing_deadline
        self._look_at(self._give_up_at)
        self._write(websocket.close(code, reason))

    # What the listener calls

    async def run(self, attachment: Attachment, early: bytes, ended: Callable[["StationLink", Ending], None]) -> None:
        """Reads until the connection is over, then tells the actor and `ended`. `early` came with the handshake."""
        self._attachment = attachment
        self._look_at(trio.current_time() + min(_LOOK, self._rules.ping_interval, attachment.idle_window))
        try:
            await self._read(attachment, early)
            self.ending = self.ending or Ending.PEER_CLOSED
        except trio.Cancelled:
            self.ending = self.ending or Ending.STOPPING
            raise
        except Exception:
            # A fault of ours must end this connection and no other.
            log.exception("a connection ended by a fault of ours", address=self.remote_address)
            self.close(1011, "internal error", Ending.BUG)
        finally:
            self.abort()
            await self._leave(attachment, self.ending or Ending.BUG, ended)

    async def _leave(
        self, attachment: Attachment, ending: Ending, ended: Callable[["StationLink", Ending], None]
    ) -> None:
        ended(self, ending)
        with trio.move_on_after(_DETACH, shield=True):
            try:
                await attachment.detach(ending)
            except Exception:
                # The connection is gone already; the other ones must not notice.
                log.exception("an ending could not be recorded", address=self.remote_address, ending=str(ending))

    async def _read(self, attachment: Attachment, data: bytes) -> None:
        codec = self._codec
        while True:
            if data:
                for event in codec.receive(data):
                    kind = type(event)
                    if kind is str or kind is bytes:
                        if self.ending is None:
                            self._busy = True
                            await attachment.receive(event)  # type: ignore[arg-type]  # told apart by exact type
                            self._busy = False
                    elif not self._control(event):
                        return
                    elif kind is Violated:
                        await attachment.violated(event.code, event.reason, event.raw)  # type: ignore[union-attr]
                self._heard_at = trio.current_time()
                self._unanswered = 0
                if codec.unfinished:
                    self._begin_unfinished()
                else:
                    self._unfinished_since = None
            if (wire := self._wire) is None:
                return
            try:
                data = await wire.receive(_CHUNK)
            except (OSError, trio.ClosedResourceError):
                return  # the network's way to say that it is over
            if not data:
                return

    def _control(self, event: object) -> bool:
        """What is no message; False when it was the end."""
        if isinstance(event, Ponged):
            self._answers_pings = True
        elif isinstance(event, Pinged):
            if self._wire is not None and not self._wire.backlog:  # who takes nothing gets no pongs piled up
                self._write(websocket.pong(event.payload))
        elif isinstance(event, PeerClosed):
            if self.ending is None:
                self.ending = Ending.PEER_CLOSED
                self._write(websocket.close(event.code, ""))
            return False
        elif isinstance(event, Violated):
            # Its frames cannot be told apart any more: no close frame of its own will be seen, only the end.
            self.close(event.code, event.reason, Ending.VIOLATED)
            self._write(b"", last=True)
        return True

    def _write(self, frame: bytes, *, last: bool = False) -> None:
        if self._wire is not None:
            try:
                if frame:
                    self._wire.write(frame)
                if last:
                    self._wire.finish()
            except OSError:
                self._gone(Ending.PEER_CLOSED)

    def _begin_unfinished(self) -> None:
        if self._unfinished_since is None:
            self._unfinished_since = self._heard_at
            self._look_at(self._heard_at + self._rules.message_deadline)

    def _look_at(self, at: float) -> None:
        """Asks the sweeper for a `check` at that time; an earlier one that is due already will do."""
        if at < self._due:
            self._due = at
            self._sweeper.watch(self, at)

    def abort(self) -> None:
        """Closes the socket at once. The reading task, wherever it waits for the network, comes to its end."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.abort()

    def _gone(self, ending: Ending) -> None:
        if self.ending is None:
            self.ending = ending
        self.abort()

    # What the sweeper calls

    def check(self, now: float) -> float | None:
        """Deadlines, the idle window, our pings. Says when to look again."""
        if self._wire is None or self._attachment is None or now < self._due:
            return None  # over, or replaced by an entry that is due later
        try:
            self._wire.push()
            again = self._check_open(self._wire, self._attachment, now)
        except OSError:
            self._gone(Ending.PEER_CLOSED)
            return None
        self._due = max(again, now + _TICK)
        return self._due

    def _check_open(self, wire: Wire, attachment: Attachment, now: float) -> float:
        if self.ending is not None:
            if now >= self._give_up_at:
                self.abort()
            return self._give_up_at
        if self._busy:  # it is we who do not read
            self._heard_at = now
            self._unfinished_since = None if self._unfinished_since is None else now
        late = math.inf if self._unfinished_since is None else self._unfinished_since + self._rules.message_deadline
        if now - self._heard_at >= attachment.idle_window:
            self._silent(f"nothing heard for {attachment.idle_window:.0f} s")
        elif now >= late:
            self.close(1008, "a message took too long", Ending.VIOLATED)
        elif now - self._pinged_at >= self._rules.ping_interval:
            self._ping(wire, now)
        ping_at, silent_at = self._pinged_at + self._rules.ping_interval, self._heard_at + attachment.idle_window
        return min(now + _LOOK, ping_at, silent_at, late)

    def _ping(self, wire: Wire, now: float) -> None:
        if self._answers_pings and self._unanswered >= 2:
            self._silent("two pings without an answer")
            return
        self._pinged_at = now
        self._unanswered += 1
        if not wire.backlog:
            wire.write(_PING)

    def _silent(self, why: str) -> None:
        self.close(1001, why, Ending.PEER_SILENT)
        self.abort()
