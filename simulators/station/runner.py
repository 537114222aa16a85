"""The thin part with a socket: connects, reconnects with growing pauses, moves texts, and lets time pass."""

import base64
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Protocol
from urllib.parse import quote, urlsplit

import trio
from trio_websocket import ConnectionClosed, ConnectionRejected, HandshakeError, WebSocketConnection, wrap_client_stream

from simulators.script import steps
from simulators.script.run import vehicle_of
from simulators.script.steps import Statement
from simulators.station import acts, certificates, charging, security
from simulators.station.config import StationConfig
from simulators.station.dialect import Reason
from simulators.station.link import Link
from simulators.station.reports2x import V2
from simulators.station.reports16 import V16
from simulators.station.station import Station
from simulators.station.transfer import move

CONNECT_S = 15.0
TICK_S = 0.2
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
RESTART_S = 2.0
MOST_BYTES = 4 * 2**20
CLOSE_S = 3.0
LOST = 1006  # what RFC 6455, 7.1.5 calls an ending without a close frame
_Stream = trio.SocketStream | trio.SSLStream[trio.SocketStream]
_ENDINGS = (HandshakeError, ConnectionClosed, OSError, trio.BrokenResourceError, trio.ClosedResourceError,
            trio.TooSlowError)


class Clock(Protocol):
    """The wall clock, replaceable in tests."""

    def __call__(self) -> datetime:
        """Now, in UTC."""


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def make_station(config: StationConfig, now: datetime) -> Station:
    """A station that speaks its version."""
    if config.version.is_v2:
        return Station(config, V2(newer=config.version.value == "2.1"), now)
    return Station(config, V16(), now)


