"""The listener from outside: requests as they come, answers as they must be."""

import pytest
import trio

from actors.ports import StoreUnavailable
from actors.station.face import Ending
from protocol.ocpp.version import Version
from tests.gateway.conftest import Open
from tests.support.fake_stations import station_config
from tests.support.wire import basic, request, text


async def test_a_station_connects_and_is_answered(listening: Open) -> None:
    async with listening(reply=lambda message: f"<{message!s}>") as site:
        station, response = await site.ask()
        assert response.status == 101
        assert response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        assert response.headers["sec-websocket-protocol"] == "ocpp1.6"
        await station.send(text("one") + text("two"))
        assert [await station.message(), await station.message()] == ["<one>", "<two>"]
        assert len(site.listeners) == 1
        await station.stream.aclose()
        with trio.fail_after(5):
            await site.stations.attachments[0].detached.wait()
        assert site.stations.attachments[0].ending is Ending.PEER_CLOSED
        assert len(site.listeners) == 0


@pytest.mark.parametrize(
    ("head", "status", "reason"),
    [
        (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", 426, "not_a_websocket"),
        (b"POST /ocpp/CP1 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n", 426, "not_a_websocket"),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400, "not_http"),
        (b"GET /ocpp/CP1\r\n\r\n", 400, "not_http"),
        (b"GET /ocpp/CP1 HTTP/1.1\r\nx: " + b"a" * 20_000, 431, "not_http"),
        (request(sec_websocket_version="8"), 426, "websocket_version"),
        (request(sec_websocket_key=None), 400, "websocket_key"),
        (request("/ocpp/"), 404, "identity_missing"),
        (request("/ocpp/nobody"), 404, "unknown_station"),
        (request("/ocpp/" + "x" * 300), 404, "identity_too_long"),
        (request("/ocpp/%ff%fe"), 404, "identity_not_utf8"),
        (request(b"/ocpp/\xff\xfe"), 404, "identity_not_utf8"),
        (request(authorization=basic("CP1", "wrong")), 101, None),
    ],
)
async def test_what_is_refused_and_how(listening: Open, head: bytes, status: int, reason: str | None) -> None:
    async with listening() as site:
        station, response = await site.ask(head)
        assert response.status == status
        if reason is not None:
            assert site.reasons == [(reason, 1)]
            with trio.fail_after(5):
                assert await station.ended()


async def test_identities_are_decoded_and_compared_ignoring_case(listening: Open) -> None:
    async with listening(station_config("Säule 1"), station_config("CP/2")) as site:
        for path in ("/ocpp/S%C3%A4ule%201", "/ocpp/s%c3%a4ule%201?x=1", "//ocpp//deep/er/säule 1/", "/ocpp/CP%2F2"):
            assert (await site.ask(request(path)))[1].status == 101
        assert [image.config.identity for image, _, _ in site.stations.images] == ["Säule 1"] * 3 + ["CP/2"]


@pytest.mark.parametrize(
    "head",
    [
        request(connection=None),
        request(connection="keep-alive, Upgrade", origin="null"),
        request("http://charger.example:9000/ocpp/CP1"),
        request(upgrade="WebSocket", sec_websocket_version=None),
    ],
)
async def test_what_real_stations_leave_out_is_forgiven(listening: Open, head: bytes) -> None:
    async with listening() as site:
        assert (await site.ask(head))[1].status == 101


async def test_a_tenant_is_taken_from_the_path(listening: Open) -> None:
    async with listening() as site:
        await site.connected("/ocpp/acme/CP1")
        await site.connected("/ocpp/other/CP1")
        assert site.store.asked == [("acme", "CP1"), (None, "CP1")]


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        (basic("CP1", "hunter2"), 401),
        ("Basic !!!", 401),
        (basic("CP1", "right"), 101),
        (basic("CP1", "next"), 101),
        (basic("CP1", "older"), 101),
        (basic("CP1", b"right".hex()), 401),
    ],
)
async def test_passwords(listening: Open, authorization: str | None, status: int) -> None:
    config = station_config(
        security_profile=1, password_hash="right", pending_password_hash="next", older_pending=("oldest", "older")
    )
    async with listening(config) as site:
        _, response = await site.ask(request(authorization=authorization))
        assert response.status == status
        if status == 401:
            assert response.headers["www-authenticate"].startswith("Basic")
            assert "hunter2" not in repr(site.noted)
        else:
            assert site.stations.images[0][2] == 1


async def test_without_a_store_nobody_is_judged(listening: Open) -> None:
    async with listening() as site:
        site.store.away = True
        for path in ("/ocpp/CP1", "/ocpp/nobody"):
            _, response = await site.ask(request(path))
            assert response.status == 503
            assert int(response.headers["retry-after"]) >= 10
        assert [reason for reason, _ in site.reasons] == ["store_unavailable"] * 2
        site.store.away = False
        await site.connected()


