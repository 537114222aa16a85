"""TLS listeners with stations of every kind: suites, resumption, certificates that do and do not count, revocation."""

import datetime
import ssl
import struct
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import attrs
import pytest
import trio
from cryptography.hazmat.primitives.asymmetric import rsa

from actors.ports import DEFAULT_TENANT, StationConfig
from gateway.security import SecurityWatch
from gateway.setting_types import listen_ocpp
from gateway.tls_peer import Authority
from protocol.ocpp.client_certificate import fingerprint, issuer_hash, serial_text
from storage.outbox import Bus
from storage.security import TrustedAuthority
from tests.gateway.conftest import Open, Site
from tests.support.authority import DAY, Made, client, make
from tests.support.fake_stations import station_config
from tests.support.wire import basic, request, text

OTHER_TENANT = uuid4()
NOW = datetime.datetime.now(datetime.UTC)


@attrs.frozen
class Files:
    """A root, an issuing authority beneath it, and a server with both kinds of key."""

    folder: Path
    root: Made
    issuing: Made
    servers: tuple[tuple[Path, Path], tuple[Path, Path]]

    def listen(self, profiles: str, *, trusted: bool = True) -> str:
        pairs = "&".join(f"cert={chain}&key={key}" for chain, key in self.servers)
        ca = f"&client-ca={self.folder}/root.pem" if trusted and "3" in profiles else ""
        return f"wss://127.0.0.1:0?{pairs}&profiles={profiles}{ca}"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("tls")
    root = make("Root", authority=True)
    issuing = make("Issuing", root, authority=True)
    key = rsa.generate_private_key(65537, 2048)
    root.write(folder, "root")
    both = (
        make("127.0.0.1", issuing, server=True).write(folder, "ec"),
        make("127.0.0.1", issuing, server=True, key=key).write(folder, "rsa"),
    )
    return Files(folder, root, issuing, both)


@attrs.define
class Book:
    """What handshakes ask beyond a station's row."""

    gone: set[tuple[UUID, str, str]] = attrs.Factory(set)
    names: frozenset[str] = frozenset()
    authorities: tuple[TrustedAuthority, ...] = ()
    settled: list[str | None] = attrs.Factory(list)

    def __len__(self) -> int:
        """An empty book is a book."""
        return len(self.gone)

    def revoked(self, tenant_id: UUID, issuer: str, serial: str) -> bool:
        return (tenant_id, issuer, serial) in self.gone

    def organizations(self, tenant_id: UUID) -> frozenset[str]:
        return self.names

    async def settle_password(self, station_id: UUID, used: str | None) -> bool:
        self.settled.append(used)
        return True

    @property
    def count(self) -> int:
        return len(self.gone)

    async def refresh(self) -> None:
        """All is known here."""

    async def tell(self, events: Sequence[Any]) -> None:
        """Nobody hears of it."""

    def trust(self, *tenants: tuple[UUID, str]) -> None:
        """These and no others, the first registered first."""
        self.authorities = tuple(
            TrustedAuthority(tenant, f"{number:x}", pem, NOW) for number, (tenant, pem) in enumerate(tenants)
        )

    def revoke(self, certificate: Made) -> None:
        found = certificate.certificate
        self.gone.add((DEFAULT_TENANT, issuer_hash(found), serial_text(found.serial_number)))


class Talk:
    """A TLS client over memory, so that sessions can be kept and taken up again."""

    def __init__(self, stream: trio.abc.Stream, context: ssl.SSLContext, session: ssl.SSLSession | None) -> None:
        self.stream = stream
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._in, self._out, server_hostname="127.0.0.1", session=session)

    async def _step(self, work: Callable[[], object]) -> object:
        while True:
            try:
                done = work()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self.stream.receive_some(65536)
                if not data:
                    self._in.write_eof()
                self._in.write(data)
                continue
            except ssl.SSLError:
                await self._flush()  # the alert
                raise
            await self._flush()
            return done

    async def _flush(self) -> None:
        if self._out.pending:
            await self.stream.send_all(self._out.read())

    async def ask(self, head: bytes) -> int:
        """The status of the answer to a request. Raises ssl.SSLError or an error of the stream."""
        await self._step(self.tls.do_handshake)
        await self._step(lambda: self.tls.write(head))
        found = await self._step(lambda: self.tls.read(65536))
        assert isinstance(found, bytes)
        if not found:
            raise ssl.SSLEOFError("ended")
        return int(found.split(b" ")[1])

    async def read(self) -> bytes:
        found = await self._step(lambda: self.tls.read(65536))
        assert isinstance(found, bytes)
        return found


