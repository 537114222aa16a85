"""The way of one accepted socket to an attached station: address, TLS, request, admission, judgement, answer.

protocol/ocpp/handshake.py judges; here it is asked, with what the store, the passwords and our own limits say. Every
refusal is answered, counted and noted for the operator.
"""

import math
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import attrs
import structlog
import trio
from wsproto.utilities import generate_accept_token

from actors.ports import StationConfig, StationImage, Store, StoreUnavailable
from actors.station.face import Attachment, Stations
from gateway import proxies, websocket
from gateway.admission import Admission, TooBusy
from gateway.limits import HandshakeLimits
from gateway.link import LinkRules, StationLink
from gateway.metrics import Metrics
from gateway.refusals import Refusals
from gateway.request import BadRequest, Request, answer, read_request
from gateway.settings import Settings
from gateway.sockets import StdSocket, peek
from gateway.sweeper import Sweeper
from gateway.tls_errors import explained
from gateway.tls_live import LiveTls
from gateway.tls_peer import facts as tls_facts
from gateway.wire import SocketWire, TlsWire, Wire
from protocol.ocpp.client_certificate import BadCertificate, ClientCertificate
from protocol.ocpp.handshake import (
    Accept,
    Asked,
    ListenerFacts,
    Reject,
    StationFacts,
    TlsFacts,
    decide,
    read,
    unavailable,
)

_STORE_AWAY = 10.0  # seconds; the least a station is told to wait while the store gives no verdict
_LINGER = 2.0  # seconds for the other side to read why it was sent away

log = structlog.get_logger(__name__)


class Verifier(Protocol):
    async def verify(self, stored: str, candidates: Sequence[bytes]) -> bool:
        """Whether one of the passwords is the stored one."""


class Security(Protocol):
    """storage/security.py, or what a test puts in its place."""

    def revoked(self, tenant_id: UUID, issuer_hash: str, serial: str) -> bool:
        """Whether that certificate counts no more."""

    def organizations(self, tenant_id: UUID) -> frozenset[str]:
        """Operator names that certificates of this tenant's stations must bear one of; empty: not checked."""

    async def settle_password(self, station_id: UUID, used: str | None) -> bool:
        """The password kept as `used` opened a connection while another was on its way; None: it opened without one.

        Raises StoreUnavailable.
        """


class NoSecurity:
    """Nobody is revoked, nothing is on its way."""

    def revoked(self, tenant_id: UUID, issuer_hash: str, serial: str) -> bool:
        return False

    def organizations(self, tenant_id: UUID) -> frozenset[str]:
        return frozenset()

    async def settle_password(self, station_id: UUID, used: str | None) -> bool:
        return False


@attrs.frozen
class Shown:
    """The certificate that a connection was opened with, as it is looked up."""

    tenant_id: UUID
    issuer_hash: str
    serial: str
    ends: frozenset[str] = frozenset()  # the authorities above it


class Refused(Exception):  # noqa: N818 - a verdict
    """The handshake ends here. `instead`: bytes to send in place of an HTTP answer; `silent`: nothing can be said."""

    def __init__(self, reject: Reject, *, instead: bytes = b"", silent: bool = False) -> None:
        super().__init__(reject.reason)
        self.reject, self.instead, self.silent = reject, instead, silent


@attrs.frozen
class Place:
    """A listener as its connections see it."""

    facts: ListenerFacts
    tls: LiveTls | None


@attrs.frozen
class Attached:
    """A station that is in. `early` are bytes that came with its request."""

    link: StationLink
    attachment: Attachment
    early: bytes
    version: str
    certificate: Shown | None = None


@attrs.define
class _Caller:
    """What is known so far of who is calling."""

    wire: Wire
    address: str
    request: Request | None = None
    identity: str | None = None
    config: StationConfig | None = None
    password: str | None = None  # the kept form that its password fits
    certificate: ClientCertificate | None = None
    came: bytes = b""  # where it is no request that we read: what it was


