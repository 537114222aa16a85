"""Sockets of a fleet on one epoll loop: dialling, upgrading, reading, writing, ending, redialling, timers.

What is said over them is the business of the class that builds on this one (`engine.Engine`).
"""

import errno
import heapq
import random
import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import orjson

from simulators.fleet import frames
from simulators.fleet.figures import Counts
from simulators.fleet.member import FleetStation, Member, State, Target, Waiting

_READ_BYTES = 65536
PORTS_PER_SOURCE = 20_000
_DIALS_A_TURN = 64
_LONGEST_TURN_S = 0.2
_LONGEST_PAUSE_S = 30.0
_FOR_GOOD = (400, 401, 403, 404)
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_IN, _OUT = select.EPOLLIN, select.EPOLLOUT
_BIND_LATE = getattr(socket, "IP_BIND_ADDRESS_NO_PORT", 24)


class Wire:
    """The sockets of all stations. A subclass says what follows from an open connection and from a text."""

    def __init__(self, target: Target, stations: Sequence[FleetStation], *, reconnect: bool) -> None:
        self.target = target
        self.members = [Member(index, station) for index, station in enumerate(stations)]
        self.counts = Counts()
        self.booted = 0
        self._reconnect = reconnect
        self._epoll = select.epoll()
        self._by_fd: dict[int, Member] = {}
        self._dial: deque[Member] = deque()
        self._dial_rate: float | None = None
        self._dial_credit = 0.0
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._timer_count = 0
        self._refused = 0
        self._stamp = stamp_now()
        self._last_turn = time.perf_counter()

    def _opened(self, member: Member) -> None:
        """The connection is open."""
        raise NotImplementedError

    def _text(self, member: Member, text: bytes) -> None:
        """A whole text came."""
        raise NotImplementedError

    def _turned(self, now: float) -> None:
        """A turn of the loop is over."""
        raise NotImplementedError

    # -- the loop ---------------------------------------------------------------------------------------------------

    def _run(self, done: Callable[[], bool], until: float) -> None:
        while not done() and time.perf_counter() < until:
            self._turn(until)

    def _turn(self, until: float) -> None:
        """One turn: dial, wait for sockets, handle them, run what is due."""
        now = time.perf_counter()
        self._dial_some(now)
        limit = min(until, now + _LONGEST_TURN_S)
        if self._timers:
            limit = min(limit, self._timers[0][0])
        wait = 0.0 if self._dial and self._dial_rate is None else max(0.0, limit - now)
        if self._dial and self._dial_rate is not None:
            wait = min(wait, 1 / self._dial_rate)
        events = self._epoll.poll(wait)
        self._stamp = stamp_now()
        for fd, mask in events:
            member = self._by_fd.get(fd)
            if member is not None:
                self._ready(member, mask)
        now = time.perf_counter()
        while self._timers and self._timers[0][0] <= now:
            heapq.heappop(self._timers)[2]()
        self._turned(now)

    def _dial_some(self, now: float) -> None:
        if not self._dial:
            self._last_turn = now
            return
        batch = _DIALS_A_TURN
        if self._dial_rate is not None:
            self._dial_credit = min(_DIALS_A_TURN, self._dial_credit + (now - self._last_turn) * self._dial_rate)
            batch = int(self._dial_credit)
            self._dial_credit -= batch
        self._last_turn = now
        for _ in range(min(batch, len(self._dial))):
            member = self._dial.popleft()
            if member.state is State.IDLE:
                self._connect(member)

    def _after(self, seconds: float, what: Callable[[], None]) -> None:
        self._timer_count += 1
        heapq.heappush(self._timers, (time.perf_counter() + seconds, self._timer_count, what))

    # -- one connection ---------------------------------------------------------------------------------------------

    def _connect(self, member: Member) -> None:
        self.counts.dials += 1
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        member.sock, member.fd = sock, sock.fileno()
        member.generation += 1
        member.state = State.CONNECTING
        if len(self.members) > PORTS_PER_SOURCE:
            sock.setsockopt(socket.IPPROTO_IP, _BIND_LATE, 1)
            sock.bind((f"127.0.0.{2 + member.index // PORTS_PER_SOURCE}", 0))
        self._by_fd[member.fd] = member
        self._epoll.register(member.fd, _OUT)
        code = sock.connect_ex((self.target.host, self.target.port))
        if code not in (0, errno.EINPROGRESS):
            self._end(member, errno.errorcode.get(code, str(code)))

    def _ready(self, member: Member, mask: int) -> None:
        try:
            if mask & _OUT:
                self._writable(member)
            if mask & ~_OUT and member.sock is not None:
                self._readable(member)
        except OSError as error:
            self._end(member, errno.errorcode.get(error.errno or 0, "OSError"))
        except (frames.BrokenFrameError, orjson.JSONDecodeError, UnicodeDecodeError) as error:
            self._end(member, f"nonsense from the platform: {type(error).__name__}")

    def _writable(self, member: Member) -> None:
        sock = member.sock
        if sock is None:
            return
        if member.state is State.CONNECTING:
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                self._end(member, errno.errorcode.get(code, str(code)))
                return
            if self.target.tls is not None:
                sock = member.sock = self.target.tls.wrap_socket(
                    sock, do_handshake_on_connect=False, server_hostname=self.target.name)
            member.state = State.SECURING
        if member.state is State.SECURING:
            if not self._secured(member):
                return
            member.state = State.UPGRADING
            station = member.station
            member.out = frames.upgrade(self.target.path_of(station.identity), self.target.host_header,
                                        station.version.subprotocol, station.identity, station.password)
        data = member.out or b""
        try:
            sent = sock.send(data) if data else 0
        except _NOT_NOW:
            self._epoll.modify(member.fd, _IN | _OUT)
            return
        member.out = data[sent:] or None
        if member.out is None:
            self._epoll.modify(member.fd, _IN)

    def _secured(self, member: Member) -> bool:
        """One step of the TLS handshake; True when it is over, or there is none."""
        sock = member.sock
        if not isinstance(sock, ssl.SSLSocket):
            return True
        try:
            sock.do_handshake()
        except ssl.SSLWantReadError:
            self._epoll.modify(member.fd, _IN)
            return False
        except ssl.SSLWantWriteError:
            self._epoll.modify(member.fd, _OUT)
            return False
        return True

    def _readable(self, member: Member) -> None:
        sock = member.sock
        if sock is None:
            return
        if member.state is State.SECURING:
            self._writable(member)
            return
        self._read(member, sock)
        while isinstance(sock, ssl.SSLSocket) and member.sock is sock and sock.pending():
            self._read(member, sock)  # what TLS holds already: no event tells of it

    def _read(self, member: Member, sock: socket.socket) -> None:
        try:
            data = sock.recv(_READ_BYTES)
        except _NOT_NOW:
            return
        if not data:
            self._end(member, "closed by the platform")
            return
        if member.buffer is None and member.state is State.OPEN and data[0] == 0x81:
            size = data[1]
            if size < 126 and len(data) == size + 2:
                self._text(member, data[2:])
                return
        buffer = member.buffer = bytearray() if member.buffer is None else member.buffer
        buffer += data
        if member.state is State.UPGRADING and not self._upgraded(member, buffer):
            return
        for opcode, final, payload in frames.split(buffer):
            self._frame(member, opcode, final, payload)
            if member.sock is not sock:
                return
        if not buffer:
            member.buffer = None

    def _upgraded(self, member: Member, buffer: bytearray) -> bool:
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(buffer) > _READ_BYTES:
                self._end(member, "endless upgrade answer")
            return False
        answer = frames.read_upgrade(bytes(buffer[:end]))
        del buffer[:end + 4]
        if not answer.accepted:
            self._refuse(member, answer)
            return False
        member.state = State.OPEN
        member.pause = 1.0
        self.counts.connects += 1
        if member.connected_before:
            self.counts.reconnects += 1
        member.connected_before = True
        self._opened(member)
        return True

    def _refuse(self, member: Member, answer: frames.UpgradeAnswer) -> None:
        self.counts.refusals[answer.status] += 1
        for_good = answer.status in _FOR_GOOD or answer.status == 101
        self._end(member, f"refused {answer.status}", again=False)
        if for_good:
            member.state = State.REFUSED
            self._refused += 1
            return
        after = answer.retry_after if answer.retry_after is not None else member.pause
        member.pause = min(_LONGEST_PAUSE_S, member.pause * 2)
        self._redial(member, after * random.uniform(1.0, 1.5))

    def _redial(self, member: Member, seconds: float) -> None:
        def dial() -> None:
            if member.state is State.IDLE:
                self._dial.append(member)
        self._after(seconds, dial)

    def _end(self, member: Member, why: str, *, again: bool | None = None) -> None:
        sock = member.sock
        if sock is not None:
            self._by_fd.pop(member.fd, None)
            sock.close()  # closing takes it out of the epoll set
            self.counts.endings[why] += 1
        if member.waiting is not Waiting.NOTHING:
            self.counts.lost += 1
        if member.booted:
            self.booted -= 1
        member.sock, member.fd, member.buffer, member.parts, member.out = None, -1, None, None, None
        member.waiting, member.booted = Waiting.NOTHING, False
        member.state = State.IDLE
        if sock is not None and (self._reconnect if again is None else again):
            self._redial(member, member.pause * random.uniform(0.5, 1.5))
            member.pause = min(_LONGEST_PAUSE_S, member.pause * 2)

    def _send(self, member: Member, data: bytes) -> None:
        if member.sock is None:
            return
        if member.out is not None:
            member.out += data
            return
        try:
            sent = member.sock.send(data)
        except _NOT_NOW:
            sent = 0
        except OSError as error:
            self._end(member, errno.errorcode.get(error.errno or 0, "OSError"))
            return
        if sent < len(data):
            member.out = data[sent:]
            self._epoll.modify(member.fd, _IN | _OUT)

    def _frame(self, member: Member, opcode: int, final: bool, payload: bytes) -> None:
        if opcode == frames.PING:
            self._send(member, frames.frame(payload, frames.PONG))
        elif opcode == frames.CLOSE:
            code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self._send(member, frames.frame(payload[:2], frames.CLOSE))
            self._end(member, f"close {code}")
        elif opcode in (frames.TEXT, frames.CONTINUATION):
            whole = (member.parts or b"") + payload if opcode == frames.CONTINUATION else payload
            member.parts = None if final else whole
            if final:
                self._text(member, whole)


def stamp_now() -> bytes:
    """The wall clock as 24 characters, milliseconds and Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").encode()[:23] + b"Z"
