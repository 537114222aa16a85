"""Server certificates replaced while a node runs: taken up when they are good, told when they are not."""

import datetime
import ssl
from pathlib import Path

import pytest
import trio
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.doctor import Health, certificate_findings
from gateway.setting_types import listen_ocpp
from gateway.settings import InvalidSetting
from gateway.tls_chain import ChainFault, check_chain
from gateway.tls_live import LiveTls, Replaced
from gateway.tls_peer import Authorities, Authority
from protocol.ocpp.client_certificate import key_fault, key_text
from tests.gateway.conftest import Open, Site
from tests.support.authority import DAY, Made, client, make
from tests.support.fake_stations import station_config
from tests.support.wire import RawStation, basic, request

NOW = datetime.datetime.now(datetime.UTC)
# secp224k1, which `cryptography` cannot make
ODD = """\
-----BEGIN CERTIFICATE-----
MIIBcjCCASCgAwIBAgIUSba4QqgqUFqI7lhoOal/NnyjtCYwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMQW4gb2RkIGN1cnZlMCAXDTI2MTEyMzAxMDc0OFoYDzIxMjYx
MDMwMDEwNzQ4WjAXMRUwEwYDVQQDDAxBbiBvZGQgY3VydmUwTjAQBgcqhkjOPQIB
BgUrgQQAIAM6AATO/3ZVQRBxC90SMpm4YOTpQwNfoCAy6ZdZ01njUIcGaKCYJ00Y
gywWBu7qgwVbD2MaguY6LHp4YKNTMFEwHQYDVR0OBBYEFP2RcbGbU6j/6rgCjVGT
MJ1UxUHwMB8GA1UdIwQYMBaAFP2RcbGbU6j/6rgCjVGTMJ1UxUHwMA8GA1UdEwEB
/wQFMAMBAf8wCgYIKoZIzj0EAwIDQAAwPQIcXajA7bqrLmA+E+iL1IIj9k17+BxT
CTzbbPYlWgIdAOjE0wTealWjSPUHOb0kfmxCFqGwLVrljif/w3o=
-----END CERTIFICATE-----
"""


async def served(site: Site, root: Made, folder: Path) -> tuple[RawStation, str]:
    """A station that is in, and the serial number of the certificate that it was shown."""
    plain = (await site.dial()).stream
    tls = trio.SSLStream(plain, client(root, None, folder), server_hostname="127.0.0.1", https_compatible=True)
    station = RawStation(tls)
    site.dialled.append(station)
    await station.send(request(authorization=basic("CP1", "right")))
    assert (await station.response()).status == 101
    shown = tls.getpeercert()
    assert shown is not None
    return station, str(shown["serialNumber"])


def number(made: Made) -> str:
    text = f"{made.certificate.serial_number:X}"
    return text if len(text) % 2 == 0 else f"0{text}"


async def test_new_files_are_taken_up_and_connections_stay(listening: Open, tmp_path: Path) -> None:
    root = make("Root", authority=True)
    first, second = (make("127.0.0.1", root, server=True) for _ in range(2))
    chain, key = first.write(tmp_path, "server")
    config = station_config(security_profile=2, password_hash="right")
    listen = listen_ocpp(f"wss://127.0.0.1:0?cert={chain}&key={key}")
    told: list[Replaced] = []
    async with listening(config, ocpp_listen=(listen,), replaced=told.append) as site:
        [live] = site.listeners.tls
        _, shown = await served(site, root, tmp_path)
        assert shown == number(first)
        await live.look()
        assert told == []

        chain.write_text(second.pem)  # its key is still on its way
        await live.look()
        assert told == []
        key.write_text(second.key_pem)
        await live.look()
        await live.look()
        assert [each.error for each in told] == [None]
        standing, shown = await served(site, root, tmp_path)
        assert shown == number(second)

        for broken in ("no certificate", make("127.0.0.1", root, server=True).pem):  # garbage, and one of another key
            chain.write_text(broken)
            for _ in range(3):
                await live.look()
            assert str(chain) in (told[-1].error or "")
            assert live.error == told[-1].error
            assert live.trouble(NOW) is None
            assert (await served(site, root, tmp_path))[1] == number(second)
        assert len(told) == 3
        chain.unlink()
        await live.replace()
        assert "server.pem" in (live.error or "")
        assert standing.buffer == b""  # nobody was sent away

        second.write(tmp_path, "server")
        await live.replace()  # as SIGHUP does
        assert live.error is None
        assert "expired" in (live.trouble(NOW + 60 * DAY) or "")