class Doorkeeper:
    """Serves handshakes. One for all listeners of a node; `full` says that there is no room for another station."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        stations: Stations,
        passwords: Verifier,
        refusals: Refusals,
        metrics: Metrics,
        sweeper: Sweeper,
        *,
        tenants: Callable[[str], bool],
        full: Callable[[], bool],
        security: Security | None = None,
    ) -> None:
        self._security: Security = NoSecurity() if security is None else security
        self.securing = 0  # TLS handshakes in progress
        self.admission = Admission(settings.handshakes_at_once, settings.handshake_patience)
        self.limits = HandshakeLimits()
        self._settings = settings
        self._store, self._stations, self._passwords = store, stations, passwords
        self._refusals, self._metrics, self._sweeper = refusals, metrics, sweeper
        self._tenants, self._full = tenants, full
        self._rules = LinkRules(
            settings.ping_interval, settings.send_deadline, settings.closing_deadline, settings.message_deadline
        )

    async def serve(self, sock: StdSocket, peer: str, place: Place) -> Attached | None:
        """The attached station, or None when it was refused or went away; then the socket is closed."""
        caller = _Caller(SocketWire(sock), peer)
        attached: Attached | None = None
        try:
            try:
                attached = await self._let_in(caller, sock, place)
            except Refused as refused:
                await self._refuse(caller, refused)
        except (OSError, trio.ClosedResourceError):
            self._metrics.refused.labels("went_away").inc()
        except Exception:
            # A fault of ours costs this handshake and nothing else; the station comes back.
            log.exception("a handshake failed by a fault of ours", address=caller.address, identity=caller.identity)
            self._metrics.refused.labels("internal_error").inc()
        finally:
            if attached is None:
                caller.wire.abort()
        return attached

    async def _let_in(self, caller: _Caller, sock: StdSocket, place: Place) -> Attached:
        tls: TlsFacts | None = None
        try:
            with trio.fail_after(self._settings.handshake_deadline):
                caller.address = await self._source(sock, caller.address)
                if place.tls is not None:
                    caller.wire, tls = await self._secured(caller, place.tls)
                request = await read_request(caller.wire, self._settings.request_limit)
        except trio.TooSlowError:
            why = f"no request within {self._settings.handshake_deadline:.0f} s"
            raise Refused(Reject(408, "handshake_timeout", why)) from None
        except ssl.SSLError as error:
            raise Refused(explained(error), silent=True) from None
        except BadCertificate as error:
            why = f"the station's certificate cannot be read: {error}"
            raise Refused(Reject(400, "certificate_chain", why), silent=True) from None
        except proxies.Malformed as error:
            raise Refused(Reject(400, "proxy_header", str(error))) from None
        except BadRequest as error:
            if error.empty:  # a port scan, or a load balancer's health check
                raise trio.ClosedResourceError from None
            caller.came = error.head
            raise Refused(Reject(error.status, "not_http", error.detail)) from None
        caller.request = request
        caller.address = proxies.client_address(caller.address, request.headers, self._settings.trusted_proxies)
        return await self._judge(caller, request, tls, place)

    async def _secured(self, caller: _Caller, live: LiveTls) -> tuple[TlsWire, TlsFacts]:
        """With the certificates in use now. `resumed` counts sessions that were taken up again."""
        authorities = live.authorities
        secured = TlsWire(caller.wire, live.context)
        self.securing += 1
        try:
            await secured.handshake()
        finally:
            self.securing -= 1
            caller.came = secured.first
        found = tls_facts(secured.tls, authorities, datetime.now(UTC))
        self._metrics.tls.labels("resumed" if found.resumed else "full").inc()
        caller.certificate = found.certificate
        return secured, found

    async def _source(self, sock: StdSocket, peer: str) -> str:
        """The caller's address, read from a PROXY header where we believe one."""
        if not proxies.trusted(peer, self._settings.trusted_proxies):
            return peer
        header = await peek(sock, proxies.LONGEST, proxies.read_proxy_header)
        if not isinstance(header, proxies.ProxyHeader):
            return peer
        sock.recv(header.length)
        return header.source or peer

    async def _judge(self, caller: _Caller, request: Request, tls: TlsFacts | None, place: Place) -> Attached:
        asked = read(request.target, request.headers, tls, place.facts, self._tenants)
        if request.method != "GET" and isinstance(asked, Asked):
            asked = Reject(405, "method", "a WebSocket handshake is a GET", (("Allow", "GET"),))
        caller.identity = asked.identity if isinstance(asked, Asked) else None
        began = trio.current_time()
        wait = self.limits.wait(caller.address, caller.identity or "", began)
        if wait > 0:
            retry = (("Retry-After", str(math.ceil(wait))),)
            raise Refused(Reject(429, "too_often", "this station tries too often", retry))
        if isinstance(asked, Reject):
            raise Refused(asked)
        try:
            if self._full():
                raise self.admission.too_busy(30.0)
            async with self.admission.place():
                attached = await self._answer(caller, request, asked)
        except TooBusy as busy:
            why = "more stations are connecting than can be served"
            raise Refused(unavailable("too_busy", why, busy.retry_after)) from None
        except StoreUnavailable as error:
            retry_after = self.admission.too_busy(_STORE_AWAY).retry_after
            log.info("no_verdict", error=str(error))  # what is wrong with our database is not for whoever asks
            raise Refused(unavailable("store_unavailable", "cannot look the station up now", retry_after)) from None
        self._metrics.served.observe(trio.current_time() - began)
        return attached

    async def _answer(self, caller: _Caller, request: Request, asked: Asked) -> Attached:
        image = await self._store.load_station(asked.tenant_slug, asked.identity)
        if image is not None:
            caller.config = image.config
        verdict = decide(asked, None if image is None else await self._known(image, asked, caller))
        if isinstance(verdict, Reject):
            raise Refused(verdict)
        assert image is not None  # nobody is let in whom the store does not know
        if image.config.pending_password_hash is not None and (caller.password is not None or verdict.profile == 0):
            # Whichever it comes back with settles a change whose answer was lost (A01.FR.03, A01.FR.04): none as well.
            await self._security.settle_password(image.config.id, caller.password)
        if verdict.close_after is not None:
            goodbye = websocket.close(verdict.close_after.code, verdict.close_after.reason)
            reject = Reject(101, "no_common_version", verdict.close_after.reason)
            raise Refused(reject, instead=_switching(asked, verdict) + goodbye)
        caller.wire.write(_switching(asked, verdict))
        self.limits.let_in(caller.address, asked.identity, trio.current_time())
        return await self._attach(caller, request, image, verdict)

    async def _attach(self, caller: _Caller, request: Request, image: StationImage, verdict: Accept) -> Attached:
        """The station has its 101 before anybody may write to it."""
        codec = websocket.Codec(
            self._settings.message_limit,
            deflate_bits=verdict.deflate.bits if verdict.deflate else None,
            tolerant=bool(image.config.settings.get("tolerate_invalid_utf8")),
        )
        link = StationLink(caller.wire, codec, caller.address, self._rules, self._sweeper)
        try:
            attachment = await self._stations.attach(
                image, link, verdict.version, verdict.profile, restricted=verdict.restricted,
                certified=_certified(image.config, caller) if verdict.profile == 3 else None,
            )  # fmt: skip
        except StoreUnavailable as error:
            late = Reject(101, "store_unavailable", str(error) or "no verdict")
            raise Refused(late, instead=websocket.close(1013, "try again later")) from None
        shown = self._shown(image.config, caller) if verdict.profile == 3 else None
        return Attached(link, attachment, request.trailing, verdict.version.value, shown)

    def _shown(self, config: StationConfig, caller: _Caller) -> Shown | None:
        found = caller.certificate
        return None if found is None else Shown(config.tenant_id, found.issuer_hash, found.serial, found.ends)

    async def _known(self, image: StationImage, asked: Asked, caller: _Caller) -> StationFacts:
        config = image.config
        kept = (config.password_hash, config.pending_password_hash, *config.older_pending)
        hashes = [stored for stored in kept if stored is not None]
        own = config.settings
        compression = own.get("compression")
        caller.password, tried = await self._password(hashes, asked)
        shown = self._shown(config, caller)
        boot = (image.state.boot if image.state is not None else None) or {}
        return StationFacts(
            identity=config.identity,
            security_profile=config.security_profile,
            highest_profile=config.highest_profile,
            has_password=config.password_hash is not None,
            password_pending=config.pending_password_hash is not None,
            password_ok=caller.password is not None if tried else None,
            version_pin=config.ocpp_version,
            subprotocol_optional=bool(own.get("subprotocol_optional", self._settings.accept_unknown_subprotocol)),
            compression=compression if self._settings.compression else False,
            check_username=bool(own.get("check_username", False)),
            certificate_names=frozenset(own.get("certificate_names", ())),
            serial_number=boot.get("serial_number"),
            organizations=frozenset(own.get("organizations", ())) or self._security.organizations(config.tenant_id),
            tenant_id=config.tenant_id,
            accept_expired=bool(own.get("accept_expired_certificate", False)),
            revoked=shown is not None and self._security.revoked(shown.tenant_id, shown.issuer_hash, shown.serial),
            now=datetime.now(UTC),
            strict=config.strict,
            moving_to=_moving_to(own, datetime.now(UTC)),
            held_off=self._stations.held_off(config.id) or 0.0,
        )

    async def _password(self, hashes: Sequence[str], asked: Asked) -> tuple[str | None, bool]:
        """(the kept form that the request's password fits, whether there was something to compare).

        The password in force, or the one sent to the station that it has not confirmed yet.
        """
        if not hashes or asked.credentials is None:
            return None, False
        for stored in hashes:
            if await self._passwords.verify(stored, asked.credentials.passwords):
                return stored, True
        return None, True

    async def _refuse(self, caller: _Caller, refused: "Refused") -> None:
        reject = refused.reject
        self._note(caller, reject)
        if refused.silent:
            return
        with trio.move_on_after(_LINGER):
            caller.wire.write(refused.instead or answer(reject.status, reject.headers, reject.detail))
            await caller.wire.drain()
            if caller.request is None or refused.instead:
                await _linger(caller.wire)

    def _note(self, caller: _Caller, reject: Reject) -> None:
        # For what it is or says, never for the state that we are in.
        if reject.status < 429 and reject.reason != "store_unavailable":
            self.limits.failed(caller.address, caller.identity or "", trio.current_time())
        self._metrics.refused.labels(reject.reason).inc()
        self._refusals.add(
            caller.request.target if caller.request else b"",
            caller.address,
            reject.reason,
            detail=reject.detail,
            identity=caller.identity,
            tenant_id=caller.config.tenant_id if caller.config else None,
            headers=caller.request.headers if caller.request else (),
            request=caller.request.head if caller.request else caller.came,
        )


