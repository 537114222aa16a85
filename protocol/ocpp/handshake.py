"""The judgement of a station's handshake: path, headers and TLS facts → accept, or reject with the reason.

Two steps, since the store is asked in between: `read` finds out what is asked for, `decide` answers it with what is
known about that station. Pure; it writes no HTTP. As tolerant as a WebSocket can be: real stations leave headers out.
"""

import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from protocol.ocpp import address, credentials, deflate
from protocol.ocpp.address import IDENTITY_LIMIT_V2, BadAddress
from protocol.ocpp.client_certificate import ClientCertificate, key_fault, validity_fault
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
    """The TLS layer's verdict: that it is TLS, and the client certificate whose chain it verified, if there is one.

    Validity and revocation are not its business: they are judged here, for resumed sessions too.
    """

    certificate: ClientCertificate | None = None
    resumed: bool = False


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
    """What is known about the station that was asked for. `password_ok`: None when there was nothing to compare.

    `has_password`: one is in force. `password_pending`: one was sent to it and it has not said that it took it.
    `certificate_names`: what its certificate may be for beside the identity; without any, its `serial_number` as it
    last told.
    `organizations`: operator names its certificate must bear one of; empty: not checked. `revoked`: the certificate
    that it showed. `moving_to`: the profile it is just being moved up to. `now` is needed where there are certificates.
    """

    identity: str
    security_profile: int = 0
    highest_profile: int = 0
    has_password: bool = False
    password_pending: bool = False
    password_ok: bool | None = None
    version_pin: Version | None = None
    subprotocol_optional: bool = True
    compression: bool | None = None
    check_username: bool = False
    certificate_names: frozenset[str] = frozenset()
    serial_number: str | None = None
    organizations: frozenset[str] = frozenset()
    tenant_id: UUID | None = None
    accept_expired: bool = False
    revoked: bool = False
    now: datetime | None = None
    strict: bool = False
    moving_to: int | None = None
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
    (OCPP 2.0.1 Part 4, 3.2: no version in common). `restricted` says why the station is let in as Pending only.
    """

    identity: str
    tenant_slug: str | None
    version: Version
    profile: int
    subprotocol: str | None
    deflate: Deflate | None = None
    close_after: Close | None = None
    restricted: str | None = None


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
    if wrong is not None:
        return wrong
    verdict = _with_version(asked, station, profile)
    return attrs.evolve(verdict, restricted=_expired(asked, station)) if isinstance(verdict, Accept) else verdict


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
    """The security profile that this connection has proved, or why it has proved none; one at a time (A00.FR.001).

    A00.FR.207, A00.FR.324: identity and password must both fit the request's user name and password.
    """
    if asked.tls is not None and asked.tls.certificate is not None and 3 in asked.listener.profiles:
        return _certificate_fault(asked.tls.certificate, station) or 3
    basic = 1 if asked.tls is None else 2
    if not station.has_password:
        if station.password_pending and station.password_ok:
            return basic  # it took the one that was sent, though its answer was lost
        if station.security_profile == 0:
            return 0
        if not station.password_pending:
            return _challenge("password_not_set", "a password is required, but none has been set for this station")
    if asked.credentials is None:
        return _challenge("password_missing", "the station sent no Basic credentials")
    name_differs = asked.credentials.username.casefold() != asked.identity.casefold()
    if not station.password_ok or (name_differs and (station.check_username or station.strict)):
        return _challenge("password_wrong", "the password or the user name is wrong")
    return basic


def _certificate_fault(certificate: ClientCertificate, station: StationFacts) -> Reject | None:
    """Why this certificate is not this station's; the chain itself is verified (A00.FR.403, A00.FR.407).

    A00.FR.705: whether it still counts is known from who keeps the authorities, at every handshake (`revoked`).
    """
    if certificate.owners is not None and station.tenant_id not in certificate.owners:
        return Reject(403, "certificate_of_another_tenant", "the certificate was signed by another tenant's authority")
    names = {station.identity.casefold(), *(name.casefold() for name in station.certificate_names)}
    if station.serial_number and not station.certificate_names:
        names.add(station.serial_number.casefold())
    if certificate.common_name is None or certificate.common_name.casefold() not in names:  # A00.FR.405
        why = (
            f"the certificate is for {certificate.common_name!r}, not for this station; "
            f"name it in the station's certificate_names if it is right"
        )
        return Reject(403, "certificate_of_another", why)
    owners = {name.casefold() for name in station.organizations}
    if owners and not owners & {name.casefold() for name in certificate.organizations}:  # A00.FR.404
        shown = ", ".join(sorted(certificate.organizations)) or "nobody"
        return Reject(403, "certificate_of_another_owner", f"the certificate names {shown} as its organization")
    weak = key_fault(certificate.key)
    if weak is not None:
        return Reject(403, "certificate_key", weak)
    if station.revoked:
        return Reject(403, "certificate_revoked", f"certificate {certificate.serial} was revoked; install a new one")
    if certificate.chain_fault is not None:
        return Reject(403, "certificate_chain", certificate.chain_fault)
    assert station.now is not None  # whoever asks about certificates knows the time
    found = validity_fault(certificate, station.now)
    if found is None or (found[0] == "certificate_expired" and station.accept_expired):
        return None
    return Reject(403, *found)


def _expired(asked: Asked, station: StationFacts) -> str | None:
    """Why a station is in on sufferance only (A00.FR.429), None when it is not."""
    certificate = asked.tls.certificate if asked.tls is not None else None
    if certificate is None or station.now is None or 3 not in asked.listener.profiles:
        return None
    found = validity_fault(certificate, station.now)
    return None if found is None else found[1]


def _challenge(reason: str, detail: str) -> Reject:
    return Reject(401, reason, detail, (_CHALLENGE,))


def _wrong_profile(profile: int, asked: Asked, station: StationFacts) -> Reject | None:
    """Never lower than what is set or once worked (OCPP 2.0.1 Part 2, A00.FR.002, A00.FR.005), fit for the listener.

    A00.FR.002 ends a connection with any other profile than ours. A better proof than was asked for hurts nobody, so
    only a strict station is held to it, unless it is just being moved up (A05).
    """
    least = max(station.security_profile, station.highest_profile)
    if profile < least:
        why = f"security profile {profile} was used, but {least} is required for this station"
        return Reject(403, "profile_too_low", why)
    if station.strict and profile not in (least, station.moving_to):
        why = f"security profile {profile} was used, but this station is strict and set to {least}"
        return Reject(403, "profile_too_high", why)
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