async def test_a_kind_of_key_that_is_not_known_changes_nothing_and_is_told(tmp_path: Path) -> None:
    """OpenSSL knows curves that nobody should use, and what reads certificates here does not."""
    root = make("Root", authority=True)
    chain, key = make("127.0.0.1", root, server=True).write(tmp_path, "server")
    trusted = tmp_path / "trusted.pem"
    trusted.write_text(root.pem)
    listen = listen_ocpp(f"wss://127.0.0.1:0?cert={chain}&key={key}&profiles=3&client-ca={trusted}")
    live = LiveTls("NAME", listen)
    before = live.context
    trusted.write_text(root.pem + ODD)
    await live.replace()
    assert live.context is before
    assert str(trusted) in (live.error or "")
    with pytest.raises(InvalidSetting, match=r"trusted\.pem"):
        LiveTls("NAME", listen)
    odd = x509.load_pem_x509_certificate(ODD.encode())
    assert key_fault(key_text(odd)) is not None
    shown = Authorities([Authority(None, root.certificate)]).judge(odd.public_bytes(Encoding.DER), NOW)
    assert key_fault(shown.key) is not None


async def test_an_expired_certificate_does_not_take_the_place_of_a_valid_one(tmp_path: Path) -> None:
    root = make("Root", authority=True)
    chain, key = make("127.0.0.1", root, server=True).write(tmp_path, "server")
    live = LiveTls("NAME", listen_ocpp(f"wss://127.0.0.1:0?cert={chain}&key={key}"))
    before = live.context
    make("127.0.0.1", root, server=True, begins=NOW - 9 * DAY, ends=NOW - DAY).write(tmp_path, "server")
    await live.replace()
    assert live.context is before
    assert "counts from" in (live.error or "")


def test_chains_that_cannot_be_used_are_named_with_what_to_do(tmp_path: Path) -> None:
    """Wrong order, a gap, keys too short (A00.FR.502) or too long, and what is no certificate."""
    root = make("Root", authority=True)
    issuing = make("Issuing", root, authority=True)
    leaf = make("127.0.0.1", issuing, server=True)
    weak = make("127.0.0.1", issuing, server=True, key=rsa.generate_private_key(65537, 1024))
    cases = {
        issuing.pem + leaf.pem: "server's own certificate first",
        leaf.pem + root.pem + issuing.pem: "issuer right behind it",
        leaf.pem + make("Issuing", root, authority=True).pem: "issuer right behind it",
        weak.chain: "1024 bits",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n": "no certificate",
        "": "no certificate",
    }
    for text, why in cases.items():
        path = tmp_path / "chain.pem"
        path.write_text(text)
        with pytest.raises(ChainFault, match=why):
            check_chain(path)
        (tmp_path / "chain.key").write_text(leaf.key_pem)
        with pytest.raises(InvalidSetting, match=r"NAME.*chain\.pem"):
            LiveTls("NAME", listen_ocpp(f"wss://h:1?cert={path}&key={tmp_path}/chain.key"))
    leaf.write(tmp_path, "good")
    found = check_chain(tmp_path / "good.pem")
    assert (found.key, found.length) == ("EC 256", 2)


def test_what_the_context_allows(tmp_path: Path) -> None:
    """A00.FR.313 and A00.FR.416 (1.2 or above), A00.FR.321 and A00.FR.424 (no compression)."""
    chain, key = make("127.0.0.1", server=True).write(tmp_path, "server")
    live = LiveTls("NAME", listen_ocpp(f"wss://127.0.0.1:0?cert={chain}&key={key}&profiles=3"))
    context = live.context
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.options & ssl.OP_NO_COMPRESSION
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.num_tickets == 1
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_the_doctor_says_how_long_certificates_count(tmp_path: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    pairs = {
        "good": make("csms.example", server=True), "ending": make("csms.example", server=True, ends=now + 3 * DAY),
        "ended": make("csms.example", server=True, begins=now - 9 * DAY, ends=now - DAY),
    }  # fmt: skip
    said = {}
    for name, made in pairs.items():
        chain, key = made.write(tmp_path, name)
        said[name] = list(certificate_findings(listen_ocpp(f"wss://h:1?cert={chain}&key={key}")))
    chain, key = make("127.0.0.1", server=True).write(tmp_path, "unnamed")
    odd = next(iter(certificate_findings(listen_ocpp(f"wss://h:1?cert={chain}&key={key}"))))
    assert (odd.health, "'127.0.0.1' is no full host name" in odd.what) == (Health.ODD, True)  # A00.FR.510
    assert [found.health for found in said["good"]] == [Health.WELL, Health.ODD]
    assert "one kind only" in said["good"][1].what
    assert (said["ending"][0].health, "ends in 2 days" in said["ending"][0].what) == (Health.ODD, True)
    assert (said["ended"][0].health, "has expired" in said["ended"][0].what) == (Health.WRONG, True)