def _certified(config: StationConfig, caller: _Caller) -> str | None:
    """The name whose bearer has to tell it as its serial number; None where the operator has named it otherwise.

    Many makers write the identity there, which the handshake has compared: that is enough unless the station is strict.
    """
    name = caller.certificate.common_name if caller.certificate is not None else None
    if name is None or name.casefold() in {each.casefold() for each in config.settings.get("certificate_names", ())}:
        return None
    return name if config.strict or name.casefold() != config.identity.casefold() else None


def _moving_to(settings: Mapping[str, Any], now: datetime) -> int | None:
    """The profile that a station is being moved up to (gateway/worker/security.py), as long as that may take."""
    found = settings.get("moving_to")
    return found["profile"] if found is not None and now < datetime.fromisoformat(found["until"]) else None


async def _linger(wire: Wire) -> None:
    """Lets the other side read what it was told: closing with its bytes unread would take ours back (a TCP reset)."""
    wire.finish()
    while await wire.receive(4096):
        pass


def _switching(asked: Asked, verdict: Accept) -> bytes:
    headers = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Accept", generate_accept_token(asked.key.encode()).decode()),
    ]
    if verdict.subprotocol is not None:
        headers.append(("Sec-WebSocket-Protocol", verdict.subprotocol))
    if verdict.deflate is not None:
        headers.append(("Sec-WebSocket-Extensions", verdict.deflate.header))
    return answer(101, headers)