async def test_a_store_that_goes_away_after_the_verdict_ends_with_1013(listening: Open) -> None:
    async with listening() as site:
        site.stations.failure = StoreUnavailable("gone")
        station = await site.connected()
        assert (await station.closed())[0] == 1013


async def test_a_station_that_is_held_off_is_told_when_to_come_back(listening: Open) -> None:
    config = station_config()
    async with listening(config) as site:
        site.stations.held[config.id] = 41.2
        _, response = await site.ask()
        assert (response.status, response.headers["retry-after"]) == (503, "42")


@pytest.mark.parametrize(
    ("offered", "chosen", "version"),
    [
        ("ocpp1.6, ocpp2.0.1", "ocpp2.0.1", Version.V201),
        ("OCPP1.6", "OCPP1.6", Version.V16),
        ("ocpp2.1,ocpp2.0.1", "ocpp2.1", Version.V21),
        (None, None, Version.V16),
    ],
)
async def test_versions(listening: Open, offered: str | None, chosen: str | None, version: Version) -> None:
    async with listening() as site:
        _, response = await site.ask(request(sec_websocket_protocol=offered))
        assert response.headers.get("sec-websocket-protocol") == chosen
        assert site.stations.images[0][1] is version


@pytest.mark.parametrize("settings", [{}, {"accept_unknown_subprotocol": False}])
async def test_no_version_in_common_ends_after_the_handshake(listening: Open, settings: dict[str, bool]) -> None:
    async with listening(**settings) as site:
        offered = None if settings else "ocpp1.5, mqtt"
        station, response = await site.ask(request(sec_websocket_protocol=offered))
        assert response.status == 101
        assert "sec-websocket-protocol" not in response.headers
        code, reason = await station.closed()
        assert code == 1002
        assert "ocpp2.0.1" in reason
        assert await station.ended()
        assert site.reasons == [("no_common_version", 1)]
        assert site.stations.attachments == []


async def test_compression_is_for_2x_unless_switched(listening: Open) -> None:
    offer = {"sec_websocket_extensions": "permessage-deflate; client_max_window_bits"}
    async with listening(station_config(), station_config("CP2", settings={"compression": False})) as site:
        _, response = await site.ask(request(sec_websocket_protocol="ocpp2.0.1", **offer))
        agreed = response.headers["sec-websocket-extensions"]
        assert "server_no_context_takeover" in agreed
        assert "client_no_context_takeover" in agreed
        for head in (request(**offer), request("/ocpp/CP2", sec_websocket_protocol="ocpp2.1", **offer)):
            assert "sec-websocket-extensions" not in (await site.ask(head))[1].headers
    async with listening(compression=False) as site:
        _, response = await site.ask(request(sec_websocket_protocol="ocpp2.0.1", **offer))
        assert "sec-websocket-extensions" not in response.headers


async def test_frames_sent_with_the_request_are_not_lost(listening: Open) -> None:
    async with listening(reply=lambda message: f"<{message!s}>") as site:
        station, response = await site.ask(request() + text("early"))
        assert response.status == 101
        assert await station.message() == "<early>"


async def test_a_newer_connection_closes_the_older(listening: Open) -> None:
    async with listening() as site:
        older = await site.connected()
        newer = await site.connected()
        assert await older.closed() == (4001, "replaced")
        await older.send(text("too late"))
        assert await older.ended()
        await newer.send(text("here"))
        with trio.fail_after(5):
            await site.stations.attachments[0].detached.wait()
        assert site.stations.attachments[0].received == []
        assert site.stations.attachments[0].ending is Ending.REPLACED


async def test_a_fault_of_ours_costs_one_handshake(listening: Open) -> None:
    async with listening() as site:
        site.stations.failure = RuntimeError("a bug")
        station = await site.connected()
        assert await station.ended()
        site.stations.failure = None
        await site.connected()


async def test_stopping_closes_everybody_with_1012(listening: Open) -> None:
    async with listening(*(station_config(f"CP{number}") for number in range(5))) as site:
        connected = [await site.connected(f"/ocpp/CP{number}") for number in range(5)]
        site.listeners.stop_accepting()
        with pytest.raises(OSError, match="connect"):
            await site.dial()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(site.listeners.close_all)
            for station in connected:
                assert (await station.closed())[0] == 1012
        assert len(site.listeners) == 0
        assert {attachment.ending for attachment in site.stations.attachments} == {Ending.STOPPING}


async def test_who_does_not_answer_our_close_is_cut(listening: Open) -> None:
    async with listening(closing_deadline=0.5) as site:
        station = await site.connected()
        with trio.fail_after(10):
            await site.listeners.close_all()
            assert await station.ended()
        assert len(site.listeners) == 0