async def dial(
    site: Site, context: ssl.SSLContext, path: str = "/ocpp/CP1", session: ssl.SSLSession | None = None,
    **headers: str | None,
) -> tuple[int, Talk]:  # fmt: skip
    """Status 0: the connection ended instead of an answer."""
    plain = await site.dial()
    talk = Talk(plain.stream, context, session)
    try:
        return await talk.ask(request(path, **headers)), talk
    except (ssl.SSLError, trio.BrokenResourceError):
        return 0, talk


@pytest.mark.parametrize(
    "suite",
    [  # A00.FR.318, A00.FR.421
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "AES128-GCM-SHA256", "AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
    ],
)  # fmt: skip
async def test_every_suite_that_the_specification_demands(listening: Open, files: Files, suite: str) -> None:
    """An ECDSA and an RSA certificate side by side; no compression (A00.FR.321, A00.FR.424)."""
    config = station_config(security_profile=2, password_hash="right")
    async with listening(config, ocpp_listen=(listen_ocpp(files.listen("2")),)) as site:
        context = client(files.root, None, files.folder)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(suite)
        status, talk = await dial(site, context, authorization=basic("CP1", "right"))
        assert status == 101
        cipher = talk.tls.cipher()
        assert cipher is not None
        assert cipher[0] == suite
        assert talk.tls.compression() is None


async def test_old_versions_and_unfit_suites_are_refused_with_the_reason(listening: Open, files: Files) -> None:
    """TLS 1.2 or above: A00.FR.313, A00.FR.315, A00.FR.416, A00.FR.418. No unfit suites: A00.FR.320, A00.FR.322,
    A00.FR.423, A00.FR.425.
    """
    async with listening(ocpp_listen=(listen_ocpp(files.listen("2")),)) as site:
        old, unfit = client(files.root, None, files.folder, careless=True), client(files.root, None, files.folder)
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            old.minimum_version = ssl.TLSVersion.TLSv1
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        unfit.maximum_version = ssl.TLSVersion.TLSv1_2
        unfit.set_ciphers("ECDHE-RSA-AES128-SHA:AES128-SHA")
        assert (await dial(site, old))[0] == 0
        assert (await dial(site, unfit))[0] == 0
        stranger = client(make("Other root", authority=True), None, files.folder)
        assert (await dial(site, stranger))[0] == 0
        with trio.fail_after(5):
            while len(site.reasons) < 3:  # noqa: ASYNC110 - its alert is read after it has gone
                await trio.sleep(0.01)
        assert [reason for reason, _ in site.reasons] == ["tls_version", "tls_no_cipher", "certificate_not_taken"]
        assert "CSMSRootCertificate" in (site.noted[-1].detail or "")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_sessions_are_resumed_and_judged_again(
    listening: Open, files: Files, version: ssl.TLSVersion
) -> None:
    """A resumed session shows no chain: whether its certificate counts is asked all the same (A00.FR.705)."""
    book = Book()
    shown = make("CP1", files.issuing)
    context = client(files.root, shown, files.folder)
    context.minimum_version = context.maximum_version = version
    async with listening(
        station_config(security_profile=3), ocpp_listen=(listen_ocpp(files.listen("3")),), security=book
    ) as site:
        status, talk = await dial(site, context)
        assert (status, talk.tls.session_reused) == (101, False)
        session = talk.tls.session
        status, again = await dial(site, context, session=session)
        assert (status, again.tls.session_reused) == (101, True)
        assert site.stations.images[-1][2] == 3
        assert b'kind="resumed"} 1.0' in site.metrics.render()
        book.revoke(shown)
        status, last = await dial(site, context, session=again.tls.session)
        assert (status, last.tls.session_reused) == (403, True)
        assert site.reasons[-1][0] == "certificate_revoked"


