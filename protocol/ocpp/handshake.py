"""The judgement of a station's handshake: path, headers and TLS facts → accept, or reject with the reason.

Two steps, since the store is asked in between: `read` finds out what is asked for, `decide` answers it with what is
known about that station. Pure; it writes no HTTP. As tolerant as a WebSocket can be: real stations leave headers out.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from protocol.ocpp import address, credentials, deflate
from protocol.ocpp.address import IDENTITY_LIMIT_V2, BadAddress
from protocol.ocpp.credentials import Credentials
from protocol.ocpp.deflate import Deflate, Offer
from protocol.ocpp.version import Version, from_subprotocol

NO_COMMON_VERSION: Final = 1002
ORDER: Final = (Version.V21, Version.V201, Version.V16)
"""Which version is taken when a station offers several."""

_CHALLENGE: Final = ("WWW-Authenticate", 'Basic realm="OCPP"')
_BROKEN: Final = re.compile(rb"[\x00\r\n]")
# A second, different value of one of these would let two readers of the same request see two stations.
_ONCE: Final = frozenset((b"host", b"authorization", b"sec-websocket-key", b"sec-websocket-version"))
_MOST_PROTOCOLS: Final = 32


@attrs.frozen
class TlsFacts:
    """The TLS layer's verdict; the names are those of a verified client certificate, None without one."""

    common_name: str | None = None
    organization: str | None = None


@attrs.frozen
class ListenerFacts:
    """What the listener that took the connection allows."""

    profiles: frozenset[int]


@attrs.frozen
class Asked:
    """A handshake that can be answered. `offered`: the subprotocol tokens as written, with what they mean to us."""

    tenant_slug: str | None
    identity: str
    offered: tuple[tuple[str, Version | None], ...]
    credentials: Credentials | None
    key: str
    extensions: tuple[Offer, ...]
    tls: TlsFacts | None
    listener: ListenerFacts

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions offered that we speak, in the station's order."""
        return tuple(version for _, version in self.offered if version is not None)


@attrs.frozen
class StationFacts:
    """What is known about the station that was asked for. `password_ok`: None when there was nothing to compare."""

    identity: str
    security_profile: int = 0
    highest_profile: int = 0
    has_password: bool = False
    password_ok: bool | None = None
    version_pin: Version | None = None
    subprotocol_optional: bool = True
    compression: bool | None = None
    check_username: bool = False
    certificate_names: frozenset[str] = frozenset()
    strict: bool = False
    held_off: float = 0.0


@attrs.frozen
class Close:
    """A close frame to send at once."""

    code: int
    reason: str


@attrs.frozen
class Accept:
    """Finish the handshake. `subprotocol` as the station wrote it, None: send no such header.

    With `close_after` the connection ends right after the handshake and `version` says nothing
    (OCPP 2.0.1 Part 4, 3.2: no version in common).
    """

    identity: str
    tenant_slug: str | None
    version: Version
    profile: int
    subprotocol: str | None
    deflate: Deflate | None = None
    close_after: Close | None = None


@attrs.frozen
class Reject:
    """Answer with this HTTP status. `reason` is a stable code, `detail` a sentence for the operator."""

    status: int
    reason: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()


def read(
    raw_path: bytes,
    headers: Sequence[tuple[bytes, bytes]],
    tls: TlsFacts | None,
    listener: ListenerFacts,
    tenants: Callable[[str], bool],
) -> Asked | Reject:
    """What a request asks for. `headers` in their order, names in any case; `tenants` tells a known tenant's slug."""
    found = _collected(headers)
    if isinstance(found, Reject):
        return found
    wrong = _not_websocket(found)
    if wrong is not None:
        return wrong
    named = address.read(raw_path, tenants)
    if isinstance(named, BadAddress):
        return Reject(named.status, named.reason, named.detail)
    told = found.get(b"authorization", [])
    return Asked(
        tenant_slug=named.tenant,
        identity=named.identity,
        offered=_protocols(found.get(b"sec-websocket-protocol", [])),
        credentials=credentials.read(told[0], named.identity) if told else None,
        key=found[b"sec-websocket-key"][0].decode("ascii"),
        extensions=deflate.read(found.get(b"sec-websocket-extensions", [])),
        tls=tls,
        listener=listener,
    )


def decide(asked: Asked, station: StationFacts | None) -> Accept | Reject:
    """The answer to `asked`, once the store has said what it knows; `station` None: it knows no such station."""
    if station is None:
        return Reject(
            404, "unknown_station", f"no station {asked.identity!r} is known here; admit it or correct the path"
        )
    if station.held_off > 0:
        why = "this station made its actor fail again and again and is held off"
        return unavailable("held_off", why, station.held_off)
    profile = _authenticated(asked, station)
    if isinstance(profile, Reject):
        return profile
    wrong = _wrong_profile(profile, asked, station)
    return wrong if wrong is not None else _with_version(asked, station, profile)


def unavailable(reason: str, detail: str, retry_after: float) -> Reject:
    """503: no verdict now, be it for load or because the store does not answer. `retry_after` in seconds."""
    return Reject(503, reason, detail, (("Retry-After", str(max(1, math.ceil(retry_after)))),))


# The request


