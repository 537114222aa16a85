"""Bytes to and from one accepted socket, plain or TLS, with as little as possible held for each connection.

Writing never waits: `write` takes everything, sends what the socket takes now and keeps the rest, in order;
`drain` waits until the rest is out. The socket is the standard library's, non-blocking: trio's own wrappers would
cost a scheduling round for every call that could have returned at once.
"""

import contextlib
import socket
import ssl
from typing import Protocol

import trio

from gateway.sockets import StdSocket

_FIRST = 1024  # bytes of what came first that are kept


class Wire(Protocol):
    """One connection's bytes. Every method may raise OSError when the connection is gone."""

    @property
    def backlog(self) -> int:
        """Bytes written and not yet taken by the socket."""

    async def receive(self, most: int) -> bytes:
        """At most `most` bytes as soon as there are any; b"" when the other side has ended."""

    def write(self, data: bytes) -> None: ...

    def push(self) -> None:
        """Sends of the backlog what the socket takes now."""

    async def drain(self) -> None:
        """Waits until nothing written is left. One caller at a time."""

    def finish(self) -> None:
        """Tells the other side that no more will come, after what was written; it may still send."""

    def abort(self) -> None:
        """Closes the socket at once; a waiting `receive` or `drain` raises trio.ClosedResourceError."""


class SocketWire:
    """A plain socket."""

    __slots__ = ("_rest", "_socket")

    def __init__(self, sock: StdSocket) -> None:
        self._socket = sock
        self._rest = b""

    @property
    def backlog(self) -> int:
        return len(self._rest)

    async def receive(self, most: int) -> bytes:
        while True:
            await trio.lowlevel.wait_readable(self._socket)
            try:
                return self._socket.recv(most)
            except (BlockingIOError, InterruptedError):
                continue

    def write(self, data: bytes) -> None:
        if self._rest:
            self._rest += data
        else:
            self._rest = data
            self.push()

    def push(self) -> None:
        if self._rest:
            try:
                sent = self._socket.send(self._rest)
            except (BlockingIOError, InterruptedError):
                return
            self._rest = self._rest[sent:]

    async def drain(self) -> None:
        while self._rest:
            await trio.lowlevel.wait_writable(self._socket)
            self.push()

    def finish(self) -> None:
        if not self._rest:  # with a backlog there is no room for an orderly end
            self._socket.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        if self._socket.fileno() != -1:
            trio.lowlevel.notify_closing(self._socket)
            self._socket.close()


class TlsWire:
    """TLS over a plain wire: OpenSSL works on memory, so that encrypting needs no waiting either."""

    __slots__ = ("_incoming", "_outgoing", "_tls", "_wire", "first")

    def __init__(self, wire: Wire, context: ssl.SSLContext) -> None:
        self._wire = wire
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.first = b""  # what came first, until the handshake is done: to show why it was not

    @property
    def tls(self) -> ssl.SSLObject:
        """What was agreed: version, cipher, the station's certificate."""
        return self._tls

    @property
    def backlog(self) -> int:
        return self._wire.backlog

    async def handshake(self) -> None:
        """The TLS handshake. Raises ssl.SSLError (an OSError) when it fails, the alert having been sent."""
        while True:
            try:
                self._tls.do_handshake()
                self._flush()
                self.first = b""
                return
            except ssl.SSLWantReadError:
                self._flush()
                await self._wire.drain()
                data = await self._more()
                self.first = self.first or data[:_FIRST]
            except ssl.SSLError:
                self._flush()
                raise

    async def receive(self, most: int) -> bytes:
        while True:
            try:
                data = self._tls.read(most)
            except ssl.SSLWantReadError:
                self._flush()
                await self._more()
                continue
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            if self._outgoing.pending:
                self._flush()
            return data

    async def _more(self) -> bytes:
        data = await self._wire.receive(16384)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        return data

    def write(self, data: bytes) -> None:
        self._tls.write(data)
        self._flush()

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._wire.write(self._outgoing.read())

    def push(self) -> None:
        self._wire.push()

    async def drain(self) -> None:
        await self._wire.drain()

    def finish(self) -> None:
        with contextlib.suppress(ssl.SSLError):
            self._tls.unwrap()  # writes our close_notify, then wants the other's, which nobody waits for
        self._flush()
        self._wire.finish()

    def abort(self) -> None:
        self._wire.abort()