def _bad(files: Files) -> dict[str, tuple[Made, str]]:
    """Certificates that do not count: who shows them, and the reason that the operator reads."""
    past, future = NOW - DAY, NOW + DAY
    stranger = make("Stranger", authority=True)
    old_issuing = make("Old issuing", files.root, authority=True, begins=NOW - 9 * DAY, ends=past)
    return {
        "expired": (make("CP1", files.issuing, begins=NOW - 9 * DAY, ends=past), "certificate_expired"),
        "not yet valid": (make("CP1", files.issuing, begins=future), "certificate_not_yet_valid"),
        "of another": (make("CP2", files.issuing), "certificate_of_another"),
        "signed by itself": (make("CP1"), "certificate_self_signed"),
        "of a stranger's authority": (make("CP1", stranger), "certificate_unknown_issuer"),
        "without the one between": (make("CP1", files.issuing, leaf_alone=True), "certificate_unknown_issuer"),
        "beneath an expired authority": (make("CP1", old_issuing), "certificate_chain"),
        "with a key too short": (
            make("CP1", files.issuing, key=rsa.generate_private_key(65537, 1024)), "certificate_key"
        ),
        "too large": (make("CP1", files.issuing, more=5000), "certificate_chain"),
        "beneath one too large": (
            make("CP1", make("Large", files.root, authority=True, more=5000)), "certificate_chain"
        ),
        "of another operator": (make("CP1", files.issuing, organization="Somebody"), "certificate_of_another_owner"),
        "of no operator": (make("CP1", files.issuing, organization=None), "certificate_of_another_owner"),
    }


async def test_certificates_that_do_not_count_are_refused_with_the_reason(listening: Open, files: Files) -> None:
    """A00.FR.403, A00.FR.404, A00.FR.405, A00.FR.407; no wrong one costs a right one anything."""
    book = Book(names=frozenset(("Operator",)))
    config = station_config(security_profile=3)
    async with listening(config, ocpp_listen=(listen_ocpp(files.listen("3")),), security=book) as site:
        for kind, (shown, reason) in _bad(files).items():
            context = client(files.root, shown, files.folder, careless=True)
            status, _ = await dial(site, context, "/ocpp/CP1")
            assert status in (0, 403), kind
            assert site.reasons[-1][0] == reason, (kind, site.noted[-1].detail)
            site.listeners._doorkeeper.limits = type(site.listeners._doorkeeper.limits)()
        assert (await dial(site, client(files.root, None, files.folder)))[0] == 0
        assert site.reasons[-1][0] == "certificate_missing"
        assert (await dial(site, client(files.root, make("CP1", files.issuing), files.folder)))[0] == 101
        assert site.stations.restricted == [None]


async def test_garbage_and_a_certificate_of_another_key_end_the_handshake(listening: Open, files: Files) -> None:
    """Bytes that are no TLS, a ClientHello that breaks off, and TLS with garbage behind it."""
    async with listening(ocpp_listen=(listen_ocpp(files.listen("3")),), handshake_deadline=0.5) as site:
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 600
        for data in (hello, b"\x00" * 64, b"\x16\x03\x01" * 9):
            broken = await site.dial()
            await broken.send(data)
            with trio.fail_after(5):
                assert await broken.ended()
        assert {reason for reason, _ in site.reasons} <= {"tls_failed", "not_tls", "handshake_timeout"}
        assert site.reasons
        assert (await dial(site, client(files.root, make("CP1", files.issuing), files.folder)))[0] == 101


async def test_an_expired_certificate_by_explicit_opt_in_is_pending(listening: Open, files: Files) -> None:
    """A00.FR.429: only the station that the operator named, and only as Pending."""
    opted = station_config(security_profile=3, settings={"accept_expired_certificate": True})
    async with listening(opted, ocpp_listen=(listen_ocpp(files.listen("3")),), security=Book()) as site:
        shown = make("CP1", files.issuing, begins=NOW - 9 * DAY, ends=NOW - DAY)
        assert (await dial(site, client(files.root, shown, files.folder)))[0] == 101
        assert "expired" in (site.stations.restricted[0] or "")


async def test_a_tenants_authority_speaks_for_its_own_stations_alone(listening: Open, files: Files) -> None:
    """Other tenants' certificates are refused, whatever stands in them."""
    theirs, ours = make("Their CA", authority=True), make("Tenant CA", authority=True)
    own: StationConfig = station_config(security_profile=3)
    async with listening(own, ocpp_listen=(listen_ocpp(files.listen("3", trusted=False)),), security=Book()) as site:
        [tls] = site.listeners.tls
        found = [(ours, DEFAULT_TENANT), (theirs, OTHER_TENANT)]
        await tls.trust([(made.pem, Authority(tenant, made.certificate)) for made, tenant in found])
        assert (await dial(site, client(files.root, make("CP1", theirs), files.folder)))[0] == 403
        assert site.reasons[-1][0] == "certificate_of_another_tenant"
        assert (await dial(site, client(files.root, make("CP1", ours), files.folder)))[0] == 101
        await tls.trust([])
        assert (await dial(site, client(files.root, make("CP1", ours), files.folder)))[0] == 0


