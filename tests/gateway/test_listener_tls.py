"""wss:// listeners: security profiles 2 and 3, one certificate for each kind of key, and what is refused."""

import ssl
from pathlib import Path

import pytest
import trio

from gateway.setting_types import listen_ocpp
from gateway.settings import InvalidSetting
from tests.gateway.conftest import Open, Site
from tests.support.certificates import Certificates, make_certificates
from tests.support.fake_stations import station_config
from tests.support.wire import RawStation, basic, request, text


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def profile_2(certificates: Certificates) -> str:
    at = certificates.folder
    return f"wss://127.0.0.1:0?cert={at}/server-ec.pem&key={at}/server-ec.key&cert={at}/server-rsa.pem&key={at}/server-rsa.key"


async def secured(site: Site, context: ssl.SSLContext) -> RawStation:
    plain = (await site.dial()).stream
    station = RawStation(trio.SSLStream(plain, context, server_hostname="127.0.0.1", https_compatible=True))
    site.dialled.append(station)
    return station


async def asked(station: RawStation) -> None:
    """TLS 1.3 tells a client only after its own handshake that its certificate is no good."""
    await station.send(request())
    await station.response()


@pytest.mark.parametrize("ciphers", ["ECDHE-ECDSA-AES128-GCM-SHA256", "AES256-GCM-SHA384", None])
async def test_profile_2_with_either_key(listening: Open, certificates: Certificates, ciphers: str | None) -> None:
    """A00.FR.306, A00.FR.307, A00.FR.409, A00.FR.410: we are the server, known by our certificate."""
    config = station_config(security_profile=2, password_hash="right")
    listen = (listen_ocpp(profile_2(certificates)),)
    async with listening(config, ocpp_listen=listen, reply=lambda message: "x" * 300_000) as site:
        context = certificates.client()
        if ciphers is not None:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers(ciphers)
        station = await secured(site, context)
        await station.send(request(authorization=basic("CP1", "right")))
        assert (await station.response()).status == 101
        assert site.stations.images[0][2] == 2
        await station.send(text("y" * 200_000))
        assert len(await station.message()) == 300_000
        assert site.stations.attachments[0].received == ["y" * 200_000]
        site.listeners.stop_accepting()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(site.listeners.close_all)
            assert (await station.closed())[0] == 1012


async def test_profile_3_knows_the_station_by_its_certificate(listening: Open, certificates: Certificates) -> None:
    listen = listen_ocpp(f"{profile_2(certificates)}&profiles=3&client-ca={certificates.folder}/ca.pem")
    configs = station_config(security_profile=3), station_config("CP2", security_profile=3)
    async with listening(*configs, ocpp_listen=(listen,)) as site:
        station = await secured(site, certificates.client("station"))
        await station.send(request())
        assert (await station.response()).status == 101
        assert site.stations.images[0][2] == 3
        station = await secured(site, certificates.client("station"))
        await station.send(request("/ocpp/CP2"))
        assert (await station.response()).status == 403
        for context in (certificates.client(), certificates.client("stranger")):
            station = await secured(site, context)
            with pytest.raises((trio.BrokenResourceError, EOFError)):
                await asked(station)
        shown = ["certificate_of_another", "certificate_missing", "certificate_self_signed"]
        assert [reason for reason, _ in site.reasons] == shown


async def test_plain_text_and_slow_handshakes_end(listening: Open, certificates: Certificates) -> None:
    listen = (listen_ocpp(profile_2(certificates)),)
    async with listening(ocpp_listen=listen, handshake_deadline=0.3) as site:
        plain = await site.dial()
        await plain.send(request())
        assert await plain.ended()
        silent = await site.dial()
        with trio.fail_after(5):
            assert await silent.ended()
        assert [reason for reason, _ in site.reasons] == ["not_tls", "handshake_timeout"]


async def test_files_that_cannot_be_used_are_named(listening: Open, certificates: Certificates, tmp_path: Path) -> None:
    missing = f"wss://127.0.0.1:0?cert={tmp_path}/none.pem&key={tmp_path}/none.key"
    with pytest.raises(InvalidSetting, match=r"VOLTYARD_OCPP_LISTEN.*none\.pem"):
        async with listening(ocpp_listen=(listen_ocpp(missing),)):
            pass
    (tmp_path / "bad.pem").write_text("no certificate")
    listen = f"{profile_2(certificates)}&profiles=3&client-ca={tmp_path}/bad.pem"
    with pytest.raises(InvalidSetting, match=r"bad\.pem"):
        async with listening(ocpp_listen=(listen_ocpp(listen),)):
            pass
