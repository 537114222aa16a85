"""A process that is stations with TLS: all dial at once, with or without a session to take up again.

Told what to do in JSON lines, like load.py. Between two orders the connections stay open and nothing is sent.
"""

import asyncio
import contextlib
import json
import random
import resource
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from protocol.ocpp.version import Version
from simulators.bench.child import say
from simulators.fleet import frames, payloads

_AGAIN_S = (0.2, 1.5)  # before a station dials again after a connection that failed
_READ = 16384
# What stations of several makes offer; the server has certificates for all of them.
KINDS: dict[str, tuple[ssl.TLSVersion, str | None]] = {
    "tls13": (ssl.TLSVersion.TLSv1_3, None),
    "tls12-ecdsa": (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    "tls12-rsa": (ssl.TLSVersion.TLSv1_2, "AES128-GCM-SHA256"),
}
T = TypeVar("T")


class Ended(Exception):  # noqa: N818 - what happened to a connection
    """The other side has ended the connection."""


@attrs.define
class Dialler:
    """One station."""

    identity: str
    password: str | None
    context: ssl.SSLContext
    kind: str
    session: ssl.SSLSession | None = None
    line: "Line | None" = None
    booted_s: float | None = None
    resumed: bool = False


class Line:
    """TLS over a socket of the loop, by memory, so that a session can be taken up again."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, session: ssl.SSLSession | None) -> None:
        self.sock = sock
        self._loop = asyncio.get_running_loop()
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._in, self._out, server_hostname="127.0.0.1", session=session)

    async def step(self, work: Callable[[], T]) -> T:
        """`work`, with bytes going both ways until it is done. Raises Ended, ssl.SSLError or OSError."""
        while True:
            try:
                done = work()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._loop.sock_recv(self.sock, _READ)
                if not data:
                    raise Ended from None
                self._in.write(data)
                continue
            await self._flush()
            return done

    async def _flush(self) -> None:
        if self._out.pending:
            await self._loop.sock_sendall(self.sock, self._out.read())

    async def read(self) -> bytes:
        data = await self.step(lambda: self.tls.read(_READ))
        if not data:
            raise Ended
        return data


class TlsFleet:
    """All stations of one run."""

    def __init__(self, port: int, ca: str, stations: list[dict[str, Any]]) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self._port = port
        self._shared: dict[str, ssl.SSLContext] = {}
        self.stations = [self._dialler(ca, each) for each in stations]
        self._dials = 0
        self._refusals: Counter[str] = Counter()
        self._began = 0.0

    def _dialler(self, ca: str, given: dict[str, Any]) -> Dialler:
        kind = given["kind"]
        context = self._shared.get(kind)
        if context is None or given.get("cert"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(ca)
            version, suite = KINDS[kind]
            context.minimum_version = context.maximum_version = version
            if suite is not None:
                context.set_ciphers(suite)
            if given.get("cert"):
                context.load_cert_chain(given["cert"], given["key"])
            else:
                self._shared[kind] = context
        return Dialler(given["identity"], given["password"], context, kind)

    async def storm(self, deadline_s: float) -> dict[str, Any]:
        """Everybody dials at once, until each is booted."""
        self._dials, self._refusals = 0, Counter()
        for station in self.stations:
            station.booted_s, station.resumed = None, False
        self._began = time.perf_counter()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline_s):
                await asyncio.gather(*(self._until_booted(station) for station in self.stations))
        seconds = time.perf_counter() - self._began
        times = sorted(station.booted_s for station in self.stations if station.booted_s is not None)
        return {
            "stations": len(self.stations), "booted": len(times), "seconds": seconds, "dials": self._dials,
            "complete": len(times) == len(self.stations), "refusals": dict(self._refusals),
            "resumed": sum(station.resumed for station in self.stations),
            "p50_s": _part(times, 0.5), "p99_s": _part(times, 0.99), "longest_s": times[-1] if times else 0.0}

    async def _until_booted(self, station: Dialler) -> None:
        while True:
            self._dials += 1
            sock = socket.socket()
            sock.setblocking(False)
            try:
                wait = await self._once(station, sock)
            except (ssl.SSLError, OSError, Ended) as error:
                self._refusals[type(error).__name__] += 1
                wait = random.uniform(*_AGAIN_S)
            except BaseException:
                sock.close()
                raise
            if wait is None:
                return
            sock.close()
            await asyncio.sleep(wait)

    async def _once(self, station: Dialler, sock: socket.socket) -> float | None:
        """None when it is booted, else seconds to wait before it dials again."""
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self._port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(sock, station.context, station.session)
        await line.step(line.tls.do_handshake)
        station.resumed = bool(line.tls.session_reused)
        path, host = f"/ocpp/{station.identity}".encode(), f"127.0.0.1:{self._port}".encode()
        head = frames.upgrade(path, host, "ocpp1.6", station.identity, station.password)
        await line.step(lambda: line.tls.write(head))
        buffer = bytearray()
        while b"\r\n\r\n" not in buffer:
            buffer += await line.read()
        end = buffer.index(b"\r\n\r\n")
        answer = frames.read_upgrade(bytes(buffer[:end]))
        if not answer.accepted:
            self._refusals[str(answer.status)] += 1
            return (answer.retry_after or 1.0) * random.uniform(1.0, 1.3)
        del buffer[:end + 4]
        boot = payloads.call_text(b"00000001", "BootNotification", payloads.boot_payload(Version.V16))
        sent = frames.frame(boot)
        await line.step(lambda: line.tls.write(sent))
        while not any(payload.startswith(b'[3,"00000001"') for _, _, payload in frames.split(buffer)):
            buffer += await line.read()
        station.booted_s = time.perf_counter() - self._began
        station.session, station.line = line.tls.session, line
        return None

    def drop(self, *, forget: bool) -> dict[str, Any]:
        """Cuts every connection; `forget`: the sessions too, as after a power cut."""
        for station in self.stations:
            if station.line is not None:
                station.line.sock.close()
                station.line = None
            if forget:
                station.session = None
        return {"dropped": len(self.stations)}


def _part(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


async def obey() -> None:
    """Orders from the standard input, one a line, until it ends."""
    fleet: TlsFleet | None = None
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        match order.pop("do"):
            case "make":
                fleet = TlsFleet(**order)
                say({"made": len(fleet.stations)})
            case "storm":
                assert fleet is not None
                say(await fleet.storm(**order))
            case "drop":
                assert fleet is not None
                say(fleet.drop(**order))


if __name__ == "__main__":
    asyncio.run(obey())