async def test_a_name_belongs_to_the_authority_that_had_it_first(listening: Open, files: Files) -> None:
    """OpenSSL finds issuers by name, whoever's they are: nobody takes another's place, and the same one is shared."""
    ours, copy = make("Tenant CA", authority=True), make("TENANT  ca", organization="operator", authority=True)
    fake = make("Root", authority=True)  # named as the one in the listener's file
    config = station_config(security_profile=3)

    def of(tenant: UUID, made: Made) -> tuple[str, Authority]:
        return made.pem, Authority(tenant, made.certificate)

    async with listening(config, ocpp_listen=(listen_ocpp(files.listen("3")),), security=Book()) as site:
        [tls] = site.listeners.tls
        context = client(files.root, make("CP1", ours), files.folder)
        copied, faked = of(OTHER_TENANT, copy), of(OTHER_TENANT, fake)
        await tls.trust([of(DEFAULT_TENANT, ours), copied, faked])
        assert [each[0] for each in tls.left_out] == [copied[0], faked[0]]
        assert (await dial(site, context))[0] == 101
        assert (await dial(site, client(files.root, make("CP1", files.issuing), files.folder)))[0] == 101
        await tls.trust([copied, of(DEFAULT_TENANT, ours)])  # the other way round, were it first
        assert [each[0] for each in tls.left_out] == [ours.pem]
        assert (await dial(site, context))[0] == 0
        await tls.trust([of(OTHER_TENANT, ours), of(DEFAULT_TENANT, ours)])
        assert list(tls.left_out) == []
        assert (await dial(site, context))[0] == 101, "the same authority may be of two tenants"
        await tls.trust([of(OTHER_TENANT, ours)])
        assert (await dial(site, context))[0] == 403
        assert site.reasons[-1][0] == "certificate_of_another_tenant"


async def test_who_is_trusted_no_longer_is_cut_off(listening: Open, files: Files) -> None:
    """Of connections that stand: those beneath an authority that was taken away, by their own tenant or in the file."""
    ours, root = make("Tenant CA", authority=True), make("Kept CA", authority=True)
    configs = station_config(security_profile=3), station_config("CP2", security_profile=3)

    def of(made: Made, tenant: UUID = DEFAULT_TENANT) -> tuple[str, Authority]:
        return made.pem, Authority(tenant, made.certificate)

    async with listening(*configs, ocpp_listen=(listen_ocpp(files.listen("3")),), security=Book()) as site:
        [tls] = site.listeners.tls
        await tls.trust([of(ours), of(root)])
        first, second = make("CP1", make("Between", ours, authority=True)), make("CP2", root)
        status, talk = await dial(site, client(files.root, first, files.folder))
        assert status == 101
        assert (await dial(site, client(files.root, second, files.folder), "/ocpp/CP2"))[0] == 101
        again = make("Tenant CA", key=ours.key, authority=True)  # made anew for the same key
        await tls.trust([of(again), of(root)])
        assert site.listeners.close_untrusted() == 0
        await tls.trust([of(again, OTHER_TENANT), of(root)])
        assert site.listeners.close_untrusted() == 1
        await talk._step(lambda: talk.tls.write(text("too late")))
        frame = await talk.read()
        assert struct.unpack("!H", frame[2:4]) == (1008,)
        assert b"trusted no longer" in frame
        assert site.stations.attachments[0].received == []


async def test_the_watch_brings_authorities_to_listeners_and_takes_them_away(listening: Open, files: Files) -> None:
    """As the tenants registered them; what cannot be read is left out, and who is trusted no longer is cut off."""
    book, ours = Book(), make("Tenant CA", authority=True)
    copy, fake = make("tenant ca", authority=True), make("Root", authority=True)
    listen = (listen_ocpp(files.listen("3")),)
    async with listening(station_config(security_profile=3), ocpp_listen=listen, security=book) as site:
        watch = SecurityWatch(cast(Any, book), Bus(), site.metrics, [site.listeners])
        book.trust((DEFAULT_TENANT, ours.pem), (OTHER_TENANT, "no certificate"), (OTHER_TENANT, copy.pem))
        await watch.look()
        assert watch.left_out(OTHER_TENANT) == {fingerprint(copy.certificate)}
        assert watch.left_out(DEFAULT_TENANT) == frozenset()
        for made, tenant, taken in (
            (copy, OTHER_TENANT, True), (copy, DEFAULT_TENANT, False), (fake, DEFAULT_TENANT, True),
            (files.root, OTHER_TENANT, False), (ours, OTHER_TENANT, False),
        ):  # fmt: skip
            assert await watch.name_taken(tenant, made.certificate) == taken
        status, talk = await dial(site, client(files.root, make("CP1", ours), files.folder))
        assert status == 101
        await watch.look()
        assert site.listeners.close_untrusted() == 0
        book.trust((OTHER_TENANT, ours.pem))
        await watch.look()
        with trio.fail_after(5):
            assert b"trusted no longer" in await talk.read()