def _collected(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, list[bytes]] | Reject:
    found: dict[bytes, list[bytes]] = {}
    for raw_name, value in headers:
        name = raw_name.lower()
        if _BROKEN.search(raw_name) or _BROKEN.search(value):
            return Reject(400, "header_invalid", "a header holds a line break or NUL")
        values = found.setdefault(name, [])
        if name in _ONCE and values and values[0].strip() != value.strip():
            return Reject(400, "header_repeated", f"{name.decode('latin-1')} came twice with different values")
        values.append(value.strip())
    return found


def _not_websocket(found: dict[bytes, list[bytes]]) -> Reject | None:
    upgrades = b",".join(found.get(b"upgrade", [])).lower().split(b",")
    if not any(each.strip().split(b"/")[0] == b"websocket" for each in upgrades):
        detail = "this address speaks OCPP over WebSocket: connect with ws:// or wss:// to /ocpp/{identity}"
        return Reject(426, "not_a_websocket", detail, (("Upgrade", "websocket"), ("Connection", "Upgrade")))
    version = found.get(b"sec-websocket-version", [b"13"])[0]
    if version not in (b"13", b""):
        detail = "only WebSocket version 13 (RFC 6455) is spoken here"
        return Reject(426, "websocket_version", detail, (("Sec-WebSocket-Version", "13"), ("Upgrade", "websocket")))
    key = found.get(b"sec-websocket-key", [b""])[0]
    if not key or len(key) > 200 or not key.isascii():
        return Reject(400, "websocket_key", "Sec-WebSocket-Key is missing or unusable")
    return None


def _protocols(values: list[bytes]) -> tuple[tuple[str, Version | None], ...]:
    tokens = [token.strip() for token in b",".join(values).decode("latin-1").split(",")]
    return tuple((token, from_subprotocol(token)) for token in tokens if token)[:_MOST_PROTOCOLS]


# The answer


def _authenticated(asked: Asked, station: StationFacts) -> int | Reject:
    """The security profile that this connection has proved, or why it has proved none."""
    if asked.tls is not None and asked.tls.common_name is not None and 3 in asked.listener.profiles:
        names = {station.identity.casefold(), *(name.casefold() for name in station.certificate_names)}
        if asked.tls.common_name.casefold() not in names:
            why = f"the certificate is for {asked.tls.common_name!r}, not for this station"
            return Reject(403, "certificate_of_another", why)
        return 3
    basic = 1 if asked.tls is None else 2
    if not station.has_password:
        if station.security_profile == 0:
            return 0
        return _challenge("password_not_set", "a password is required, but none has been set for this station")
    if asked.credentials is None:
        return _challenge("password_missing", "the station sent no Basic credentials")
    name_differs = asked.credentials.username.casefold() != asked.identity.casefold()
    if not station.password_ok or (name_differs and (station.check_username or station.strict)):
        return _challenge("password_wrong", "the password or the user name is wrong")
    return basic


def _challenge(reason: str, detail: str) -> Reject:
    return Reject(401, reason, detail, (_CHALLENGE,))


def _wrong_profile(profile: int, asked: Asked, station: StationFacts) -> Reject | None:
    """Never lower than what is set or once worked (OCPP 2.0.1 Part 2, A00.FR.002, .005), and fit for the listener."""
    least = max(station.security_profile, station.highest_profile)
    if profile < least:
        why = f"security profile {profile} was used, but {least} is required for this station"
        return Reject(403, "profile_too_low", why)
    if profile not in asked.listener.profiles:
        taken = ", ".join(map(str, sorted(asked.listener.profiles)))
        why = f"security profile {profile} was used; this listener takes {taken}"
        if profile == 0 and asked.tls is not None:
            return _challenge("password_not_set", f"{why}: set a password for the station")
        return Reject(403, "profile_not_here", why)
    return None


def _with_version(asked: Asked, station: StationFacts, profile: int) -> Accept | Reject:
    long = len(asked.identity) > IDENTITY_LIMIT_V2
    barred = long or (station.strict and ":" in asked.identity)
    usable = [version for version in asked.versions if not (version.is_v2 and barred)]
    if asked.versions and not usable:
        why = f"OCPP 2.x allows identities of {IDENTITY_LIMIT_V2} characters without a colon"
        return Reject(400, "identity_too_long" if long else "identity_with_colon", why)
    usable = [version for version in usable if station.version_pin in (None, version)]
    if usable:
        version = next(each for each in ORDER if each in usable)
        token = next(token for token, meant in asked.offered if meant is version)
        wanted = version.is_v2 if station.compression is None else station.compression
        agreed = deflate.agree(asked.extensions) if wanted else None
        return Accept(asked.identity, asked.tenant_slug, version, profile, token, agreed)
    silent = not asked.offered and station.subprotocol_optional and not station.strict
    if silent and station.version_pin in (None, Version.V16):
        return Accept(asked.identity, asked.tenant_slug, Version.V16, profile, None)
    close = Close(NO_COMMON_VERSION, _no_version(asked, station))
    return Accept(asked.identity, asked.tenant_slug, Version.V16, profile, None, None, close)


def _no_version(asked: Asked, station: StationFacts) -> str:
    """At most 123 bytes, as a close frame holds."""
    wanted = ", ".join(v.subprotocol for v in ((station.version_pin,) if station.version_pin else ORDER))
    if not asked.offered:
        return f"no Sec-WebSocket-Protocol sent; offer one of {wanted}"[:123]
    return f"no OCPP version in common; offer one of {wanted}"[:123]
