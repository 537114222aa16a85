"""One load station: its socket and what it waits for. Kept small, since there are ten thousand of them."""

import enum
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import attrs

from protocol.ocpp.version import Version
from simulators.tls import tls_context


class State(enum.Enum):
    """Where a load station stands."""

    IDLE = "idle"
    CONNECTING = "connecting"
    SECURING = "TLS handshake"
    UPGRADING = "upgrading"
    OPEN = "open"
    REFUSED = "refused for good"


class Waiting(enum.Enum):
    """What the answer that is waited for belongs to."""

    NOTHING = 0
    BOOT = 1
    METER = 2
    OTHER = 3
    START = 4


@attrs.frozen
class FleetStation:
    """Who a load station is."""

    identity: str
    version: Version
    password: str | None = None


@attrs.frozen
class Target:
    """Where the platform listens: address to dial, path before the identity, Host header; `tls` for wss://."""

    host: str
    port: int
    path: str
    host_header: bytes
    tls: ssl.SSLContext | None = None
    name: str = ""  # what the platform's certificate has to name

    def path_of(self, identity: str) -> bytes:
        """The request path of a station."""
        return f"{self.path}/{quote(identity, safe='')}".encode()


def read_target(url: str, ca: Path | None = None, *, insecure: bool = False) -> Target:
    """The target of a `ws://` or `wss://` URL; `ca`, `insecure`: whose certificate of the platform counts.

    Raises ValueError for anything else, and for files without a certificate.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError(f"a fleet needs a ws:// or wss:// address such as ws://127.0.0.1:9000/ocpp, not {url!r}")
    tls = tls_context(url, ca, insecure=insecure)
    host = socket.gethostbyname(parts.hostname)
    port = parts.port or (80 if tls is None else 443)
    return Target(host, port, parts.path.rstrip("/"), parts.netloc.encode(), tls, parts.hostname)


class Member:
    """A station's connection. Plain slots: the engine owns and changes everything here."""

    __slots__ = ("active", "booted", "buffer", "connected_before", "fd", "generation", "heartbeat_s", "index",
                 "message_id", "out", "parts", "pause", "register", "sent_at", "sock", "state", "station",
                 "transaction", "waiting")

    def __init__(self, index: int, station: FleetStation) -> None:
        self.index = index
        self.station = station
        self.state = State.IDLE
        self.sock: socket.socket | None = None
        self.fd = -1
        self.generation = 0
        self.buffer: bytearray | None = None
        self.parts: bytes | None = None
        self.out: bytes | None = None
        self.waiting = Waiting.NOTHING
        self.message_id = b""
        self.sent_at = 0.0
        self.booted = False
        self.active = False
        self.connected_before = False
        self.heartbeat_s = 0.0
        self.pause = 1.0
        self.register = 0
        self.transaction: int | None = None


def make_fleet(count: int, version: str = "mix", prefix: str = "SIM-",
               password: Callable[[str], str | None] | None = None, first: int = 1) -> list[FleetStation]:
    """`count` stations named prefix + five digits, of one version or of all three in turn ("mix").

    `password` gives the password of an identity, or None for none.
    """
    versions = tuple(Version) if version == "mix" else (Version(version),)
    names = [f"{prefix}{number:05d}" for number in range(first, first + count)]
    return [FleetStation(name, versions[index % len(versions)], password(name) if password else None)
            for index, name in enumerate(names)]