async def test_revocation_ends_a_connection_that_stands(listening: Open, files: Files) -> None:
    book, shown = Book(), make("CP1", files.issuing)
    async with listening(
        station_config(security_profile=3), ocpp_listen=(listen_ocpp(files.listen("3")),), security=book
    ) as site:
        status, talk = await dial(site, client(files.root, shown, files.folder))
        assert status == 101
        assert site.listeners.close_revoked(book.revoked) == 0
        book.revoke(shown)
        assert site.listeners.close_revoked(book.revoked) == 1
        await talk._step(lambda: talk.tls.write(text("too late")))
        frame = await talk.read()
        assert struct.unpack("!H", frame[2:4]) == (1008,)
        assert b"revoked" in frame
        assert site.stations.attachments[0].received == []


async def test_several_profiles_on_one_listener(listening: Open, files: Files) -> None:
    """`profiles=2,3`: with a certificate 3, without one 2; a station that must have 3 is not let in with less."""
    configs = (
        station_config(security_profile=3),
        station_config("CP2", security_profile=2, password_hash="right"),
        station_config("CP3", security_profile=2, highest_profile=3, password_hash="right"),
    )
    async with listening(*configs, ocpp_listen=(listen_ocpp(files.listen("2,3")),), security=Book()) as site:
        assert (await dial(site, client(files.root, make("CP1", files.issuing), files.folder)))[0] == 101
        plain = client(files.root, None, files.folder)
        assert (await dial(site, plain, "/ocpp/CP2", authorization=basic("CP2", "right")))[0] == 101
        assert [profile for _, _, profile in site.stations.images] == [3, 2]
        assert (await dial(site, plain, "/ocpp/CP3", authorization=basic("CP3", "right")))[0] == 403
        assert site.reasons[-1][0] == "profile_too_low"  # A05.FR.07, A00.FR.002


async def test_a_listener_for_each_profile(listening: Open, files: Files) -> None:
    """A00.FR.006: different profiles by different ports, side by side; a station finds its own."""
    config = station_config(security_profile=1, password_hash="right")
    listen = listen_ocpp("ws://127.0.0.1:0?profiles=1"), listen_ocpp(files.listen("2"))
    async with listening(config, ocpp_listen=listen) as site:
        sent = basic("CP1", "right")
        assert (await site.ask(request(authorization=sent)))[1].status == 101
        talk = Talk((await site.dial(1)).stream, client(files.root, None, files.folder), None)
        assert await talk.ask(request(authorization=sent)) == 101
        assert [profile for _, _, profile in site.stations.images] == [1, 2]
        site.listeners.stop_accepting()


async def test_whichever_password_a_station_comes_back_with_is_settled(listening: Open) -> None:
    """A01.FR.03, A01.FR.04, when the answer to the change was lost."""
    book = Book()
    config = station_config(security_profile=1, password_hash="old", pending_password_hash="new")
    async with listening(config, security=book) as site:
        for password, status in (("new", 101), ("old", 101), ("neither", 401)):
            _, answer = await site.ask(request(authorization=basic("CP1", password)))
            assert answer.status == status
        assert book.settled == ["new", "old"]


async def test_a_station_without_a_password_settles_one_on_its_way_too(listening: Open) -> None:
    """It is let in as before when it comes without; with the new one it is asked for that from then on."""
    book = Book()
    async with listening(station_config(pending_password_hash="new"), security=book) as site:
        for headers in ({}, {"authorization": basic("CP1", "new")}):
            _, answer = await site.ask(request(**headers))
            assert answer.status == 101
        assert book.settled == [None, "new"]
        assert [profile for _, _, profile in site.stations.images] == [0, 1]
    asked = station_config(security_profile=1, password_hash="new")
    async with listening(asked, security=book) as site:
        _, answer = await site.ask(request())
        assert answer.status == 401