class Runner:
    """Runs one station against a URL until cancelled; also the `Stage` of its script.

    `keep`: a folder for the station's certificate and its roots, read at the start, written before each dial.
    `speed` is how many seconds of the station's time pass in one real second. `ended_by` names how the last
    connection ended, `refusals` counts refused handshakes by HTTP status.
    """

    def __init__(self, config: StationConfig, url: str, *, speed: float = 1.0, clock: Clock = utc_now,
                 tls: SSLContext | None = None, keep: Path | None = None) -> None:
        self.config = config
        self._usual = url.rstrip("/")
        self._profile = 0  # of the way that is tried now
        self._failures = 0
        self.url = self._usual + "/" + quote(config.identity, safe="")
        self.speed = speed
        self.clock = clock
        self.link = Link(make_station(config, clock()))
        self.ended_by = ""
        self.refusals: dict[int, int] = {}
        self.connections = 0
        self._tls = tls
        self._keep = keep
        if keep is not None:
            certificates.take_up(self.station, keep)
        self._stream: _Stream | None = None
        self._wake = trio.Event()
        self._away_until = 0.0

    @property
    def station(self) -> Station:
        """The model."""
        return self.link.station

    async def run(self) -> None:
        """Connect for ever; returns only by cancellation."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._let_time_pass)
            nursery.start_soon(self._move_files)
            await self._stay_connected()

    async def first_accepted(self, seconds: float) -> bool:
        """Wait until the platform has accepted the station; False when it has not in so many real seconds."""
        deadline = trio.current_time() + seconds
        while trio.current_time() < deadline:
            if self.station.online and self.station.accepted and self.link.idle:
                return True
            await trio.sleep(TICK_S / 4)
        return False

    # -- the stage of a script --------------------------------------------------------------------------------------

    async def sleep(self, station_seconds: float) -> None:
        """Let so much of the station's time pass."""
        await trio.sleep(station_seconds / self.speed)

    async def lose_link(self, station_seconds: float) -> None:
        """Break the connection without a goodbye and keep it away so long."""
        away = station_seconds / self.speed
        self._away_until = trio.current_time() + away
        await self._cut()
        await trio.sleep(away)

    async def reboot(self) -> None:
        """Lose power for a moment: transactions have ended with PowerLoss when the station boots again."""
        now = self.clock()
        self.station.boot_reason = "PowerUp"
        self.station.online = False
        for outlet in self.station.outlets.values():
            charging.stop(self.station, outlet, Reason.POWER_LOSS, now)
        self.station.restarted(now)
        await self._cut()

    def act(self, statement: Statement) -> None:
        """Do what needs no waiting; raises charging.NotPossible."""
        now = self.clock()
        if isinstance(statement, steps.Plug):
            charging.plug(self.station, statement.evse, vehicle_of(statement), now)
        elif isinstance(statement, steps.Swipe):
            charging.swipe(self.station, statement.token, statement.evse, now)
        elif isinstance(statement, steps.Unplug):
            charging.unplug(self.station, statement.evse, now)
        elif isinstance(statement, steps.Fault):
            charging.set_fault(self.station, statement.evse, statement.code, now)
        elif isinstance(statement, steps.Misbehave):
            self.link.misbehave(statement.kind, statement.count)
        elif isinstance(statement, steps.Behave):
            self.link.behave()
        elif isinstance(statement, steps.Send):
            acts.send(self.station, statement.action, statement.payload)
        elif isinstance(statement, steps.Act):
            acts.act(self.station, statement.name, statement.words, now)
        elif isinstance(statement, steps.Say):
            self.station.note(statement.text)
        self._wake.set()

    # -- time -------------------------------------------------------------------------------------------------------

    async def _let_time_pass(self) -> None:
        last = trio.current_time()
        while True:
            await trio.sleep(TICK_S)
            now = trio.current_time()
            self.station.tick(self.clock(), (now - last) * self.speed)
            last = now
            self._wake.set()

    async def _move_files(self) -> None:
        """Firmware and logs, one after another."""
        work = self.station.maintenance
        work.real = True
        while True:
            await trio.sleep(TICK_S)
            while work.transfers:
                wanted = work.transfers.popleft()
                got = await move(wanted.location, wanted.data, wanted.name, wanted.retries)
                wanted.done(got, self.clock())
                self._wake.set()

    # -- the connection ---------------------------------------------------------------------------------------------

    async def _stay_connected(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            await trio.sleep_until(max(self._away_until, trio.current_time()))
            if self.station.wants_reset is not None and self.station.ready_to_reset():
                self.station.restarted(self.clock())
            connected_before = self.connections
            wait = await self._connect_once()
            if self.connections > connected_before:
                pause = FIRST_PAUSE_S
            if wait is None:
                wait = pause * random.uniform(0.5, 1.5)
                pause = min(LONGEST_PAUSE_S, pause * 2)
            await trio.sleep(wait)

    async def _connect_once(self) -> float | None:
        """One connection from dial to end; the seconds to wait before the next, or None for the usual pause."""
        try:
            stream = await self._dial()
        except (OSError, trio.TooSlowError) as error:
            self._end(f"cannot connect: {str(error) or 'no answer in time'}")
            return None
        wait: float | None = None
        try:
            async with trio.open_nursery() as nursery:
                wait = await self._serve(stream, nursery)
                nursery.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            # trio-websocket raises what goes wrong in its reader task, so it arrives through the nursery.
            expected, unexpected = group.split(_ENDINGS)
            if expected is None or unexpected is not None:
                raise
            return self._not_served(expected)
        else:
            return wait
        finally:
            self._stream = None
            await trio.aclose_forcefully(stream)

    async def _dial(self) -> _Stream:
        way, self._profile = security.way(self.station, self._usual, self._failures)
        self.url = way.rstrip("/") + "/" + quote(self.config.identity, safe="")
        self._failures += 1
        parts = urlsplit(self.url)
        secure = parts.scheme == "wss"
        if self._keep is not None and self.station.wallet is not None:
            await trio.to_thread.run_sync(certificates.keep, self.station, self._keep)
        host = parts.hostname or "127.0.0.1"
        with trio.fail_after(CONNECT_S):
            stream = await trio.open_tcp_stream(host, parts.port or (443 if secure else 80))
            if not secure:
                return stream
            context = self._tls or create_default_context()
            await trio.to_thread.run_sync(certificates.present, self.station, context)
            wrapped = trio.SSLStream(stream, context, server_hostname=host)
            try:
                await wrapped.do_handshake()
            except trio.BrokenResourceError as error:
                await trio.aclose_forcefully(stream)
                raise OSError(f"TLS failed: {error.__cause__ or error}") from error
            return wrapped

    async def _serve(self, stream: _Stream, nursery: trio.Nursery) -> float | None:
        parts = urlsplit(self.url)
        with trio.fail_after(CONNECT_S):
            socket = await wrap_client_stream(
                nursery, stream, parts.netloc.rpartition("@")[2], parts.path,
                subprotocols=[self.config.version.subprotocol], extra_headers=self._headers(),
                max_message_size=MOST_BYTES)
        if socket.subprotocol is None:
            self._end(f"the platform does not speak OCPP {self.config.version}")
            await socket.aclose()
            return None
        self._stream = stream
        self.connections += 1
        self._failures = 0
        security.worked(self.station, self._profile)
        return await self._talk(socket, nursery)

    async def _talk(self, socket: WebSocketConnection, nursery: trio.Nursery) -> float | None:
        self.station.note("connected")
        sending = trio.Lock()
        reboot_wait: float | None = None

        async def send(make: Callable[[], list[str]]) -> None:
            async with sending:
                for text in make():
                    await socket.send_message(text)

        async def pump() -> None:
            try:
                while True:
                    await self._wake.wait()
                    self._wake = trio.Event()
                    await send(lambda: self.link.poll(self.clock()))
                    if self._wants_to_leave():
                        with trio.move_on_after(CLOSE_S):
                            await socket.aclose(1000, "restart")
                        await self._cut()
            except (ConnectionClosed, trio.BrokenResourceError, trio.ClosedResourceError):
                return  # the reader below sees the same ending and tells it

        try:
            await send(lambda: self.link.opened(self.clock()))
            nursery.start_soon(pump)
            while True:
                message = await socket.get_message()
                await send(lambda text=message: self.link.receive(text, self.clock()))  # type: ignore[misc]
        except ConnectionClosed as closed:
            reason = closed.reason
            if reason is None or reason.code == LOST:
                self._end("link lost")
            else:
                self._end(f"closed with {reason.code} {reason.reason or ''}".rstrip())
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            self._end("link lost")
        finally:
            self.link.closed(self.clock())
        if self.station.wants_relink:
            self.station.wants_relink = False
            reboot_wait = 0.1
        elif self.station.wants_reset is not None and self.station.ready_to_reset():
            self.station.restarted(self.clock())
            reboot_wait = RESTART_S / max(1.0, self.speed)
        return reboot_wait

    def _wants_to_leave(self) -> bool:
        if self.station.wants_relink and self.link.idle:
            return True
        return self.station.wants_reset is not None and self.station.ready_to_reset() and self.link.idle

    def _headers(self) -> list[tuple[bytes, bytes]]:
        password = self.station.password
        if password is None:
            return []
        token = base64.b64encode(f"{self.config.identity}:{password}".encode())
        return [(b"Authorization", b"Basic " + token)]

    def _not_served(self, group: BaseExceptionGroup[BaseException]) -> float | None:
        """The handshake failed; the seconds until the next try, or None for the usual pause."""
        refused = group.subgroup(ConnectionRejected)
        first: BaseException = refused or group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        if isinstance(first, ConnectionRejected):
            return self._refused(first)
        self._end(f"handshake failed: {first!r}")
        return None

    def _refused(self, refused: ConnectionRejected) -> float | None:
        status = refused.status_code
        self.refusals[status] = self.refusals.get(status, 0) + 1
        body = (refused.body or b"").decode("utf-8", "replace").strip()[:200]
        self._end(f"refused with HTTP {status} {body}".rstrip())
        after = dict(refused.headers or ()).get(b"retry-after", b"")
        return float(after) + random.random() if after.isdigit() else None

    def _end(self, how: str) -> None:
        self.ended_by = how
        self.station.note(how)

    async def _cut(self) -> None:
        if self._stream is not None:
            await trio.aclose_forcefully(self._stream)
